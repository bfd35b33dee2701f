import type { Ministry } from './population.js';

/** One kind of cooperative: whose it is follows from the kind, never from the name (facts/mersis-koopbis.md §2). */
export interface CooperativeKind {
  readonly tur: string;
  readonly kanun: string;
  readonly ilgiliBakanlik: Ministry;
  /** Share in the population: the ministries' totals follow facts/mersis-koopbis.md §4, the shares inside are guesses. */
  readonly weight: number;
}

const kind = (ilgiliBakanlik: Ministry, kanun: string, weight: number, tur: string): CooperativeKind => {
  return { tur, kanun, ilgiliBakanlik, weight };
};

/** Agricultural sales cooperatives stand under law 4572 and belong to the Ministry of Trade, unlike other agricultural ones. */
export const COOPERATIVE_KINDS: readonly CooperativeKind[] = [
  kind('tarim', '1163', 140, 'Tarımsal Kalkınma'),
  kind('tarim', '1163', 50, 'Sulama'),
  kind('tarim', '1163', 15, 'Su Ürünleri'),
  kind('tarim', '1163', 5, 'Pancar Ekicileri'),
  kind('tarim', '1581', 30, 'Tarım Kredi'),
  kind('cevre', '1163', 440, 'Konut Yapı'),
  kind('cevre', '1163', 40, 'Toplu İşyeri Yapı'),
  kind('cevre', '1163', 43, 'Küçük Sanayi Sitesi Yapı'),
  kind('ticaret', '4572', 10, 'Tarım Satış'),
  kind('ticaret', '1163', 85, 'Motorlu Taşıyıcılar'),
  kind('ticaret', '1163', 35, 'Tüketim'),
  kind('ticaret', '1163', 30, 'Esnaf ve Sanatkârlar Kredi ve Kefalet'),
  kind('ticaret', '1163', 20, 'Site İşletme'),
  kind('ticaret', '1163', 15, 'Üretim ve Pazarlama'),
  kind('ticaret', '1163', 10, 'İşletme'),
  kind('ticaret', '1163', 8, 'Kadın Girişimi Üretim ve İşletme'),
  kind('ticaret', '1163', 7, 'Turizm Geliştirme'),
  kind('ticaret', '1163', 6, 'Temin Tevzi'),
  kind('ticaret', '1163', 5, 'Küçük Sanat'),
  kind('ticaret', '1163', 3, 'Eğitim'),
  kind('ticaret', '1163', 2, 'Yenilenebilir Enerji Üretim'),
];

/** The one national union above all kinds: not drawn by weight. */
export const NATIONAL_UNION_KIND: CooperativeKind = kind(
  'ticaret',
  '1163',
  0,
  'Türkiye Milli Kooperatifler Birliği',
);

/** The kind by its name in `tur`, or null for a name that is no kind. */
export function cooperativeKind(tur: string): CooperativeKind | null {
  return [...COOPERATIVE_KINDS, NATIONAL_UNION_KIND].find((known) => known.tur === tur) ?? null;
}
