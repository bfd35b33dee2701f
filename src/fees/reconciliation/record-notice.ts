import { randomUUID } from 'node:crypto';
import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Effect, EffectApplier, Settled } from '../../audit/lane.js';
import { istanbulDay, quarterDays } from '../../calendar/istanbul-day.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import { actedBy, deedLane, done, notActing, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import { type Kurus, kurus, kurusNumber } from '../kurus.js';

/** The Interior Ministry's notice, as its paper says. `number` stands in the log in clear; `dated`: a day. */
export interface NoticeWish {
  readonly account: string;
  readonly quarter: string;
  readonly number: string;
  readonly dated: string;
  readonly queries: number;
  readonly amountKurus: Kurus;
  readonly officer: ActingOfficer;
}

/** `replaces`: what was recorded under the same number before; null where nothing was. */
export interface RecordedNotice {
  readonly notice: string;
  readonly replaces: EarlierNotice | null;
  readonly leafIndex: bigint;
}

interface NoticeRecorded extends Effect {
  readonly kind: 'fee-notice-recorded';
  readonly notice: string;
  readonly wish: Omit<NoticeWish, 'officer'>;
}

interface EarlierNotice {
  readonly notice: string;
  readonly dated: string;
  readonly queries: number;
  readonly amountKurus: Kurus;
}

interface EarlierRow {
  notice: string;
  dated: string;
  queries: bigint;
  amount: bigint;
}

const EARLIER = `SELECT notice_id AS notice, dated, queries, amount_kurus AS amount FROM bridge.fee_notice
  WHERE account_id = $1 AND quarter = $2 AND number = $3 ORDER BY leaf DESC LIMIT 1`;

/**
 * Records a notice; the last one of an account and quarter holds. The same number with other content corrects what was recorded: a new row that
 * holds, beside the old one. `log` needs `RECONCILIATION_APPLIERS`. Refused: `TOKEN_INVALID`; `REQUEST_INVALID` (the quarter is not over, or
 * the notice is dated before it was, or in the future); `STATE_CONFLICT` (it is recorded exactly so).
 *
 * A notice asks for what was used in a quarter, and payment is due by the end of the month that follows it: one that is dated inside the
 * quarter could not have counted it yet. No rule that is known gives another day.
 */
export function recordNotice(
  log: Appender,
  wish: NoticeWish,
  ports: DeedPorts,
): Promise<Verdict<RecordedNotice>> {
  const lane = deedLane<NoticeWish, RecordedNotice>('6-fee-notice', (tx, item, now) =>
    settleNotice(tx, item, ports, now),
  );
  return log.submit(lane, wish);
}

async function settleNotice(
  tx: Transaction,
  { officer, ...wish }: NoticeWish,
  ports: DeedPorts,
  now: Date,
): Promise<Settled<Verdict<RecordedNotice>>> {
  const { account, amountKurus, dated, number, quarter, queries } = wish;
  if (!(await ports.stillActs(tx, officer, now))) return notActing();
  const today = istanbulDay(now);
  const { to } = quarterDays(quarter);
  if (to > today) return refused('REQUEST_INVALID', 'the quarter is not over yet');
  if (dated < to) return refused('REQUEST_INVALID', 'the notice is dated before the quarter was over');
  if (dated > today) return refused('REQUEST_INVALID', 'the notice is dated in the future');
  const replaces = await earlierOf(tx, wish);
  if (replaces !== null && isSame(replaces, wish))
    return refused(
      'STATE_CONFLICT',
      'a notice of this number is recorded for the account and quarter, exactly so',
    );
  const notice = randomUUID();
  const { actor, personal } = actedBy(officer);
  const { instance, osUser } = ports;
  const data = {
    account,
    actor,
    amountKurus: kurusNumber(amountKurus),
    dated,
    instance,
    notice,
    number,
    osUser,
    quarter,
    queries,
  };
  const effect: NoticeRecorded = { kind: 'fee-notice-recorded', notice, wish };
  return done([draftOf('fees.notice-recorded', now, data, personal)], [effect], (receipts) => {
    return { notice, replaces, leafIndex: receipts[0]?.leafIndex ?? -1n };
  });
}

/** The last one that was recorded under the number. */
async function earlierOf(
  tx: Transaction,
  { account, number, quarter }: Omit<NoticeWish, 'officer'>,
): Promise<EarlierNotice | null> {
  const { rows } = await tx.query<EarlierRow>({ text: EARLIER, values: [account, quarter, number] });
  const [row] = rows;
  if (row === undefined) return null;
  const { amount, dated, notice, queries } = row;
  return { notice, dated, queries: Number(queries), amountKurus: kurus(amount) };
}

function isSame(
  earlier: EarlierNotice,
  { amountKurus, dated, queries }: Omit<NoticeWish, 'officer'>,
): boolean {
  return earlier.dated === dated && earlier.queries === queries && earlier.amountKurus === amountKurus;
}

const INSERT = `INSERT INTO bridge.fee_notice (notice_id, account_id, quarter, number, dated, queries, amount_kurus, leaf)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::bigint[], $7::bigint[], $8::bigint[])`;

/** Writes notices: new rows alone. */
export const noticeRecordedApplier: EffectApplier<NoticeRecorded> = {
  kind: 'fee-notice-recorded',
  apply: async (tx, placed) => {
    const column = (pick: (one: NoticeRecorded['wish']) => unknown) =>
      placed.map(({ effect }) => pick(effect.wish));
    await tx.query({
      text: INSERT,
      values: [
        placed.map(({ effect }) => effect.notice),
        column(({ account }) => account),
        column(({ quarter }) => quarter),
        column(({ number }) => number),
        column(({ dated }) => dated),
        column(({ queries }) => queries),
        column(({ amountKurus }) => amountKurus),
        placed.map(({ receipt }) => receipt.leafIndex),
      ],
    });
  },
};
