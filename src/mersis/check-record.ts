import { containsKimlikNo } from '../person/contains-kimlik-no.js';
import { KimlikNo } from '../person/kimlik-no.js';
import { mersisHolder, parseMersisNo } from '../person/mersis-no.js';
import { isVkn } from '../person/vkn.js';
import type {
  AnswerProblem,
  Duty,
  MersisQuestion,
  RegisteredDuty,
  RegistrationState,
  RegistryRecord,
  RegistryStatus,
} from './port.js';

/** What an answer's content is worth. `checkDigitsHold`: false is a warning, for the registry's word counts. */
export type CheckedAnswer =
  | {
      readonly kind: 'found';
      readonly asOf: Date;
      readonly record: RegistryRecord;
      readonly checkDigitsHold: boolean;
    }
  | { readonly kind: 'not-found'; readonly asOf: Date }
  | { readonly kind: 'invalid'; readonly problem: AnswerProblem };

/** As many as an entry names. Boards have some ten members, and their history some hundred. */
const MAX_DUTIES = 1_000;

const STATUSES: ReadonlyMap<unknown, RegistryStatus> = new Map([
  ['FAAL', 'faal'],
  ['TASFIYE', 'tasfiye'],
  ['TERKIN', 'terkin'],
  ['BIRLESME', 'birleşme'],
]);
const DUTIES: ReadonlyMap<unknown, Duty> = new Map([
  ['YONETIM_KURULU_UYESI', 'yönetim kurulu üyesi'],
  ['DENETCI', 'denetçi'],
  ['TASFIYE_MEMURU', 'tasfiye memuru'],
  ['KAYYIM', 'kayyım'],
]);
const STATES: ReadonlyMap<unknown, RegistrationState> = new Map([
  ['BEKLEMEDE', 'beklemede'],
  ['KABUL_EDILDI', 'kabul-edildi'],
  ['TESCIL_EDILDI', 'tescil-edildi'],
]);

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;
const DAY = /^[1-9]\d{3}-\d{2}-\d{2}$/;
const VKN = /^[0-9]{10}$/;
const LAW = /^[0-9]{1,6}$/;
/** Control characters, ends of lines, halves of pairs, and what turns the direction of writing: they forge what a page or log shows. */
const FORBIDDEN = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

class Unbelieved extends Error {
  readonly problem: AnswerProblem;
  constructor(problem: AnswerProblem) {
    super(problem);
    this.problem = problem;
  }
}

type Warn = () => void;

/**
 * Turns the content of an answer into a record, or says why it is not to be believed: whole or not at all. `raw`: members by the
 * names of wsdl/mersis.wsdl in lower camel case, days `YYYY-MM-DD`, instants RFC 3339 with offset; null counts as absent; a
 * member that the contract has not is refused, for it may change what another one means. Pure; never throws, whatever `raw` is.
 */
export function checkAnswer(question: MersisQuestion, raw: unknown): CheckedAnswer {
  let checkDigitsHold = true;
  try {
    const { kod, bilgiTarihi, kooperatif } = members(raw, ['kod', 'bilgiTarihi', 'kooperatif']);
    const asOf = instant(bilgiTarihi);
    if (kod === 'BULUNAMADI' && isAbsent(kooperatif)) return { kind: 'not-found', asOf };
    if (kod !== 'BULUNDU') throw new Unbelieved('not-as-contracted');
    const record = cooperative(question, kooperatif, () => {
      checkDigitsHold = false;
    });
    return { kind: 'found', asOf, record, checkDigitsHold };
  } catch (error) {
    return { kind: 'invalid', problem: error instanceof Unbelieved ? error.problem : 'not-as-contracted' };
  }
}

