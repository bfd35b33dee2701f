import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Effect, EffectApplier, Settled } from '../../audit/lane.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { type DecisionWish, type OfficerDecision, settleDecision } from '../../proposals/decide.js';
import type { Proposal } from '../../proposals/proposal.js';
import { actedBy, deedLane, done, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import { inputsBehind, isSamePrice, obstacleToSwitch } from './judge-switch.js';
import { readSwitches } from './read-switches.js';
import { type SwitchTerms, type TariffTools, termsOf } from './switch-terms.js';
import type { ServiceInputs } from './tariff.js';

/** What an officer decides on a proposal about the tariff. */
export type TariffDecision = Omit<DecisionWish, 'what'>;

/** `row`, `from`: what the proposal was about, null where its terms are none; in force only where it was approved. */
export interface TariffDecided {
  readonly proposal: string;
  readonly decision: OfficerDecision;
  readonly row: string | null;
  readonly from: string | null;
  readonly leafIndex: bigint;
}

/** A row that is switched on. `entryId`: its `fees.tariff-switched`. */
interface TariffSwitched extends Effect, SwitchTerms {
  readonly kind: 'fee-tariff-switched';
  readonly entryId: string;
}

async function settleTariff(
  tx: Transaction,
  wish: TariffDecision,
  tools: TariffTools,
  now: Date,
): Promise<Settled<Verdict<TariffDecided>>> {
  const settled = await settleDecision(tx, { ...wish, what: 'fees.tariff' }, tools.ports, now);
  if (!settled.ok) return refused(settled.code, settled.message);
  const { effects, entries, proposal } = settled;
  const terms = termsOf(proposal);
  const [row, from] = [terms?.row.id ?? null, terms?.from ?? null];
  const value = { proposal: proposal.id, decision: wish.decision, row, from };
  // Whoever refuses or withdraws is not held to what stands there.
  if (wish.decision !== 'approved')
    return done(entries, effects, (receipts) => ({ ...value, leafIndex: receipts.at(-1)?.leafIndex ?? -1n }));
  if (terms === null) return refused('STATE_CONFLICT', 'the terms of the proposal are not readable');
  const obstacle = await staleness(tx, terms, tools, now);
  if (obstacle !== null) return refused('STATE_CONFLICT', obstacle);
  const switched = switchedBy(wish, proposal, terms, tools, now);
  return done([...entries, switched.entry], [...effects, switched.effect], (receipts) => {
    return { ...value, leafIndex: receipts.at(-1)?.leafIndex ?? -1n };
  });
}

/** What has changed since it was proposed, so that what was looked at is not what would be switched on; null: nothing. */
async function staleness(
  tx: Transaction,
  { from, inputs, row }: SwitchTerms,
  { agreed, inputs: known, tariff }: TariffTools,
  now: Date,
): Promise<string | null> {
  const today = tariff.find(({ id }) => id === row.id);
  const isSameRow =
    today !== undefined &&
    isSamePrice(today, row) &&
    today.from === row.from &&
    today.gazette === row.gazette;
  if (!isSameRow)
    return `the settings' row ${row.id} is not what was proposed: withdraw it and propose it anew`;
  const world = { switches: await readSwitches(tx), inputs: known, agreed, today: istanbulDay(now) };
  const obstacle = obstacleToSwitch(row, from, world);
  if (obstacle !== null) return obstacle.message;
  const isSameData = inputsText(inputsBehind(row, world)) === inputsText(inputs);
  return isSameData
    ? null
    : 'fees.inputs is not what it was when this was proposed: withdraw it and propose it anew';
}

function inputsText(inputs: readonly ServiceInputs[]): string {
  return inputs
    .map((one) => `${one.service} ${one.version} ${one.inputs}`)
    .sort()
    .join('\n');
}

function switchedBy(
  { officer }: TariffDecision,
  { id: proposal }: Proposal,
  terms: SwitchTerms,
  { ports: { instance, osUser } }: TariffTools,
  now: Date,
) {
  const { actor, personal } = actedBy(officer);
  const { amountKurus, basis, gazette, id: row, service } = terms.row;
  const data = {
    actor,
    amountKurus,
    basis,
    from: terms.from,
    gazette,
    inputs: terms.inputs.map(({ inputs, service: of, version }) => ({ inputs, service: of, version })),
    instance,
    osUser,
    proposal,
    row,
    service,
  };
  const entry = draftOf('fees.tariff-switched', now, data, personal);
  const effect: TariffSwitched = { kind: 'fee-tariff-switched', entryId: entry.id, ...terms };
  return { entry, effect };
}

/**
 * Ends a proposal about the tariff; approved, the row is in force from its day on, in the same transaction. `log` needs `FEE_APPLIERS`.
 * Refused: as `settleDecision`, and `STATE_CONFLICT` where settings, tariff or calendar are no longer what the proposal was made on. Errors:
 * those of `Appender`.
 */
export function decideTariff(
  log: Appender,
  tools: TariffTools,
  decision: TariffDecision,
): Promise<Verdict<TariffDecided>> {
  const lane = deedLane<TariffDecision, TariffDecided>('5-fees-tariff-decide', (tx, item, now) =>
    settleTariff(tx, item, tools, now),
  );
  return log.submit(lane, decision);
}

const INSERT = `INSERT INTO bridge.fee_tariff_switch (row_id, from_day, amount_kurus, basis, service, gazette, leaf, inputs)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

export const tariffSwitchedApplier: EffectApplier<TariffSwitched> = {
  kind: 'fee-tariff-switched',
  apply: async (tx, placed) => {
    // One item stands alone in an exclusive batch.
    for (const { effect, leafOf } of placed) {
      const { amountKurus, basis, gazette, id, service } = effect.row;
      const leaf = leafOf(effect.entryId);
      const inputs = JSON.stringify(effect.inputs);
      const values = [id, effect.from, amountKurus, basis, service, gazette, leaf, inputs];
      await tx.query({ text: INSERT, values });
    }
  },
};
