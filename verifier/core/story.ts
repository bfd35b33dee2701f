import type { Entry } from './entry.js';
import { chargedPrice, startFault, switchFault } from './price.js';
import { fail, type Held } from './report.js';
import { at, isCount, type Json, same } from './strict-json.js';

/** Which kinds may stand in which role. Closed: another kind there is another story. */
const KINDS = {
  intent: ['query.intent'],
  outcome: ['query.outcome', 'query.unknown'],
  'late-outcome': ['query.late-outcome'],
  replayed: ['query.replayed'],
  read: ['query.read'],
  'sign-in': ['session.opened'],
  authority: ['authority.recorded', 'authority.changed', 'role.granted'],
  seat: ['seat.recorded'],
  tariff: ['bridge.started', 'fees.tariff-switched'],
} as const;

export type Role = keyof typeof KINDS;

export function isRole(value: Json | undefined): value is Role {
  return typeof value === 'string' && Object.keys(KINDS).includes(value);
}

/** What may stand only once: there is one query, one answer, one price. */
const ONCE: readonly Role[] = ['intent', 'outcome', 'late-outcome', 'sign-in', 'authority', 'seat', 'tariff'];
const BEFORE: readonly Role[] = ['sign-in', 'authority', 'seat', 'tariff'];

export interface Told {
  readonly role: Role;
  readonly leaf: number;
  readonly entry: Entry;
}

/** Fails where the entries, each of them proved, do not belong to one query. */
export function checkStory(query: string, told: readonly Told[]): Held {
  for (const one of told)
    requireThat((KINDS[one.role] as readonly string[]).includes(one.entry.kind), one, 'kind');
  for (const role of ONCE) {
    const [, second] = told.filter((one) => one.role === role);
    if (second !== undefined) requireThat(false, second, 'stands twice');
  }
  const intent = told.find((one) => one.role === 'intent');
  if (intent === undefined)
    fail('Sorgunun niyet kaydı yok.', 'The intent of the query is not there.', 'intent');
  requireThat(intent.entry.data.get('query') === query, intent, 'query');
  for (const one of told) {
    if (one === intent) continue;
    requireThat(BEFORE.includes(one.role) ? one.leaf < intent.leaf : one.leaf > intent.leaf, one, 'order');
    CHECKS[one.role](one, intent, query);
  }
  requireSeatFirst(told);
  const told_ = told.map(({ role, leaf, entry }) => `${role}: ${entry.kind}, leaf ${leaf}, ${entry.at}`);
  return { ...wordsOf(told), detail: told_.join('\n') };
}

/** What a whole story has, with its Turkish name. */
const WHOLE = [
  ['outcome', 'sonuç'],
  ['sign-in', 'oturum açma'],
  ['authority', 'yetki'],
  ['seat', 'görev'],
  ['tariff', 'tarife'],
] as const;

/** Derived from what is there: nobody's word is needed for what a folder leaves out. */
function wordsOf(told: readonly Told[]): Held {
  const has = (role: Role) => told.some((one) => one.role === role);
  // Only an entry that names seats by id needs another one to say what the seat is.
  const needsSeat = told.some(({ entry }) => entry.kind === 'authority.recorded');
  const absent = WHOLE.filter(
    ([role]) =>
      !has(role) && !(role === 'outcome' && has('late-outcome')) && !(role === 'seat' && !needsSeat),
  );
  const [tr, en] =
    absent.length === 0
      ? ['sonucuyla birlikte', 'with its outcome']
      : [
          `eklenmemiş: ${absent.map(([, name]) => name).join(', ')}`,
          `not included: ${absent.map(([role]) => role).join(', ')}`,
        ];
  return {
    tr: `Kayıtlar tek bir sorguyu anlatıyor (${tr}) ve birbirini tutuyor.`,
    en: `The entries tell of one query (${en}) and agree with each other.`,
  };
}

function requireThat(holds: boolean, { role, leaf }: Told, what: string): asserts holds {
  if (holds) return;
  fail(
    'Bir kayıt bu sorguya ait değil ya da ötekilerle çelişiyor.',
    'An entry does not belong to this query or contradicts the others.',
    `${role}, leaf ${leaf}: ${what}`,
  );
}

/** What a cooperative's entry lists was told in front of it; what comes behind is a later seat. */
function requireSeatFirst(told: readonly Told[]): void {
  const seat = told.find(({ role }) => role === 'seat');
  const authority = told.find(({ role }) => role === 'authority');
  if (seat === undefined) return;
  requireThat(authority?.entry.kind === 'authority.recorded' && seat.leaf < authority.leaf, seat, 'order');
}

type CheckOf = (one: Told, intent: Told, query: string) => void;

const outcome: CheckOf = (one, intent, query) => {
  const { data } = one.entry;
  requireThat(data.get('query') === query, one, 'query');
  requireThat(sameLeaf(data.get('intent'), intent.leaf), one, 'intent');
  const fee = data.get('fee');
  if (fee === null) return;
  const price = chargedPrice(intent.entry, data);
  const [units, amount] = [at(fee, 'units'), at(fee, 'amountKurus')];
  requireThat(same(at(fee, 'unitPriceKurus'), price), one, 'unit price');
  requireThat(isCount(units) && isCount(amount) && units * (price as number) === amount, one, 'amount');
  requireThat(same(at(fee, 'account'), intent.entry.data.get('account')), one, 'account');
};

const repeat: CheckOf = (one, _intent, query) => {
  requireThat(one.entry.data.get('of') === query, one, 'of');
};

const CHECKS: Readonly<Record<Role, CheckOf>> = {
  intent: () => undefined,
  outcome,
  'late-outcome': outcome,
  replayed: repeat,
  read: repeat,
  'sign-in': (one, intent) => {
    requireThat(
      same(one.entry.data.get('session'), at(intent.entry.data, 'actor', 'session')),
      one,
      'session',
    );
  },
  authority: (one, { entry: intent }) => {
    const { kind, data } = one.entry;
    if (kind === 'role.granted') {
      requireThat(same(data.get('roleId'), at(intent.data, 'authority', 'basis')), one, 'role id');
      requireThat(same(data.get('role'), at(intent.data, 'authority', 'role')), one, 'role');
      return;
    }
    requireThat(same(data.get('cooperative'), intent.data.get('cooperative')), one, 'cooperative');
    requireThat(same(data.get('version'), at(intent.data, 'authority', 'version')), one, 'version');
    const [seats, basis] = [data.get('seats'), at(intent.data, 'authority', 'basis')];
    const named =
      Array.isArray(seats) &&
      seats.some((seat: Json) => same(typeof seat === 'string' ? seat : at(seat, 'seat'), basis));
    requireThat(named, one, 'the seat that the intent rests on');
  },
  seat: (one, { entry: intent }) => {
    const { data } = one.entry;
    requireThat(same(data.get('cooperative'), intent.data.get('cooperative')), one, 'cooperative');
    requireThat(same(data.get('seat'), at(intent.data, 'authority', 'basis')), one, 'seat');
  },
  tariff: (one, { entry: intent }) => {
    const { kind, data } = one.entry;
    const fault = kind === 'bridge.started' ? startFault(data, intent) : switchFault(data, intent);
    requireThat(fault === null, one, fault ?? '');
  },
};

/** Leaf numbers stand as integers; a decimal text is the same number. */
function sameLeaf(value: Json | undefined, leaf: number): boolean {
  return value === leaf || value === String(leaf);
}
