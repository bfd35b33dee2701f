import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Receipt } from '../../audit/entry.js';
import type { Lane, Settled } from '../../audit/lane.js';
import type { RecordPorts } from '../../authority/recording/port.js';
import { lockRecords } from '../../authority/recording/records.js';
import { settleChanges } from '../../authority/recording/settle-changes.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { SignedIn } from '../../sign-in/access-tokens.js';
import type { Transaction } from '../../storage/database.js';
import { actorData, actorNumber } from '../entries.js';
import { judgeSuspension, type SuspensionDecision } from './judge-suspension.js';

/** A decision of a ministry as an officer records it. */
export interface RecordedDecision extends SuspensionDecision {
  readonly cooperative: string;
  readonly officer: SignedIn;
  /** Operating-system user. */
  readonly osUser: string;
}

/** What the lane needs from outside. `stillActs`: session and role of the officer, looked at again inside the transaction. */
export interface OfficerPorts extends RecordPorts {
  stillActs(tx: Transaction, officer: SignedIn, now: Date): Promise<boolean>;
}

type Answer =
  | { readonly kind: 'recorded'; readonly receipt: Receipt }
  | { readonly kind: 'refused'; readonly error: BridgeError };

/** Nobody's request waits for it. */
const PATIENCE_MS = 30_000;

/**
 * Records that a ministry has suspended a cooperative's organs, or lets them act again: `suspension.decided`, the record, and the ends of
 * the sessions of whoever has nothing left, in one transaction. Errors: `NOT_FOUND`, `STATE_CONFLICT` and `REQUEST_INVALID` with
 * `fields.reason`, `TOKEN_INVALID`, and those of `Appender`. `log` needs `AUTHORITY_APPLIERS` and those of sessions.
 */
export async function decideSuspension(
  log: Appender,
  ports: OfficerPorts,
  decision: RecordedDecision,
): Promise<Receipt> {
  const answer = await log.submit(suspensionLane(ports), decision);
  if (answer.kind === 'refused') throw answer.error;
  return answer.receipt;
}

/** Exclusive: from its COMMIT on no intent rests on what is suspended. */
function suspensionLane(ports: OfficerPorts): Lane<RecordedDecision, Answer> {
  return {
    name: '5-suspension',
    patienceMs: PATIENCE_MS,
    exclusive: true,
    settle: async (tx, items, now) => {
      const settled: Settled<Answer>[] = [];
      for (const item of items) settled.push(await settleOne(tx, item, ports, now));
      return settled;
    },
  };
}

async function settleOne(
  tx: Transaction,
  item: RecordedDecision,
  ports: OfficerPorts,
  now: Date,
): Promise<Settled<Answer>> {
  const { cooperative, officer, osUser, decision, decisionNo, decidedOn, from } = item;
  const held = (await lockRecords(tx, [cooperative])).get(cooperative);
  if (!(await ports.stillActs(tx, officer, now)))
    return refused('TOKEN_INVALID', 'the session or the role of the officer has ended', null);
  if (held === undefined) return refused('NOT_FOUND', 'no such cooperative', 'cooperative-unknown');
  const judged = judgeSuspension(held.record, item, istanbulDay(now));
  if ('problem' in judged) return refused('STATE_CONFLICT', 'this cannot be recorded', judged.problem);
  const entry = draftOf(
    'suspension.decided',
    now,
    { actor: actorData(officer), cooperative, decidedOn, decision, decisionNo, from, osUser },
    [actorNumber(officer.person)],
  );
  const change = {
    before: held,
    after: { ...held.record, suspensions: judged.suspensions },
    source: 'decision' as const,
    // A decision is no word of the registry: what that said grows no younger by it.
    asOf: held.asOf,
    readAt: held.readAt,
    persons: new Map(),
    lead: [entry],
  };
  const { entries, effects } = await settleChanges(tx, [change], ports, now);
  const place = entries.findIndex(({ id }) => id === entry.id);
  return {
    entries,
    effects,
    answer: (receipts) => ({ kind: 'recorded', receipt: receipts[place] as Receipt }),
  };
}

function refused(
  code: 'TOKEN_INVALID' | 'NOT_FOUND' | 'STATE_CONFLICT',
  message: string,
  reason: string | null,
): Settled<Answer> {
  const text = reason === null ? message : `${message} (${reason})`;
  const error = new BridgeError(code, text, { fields: reason === null ? {} : { reason } });
  return { entries: [], effects: [], answer: () => ({ kind: 'refused', error }) };
}
