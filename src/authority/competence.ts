import type { Ministry } from './facts.js';

/** What decides whose a cooperative is: its kind and the law that it stands under, as the registry words them. Never its name. */
export interface KindOfCooperative {
  readonly tur: string;
  readonly kanun: string;
}

/** `birim`: a single cooperative; above it unions, central unions, and the one national union. */
type Level = 'birim' | 'birlik' | 'merkez birliği' | 'TMKB';

/** One kind: whose it is, under which law, on which levels it occurs, and where that is said. */
export interface CompetenceRow extends KindOfCooperative {
  readonly ministry: Ministry;
  readonly levels: readonly Level[];
  readonly source: string;
}

const UP_TO_CENTRAL_UNION: readonly Level[] = ['birim', 'birlik', 'merkez birliği'];
const AGRICULTURAL = 'Yönetmelik m.3: agricultural cooperatives are Tarım ve Orman’s';
const CREDIT = 'Yönetmelik m.3: agricultural, though under a law of their own (our reading)';
const BUILDING = 'Yönetmelik m.3: building cooperatives are Çevre, Şehircilik ve İklim Değişikliği’s';
const SALES = 'Yönetmelik m.3, 4572: agricultural sales cooperatives are Ticaret’s, whatever they are called';
const OTHER = 'Yönetmelik m.3: all others are Ticaret’s';
const NATIONAL = 'Yönetmelik m.3: of no one kind, so among all others (our reading)';

const kind = (
  ministry: Ministry,
  kanun: string,
  tur: string,
  source: string,
  levels: readonly Level[] = UP_TO_CENTRAL_UNION,
): CompetenceRow => ({ tur, kanun, ministry, levels, source });

/** The data table of m.3: kind and law to ministry. A kind that is not in it is Ticaret’s, as m.3 says of all others. */
export const COMPETENCE: readonly CompetenceRow[] = [
  kind('tarim', '1163', 'Tarımsal Kalkınma', AGRICULTURAL),
  kind('tarim', '1163', 'Sulama', AGRICULTURAL),
  kind('tarim', '1163', 'Su Ürünleri', AGRICULTURAL),
  kind('tarim', '1163', 'Pancar Ekicileri', AGRICULTURAL),
  kind('tarim', '1581', 'Tarım Kredi', CREDIT),
  kind('cevre', '1163', 'Konut Yapı', BUILDING),
  kind('cevre', '1163', 'Toplu İşyeri Yapı', BUILDING),
  kind('cevre', '1163', 'Küçük Sanayi Sitesi Yapı', BUILDING),
  kind('ticaret', '4572', 'Tarım Satış', SALES),
  kind('ticaret', '1163', 'Motorlu Taşıyıcılar', OTHER),
  kind('ticaret', '1163', 'Tüketim', OTHER),
  kind('ticaret', '1163', 'Esnaf ve Sanatkârlar Kredi ve Kefalet', OTHER),
  kind('ticaret', '1163', 'Site İşletme', OTHER),
  kind('ticaret', '1163', 'Üretim ve Pazarlama', OTHER),
  kind('ticaret', '1163', 'İşletme', OTHER),
  kind('ticaret', '1163', 'Kadın Girişimi Üretim ve İşletme', OTHER),
  kind('ticaret', '1163', 'Turizm Geliştirme', OTHER),
  kind('ticaret', '1163', 'Temin Tevzi', OTHER),
  kind('ticaret', '1163', 'Küçük Sanat', OTHER),
  kind('ticaret', '1163', 'Eğitim', OTHER),
  kind('ticaret', '1163', 'Yenilenebilir Enerji Üretim', OTHER),
  kind('ticaret', '1163', 'Türkiye Milli Kooperatifler Birliği', NATIONAL, ['TMKB']),
];

/** Longer than any kind; what is longer is none, and no work is spent on it. */
const MAX_UNITS = 200;
const ROWS: ReadonlyMap<string, CompetenceRow> = new Map(COMPETENCE.map((row) => [keyOf(row), row]));

/** The row of a kind, letters compared by Turkish rules (i is not ı); null where the table does not name it under that law. Pure. */
export function competenceOf(kind: KindOfCooperative): CompetenceRow | null {
  if (kind.tur.length > MAX_UNITS || kind.kanun.length > MAX_UNITS) return null;
  return ROWS.get(keyOf(kind)) ?? null;
}

/** The ministry whose cooperative this is (m.3). A kind that the table does not name is Ticaret’s: see `isKnownKind`. Pure. */
export function ministryOf(kind: KindOfCooperative): Ministry {
  return competenceOf(kind)?.ministry ?? 'ticaret';
}

/** False where `ministryOf` falls back on "all others": somebody should look whether the table lacks a row. Pure. */
export function isKnownKind(kind: KindOfCooperative): boolean {
  return competenceOf(kind) !== null;
}

function keyOf({ tur, kanun }: KindOfCooperative): string {
  return `${normalised(kanun)}\n${normalised(tur)}`;
}

function normalised(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/gu, ' ').toLocaleUpperCase('tr');
}
