/** Longest text that is logged; what is longer is not a fact but a document. */
const MAX_TEXT = 300;

const MASK = '***';

/** Ids and hashes of ours: their digits are random. A hash without any letter a–f is not let through: it may be numbers. */
const SAFE =
  /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b(?=[0-9a-f]*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})\b/gi;

/**
 * Eleven digits or more, of any script, also with single blanks between them: an identity number (11), a MERSİS number
 * that holds one (16), or one that stands against letters. Longer runs of other meaning are masked with them.
 */
const DIGITS = /\p{Nd}(?:[ \u00a0]?\p{Nd}){10,}/gu;

/** `text` with every run of digits that may be an identity number replaced by `***`. */
export function maskDigits(text: string): string {
  let masked = '';
  let from = 0;
  for (const safe of text.matchAll(SAFE)) {
    masked += text.slice(from, safe.index).replace(DIGITS, MASK) + safe[0];
    from = safe.index + safe[0].length;
  }
  return masked + text.slice(from).replace(DIGITS, MASK);
}

/** What is read of a text before it is masked: enough for what is printed of it, and no more work than that. */
const MAX_READ = 4 * MAX_TEXT;

/** Masked and cut to a bounded length, in this order: a cut must not leave ten digits of eleven. */
export function boundedText(text: string): string {
  const read = text.length > MAX_READ ? text.slice(0, MAX_READ).replace(/[\p{Nd} \u00a0]+$/u, '') : text;
  const masked = maskDigits(read);
  return masked.length > MAX_TEXT || read.length < text.length ? `${masked.slice(0, MAX_TEXT)}…` : masked;
}

/** A number as it may be logged: from eleven digits on it could be an identity number. */
export function boundedNumber(value: number | bigint): number | string {
  const digits = String(value).replace(/\D/g, '');
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value === 'number' && !Number.isInteger(value)) return Math.abs(value) < 1e9 ? value : MASK;
  return digits.length >= 11 ? MASK : Number(value);
}
