import { type Fact, OFFICES, PLACES, plus } from './world.js';

// Who may act, written down once more from facts/mersis-koopbis.md §2 alone: loops over a list of facts, nothing of src/.

/** A seat with everything that was ever said about it. */
export interface LawSeat {
  readonly duty: string;
  readonly person: number;
  from: string;
  to: string | null;
  registered: string | null;
  /** The day on which the registry was first seen not to name it. */
  gone: string | null;
  readonly source: 'registry' | 'decision' | 'closed-system';
}

/** All that is known of one cooperative. */
export interface LawCooperative {
  seats: LawSeat[];
  words: { status: string; since: string }[];
  into: number | null;
  suspensions: { from: string; to: string | null }[];
  readAt: number;
}

export interface LawPolicy {
  readonly staleAfterHours: number;
  readonly nothingAfterHours: number;
  readonly afterTermDays: number;
  readonly endWithBoard: boolean;
}

/** What is known after `facts`, by cooperative. */
export function learn(
  facts: readonly Fact[],
  policy: Pick<LawPolicy, 'endWithBoard'>,
): Map<number, LawCooperative> {
  const known = new Map<number, LawCooperative>();
  for (const fact of facts) {
    const before = new Map([...known].map(([no, { seats }]) => [no, seats.map((seat) => ({ ...seat }))]));
    if (fact.what === 'reading') hear(known, fact);
    if (fact.what === 'suspension') suspend(known.get(fact.cooperative), fact);
    if (fact.what === 'appointment') {
      const { person, from, to, day: registered } = fact;
      // m.15: accepted by the directorate, which is its registration.
      known
        .get(fact.cooperative)
        ?.seats.push({ duty: 'appointee', person, from, to, registered, gone: null, source: 'decision' });
    }
    if (fact.what === 'closed-system') {
      const { person, from, to } = fact;
      const seats = known.get(fact.cooperative)?.seats;
      if (seats?.some((one) => one.source === 'closed-system' && one.person === person) === false)
        seats.push({
          duty: 'legacy-appointee',
          person,
          from,
          to,
          registered: null,
          gone: null,
          source: 'closed-system',
        });
    }
    // With what is new about its cooperative, or with the day.
    for (const [no, one] of known)
      if (fact.what === 'day' || fact.cooperative === no)
        endAppointments(one, before.get(no) ?? [], fact.day, policy);
  }
  return known;
}

/** The history without appointments that no directorate accepts: where nobody sits who could have decided them. */
export function sound(facts: readonly Fact[]): readonly Fact[] {
  const kept: Fact[] = [];
  for (const fact of facts) {
    if (fact.what === 'appointment') {
      const one = learn(kept, { endWithBoard: false }).get(fact.cooperative);
      if (one === undefined || statusOn(one, fact.day) !== 'faal' || organ(one.seats, fact.day).size === 0)
        continue;
    }
    kept.push(fact);
  }
  return kept;
}

type Of<W extends Fact['what']> = Extract<Fact, { what: W }>;

function hear(known: Map<number, LawCooperative>, fact: Of<'reading'>): void {
  const one = known.get(fact.cooperative) ?? { seats: [], words: [], into: null, suspensions: [], readAt: 0 };
  known.set(fact.cooperative, one);
  one.readAt = Math.max(one.readAt, fact.at);
  one.into = fact.into;
  const last = one.words.at(-1);
  if (last?.status !== fact.status || last.since !== fact.since)
    one.words.push({ status: fact.status, since: fact.since });
  for (const seat of one.seats) {
    if (seat.source !== 'registry') continue;
    const named = fact.seats.find(
      ({ duty, person, from }) => duty === seat.duty && person === seat.person && from === seat.from,
    );
    if (named !== undefined) {
      seat.to = named.to;
      seat.registered = named.registered;
      seat.gone = null;
    } else if (seat.gone === null && !(seat.to !== null && seat.to <= fact.day)) seat.gone = fact.day;
  }
  for (const { duty, person, from, to, registered } of fact.seats) {
    const isKnown = one.seats.some(
      (seat) =>
        seat.source === 'registry' && seat.duty === duty && seat.person === person && seat.from === from,
    );
    if (!isKnown) one.seats.push({ duty, person, from, to, registered, gone: null, source: 'registry' });
  }
}

