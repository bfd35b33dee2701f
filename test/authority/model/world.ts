import fc from 'fast-check';

/** Cooperatives and persons of the model, by number; few, so that they meet often. */
export const COOPERATIVES = [1, 2, 3] as const;
export const PERSONS = [1, 2, 3, 4, 5, 6] as const;
export const mersisOf = (cooperative: number): string => `0${String(cooperative).padStart(10, '0')}00011`;
const DAY_MS = 86_400_000;
const STEP_MS = 60_000;
/** Noon in Europe/Istanbul: steps of minutes stay within the day. */
export const START = Date.parse('2026-03-02T09:00:00Z');
export const dayAt = (at: number): string => new Date(at + 3 * 3_600_000).toISOString().slice(0, 10);
export const plus = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

export type Duty = 'board' | 'denetci' | 'liquidator' | 'trustee';
export type Status = 'faal' | 'tasfiye' | 'terkin' | 'birleşme';

/** A seat as the registry names it. */
export interface NamedSeat {
  readonly duty: Duty;
  readonly person: number;
  readonly from: string;
  readonly to: string | null;
  readonly registered: string | null;
}

/** What came to be known, and when: all that the model and the bridge are given. */
export type Fact = { readonly at: number; readonly day: string } & (
  | {
      readonly what: 'reading';
      readonly cooperative: number;
      readonly status: Status;
      readonly since: string;
      readonly into: number | null;
      readonly seats: readonly NamedSeat[];
    }
  | {
      readonly what: 'suspension';
      readonly cooperative: number;
      readonly decision: 'suspended' | 'lifted';
      readonly from: string;
    }
  | {
      readonly what: 'appointment';
      readonly cooperative: number;
      readonly person: number;
      readonly from: string;
      readonly to: string | null;
    }
  | {
      readonly what: 'closed-system';
      readonly cooperative: number;
      readonly person: number;
      readonly from: string;
      readonly to: string;
    }
  | { readonly what: 'day' }
);

const cooperative = fc.constantFrom(...COOPERATIVES);
const person = fc.constantFrom(...PERSONS);
const pick = fc.nat(20);
const term = fc.constantFrom(null, 3, 10, 30, 90);
/** Registries are changed long before anybody reads: `seen` false leaves it to a later reading. */
const seen = fc.constantFrom(true, true, true, false);
const shift = fc.integer({ min: -12, max: 12 });
const duty = fc.constantFrom<Duty>('board', 'board', 'board', 'denetci', 'liquidator', 'trustee');

const STEP = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ op: fc.constant('pass' as const), days: fc.constantFrom(1, 1, 2, 5, 11, 35) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      ...{ op: fc.constant('elect' as const), cooperative, duty, person, term, shift, seen },
      registered: fc.constantFrom<number | null>(null, 0, 0, -3, 4),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constant('register' as const), cooperative, pick, seen, shift }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('leave' as const), cooperative, pick, seen }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('return' as const), cooperative, pick, seen }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('end' as const), cooperative, pick, shift, seen }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('redate' as const), cooperative, pick, shift, seen }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('empty' as const), cooperative, seen }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ op: fc.constant('status' as const), cooperative, shift, seen, into: cooperative },
      status: fc.constantFrom<Status>('faal', 'faal', 'tasfiye', 'terkin', 'birleşme'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('read' as const), cooperative }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ op: fc.constant('suspend' as const), cooperative, back: fc.nat(5) },
      decision: fc.constantFrom('suspended' as const, 'lifted' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constant('appoint' as const),
      cooperative,
      person,
      term,
      shift: fc.nat(4),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('closed-system' as const), cooperative, person }) },
);
type Step = typeof STEP extends fc.Arbitrary<infer S> ? S : never;

/** What one registry says, and what it has said before. */
interface Registry {
  status: Status;
  since: string;
  into: number | null;
  seats: NamedSeat[];
  left: NamedSeat[];
}

/** Any history of at most so many steps: elections, registrations, resignations, ends, corrections, states, decisions, days. */
export const histories = (maxLength: number): fc.Arbitrary<readonly Fact[]> =>
  fc.array(STEP, { minLength: 3, maxLength }).map((steps) => historyOf(steps));

