import { createHash } from 'node:crypto';

/**
 * Everything in an answer that the bridge must not keep or print, in words that stand nowhere else: a test asks for an
 * identity check and then looks for each of them in all that the bridge wrote. Not shown in a person's own record.
 */
export const PLANTED = {
  din: 'EKİLİ-DİN-KAYDI',
  kanGrubu: 'EKİLİ-KAN-GRUBU',
  anneAd: 'EKİLİANNE',
  babaAd: 'EKİLİBABA',
  dogumYer: 'EKİLİDOĞUMYERİ',
  verenMakam: 'EKİLİ-VEREN-MAKAM',
  /** Stands inside the photograph's bytes; `photographBase64` is what an answer carries. */
  photoMarker: 'PLANTED-PHOTOGRAPH-BYTES',
} as const;

/** The photograph of every answer: bytes that begin like a JPEG and repeat the marker, in base64. */
export const photographBase64: string = Buffer.concat([
  Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10]),
  Buffer.from(PLANTED.photoMarker.repeat(100), 'latin1'),
]).toString('base64');

/** What a made-up record says beside the world's own fields, derived from the number alone: the same in every run. */
export interface Traits {
  readonly anneKimlikNo: string;
  readonly babaKimlikNo: string;
  /** Spouse; `undefined` for the unmarried. */
  readonly esKimlikNo: string | undefined;
  readonly cinsiyet: 'Erkek' | 'Kadın';
  /** Serial number of the chip card (`TCKKSeriNo`). */
  readonly seriNo: string;
  /** The institution is not authorised for this one's photograph: HataBilgisi 8 in that component alone. */
  readonly photoDenied: boolean;
}

/** Deterministic from the person's number, so that a test can compute what it must not find. */
export function traitsOf(kimlikNo: string): Traits {
  const hash = createHash('sha256').update(`traits|${kimlikNo}`).digest();
  return {
    anneKimlikNo: relative(hash.readUInt32BE(0)),
    babaKimlikNo: relative(hash.readUInt32BE(4)),
    esKimlikNo: hash.readUInt8(8) % 2 === 0 ? relative(hash.readUInt32BE(12)) : undefined,
    cinsiyet: hash.readUInt8(9) % 2 === 0 ? 'Erkek' : 'Kadın',
    seriNo: `A${String(hash.readUInt8(10) % 90).padStart(2, '0')}X${String(hash.readUInt32BE(16) % 100_000).padStart(5, '0')}`,
    photoDenied: hash.readUInt8(11) % 4 === 0,
  };
}

/** A number with right check digits, as a relative's number in an answer has them. */
function relative(seed: number): string {
  const nine = `8${String(seed % 100_000_000).padStart(8, '0')}`;
  const digits = [...nine].map(Number);
  const odd = digits.reduce((sum, digit, index) => (index % 2 === 0 ? sum + digit : sum), 0);
  const even = digits.reduce((sum, digit, index) => (index % 2 === 1 ? sum + digit : sum), 0);
  const tenth = (((7 * odd - even) % 10) + 10) % 10;
  return `${nine}${tenth}${(odd + even + tenth) % 10}`;
}