function suspend(one: LawCooperative | undefined, { decision, from }: Of<'suspension'>): void {
  if (decision === 'suspended') one?.suspensions.push({ from, to: null });
  else for (const span of one?.suspensions ?? []) span.to ??= from;
}

/** In office by its own days: registered, begun, not over, still named. */
function inOffice({ registered, from, to, gone }: LawSeat, day: string): boolean {
  if (registered === null || registered > day || from > day) return false;
  if (to !== null && to <= day) return false;
  return gone === null || gone > day;
}

export function statusOn({ words }: LawCooperative, day: string): string {
  let found = '';
  for (const { status, since } of words) if (since <= day) found = status;
  return found;
}

export function isSuspended({ suspensions }: LawCooperative, day: string): boolean {
  return suspensions.some(({ from, to }) => from <= day && (to === null || day < to));
}

/** The board, or who stands in its place. */
function organ(seats: readonly LawSeat[], day: string): ReadonlySet<number> {
  const found = seats.filter(
    (seat) => ['board', 'liquidator', 'trustee'].includes(seat.duty) && inOffice(seat, day),
  );
  return new Set(found.map(({ person }) => person));
}

/** With the board that decided, and with the cooperative, an appointment ends. */
function endAppointments(
  one: LawCooperative,
  before: readonly LawSeat[],
  today: string,
  { endWithBoard }: Pick<LawPolicy, 'endWithBoard'>,
): void {
  for (const seat of one.seats) {
    if (seat.source !== 'decision' || seat.gone !== null || (seat.to !== null && seat.to <= today)) continue;
    // One that was accepted a moment ago was judged by whoever accepted it.
    if (!before.some((other) => other.source === 'decision' && isSameSeat(other, seat))) continue;
    const then = organ(before, seat.registered ?? today);
    const boardGone = [...organ(one.seats, today)].every((person) => !then.has(person));
    if (!['terkin', 'birleşme'].includes(statusOn(one, today)) && !(endWithBoard && boardGone)) continue;
    if (seat.from < today) seat.to = today;
    else seat.gone = today;
  }
}

function isSameSeat(one: LawSeat, other: LawSeat): boolean {
  return one.person === other.person && one.from === other.from && one.registered === other.registered;
}

/** As what the seat lets its person act on `day`; null: not at all. */
export function actsAs(seat: LawSeat, at: LawCooperative, day: string, afterTermDays: number): string | null {
  const status = statusOn(at, day);
  const trustee = at.seats.some((one) => one.duty === 'trustee' && inOffice(one, day));
  if (seat.source === 'closed-system') return null;
  if (status === 'tasfiye')
    return seat.duty === 'liquidator' && inOffice(seat, day) && !isSuspended(at, day) ? 'liquidator' : null;
  if (status !== 'faal') return null;
  if (seat.duty === 'trustee') return inOffice(seat, day) ? 'trustee' : null;
  if (seat.duty === 'liquidator' || isSuspended(at, day)) return null;
  if (seat.duty === 'denetci') return inOffice(seat, day) ? 'denetci' : null;
  if (trustee) return null;
  if (inOffice(seat, day)) return seat.duty;
  // The old board calls the assembly: those who sat on the last day of their term, for so many days, while nobody sits.
  const { to } = seat;
  const satToTheEnd = seat.duty === 'board' && to !== null && to <= day && inOffice(seat, plus(to, -1));
  if (!satToTheEnd || day >= plus(to, afterTermDays)) return null;
  return at.seats.some((one) => one.duty === 'board' && inOffice(one, day)) ? null : 'board-after-term';
}

/** Where the seats are: at the cooperative, or at the one that it went into, at most five steps. */
export function seatedAt(
  known: ReadonlyMap<number, LawCooperative>,
  no: number,
  day: string,
): LawCooperative | null {
  let at = known.get(no);
  for (let steps = 0; at !== undefined; steps += 1) {
    if (statusOn(at, day) !== 'birleşme' || at.into === null) return at;
    if (steps === 5) return null;
    at = known.get(at.into);
  }
  return null;
}