function cooperative(question: MersisQuestion, raw: unknown, warn: Warn): RegistryRecord {
  const it = members(raw, [
    ...['mersisNo', 'vergiNo', 'unvan', 'tur', 'seviye', 'kanun', 'il', 'durum', 'durumTarihi'],
    ...['halefMersisNo', 'gorevler'],
  ]);
  const mersisNo = legalPersonsNo(it.mersisNo, warn);
  const vkn = taxNumber(it.vergiNo, warn);
  if ('mersisNo' in question ? question.mersisNo !== mersisNo : question.vkn !== vkn)
    throw new Unbelieved('other-cooperative');
  if (mersisNo.slice(1, 11) !== vkn) throw new Unbelieved('vkn-mismatch');
  const durum = word(STATUSES, it.durum);
  const successor = optional(it.halefMersisNo, (no) => legalPersonsNo(no, warn));
  if (successor !== null && (durum !== 'birleşme' || successor === mersisNo))
    throw new Unbelieved('not-as-contracted');
  return {
    mersisNo,
    vkn,
    unvan: text(it.unvan, 300),
    tur: text(it.tur, 100),
    seviye: text(it.seviye, 40),
    kanun: matching(LAW, it.kanun),
    il: text(it.il, 40),
    durum,
    durumSince: day(it.durumTarihi),
    successor,
    duties: duties(it.gorevler, warn),
  };
}

function duties(raw: unknown, warn: Warn): readonly RegisteredDuty[] {
  if (!Array.isArray(raw)) throw new Unbelieved('not-as-contracted');
  if (raw.length > MAX_DUTIES) throw new Unbelieved('too-many-seats');
  const all = raw.map((item) => duty(item, warn));
  requireNoneTwice(all);
  return all;
}

function duty(raw: unknown, warn: Warn): RegisteredDuty {
  const it = members(raw, [
    ...['gorevTuru', 'gercekKisi', 'tuzelKisi', 'baslangic', 'bitis', 'tescil', 'temsilSekli'],
  ]);
  const startsOn = day(it.baslangic);
  const endsOn = optional(it.bitis, day);
  if (endsOn !== null && endsOn <= startsOn) throw new Unbelieved('dates-out-of-order');
  return {
    duty: word(DUTIES, it.gorevTuru),
    ...holder(it.gercekKisi, it.tuzelKisi, warn),
    startsOn,
    endsOn,
    ...registration(it.tescil),
    representation: optional(it.temsilSekli, (value) => text(value, 40)),
  };
}

function holder(natural: unknown, legal: unknown, warn: Warn): Pick<RegisteredDuty, 'person' | 'actsFor'> {
  if (isAbsent(natural) === isAbsent(legal)) throw new Unbelieved('not-as-contracted');
  if (!isAbsent(natural)) {
    return { person: person(members(natural, ['kimlikNo']).kimlikNo, warn), actsFor: null };
  }
  const { vergiNo, unvan, temsilciKimlikNo } = members(legal, ['vergiNo', 'unvan', 'temsilciKimlikNo']);
  // Checked and dropped: a legal person is known by its number.
  text(unvan, 300);
  return {
    person: optional(temsilciKimlikNo, (no) => person(no, warn)),
    actsFor: taxNumber(vergiNo, warn),
  };
}

function registration(raw: unknown): Pick<RegisteredDuty, 'state' | 'registeredOn' | 'gazette'> {
  const { durum, tarih, gazete } = members(raw, ['durum', 'tarih', 'gazete']);
  const state = word(STATES, durum);
  const registeredOn = optional(tarih, day);
  // Only the two together are authority (Usul ve Esaslar m.5(3)); one without the other is a contradiction.
  if ((state === 'tescil-edildi') !== (registeredOn !== null)) throw new Unbelieved('not-as-contracted');
  return { state, registeredOn, gazette: optional(gazete, (value) => text(value, 100)) };
}

