import {
  type Capacity,
  type DecisionTime,
  freshnessOf,
  type NotInForceReason,
  type PersonStanding,
  standingOf,
  whyNotToday,
} from '../decide.js';
import type { AuthorityFacts, Seat, StaffRole } from '../facts.js';
import { ACTIONS } from './actions.js';
import { basisOf, conditionsHold, type KindAndLevel } from './conditions.js';
import type { ReasonCode } from './reasons.js';
import { RIGHTS, type RightRow } from './rights.js';

/** `urn:koopbis:acr:…` of a sign-in (CONTRACT §5); another word is weaker than either. */
const TWO_STEP = 'urn:koopbis:acr:two-step';
const STEP_UP = 'urn:koopbis:acr:step-up';
/** Status under which a member still reads: at a deleted cooperative, or one whose status nobody knows, nobody does. */
const MEMBER_UNDER = ['faal', 'tasfiye', 'birleşme'];

/** What is asked. `member`: KOOPBİS says that the person is one there. `acr`: of the person's sign-in; null where the caller says none. */
export interface EvaluationQuestion {
  readonly action: string;
  readonly context: { readonly member: boolean; readonly acr: string | null };
}

/** How old the registry's word is: `reads-only`: it gives no right to change anything; `stale`: no right at all. Staff's competence does not age. */
export type AnswerFreshness = 'fresh' | 'reads-only' | 'stale';

/**
 * A decision and what it rests on. `right`, `capacity`, `seat`, `staff`: what gives the right, or what comes nearest to giving it; null
 * where nothing does, and for a member, whom no seat makes one.
 */
export interface Evaluation {
  readonly decision: boolean;
  readonly reason: { readonly code: ReasonCode };
  readonly right: RightRow | null;
  readonly capacity: Capacity | null;
  readonly seat: Seat | null;
  readonly staff: StaffRole | null;
  readonly freshness: AnswerFreshness;
  /** The older of the readings that it rests on; null where the cooperative is not known. */
  readonly readAt: Date | null;
}

/** `kind`: of the cooperative asked about, for rights that only some kinds have. `rights`: the table. */
export interface EvaluationTable {
  readonly kind?: KindAndLevel | null;
  readonly rights?: RightsIndex;
}

/** Rights by role and action, those of the command line left out: they are none here. */
export type RightsIndex = ReadonlyMap<string, RightRow>;

/** Pure. */
export function indexRights(rows: readonly RightRow[]): RightsIndex {
  const asked = rows.filter(({ conditions }) => conditions.through === 'evaluation');
  return new Map(asked.map((row) => [keyOf(row.role, row.action), row]));
}

const INDEX = indexRights(RIGHTS);

/**
 * May this person do this at this cooperative? Pure; never throws; true by a row of the table alone. Asked in this order: is it an
 * action, is the cooperative known, how was the person signed in, which capacity has a right to it, is that right's reading new enough.
 */
export function evaluate(
  { action: name, context }: EvaluationQuestion,
  facts: AuthorityFacts,
  time: DecisionTime,
  { kind = null, rights = INDEX }: EvaluationTable = {},
): Evaluation {
  const { cooperative } = facts;
  const answer = answerFrom(facts, time);
  const action = ACTIONS.get(name);
  if (action === undefined) return answer('unknown-action');
  if (cooperative === null) return answer('resource-unknown');
  const { acr, member } = context;
  if (acr !== null && acr !== TWO_STEP && acr !== STEP_UP) return answer('two-step-required');

  const standing = standingOf(facts, time);
  let nearest: Evaluation | null = null;
  for (const capacity of standing.capacities) {
    const right = rights.get(keyOf(capacity.role, action.name));
    if (right === undefined) continue;
    const basis = basisOf(capacity, facts);
    if (!conditionsHold(right.conditions, { cooperative, basis, today: time.today, kind })) continue;
    const code = codeOf(action.changes && capacity.freshness !== 'fresh', right, acr);
    const given = answer(code, { right, capacity, ...basis });
    if (given.decision) return given;
    nearest ??= given;
  }
  const isMember = member === true && MEMBER_UNDER.includes(cooperative.durum);
  const asMember = isMember ? rights.get(keyOf('member', action.name)) : undefined;
  if (asMember !== undefined) return answer(codeOf(false, asMember, acr), { right: asMember });
  return nearest ?? missed(standing, isMember, facts, time);
}

/** What a right comes to under this sign-in. Who does not say how somebody signed in gets nothing that needs step-up. */
function codeOf(tooOld: boolean, { conditions }: RightRow, acr: string | null): ReasonCode {
  if (tooOld) return 'stale';
  return conditions.stepUp && acr !== STEP_UP ? 'step-up-required' : 'granted';
}

/** Misses that say more than that the person's other capacities have no such right. */
const TELLING: readonly string[] = ['suspended', 'not-registered-yet', 'term-ended', 'legacy-ended'];

function missed(
  { capacities, miss }: PersonStanding,
  member: boolean,
  facts: AuthorityFacts,
  time: DecisionTime,
): Evaluation {
  const answer = answerFrom(facts, time);
  const old = capacities.find(({ role }) => role === 'board-after-term');
  if (old !== undefined) return answer('term-ended', basisOf(old, facts));
  const seat = seatThatMissed(facts, time, miss === 'stale' ? null : miss) ?? null;
  const isSomebody = capacities.length > 0 || (member && miss === 'no-seat');
  if (isSomebody && !(TELLING.includes(miss) && seat !== null)) return answer('right-not-in-table');
  return answer(miss, { seat });
}

/** `why` null: one that would be in force, were the reading newer. */
function seatThatMissed(
  { seatedAt, seats }: AuthorityFacts,
  { today }: DecisionTime,
  why: NotInForceReason | 'outside-own-area' | null,
): Seat | undefined {
  if (seatedAt === null) return undefined;
  return seats.find((seat) => whyNotToday(seat, seatedAt, today) === why);
}

type Found = Partial<Pick<Evaluation, 'right' | 'capacity' | 'seat' | 'staff'>>;

function answerFrom(
  { cooperative, seatedAt }: AuthorityFacts,
  time: DecisionTime,
): (code: ReasonCode, found?: Found) => Evaluation {
  const age = cooperative === null ? 'nothing' : freshnessOf(cooperative, seatedAt, time);
  const freshness = age === 'nothing' ? 'stale' : age;
  const readAt = olderOf(cooperative?.readAt ?? null, seatedAt?.readAt ?? null);
  return (code, { right = null, capacity = null, seat = null, staff = null } = {}) => {
    const decision = code === 'granted';
    return { decision, reason: { code }, right, capacity, seat, staff, freshness, readAt };
  };
}

function olderOf(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one;
  return one.getTime() <= other.getTime() ? one : other;
}

function keyOf(role: string, action: string): string {
  return `${role} ${action}`;
}
