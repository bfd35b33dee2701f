import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { EntryDraft } from '../../audit/entry.js';
import type { Effect, EffectApplier, Settled } from '../../audit/lane.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import { actedBy, deedLane, done, notActing, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import { kurusNumber } from '../kurus.js';
import type { DifferenceClass } from './classify.js';
import { isImportAsRecorded } from './recorded.js';
import { MAX_UNKNOWNS, type SettlingPage, settlingPage } from './settle-unknowns.js';

export const DECISIONS = ['accept-theirs', 'object', 'settle', 'explained'] as const;
export type DifferenceDecision = (typeof DECISIONS)[number];

/** Which decisions a difference of a class can have: unknown outcomes are settled and nothing else, and nothing else is. */
export function decisionsFor(of: DifferenceClass): readonly DifferenceDecision[] {
  return DECISIONS.filter((one) => (one === 'settle') === (of === 'unknown-outcome'));
}

/** What an officer decides. `note` stands in the log in clear. */
export interface DecisionWish {
  readonly difference: string;
  readonly decision: DifferenceDecision;
  readonly note: string;
  readonly officer: ActingOfficer;
}

/** `settled`: unknown outcomes that the decision settled, over all its transactions. */
export interface Decided {
  readonly settled: number;
  readonly leafIndex: bigint;
}

/** How far a decision is: `rest` settlements are left, and it stands in no entry yet. */
type Step = { readonly rest: number } | Decided;

interface DifferenceDecided extends Effect {
  readonly kind: 'fee-difference-decided';
  readonly difference: string;
  readonly decision: DifferenceDecision;
}

interface Row {
  import_id: string;
  class: DifferenceClass;
  queries: bigint;
  amount_kurus: bigint;
  decision: string | null;
  begun: boolean;
}

/** More transactions than `MAX_UNKNOWNS` make. */
const MAX_STEPS = 100;

const LOCK = `SELECT d.import_id, d.class, d.queries, d.amount_kurus, d.decision,
    EXISTS (SELECT FROM bridge.fee_correction c WHERE c.difference_id = d.difference_id) AS begun
  FROM bridge.fee_difference d WHERE d.difference_id = $1 FOR UPDATE OF d`;

/**
 * Decides a difference, once. `settle` (unknown outcomes alone) settles each of them first, in several transactions where they are many, and
 * the decision comes last: killed on the way, the same command goes on and ends it; until then nothing else can be decided. `log` needs
 * `RECONCILIATION_APPLIERS`. Refused: `TOKEN_INVALID`, `NOT_FOUND`, `REQUEST_INVALID` (`settle` of another class), `STATE_CONFLICT`
 * (decided before; the row is not what the log recorded; settling has begun; anything but `settle` of unknown outcomes; too many of these).
 * Errors: those of `Appender`.
 */
export async function decideDifference(
  log: Appender,
  wish: DecisionWish,
  ports: DeedPorts,
): Promise<Verdict<Decided>> {
  const lane = deedLane<DecisionWish, Step>('6-fee-difference', (tx, item, now) =>
    settleStep(tx, item, ports, now),
  );
  for (let i = 0; i < MAX_STEPS; i += 1) {
    const verdict = await log.submit(lane, wish);
    if (verdict.kind === 'refused') return verdict;
    const step = verdict.value;
    if (!('rest' in step)) return { kind: 'done', value: step };
  }
  throw new RangeError('a decision took more transactions than there can be');
}

async function settleStep(
  tx: Transaction,
  wish: DecisionWish,
  ports: DeedPorts,
  now: Date,
): Promise<Settled<Verdict<Step>>> {
  const { decision, difference, officer } = wish;
  if (!(await ports.stillActs(tx, officer, now))) return notActing();
  const { rows } = await tx.query<Row>({ text: LOCK, values: [difference] });
  const [row] = rows;
  if (row === undefined) return refused('NOT_FOUND', 'no such difference');
  if (row.decision !== null) return refused('STATE_CONFLICT', `it was decided before: ${row.decision}`);
  if (!(await isImportAsRecorded(tx, row.import_id)))
    return refused('STATE_CONFLICT', 'the difference is not what was recorded: run bridge audit check');
  if (decision !== 'settle') {
    if (row.begun) return refused('STATE_CONFLICT', 'settling has begun: repeat --decision settle to end it');
    // Decided otherwise, what nobody knows would stay charged for ever, with nothing left that could settle it.
    if (row.class === 'unknown-outcome')
      return refused('STATE_CONFLICT', 'unknown outcomes are settled: --decision settle');
    return decided([], [], 0, row, wish, ports, now);
  }
  if (row.class !== 'unknown-outcome')
    return refused('REQUEST_INVALID', 'only a difference of unknown outcomes can be settled');
  const page = await settlingPage(tx, difference, -Number(row.queries), ports.instance, now);
  if (page === null)
    return refused(
      'STATE_CONFLICT',
      `more than ${MAX_UNKNOWNS} unknown outcomes: take in figures by day and service, and settle those`,
    );
  return stepOf(page, row, wish, ports, now);
}

function stepOf(
  { effects, entries, here, rest }: SettlingPage,
  row: Row,
  wish: DecisionWish,
  ports: DeedPorts,
  now: Date,
): Settled<Verdict<Step>> {
  if (rest > 0) return done<Step>(entries, effects, () => ({ rest }));
  return decided(entries, effects, here, row, wish, ports, now);
}

function decided(
  entries: readonly EntryDraft[],
  effects: readonly Effect[],
  settled: number,
  row: Row,
  { decision, difference, note, officer }: DecisionWish,
  { instance, osUser }: DeedPorts,
  now: Date,
): Settled<Verdict<Step>> {
  const { actor, personal } = actedBy(officer);
  const data = {
    actor,
    amountKurus: kurusNumber(row.amount_kurus),
    class: row.class,
    decision,
    difference,
    import: row.import_id,
    instance,
    note,
    osUser,
    queries: Number(row.queries),
    settled,
  };
  const entry = draftOf('fees.difference-decided', now, data, personal);
  const effect: DifferenceDecided = { kind: 'fee-difference-decided', difference, decision };
  return done<Step>([...entries, entry], [...effects, effect], (receipts) => {
    return { settled, leafIndex: receipts.at(-1)?.leafIndex ?? -1n };
  });
}

const DECIDE = `UPDATE bridge.fee_difference SET decision = e.decision, decided_leaf = e.leaf
  FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS e(id, decision, leaf) WHERE difference_id = e.id`;

/** Writes decisions; the lane has locked the rows. */
export const differenceDecidedApplier: EffectApplier<DifferenceDecided> = {
  kind: 'fee-difference-decided',
  apply: async (tx, placed) => {
    await tx.query({
      text: DECIDE,
      values: [
        placed.map(({ effect }) => effect.difference),
        placed.map(({ effect }) => effect.decision),
        placed.map(({ receipt }) => receipt.leafIndex),
      ],
    });
  },
};
