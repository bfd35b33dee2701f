import type { Appender } from '../../audit/appender.js';
import type { Settled } from '../../audit/lane.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import { type ProposedChange, settleProposal } from '../../proposals/propose.js';
import { deedLane, done, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import { inputsBehind, obstacleToSwitch, rowBefore } from './judge-switch.js';
import { readSwitches } from './read-switches.js';
import { type SwitchTerms, switchTerms, type TariffTools, termsJson } from './switch-terms.js';
import type { TariffSwitch } from './tariff.js';

/** A row of the settings' tariff that is to be in force from the day `from` (Europe/Istanbul) on. `reason` stands in clear. */
export interface TariffWish {
  readonly row: string;
  readonly from: string;
  readonly reason: string | null;
  readonly officer: ActingOfficer;
}

/** A proposal as it stands now. */
export interface Proposed {
  readonly proposal: string;
  readonly expiresAt: Date;
  readonly leafIndex: bigint;
}

async function settleWish(
  tx: Transaction,
  { from, officer, reason, row: id }: TariffWish,
  { hours, ports, ...rules }: TariffTools,
  now: Date,
): Promise<Settled<Verdict<Proposed>>> {
  const row = rules.tariff.find((one) => one.id === id);
  if (row === undefined) return refused('NOT_FOUND', 'fees.tariff has no row of this id');
  const switches = await readSwitches(tx);
  const world = { ...rules, switches, today: istanbulDay(now) };
  const obstacle = obstacleToSwitch(row, from, world);
  if (obstacle !== null)
    return refused(obstacle.about === 'day' ? 'REQUEST_INVALID' : 'STATE_CONFLICT', obstacle.message);
  const terms = switchTerms(row, from, inputsBehind(row, world));
  const changes = changesOf(terms, rowBefore(row, from, switches));
  const wish = {
    what: 'fees.tariff',
    subject: id,
    terms: termsJson(terms),
    changes,
    reason,
    hours,
    officer,
  } as const;
  const settled = await settleProposal(tx, wish, ports, now);
  if (!settled.ok) return refused(settled.code, settled.message);
  return done(settled.entries, settled.effects, (receipts) => {
    return {
      proposal: settled.id,
      expiresAt: settled.expiresAt,
      leafIndex: receipts.at(-1)?.leafIndex ?? -1n,
    };
  });
}

function changesOf({ from, inputs, row }: SwitchTerms, before: TariffSwitch | null): ProposedChange[] {
  const changes: ProposedChange[] = [
    { field: 'from', before: before?.from ?? null, after: from },
    { field: 'row', before: before?.id ?? null, after: row.id },
    {
      field: 'amountKurus',
      before: before === null ? null : String(before.amountKurus),
      after: String(row.amountKurus),
    },
    { field: 'basis', before: before?.basis ?? null, after: row.basis },
    { field: 'service', before: before?.service ?? null, after: row.service },
    { field: 'gazette', before: before?.gazette ?? null, after: row.gazette },
  ];
  // What a query of each service will cost is what the officers decide on.
  const prices = inputs.map(({ inputs: data, service, version }): ProposedChange => {
    const after = `${data} input data: ${data * row.amountKurus} kuruş`;
    return { field: 'inputs', before: null, after: `${service} ${version}: ${after}` };
  });
  return [...changes, ...prices];
}

/**
 * Proposes that a row of the tariff is in force from a coming day on; nothing is changed by it. `log` needs `FEE_APPLIERS`. Refused:
 * `NOT_FOUND` (no such row), `REQUEST_INVALID` (the day), `STATE_CONFLICT` (in force already, another row from that day, input data unknown,
 * a proposal is open), `TOKEN_INVALID`. Errors: those of `Appender`.
 */
export function proposeTariff(
  log: Appender,
  tools: TariffTools,
  wish: TariffWish,
): Promise<Verdict<Proposed>> {
  const lane = deedLane<TariffWish, Proposed>('5-fees-tariff-propose', (tx, item, now) =>
    settleWish(tx, item, tools, now),
  );
  return log.submit(lane, wish);
}
