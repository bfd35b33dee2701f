import { formatTl } from '../kurus.js';
import { CHARGED } from '../statement/charged.js';
import { codeWords, unitWords } from '../words.js';

const wordsOf = (words: Readonly<Record<string, string>>) => (code: string) =>
  Object.hasOwn(words, code) ? (words[code] ?? code) : code;

/** Codes in the words of whoever pays. */
export const classWord = (code: string) => codeWords('feeClass', code)?.tr ?? code;
export const resultWord = (code: string) => codeWords('result', code)?.tr ?? code;
export const purposeWord = (code: string) => codeWords('purpose', code)?.tr ?? code;
export const ministryWord = (code: string) => codeWords('ministry', code)?.tr ?? code;
export const unitWord = (code: string) => unitWords(code)?.tr ?? code;
export const stateWord = wordsOf({
  open: 'açık',
  collecting: 'geç sonuçlar bekleniyor',
  frozen: 'donduruldu',
  approved: 'onaylandı',
  sealed: 'mühürlendi',
});
export const basisWord = wordsOf({
  'per-query': 'sorgu başına',
  'per-input-datum': 'girdi verisi başına',
  'per-returned-record': 'dönen kayıt başına',
});

/** `2 per-query` → `0,02 TL sorgu başına`. */
export function priceWord(key: string): string {
  const [, amount, basis] = /^(\d{1,15}) (\S+)$/.exec(key) ?? [];
  return amount === undefined || basis === undefined
    ? key
    : `${formatTl(BigInt(amount))} ${basisWord(basis)}`;
}

/** `2026-07-01` → `01.07.2026`, `2026-07` → `07.2026`; anything else as it is. */
export function dayWord(text: string): string {
  return /^\d{4}(-\d{2}){1,2}$/.test(text) ? text.split('-').reverse().join('.') : text;
}

/** `2026-07-01 09:30:00.123` → `01.07.2026 09:30:00.123`. */
export function momentWord(text: string): string {
  return `${dayWord(text.slice(0, 10))}${text.slice(10)}`;
}

/** The reading by which units are counted; another one than today's as it was frozen. */
export const chargedWord = wordsOf({
  [CHARGED]:
    'KPS’nin yanıtladığı (HataBilgisi dahil): 1; gönderilip yanıt alınamayan: 1; SOAP hatası, HTTP hatası, reddedilen bağlantı, STS çağrısı, gönderilmeden reddedilen, tekrar okunan: 0',
});