function historyOf(steps: readonly Step[]): readonly Fact[] {
  const facts: Fact[] = [];
  const registries = new Map<number, Registry>();
  let at = START;
  for (const one of COOPERATIVES) {
    const seat = (of: number): NamedSeat => {
      return { duty: 'board', person: of, from: '2025-01-01', to: '2026-05-01', registered: '2025-01-07' };
    };
    const seats = [seat(one), seat(one + 1)];
    registries.set(one, { status: 'faal', since: '2020-01-01', into: null, seats, left: [] });
    at += STEP_MS;
    facts.push(readingOf(one, registries.get(one) as Registry, at));
  }
  const suspended = new Map<number, string>();
  for (const step of steps) {
    at += STEP_MS;
    if (step.op === 'pass') {
      // Each day turns by itself.
      for (let i = 0; i < step.days; i += 1) {
        at += DAY_MS;
        facts.push({ what: 'day', at, day: dayAt(at) });
      }
      continue;
    }
    const registry = registries.get(step.cooperative) as Registry;
    const day = dayAt(at);
    if (step.op === 'suspend') {
      const from = decisionDay(suspended.get(step.cooperative), step.decision, plus(day, -step.back));
      if (from === null) continue;
      if (step.decision === 'suspended') suspended.set(step.cooperative, from);
      else suspended.delete(step.cooperative);
      facts.push({
        what: 'suspension',
        at,
        day,
        cooperative: step.cooperative,
        decision: step.decision,
        from,
      });
    } else if (step.op === 'appoint') {
      const from = plus(day, step.shift);
      const to = step.term === null ? null : plus(from, step.term);
      facts.push({
        what: 'appointment',
        at,
        day,
        cooperative: step.cooperative,
        person: step.person,
        from,
        to,
      });
    } else if (step.op === 'closed-system') {
      const { cooperative: where, person: who } = step;
      facts.push({
        what: 'closed-system',
        at,
        day,
        cooperative: where,
        person: who,
        from: '2019-01-01',
        to: '2022-10-26',
      });
    } else {
      change(registry, step, day);
      if (step.op === 'read' || step.seen) facts.push(readingOf(step.cooperative, registry, at));
    }
  }
  return facts;
}

/** The first day of a decision that can be recorded: not one too many, and no end before the beginning. */
function decisionDay(
  open: string | undefined,
  decision: 'suspended' | 'lifted',
  from: string,
): string | null {
  if ((decision === 'suspended') !== (open === undefined)) return null;
  return open !== undefined && from < open ? open : from;
}

function readingOf(cooperative: number, { status, since, into, seats }: Registry, at: number): Fact {
  return { what: 'reading', at, day: dayAt(at), cooperative, status, since, into, seats: [...seats] };
}

function change(
  registry: Registry,
  step: Exclude<Step, { op: 'pass' | 'suspend' | 'appoint' | 'closed-system' }>,
  today: string,
): void {
  const { seats, left } = registry;
  const place = 'pick' in step && seats.length > 0 ? step.pick % seats.length : -1;
  const seat = seats[place];
  const put = (next: NamedSeat): void => {
    const isOther = seats.every((one, i) => i === place || !isSame(one, next));
    if (isOther && (next.to === null || next.to > next.from)) seats[place] = next;
  };
  if (step.op === 'elect') {
    const from = plus(today, step.shift);
    const to = step.term === null ? null : plus(from, step.term);
    const registered = step.registered === null ? null : plus(today, step.registered);
    const next: NamedSeat = { duty: step.duty, person: step.person, from, to, registered };
    if (!seats.some((one) => isSame(one, next))) seats.push(next);
  } else if (step.op === 'register' && seat !== undefined) {
    put({ ...seat, registered: seat.registered === null ? today : plus(today, step.shift) });
  } else if (step.op === 'leave' && seat !== undefined) {
    left.push(...seats.splice(place, 1));
  } else if (step.op === 'return' && left.length > 0) {
    const [back] = left.splice(step.pick % left.length, 1);
    if (back !== undefined && !seats.some((one) => isSame(one, back))) seats.push(back);
  } else if (step.op === 'end' && seat !== undefined) {
    put({ ...seat, to: plus(today, step.shift) });
  } else if (step.op === 'redate' && seat !== undefined) {
    put({ ...seat, from: plus(seat.from, step.shift) });
  } else if (step.op === 'empty') {
    left.push(...seats.splice(0));
  } else if (step.op === 'status') {
    registry.status = step.status;
    registry.since = plus(today, step.shift);
    registry.into = step.status === 'birleşme' ? step.into : null;
  }
}

function isSame(one: NamedSeat, other: NamedSeat): boolean {
  return one.duty === other.duty && one.person === other.person && one.from === other.from;
}

/** Offices of the administration that stand the whole time; days half-open. */
export const OFFICES = [
  {
    person: 4,
    office: 'directorate',
    ministry: 'ticaret',
    il: 'Ankara',
    cooperative: null,
    from: null,
    to: null,
  },
  {
    person: 5,
    office: 'ministry-central',
    ministry: 'ticaret',
    il: null,
    cooperative: null,
    from: null,
    to: null,
  },
  {
    person: 5,
    office: 'ministry-manager',
    ministry: 'tarim',
    il: null,
    cooperative: null,
    from: null,
    to: null,
  },
  {
    person: 6,
    office: 'ministry-representative',
    ministry: null,
    il: null,
    cooperative: 2,
    from: '2026-03-05',
    to: '2026-03-20',
  },
  {
    person: 6,
    office: 'directorate',
    ministry: 'ticaret',
    il: 'İzmir',
    cooperative: null,
    from: null,
    to: null,
  },
] as const;
/** Where each cooperative is, and whose. */
export const PLACES: Readonly<
  Record<number, { readonly il: string; readonly ministry: 'ticaret' | 'tarim' }>
> = {
  1: { il: 'Ankara', ministry: 'ticaret' },
  2: { il: 'İzmir', ministry: 'ticaret' },
  3: { il: 'Ankara', ministry: 'tarim' },
};
