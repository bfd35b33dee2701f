import type { Lane, Settled } from '../../audit/lane.js';
import type { PersonTagger } from '../../audit/person-tags.js';
import { Refusal } from '../../errors/refusal.js';
import { type Maintenance, maintenanceRefusal } from '../../maintenance/known-windows.js';
import type { Transaction } from '../../storage/database.js';
import { lockBudget, type SpentBudget } from '../poll/budget.js';
import { isPaused, readPause } from '../poll/pause.js';
import { allowance } from '../poll/schedule.js';
import type { CallingPerson, ReadPersons, RegistryAttempt, ShownPerson } from './attempt.js';
import { askedEntry, newAsk, refusedEntry } from './call-entries.js';
import { type CallLimits, type CallQuota, readCallQuota } from './call-quota.js';

export interface CallRules {
  readonly instance: string;
  readonly limits: CallLimits;
  readonly dailyBudget: number;
  readonly tagger: PersonTagger;
  readonly readPersons: ReadPersons;
  readonly maintenance: Maintenance;
}

/** Leave to ask once, bound to the answer's entry by `ask`; or the refusal, which is written down. */
export type CallAnswer =
  | { readonly kind: 'asked'; readonly ask: string; readonly askedAt: Date }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The caller waits, and nothing is lost by a refusal. */
const PATIENCE_MS = 300;
const LEGAL_PERSON = /^0[0-9]{15}$/;
const HOUR_S = 3600;
const NOBODY: ShownPerson = { person: null, tokenFault: null };

/**
 * Judges calls in the order of CONTRACT §4 (token, body, numbers, quota) and writes `mersis.asked` or `call.refused`, in one transaction with
 * what they spend. MERSİS may be asked only once the answer says so. `log` needs `CALL_APPLIERS`.
 */
export function createCallLane(rules: CallRules): Lane<RegistryAttempt, CallAnswer> {
  return {
    // Behind the claims of polling, which lock the day's budget last of their rows.
    name: '7-mersis-call',
    patienceMs: PATIENCE_MS,
    settle: async (tx, attempts, now) => {
      const calls = attempts.map(({ call }) => call);
      const shown = await rules.readPersons(tx, calls, now);
      const judged = attempts.map((attempt, i) => judge(attempt, shown[i] ?? NOBODY));
      const allowed = judged.flatMap((one) => ('person' in one ? [one] : []));
      const resources = allowed.length === 0 ? null : await readResources(tx, allowed, rules, now);
      return judged.map((one, i) => {
        const refuse = (refusal: Refusal) => refused(one.attempt, shown[i] ?? NOBODY, refusal, rules);
        if (!('person' in one)) return refuse(one.refusal);
        const spent = resources?.spend(one) ?? new Refusal('OVERLOADED');
        return spent instanceof Refusal ? refuse(spent) : asked(one, spent, rules, now);
      });
    },
  };
}

interface Allowed {
  readonly attempt: RegistryAttempt;
  readonly person: CallingPerson;
}

function judge(
  attempt: RegistryAttempt,
  { person }: ShownPerson,
): Allowed | { readonly attempt: RegistryAttempt; readonly refusal: Refusal } {
  const { question } = attempt;
  if (person === null) return { attempt, refusal: new Refusal('TOKEN_INVALID') };
  if (!person.twoStep) return { attempt, refusal: new Refusal('TWO_STEP_REQUIRED') };
  if (!question.ok) return { attempt, refusal: new Refusal(question.code, { reason: question.reason }) };
  if ('mersisNo' in question.value && !LEGAL_PERSON.test(question.value.mersisNo))
    throw new RangeError('a MERSİS number of a legal person is needed');
  return { attempt, person };
}

interface Spending {
  readonly quota: Exclude<ReturnType<CallQuota['spend']>, Refusal>;
  readonly budget: SpentBudget;
}

/** What calls may use up: nothing while nobody answers, the person's hour, the cooperative's pause, the day of all. */
async function readResources(tx: Transaction, allowed: readonly Allowed[], rules: CallRules, now: Date) {
  const pause = await readPause(tx);
  const quota = await readCallQuota(tx, allowed, { ...rules, now });
  const { day, used } = await lockBudget(tx, now);
  const maintained = maintenanceRefusal(rules.maintenance, 'mersis', now);
  let spent = used;
  return {
    spend: ({ attempt, person }: Allowed): Spending | Refusal => {
      if (maintained !== null) return maintained;
      if (pause !== null && isPaused(pause, now)) {
        const retryAfterS = Math.max(1, Math.ceil((pause.until.getTime() - now.getTime()) / 1000));
        return new Refusal('MERSIS_UNAVAILABLE', { reason: 'paused', retryAfterS });
      }
      if (allowance(rules.dailyBudget, spent).wishes === 0)
        return new Refusal('RATE_LIMITED', { reason: 'daily-budget', retryAfterS: HOUR_S });
      const counted = quota.spend(attempt, person);
      if (counted instanceof Refusal) return counted;
      spent += 1;
      return { quota: counted, budget: { kind: 'mersis-spent', day, count: 1 } };
    },
  };
}

function asked(
  { attempt, person }: Allowed,
  { budget, quota }: Spending,
  { instance }: CallRules,
  now: Date,
): Settled<CallAnswer> {
  const ask = newAsk();
  return {
    entries: [askedEntry(attempt, person, instance, ask)],
    effects: [budget, quota],
    answer: () => ({ kind: 'asked', ask, askedAt: now }),
  };
}

function refused(
  attempt: RegistryAttempt,
  shown: ShownPerson,
  refusal: Refusal,
  { instance }: CallRules,
): Settled<CallAnswer> {
  return {
    entries: [refusedEntry(attempt, shown, refusal, instance)],
    effects: [],
    answer: () => ({ kind: 'refused', refusal }),
  };
}
