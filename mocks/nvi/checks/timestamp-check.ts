import { elementsOf, hasOnlyElements, textOf, type XmlElement } from '../../xml/xml-element.js';
import { WSU } from '../namespaces.js';
import { invalidSecurity, Refused } from '../soap-fault.js';

/** WCF's maxClockSkew, from the published policy (facts/kps.md §2.1, A). */
const MAX_SKEW_MS = 5 * 60_000;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,7})?Z$/;

/**
 * A Timestamp that is fresh: Created and Expires, in that order, UTC with `Z`; Created within five minutes of our clock
 * either way, Expires after Created and not passed.
 *
 * @throws Refused with InvalidSecurity; why is only in `reason`
 */
export function requireFreshTimestamp(timestamp: XmlElement, now: number): void {
  const [created, expires, ...rest] = elementsOf(timestamp);
  if (created === undefined || expires === undefined || rest.length > 0 || !hasOnlyElements(timestamp)) {
    throw new Refused('timestamp-parts', invalidSecurity);
  }
  if (!created.is(WSU, 'Created') || !expires.is(WSU, 'Expires'))
    throw new Refused('timestamp-parts', invalidSecurity);
  const from = instant(created);
  const until = instant(expires);
  if (until <= from) throw new Refused('timestamp-expires-before-created', invalidSecurity);
  if (from > now + MAX_SKEW_MS) throw new Refused('timestamp-in-the-future', invalidSecurity);
  if (from < now - MAX_SKEW_MS) throw new Refused('timestamp-too-old', invalidSecurity);
  if (until <= now) throw new Refused('timestamp-expired', invalidSecurity);
}

function instant(element: XmlElement): number {
  const text = textOf(element)?.trim() ?? '';
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new Refused('timestamp-not-utc', invalidSecurity);
  return ms;
}