/** Nobody holds the same duty twice on one day, by himself or for a legal person; and no legal person does. */
function requireNoneTwice(all: readonly RegisteredDuty[]): void {
  const terms = new Map<string, RegisteredDuty[]>();
  const add = (key: string, one: RegisteredDuty): void => {
    const known = terms.get(key);
    if (known === undefined) terms.set(key, [one]);
    else known.push(one);
  };
  const begun = new Set<string>();
  for (const one of all) {
    // A legal person's seat is its own, whoever represents it.
    const holder = one.actsFor === null ? `person ${one.person?.reveal() ?? ''}` : `vkn ${one.actsFor}`;
    const begins = `${one.duty} ${holder} ${one.startsOn}`;
    if (begun.has(begins)) throw new Unbelieved('duplicate-seat');
    begun.add(begins);
    // Whoever was elected again waits for registration while the registered term still runs.
    add(`${one.duty} ${one.state === 'tescil-edildi' ? 'registered' : 'waiting'} ${holder}`, one);
  }
  for (const known of terms.values()) {
    const inOrder = known.sort((a, b) => (a.startsOn < b.startsOn ? -1 : 1));
    for (const [place, next] of inOrder.entries()) {
      const before = inOrder[place - 1];
      // Pairs beside each other suffice: where each term ends before the next one begins, none reaches further.
      if (before !== undefined && (before.endsOn === null || before.endsOn > next.startsOn))
        throw new Unbelieved('duplicate-seat');
    }
  }
}

/** The members named, of a plain object that has no others. */
function members<K extends string>(raw: unknown, names: readonly K[]): Partial<Record<K, unknown>> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new Unbelieved('not-as-contracted');
  const known: ReadonlySet<string> = new Set(names);
  if (!Object.keys(raw).every((name) => known.has(name))) throw new Unbelieved('not-as-contracted');
  return Object.assign(Object.create(null), raw) as Partial<Record<K, unknown>>;
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | null {
  return isAbsent(value) ? null : read(value);
}

function word<T>(words: ReadonlyMap<unknown, T>, value: unknown): T {
  const found = words.get(value);
  if (found === undefined) throw new Unbelieved('not-as-contracted');
  return found;
}

function matching(form: RegExp, value: unknown): string {
  if (typeof value !== 'string' || !form.test(value)) throw new Unbelieved('not-as-contracted');
  return value;
}

/** A text that is kept and shown in clear: an identity number in it would stand there for ever. */
function text(value: unknown, max: number): string {
  if (typeof value !== 'string') throw new Unbelieved('not-as-contracted');
  const trimmed = value.trim();
  if (trimmed === '' || trimmed.length > max || FORBIDDEN.test(trimmed) || containsKimlikNo(trimmed))
    throw new Unbelieved('not-as-contracted');
  return trimmed;
}

function day(value: unknown): string {
  const text = matching(DAY, value);
  const at = new Date(`${text}T00:00:00Z`);
  // 2026-02-30 would be read as 2 March.
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text)
    throw new Unbelieved('not-as-contracted');
  return text;
}

function instant(value: unknown): Date {
  const text = matching(INSTANT, value);
  day(text.slice(0, 10));
  return new Date(text);
}

/** A MERSİS number of a legal person. That of a natural one holds a kimlik no, and no cooperative is one. */
function legalPersonsNo(value: unknown, warn: Warn): string {
  const parsed = parseMersisNo(value);
  if (!parsed.ok) throw new Unbelieved('not-as-contracted');
  if (mersisHolder(parsed.value) === 'natural-person') throw new Unbelieved('natural-person');
  if (parsed.warning !== undefined) warn();
  return parsed.value;
}

function taxNumber(value: unknown, warn: Warn): string {
  const vkn = matching(VKN, value);
  if (!isVkn(vkn)) warn();
  return vkn;
}

function person(value: unknown, warn: Warn): KimlikNo {
  const parsed = KimlikNo.parse(value);
  if (!parsed.ok) throw new Unbelieved('not-as-contracted');
  if (parsed.warning !== undefined) warn();
  return parsed.value;
}
