import { NS } from './namespaces.js';
import { verbatim, type Xml } from './xml-writer.js';

/** The `wsu:Id` of the Timestamp: the one element that is signed. */
export const TIMESTAMP_ID = '_0';

// Bounded so that a hostile length costs nothing; fraction of any usual width, `Z` or a zero offset (facts/kps.md §1.5).
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]00:00)$/;

/** A UTC instant of ISO 8601 in milliseconds since 1970, or null where the text is none. A missing zone is refused, not guessed. */
export function parseInstant(text: string): number | null {
  if (text.length > 40 || !INSTANT.test(text)) return null;
  const milliseconds = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(milliseconds) ? null : milliseconds;
}

/** `2025-01-02T03:04:05Z`: whole seconds with a literal Z, as most working clients send it (facts/kps.md §1.3). */
function wholeSecond(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/**
 * `u:Timestamp` in its own exclusive canonical form (facts/kps.md §2.3: namespace before attributes, no white space),
 * so the octets that are digested are the octets that are sent. `nowMs` since 1970, `lifetimeS` seconds (5 minutes is
 * what the service expects).
 */
export function timestampXml(nowMs: number, lifetimeS: number): Xml {
  const created = wholeSecond(nowMs);
  const expires = wholeSecond(nowMs + lifetimeS * 1000);
  return verbatim(
    `<u:Timestamp xmlns:u="${NS.utility}" u:Id="${TIMESTAMP_ID}">` +
      `<u:Created>${created}</u:Created><u:Expires>${expires}</u:Expires></u:Timestamp>`,
  );
}
