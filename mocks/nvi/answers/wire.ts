import type { WorldPerson } from '../../world/world.js';

/** Small pieces of answers. `a` is bound to the shared types' namespace (2011/01/01), `i` to XMLSchema-instance. */
export interface DateParts {
  readonly yil: number | null;
  readonly ay: number | null;
  readonly gun: number | null;
}

export const HATA = {
  notFound: { kod: 2, aciklama: 'Aradığınız kriterlere uygun kayıt bulunamadı.' },
  notAuthorised: { kod: 8, aciklama: 'Yetkiniz yoktur.' },
  emptyCriterion: { kod: 10, aciklama: 'Sorgu kriteri boş geçilemez.' },
} as const;

export type Hata = (typeof HATA)[keyof typeof HATA];

export const nil = (name: string): string => `<${name} i:nil="true"/>`;

export const nils = (...names: readonly string[]): string => names.map(nil).join('');

/** A `Parametre`: a coded value with its text. */
export const parametre = (name: string, kod: number, aciklama: string): string =>
  `<${name}><a:Aciklama>${aciklama}</a:Aciklama><a:Kod>${kod}</a:Kod></${name}>`;

/** `HataBilgisi`, nil where nothing went wrong. */
export const hataBilgisi = (hata?: Hata): string =>
  hata === undefined ? nil('HataBilgisi') : parametre('HataBilgisi', hata.kod, hata.aciklama);

/** A `TarihBilgisi` whose unknown parts are nil. */
export function tarih(name: string, date: DateParts): string {
  const part = (element: string, value: number | null) =>
    value === null ? nil(element) : `<${element}>${value}</${element}>`;
  return `<${name}>${part('a:Ay', date.ay)}${part('a:Gun', date.gun)}${part('a:Yil', date.yil)}</${name}>`;
}

/** The sandbox file's notation: `00` is an unknown part. */
export function dateParts(text: string): DateParts {
  const [yil, ay, gun] = text.split('-').map(Number);
  return { yil: yil || null, ay: ay || null, gun: gun || null };
}

/** A register's status (facts/kps.md §3.2); 2 is the likely reading of "closed" (D). */
export const durum = (name: string, person: WorldPerson): string => {
  if (person.durum === 'ölüm') return parametre(name, 3, 'Ölüm');
  return person.durum === 'kapalı' ? parametre(name, 2, 'Kapalı') : parametre(name, 1, 'Açık');
};

/** The day of death that the world does not know: fixed, and never before the birth. */
export function deathOf(person: WorldPerson): DateParts | undefined {
  if (person.durum !== 'ölüm') return undefined;
  const born = dateParts(person.dogumTarihi);
  return { yil: Math.max(2023, born.yil ?? 0), ay: 12, gun: 31 };
}
