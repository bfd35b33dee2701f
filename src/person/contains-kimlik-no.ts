import { KimlikNo } from './kimlik-no.js';

const STANDING_ALONE = /(?<![0-9A-Za-z])[0-9]{11}(?![0-9A-Za-z])/g;

/**
 * True where `text` holds eleven digits that stand alone and are an identity number. For fields that are shown in clear
 * (file numbers, screen codes, request ids): a number typed into the wrong field must not come to stand there.
 */
export function containsKimlikNo(text: string): boolean {
  return (text.match(STANDING_ALONE) ?? []).some((digits) => KimlikNo.parse(digits).ok);
}
