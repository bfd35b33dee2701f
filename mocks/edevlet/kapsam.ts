/** The data sets that can be asked for (facts/e-devlet.md §2). */
const KAPSAMLAR = [
  'Kimlik-Dogrula',
  'Ad-Soyad',
  'Temel-Bilgileri',
  'Adres-Bilgileri',
  'Iletisim-Bilgileri',
] as const;

export type Kapsam = (typeof KAPSAMLAR)[number];

export function isKapsam(text: string | undefined): text is Kapsam {
  return KAPSAMLAR.some((one) => one === text);
}

/** The data sets of a scope; null where one is unknown or stands twice, or there is none. */
export function readScope(scope: string, separator: ';' | ' '): readonly Kapsam[] | null {
  const parts = scope.split(separator);
  const known = parts.filter(isKapsam);
  return known.length === parts.length && new Set(known).size === parts.length ? known : null;
}
