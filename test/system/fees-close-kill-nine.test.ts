import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { istanbulQuarter, previousQuarter, quarterBounds } from '../../src/calendar/istanbul-day.js';
import { type System, startSystem } from '../support/system.js';
import { expectSound } from '../support/system-authority.js';
import { FinanceDesk } from '../support/system-finance.js';
import { type Hold, killAfter, killAt } from '../support/system-killed.js';
import { checkInPast } from '../support/system-past.js';

/** Both took their last outcomes long ago, whatever today is. */
const LATER = previousQuarter(previousQuarter(istanbulQuarter(new Date())));
const EARLIER = previousQuarter(LATER);

/** Where a freezing waits: for the quarter's row, before its first effect, between effects, at its last one. */
const IN_FREEZE: readonly Hold[] = [
  { table: 'fee_quarter', mode: 'EXCLUSIVE' },
  { table: 'proposal', mode: 'SHARE' },
  { table: 'fee_freeze', mode: 'SHARE' },
  { table: 'fee_quarter', mode: 'SHARE' },
];
const IN_APPROVAL: readonly Hold[] = [
  { table: 'proposal', mode: 'EXCLUSIVE' },
  { table: 'proposal', mode: 'SHARE' },
  { table: 'fee_quarter', mode: 'SHARE' },
];
const IN_SEALING: readonly Hold[] = [
  { table: 'fee_quarter', mode: 'EXCLUSIVE' },
  { table: 'fee_quarter', mode: 'SHARE' },
];
/** From before the database is reached to after the last step, on any machine. */
const AFTER_MS = [200, 400, 550, 700, 850, 1000, 1200];

let system: System;
let desk: FinanceDesk;

beforeAll(async () => {
  system = await startSystem({ people: 300, cooperatives: 30 });
  const middle = (quarter: string) => new Date(quarterBounds(quarter).from.getTime() + 40 * 86_400_000);
  await checkInPast(
    system,
    [EARLIER, LATER].flatMap((quarter) => [
      { client: 'union-portal' as const, at: middle(quarter), count: 30, end: 'match' as const },
      { client: 'koopbis-core' as const, at: middle(quarter), count: 20, end: 'match' as const },
    ]),
  );
  desk = await FinanceDesk.open(system);
});
afterAll(() => system?.stop());

const closing = (quarter: string, ...tokens: readonly string[]) => ['fees', 'close', quarter, ...tokens];

// One statement, so that it is one moment of the database.
const MOMENT = `SELECT
    (SELECT to_jsonb(q) FROM bridge.fee_quarter q WHERE quarter = $1) AS row,
    (SELECT count(*)::int FROM bridge.fee_freeze WHERE quarter = $1 AND reopened_leaf IS NULL) AS freezes,
    (SELECT coalesce(jsonb_agg(decision ORDER BY proposed_leaf), '[]') FROM bridge.proposal WHERE subject = $1) AS proposals,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'line', line) ORDER BY leaf_index), '[]') FROM bridge.entry
      WHERE kind LIKE 'fees.quarter-%' AND line LIKE '%"quarter":"' || $1 || '"%') AS entries`;

/** Where the quarter stands, by its row, its freezing, its proposal and the log, which must say one and the same. */
async function standing(quarter: string): Promise<string> {
  const [{ entries, freezes, proposals, row }] = await system.sql(MOMENT, [quarter]);
  const kinds = entries.map(({ kind }: { kind: string }) => kind.replace('fees.quarter-', ''));
  const state = kinds.at(-1) ?? 'collecting';
  const isFrozen = state !== 'collecting';
  expect(kinds).toEqual(['frozen', 'approved', 'sealed'].slice(0, kinds.length));
  expect({ state: row?.state ?? 'collecting', freezes, proposals }).toEqual({
    state,
    freezes: isFrozen ? 1 : 0,
    proposals: isFrozen ? [state === 'frozen' ? null : 'approved'] : [],
  });
  if (isFrozen) {
    const { statementSha256 } = JSON.parse(entries[0].line).data;
    const bytes = createHash('sha256').update(row.statement, 'utf8').digest('hex');
    expect([bytes, row.statement_hash]).toEqual([statementSha256, `\\x${statementSha256}`]);
  }
  return state;
}

/** Everything that was checked in the quarter. */
const WHOLE = { queries: 50, units: 50, amountKurus: 60 };

describe('closing a quarter, killed inside its transaction', () => {
  it.each(IN_FREEZE)('while it freezes, at $table ($mode): nothing of it is there', async (hold) => {
    await killAt(system, closing(LATER, ...desk.asBoth), hold);
    expect(await standing(LATER)).toBe('collecting');
  });

  it('the repeated command freezes it, and it waits for the second person', async () => {
    const { state, total } = await desk.json('close', LATER, ...desk.asFirst);
    expect([state, total]).toEqual(['frozen', WHOLE]);
    expect(await standing(LATER)).toBe('frozen');
  });

  it.each(IN_APPROVAL)('while it is approved, at $table ($mode): it is frozen as before', async (hold) => {
    await killAt(system, closing(LATER, '--token-file', desk.second.file), hold);
    expect(await standing(LATER)).toBe('frozen');
  });

  it('the repeated approval holds', async () => {
    const { state } = await desk.json('close', LATER, '--step', 'approve', '--token-file', desk.second.file);
    expect([state, await standing(LATER)]).toEqual(['approved', 'approved']);
  });

  it.each(IN_SEALING)('while it is sealed, at $table ($mode): it is approved as before', async (hold) => {
    await killAt(system, closing(LATER, ...desk.asBoth), hold);
    expect(await standing(LATER)).toBe('approved');
  });

  it('the repeated command seals it, with the statement that was frozen', async () => {
    const { state, statementSha256, total } = await desk.json('close', LATER, ...desk.asBoth);
    expect([state, await standing(LATER), total]).toEqual(['sealed', 'sealed', WHOLE]);
    const { body } = await desk.read(`/v1/fees/quarters/${LATER}`);
    expect(body).toMatchObject({ state: 'sealed', statementSha256, total: WHOLE });
  });
});

describe('closing a quarter, killed at any time', () => {
  it('leaves it whole in one of its states, and goes on from there to the end', async () => {
    const order = ['collecting', 'frozen', 'approved', 'sealed'];
    let reached = 0;
    for (const ms of AFTER_MS) {
      await killAfter(system, closing(EARLIER, ...desk.asBoth), ms);
      const now = order.indexOf(await standing(EARLIER));
      expect(now).toBeGreaterThanOrEqual(reached);
      reached = now;
    }
    const { state, total } = await desk.json('close', EARLIER, ...desk.asBoth);
    expect([state, await standing(EARLIER), total]).toEqual(['sealed', 'sealed', WHOLE]);
  });

  it('and the log, the book and the quarters agree after all of it', () => expectSound(system));
});
