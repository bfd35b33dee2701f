/** What a request may carry: more than any of ours, less than what floods. */
const MAX_FIELDS = 40;
const CONTROL = /\p{Cc}/u;

type FormProblem = 'malformed' | 'repeated' | 'too-many';

/** The fields of a query or form, or what is wrong with it. */
export type ReadForm =
  | { readonly ok: true; readonly fields: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly problem: FormProblem };

/**
 * Reads `application/x-www-form-urlencoded` strictly: ASCII, whole percent signs, UTF-8 without control characters, and
 * every name once (RFC 6749 §3.1): whichever of two values counts, one side could be fooled.
 */
export function readForm(text: string): ReadForm {
  const fields = new Map<string, string>();
  const parts = text.split('&').filter((part) => part !== '');
  if (parts.length > MAX_FIELDS) return { ok: false, problem: 'too-many' };
  for (const part of parts) {
    const at = part.indexOf('=');
    const name = decode(at < 0 ? part : part.slice(0, at));
    const value = decode(at < 0 ? '' : part.slice(at + 1));
    if (name === null || value === null) return { ok: false, problem: 'malformed' };
    if (fields.has(name)) return { ok: false, problem: 'repeated' };
    fields.set(name, value);
  }
  return { ok: true, fields };
}

function decode(text: string): string | null {
  if (!/^[\x21-\x7e]*$/.test(text)) return null;
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '));
    return CONTROL.test(decoded) ? null : decoded;
  } catch {
    return null;
  }
}
