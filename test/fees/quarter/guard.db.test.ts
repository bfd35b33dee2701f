import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EffectApplier } from '../../../src/audit/lane.js';
import { FEE_APPLIERS } from '../../../src/fees/appliers.js';
import { asOwner } from '../../audit/support/log.js';
import { officerOf, openQuarterHouse, type QuarterHouse } from './support/quarter-house.js';

const [FIRST, SECOND] = [officerOf(1), officerOf(2)];
const Q = '2026-Q2';
let house: QuarterHouse;

beforeEach(async () => {
  house = await openQuarterHouse('2026-07-02T06:00:00Z');
  await house.book({ sentAt: new Date('2026-05-04T09:00:00Z') });
});
afterEach(() => house.close());

/** Everything that closing writes. */
const tables = async () => {
  const count = (table: string) => `(SELECT count(*)::int FROM bridge.${table})`;
  const [row] = await house.sql(
    `SELECT ${count('fee_quarter')} AS quarters, ${count('fee_freeze')} AS freezes, ${count('proposal')} AS proposals,
      ${count('entry')} AS entries`,
  );
  return row;
};

describe('a quarter that is being closed', () => {
  it('is closed by one of two instances that close it at once; the other finds it done', async () => {
    const [one, two] = [house.instance(), house.instance()];
    const frozen = await Promise.all([one.freeze(Q, FIRST), two.freeze(Q, SECOND)]);
    expect(frozen.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    expect(await tables()).toMatchObject({ quarters: 1, freezes: 1, proposals: 1 });
    const other = frozen[0]?.kind === 'done' ? SECOND : FIRST;
    const approved = await Promise.all([one.decide(Q, other), two.decide(Q, other)]);
    expect(approved.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    const sealed = await Promise.all([one.seal(Q, FIRST), two.seal(Q, SECOND)]);
    expect(sealed.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
  });

  it('never has a line on both sides: whatever ends beside the freezing is in the statement or billed in the next quarter', async () => {
    const lines = Array.from({ length: 40 }, () => house.book({ sentAt: new Date('2026-06-30T20:00:00Z') }));
    const frozen = house.freeze(Q, FIRST);
    const more = Array.from({ length: 40 }, () => house.book({ sentAt: new Date('2026-06-30T20:00:00Z') }));
    await Promise.all([...lines, ...more]);
    expect(await frozen).toMatchObject({ kind: 'done' });
    const { document } = await house.view(Q);
    const next = await house.view('2026-Q3');
    expect(document.total.queries + next.document.total.queries).toBe(81);
    const [row] = await house.sql<{ before: number }>(
      'SELECT count(*)::int AS before FROM bridge.fee_line WHERE outcome_leaf < $1',
      [document.logSize],
    );
    expect(document.total.queries).toBe(row?.before);
  });

  it('is left as it was where one of the changes fails: no entry, no proposal, nothing half closed', async () => {
    const broken = FEE_APPLIERS.map((one): EffectApplier => {
      if (!one.kind.startsWith('fee-quarter-')) return one;
      return {
        kind: one.kind,
        apply: async (tx, placed) => {
          await one.apply(tx, placed);
          throw new Error('power cut');
        },
      };
    });
    const torn = house.instance(broken);
    const before = await tables();
    await expect(torn.freeze(Q, FIRST)).rejects.toThrow('power cut');
    expect(await tables()).toEqual(before);
    expect((await house.view(Q)).state).toBe('collecting');
    await house.freeze(Q, FIRST);
    const frozen = await house.view(Q);
    await expect(torn.decide(Q, SECOND)).rejects.toThrow('power cut');
    await expect(torn.decide(Q, SECOND, 'refused')).rejects.toThrow('power cut');
    expect(await house.view(Q)).toEqual(frozen);
    expect(await house.decide(Q, SECOND)).toMatchObject({ kind: 'done' });
    await expect(torn.seal(Q, SECOND)).rejects.toThrow('power cut');
    expect((await house.view(Q)).state).toBe('approved');
    expect(await house.seal(Q, SECOND)).toMatchObject({ kind: 'done' });
  });

  it.each([
    ['its bytes alone', `statement = replace(statement, '"amountKurus":2', '"amountKurus":1')`],
    [
      'its bytes and the hash beside them',
      `statement = replace(statement, '"amountKurus":2', '"amountKurus":1'),
        statement_hash = sha256(convert_to(replace(statement, '"amountKurus":2', '"amountKurus":1'), 'UTF8'))`,
    ],
    ['the hash alone', 'statement_hash = sha256(statement_hash)'],
    ['the leaf that it points to', 'frozen_leaf = frozen_leaf - 1'],
  ])(
    'shows a statement no more in which somebody changed %s, and nobody approves it',
    async (_what, change) => {
      await house.freeze(Q, FIRST);
      const { proposal } = await house.view(Q);
      await asOwner(house.test, `UPDATE bridge.fee_quarter SET ${change}`);
      await expect(house.view(Q)).rejects.toMatchObject({ code: 'LOG_INCONSISTENT' });
      await expect(house.decide(Q, SECOND, 'approved', proposal ?? '')).rejects.toMatchObject({
        code: 'LOG_INCONSISTENT',
      });
      // The way out: it is refused, collects again, and is made anew.
      expect(await house.decide(Q, SECOND, 'refused', proposal ?? '')).toMatchObject({ kind: 'done' });
      expect(await house.view(Q)).toMatchObject({ document: { total: { amountKurus: 2 } } });
    },
  );

  it('keeps the rules that it was priced by: rows switched on later are not in the frozen statement', async () => {
    await house.freeze(Q, FIRST);
    const before = await house.view(Q);
    await asOwner(
      house.test,
      `INSERT INTO bridge.fee_tariff_switch VALUES ('rg-31168', '2026-06-01', 3, 'per-input-datum', NULL, 'RG 31168', 0)`,
    );
    expect(await house.view(Q)).toEqual(before);
    expect(before.document.rules.tariff.map(({ id }) => id)).toEqual(['rg-27399']);
  });
});
