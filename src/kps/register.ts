import {
  AnswerNotOurs,
  at,
  digits,
  integer,
  items,
  leaf,
  member,
  partialDate,
  UnreadableAnswer,
} from './answer-tree.js';
import { type Hata, hataAt, type KpsOutcome, outcomeOfHata, saysNoRecord } from './hata-bilgisi.js';
import type { RegisterStatus } from './port.js';

/** The three registers of the combined answer, each with the exact places of what we read (facts/kps.md §3.3). */
export interface RegisterShape {
  readonly container: string;
  /** The component's name in DoluBilesenler, and how TumKutukDogrula's clients find it there (§3.4). */
  readonly component: string;
  readonly componentHint: string;
  readonly numbers: readonly string[];
  readonly birthDate: readonly string[];
  readonly deathDates: readonly (readonly string[])[];
}

/** Every member that the readers look at. What is not here is cut out of an answer before it is parsed. */
export const MEMBERS_READ: ReadonlySet<string> = new Set([
  ...['HataBilgisi', 'Kod', 'Aciklama', 'SorguSonucu', 'DoluBilesenler'],
  ...['TCVatandasiKisiKutukleri', 'MaviKartliKisiKutukleri', 'YabanciKisiKutukleri', 'KisiBilgisi'],
  ...['KimlikNo', 'TCKimlikNo', 'DurumBilgisi', 'Durum', 'OlumTarih', 'TemelBilgisi'],
  ...['Ad', 'Soyad', 'DogumTarih', 'Ay', 'Gun', 'Yil'],
]);

const DEATH_IN_STATUS = ['DurumBilgisi', 'OlumTarih'];

const REGISTERS: readonly RegisterShape[] = [
  {
    container: 'TCVatandasiKisiKutukleri',
    component: 'TCKisiBilgisi',
    componentHint: 'tckisi',
    numbers: ['TCKimlikNo', 'KimlikNo'],
    birthDate: ['TemelBilgisi', 'DogumTarih'],
    deathDates: [DEATH_IN_STATUS],
  },
  {
    container: 'MaviKartliKisiKutukleri',
    component: 'MaviKartliKisiBilgisi',
    componentHint: 'mavikart',
    numbers: ['KimlikNo', 'TCKimlikNo'],
    birthDate: ['TemelBilgisi', 'DogumTarih'],
    deathDates: [DEATH_IN_STATUS],
  },
  {
    container: 'YabanciKisiKutukleri',
    component: 'YabanciKisiBilgisi',
    componentHint: 'yabanci',
    numbers: ['KimlikNo', 'TCKimlikNo'],
    // For foreigners both dates stand beside TemelBilgisi and DurumBilgisi, not inside them.
    birthDate: ['DogumTarih'],
    deathDates: [['OlumTarih'], DEATH_IN_STATUS],
  },
];

/**
 * The one item of the answer, or how the question ended without one. Checks the whole answer's HataBilgisi and the
 * item's, that there is exactly one item, and that it is about the number asked (`asked`, digits).
 * `itemName`: its element below SorguSonucu; null = whatever single name stands there (TumKutukDogrula's is not public).
 */
export function onlyItem(
  result: unknown,
  itemName: string | null,
  asked: string,
): { item: unknown } | { outcome: KpsOutcome } {
  if (result === undefined || result === null) throw new UnreadableAnswer();
  const whole = hataAt(result);
  if (whole !== null) return { outcome: outcomeOfHata(whole) };
  const list = member(result, 'SorguSonucu');
  const found = items(list, itemName ?? soleName(list));
  // One criterion was asked; a second item is about somebody else.
  if (found.length > 1) throw new AnswerNotOurs();
  const item = found[0];
  if (item === undefined) throw new UnreadableAnswer();
  const own = digits(member(item, 'KimlikNo'));
  if (own !== null && own !== asked) throw new AnswerNotOurs();
  const hata = hataAt(item);
  return hata === null ? { item } : { outcome: outcomeOfHata(hata) };
}

function soleName(list: unknown): string {
  if (list === undefined || list === null || typeof list !== 'object') return '';
  const names = Object.keys(list).filter((key) => key !== 'attributes');
  if (names.length > 1) throw new UnreadableAnswer();
  return names[0] ?? '';
}

/** One register of an item: its person, what it says about itself, and whether DoluBilesenler names it. */
export interface RegisterFinding {
  readonly shape: RegisterShape;
  readonly person: unknown;
  /** HataBilgisi of the container or of KisiBilgisi. */
  readonly hata: Hata;
  /** Said to hold data, or nothing is said (DoluBilesenler is empty, or the version is older than it). */
  readonly named: boolean;
}

/** The three registers of an item; `names` tells whether a text of DoluBilesenler means the register. */
export function findings(
  item: unknown,
  names: (component: string, shape: RegisterShape) => boolean,
): readonly RegisterFinding[] {
  const filled = components(item);
  return REGISTERS.map((shape) => {
    const container = member(item, shape.container);
    const person = member(container, 'KisiBilgisi');
    return {
      shape,
      person,
      hata: hataAt(container) ?? hataAt(person),
      named: filled.length === 0 || filled.some((component) => names(component, shape)),
    };
  });
}

function components(item: unknown): string[] {
  const list = member(item, 'DoluBilesenler');
  return items(list, soleName(list)).map((component) => leaf(component) ?? '');
}

/** The register's own number for the person, null where it holds none. Another than the one asked is not our answer. */
export function ownNumber(finding: RegisterFinding, asked: string): string | null {
  for (const name of finding.shape.numbers) {
    const own = digits(member(finding.person, name));
    if (own === null) continue;
    if (own !== asked) throw new AnswerNotOurs();
    return own;
  }
  return null;
}

/** Where no register holds data: the first real refusal of a component counts, Kod 2 does not. */
export function refusalAmong(found: readonly RegisterFinding[]): KpsOutcome | null {
  for (const { hata } of found) {
    if (hata !== null && !saysNoRecord(hata)) return outcomeOfHata(hata);
  }
  return null;
}

const OPEN = 1;
const DEAD = 3;

/**
 * The status of one register's person, by the exact path of its own Durum: any other Kod in the answer (sex, marital
 * state) means something else, and taking the first would call a dead man open (facts/kps.md §5 "mistakes seen").
 */
export function statusOf({ shape, person }: RegisterFinding): RegisterStatus {
  const kod = integer(at(person, 'DurumBilgisi', 'Durum', 'Kod'));
  if (kod === DEAD || shape.deathDates.some((path) => hasDate(at(person, ...path)))) return 'dead';
  return kod === OPEN ? 'open' : 'closed';
}

/** Filled in any part: a death of which only the year is known is a death. */
function hasDate(node: unknown): boolean {
  return ['Yil', 'Ay', 'Gun'].some((name) => (integer(member(node, name)) ?? 0) !== 0);
}

/** Dead in one register is dead; else open in one is open. */
export function mostTelling<T extends { readonly status: RegisterStatus }>(
  found: readonly T[],
): T | undefined {
  return (
    found.find(({ status }) => status === 'dead') ?? found.find(({ status }) => status === 'open') ?? found[0]
  );
}

/** The birth date of the register's person; unreadable where none is there, because it is compared. */
export function birthDateOf({ shape, person }: RegisterFinding) {
  const date = partialDate(at(person, ...shape.birthDate));
  if (date === null) throw new UnreadableAnswer();
  return date;
}