/** What somebody acts as. `rests`: the office, or duty and first day of the seat. */
export interface LawCapacity {
  readonly role: string;
  readonly rests: string;
  readonly readsOnly: boolean;
}

export const restsOn = (seat: Pick<LawSeat, 'duty' | 'from' | 'source'>): string =>
  `${seat.duty} ${seat.from}`;

/** Everything that somebody is at a cooperative at `now`. */
export function capacitiesOf(
  known: ReadonlyMap<number, LawCooperative>,
  person: number,
  no: number,
  now: { readonly at: number; readonly day: string },
  policy: LawPolicy,
): readonly LawCapacity[] {
  const own = known.get(no);
  const at = seatedAt(known, no, now.day);
  if (own === undefined) return [];
  const found: LawCapacity[] = [];
  let sits = false;
  if (at !== null) {
    const hours = (now.at - Math.min(own.readAt, at.readAt)) / 3_600_000;
    for (const seat of at.seats) {
      if (seat.person !== person) continue;
      const role = actsAs(seat, at, now.day, policy.afterTermDays);
      const isOver = [seat.to, seat.gone].some((end) => end !== null && end <= now.day);
      // Registered or not, suspended or not: who sits there decides nothing there for the administration.
      if (!isOver || role !== null) sits = true;
      if (role !== null && hours <= policy.nothingAfterHours)
        found.push({ role, rests: restsOn(seat), readsOnly: hours > policy.staleAfterHours });
    }
  }
  for (const office of OFFICES) {
    const { ministry, il } = PLACES[no] as { ministry: string; il: string };
    const isCompetent =
      office.office === 'ministry-representative'
        ? office.cooperative === no && office.from <= now.day && now.day < office.to
        : office.ministry === ministry && (office.office !== 'directorate' || office.il === il);
    if (office.person === person && !sits && isCompetent)
      found.push({ role: office.office, rests: office.office, readsOnly: false });
  }
  return found;
}

const READING = [
  'member.read',
  'document.read',
  'attendance-list.read',
  'cooperative.read',
  'authority.read',
];
/** What leaves something different behind. */
const CHANGING = [
  ...['member.add', 'member.update', 'document.upload', 'assembly.record', 'assembly.call'],
  ...['assembly-report.upload', 'appointee.apply', 'appointee.decide', 'cooperative.suspend'],
];
const RUNNING = [
  ...READING,
  'member.add',
  'member.update',
  'document.upload',
  'assembly.record',
  'assembly.call',
  'mersis.refresh',
];
/** Yönetmelik m.3, m.10, m.13, m.15, m.21; Usul ve Esaslar m.5; 1163 m.24, m.87, m.90. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  board: [...RUNNING, 'appointee.apply'],
  liquidator: [...RUNNING, 'appointee.apply'],
  trustee: [...RUNNING, 'appointee.apply'],
  appointee: RUNNING,
  denetci: READING,
  'board-after-term': ['assembly.call', 'assembly.record', 'attendance-list.read'],
  directorate: [
    ...READING,
    'mersis.refresh',
    'appointee.decide',
    'address.read',
    'assembly-report.upload',
    'cooperative.suspend',
  ],
  'ministry-central': [...READING, 'cooperative.suspend'],
  'ministry-manager': READING,
  'ministry-representative': [
    'assembly-report.upload',
    'member.read',
    'document.read',
    'attendance-list.read',
  ],
};

/** May somebody who is all that do this? `member`: KOOPBİS says so; `steppedUp`: by the second step. */
export function mayDo(
  capacities: readonly LawCapacity[],
  action: string,
  {
    member,
    steppedUp,
    status,
  }: { readonly member: boolean; readonly steppedUp: boolean; readonly status: string },
): boolean {
  for (const { role, readsOnly } of capacities) {
    if (ALLOWED[role]?.includes(action) !== true) continue;
    if (readsOnly && CHANGING.includes(action)) continue;
    if (action === 'cooperative.suspend' && !steppedUp) continue;
    return true;
  }
  const reads = action === 'document.read' || action === 'attendance-list.read';
  return member && reads && ['faal', 'tasfiye', 'birleşme'].includes(status);
}
