import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FoundDifference } from '../../../src/audit/check/difference.js';
import type { ReadEntry } from '../../../src/audit/check/line-check.js';
import { checkSaved } from '../../../src/fees/check/check-saved.js';
import { checkProposers } from '../../../src/proposals/check-proposers.js';
import { backUp, restore } from '../../audit/check/support/backup.js';
import { found } from '../../audit/check/support/two-days.js';
import { masterKeys, tagger } from '../../audit/support/parts.js';
import { type FeeHouse, openFeeHouse } from './support/fee-house.js';

let house: FeeHouse;
const leaves = new Map<string, bigint>();

beforeAll(async () => {
  house = await openFeeHouse();
  await backUp(house.full, 'whole');
  const rows = await house.full.rows<{ kind: string; first: bigint; last: bigint }>(
    'SELECT kind, min(leaf_index) AS first, max(leaf_index) AS last FROM bridge.entry GROUP BY kind',
  );
  for (const { first, kind, last } of rows) {
    leaves.set(kind, first);
    leaves.set(`last ${kind}`, last);
  }
});
afterEach(() => restore(house.full, 'whole'));
afterAll(() => house.full.close());

/** What the check finds; `<kind>` stands for the first leaf of the kind. */
async function requireFound(sql: string, expected: string): Promise<void> {
  await house.full.tamper(sql);
  const place = expected.replace(/<(.+)>/, (_all, kind: string) => String(leaves.get(kind)));
  expect(await found(house.full)).toBe(place);
}

type Case = readonly [name: string, sql: string, expected: string];

it('finds nothing where nothing was changed', async () => {
  expect(await found(house.full)).toBe('nothing');
});

describe('sums changed by a superuser are found', () => {
  const sums = 'fee-sums <query.outcome>';
  it.each<Case>([
    [
      'money moved from one il to another',
      `UPDATE bridge.fee_rollup SET il = 'Van' WHERE quarter = '2026-Q2' AND day = '2026-05-04' AND result = 'match'`,
      sums,
    ],
    [
      'units taken out of a sum',
      `UPDATE bridge.fee_rollup SET units = units - 1, amount_kurus = amount_kurus - unit_price_kurus
        WHERE day = '2026-05-04' AND result = 'not-found'`,
      sums,
    ],
    [
      'a line counted that was never sent',
      `UPDATE bridge.fee_rollup SET queries = queries + 1 WHERE result = 'not-sent'`,
      sums,
    ],
    [
      'a sum billed in another quarter',
      `UPDATE bridge.fee_rollup SET quarter = '2026-Q4' WHERE quarter = '2026-Q3'`,
      sums,
    ],
    ['a sum deleted', `DELETE FROM bridge.fee_rollup WHERE result = 'unknown'`, sums],
    [
      'a sum on a day without any line',
      `INSERT INTO bridge.fee_rollup SELECT quarter, '2026-06-01', account_id, fee_class, client_id, service, service_version, purpose,
        ministry, il, unit, result, basis, unit_price_kurus, 1, 1, 1, unit_price_kurus FROM bridge.fee_rollup LIMIT 1`,
      'fee-sums',
    ],
    [
      'a sum of an account that never asked',
      `INSERT INTO bridge.fee_by_cooperative VALUES ('2026-Q2', '2026-05-04', 'other', 'paying', '1', 1, 1, 1, 2)`,
      'fee-sums',
    ],
    [
      'a cooperative’s queries given to another',
      `UPDATE bridge.fee_by_cooperative SET cooperative = '1' WHERE day = '2026-05-04' AND quarter = '2026-Q2'`,
      sums,
    ],
    [
      'a user’s queries given to another',
      `UPDATE bridge.fee_by_actor SET actor_tag = decode(repeat('07', 16), 'hex') WHERE day = '2026-05-04' AND quarter = '2026-Q2'`,
      sums,
    ],
    [
      'a user’s newest leaf made somebody else’s',
      `UPDATE bridge.fee_by_actor SET last_leaf = 1 WHERE day = '2026-05-04' AND quarter = '2026-Q2'`,
      sums,
    ],
    ['the meter turned back', `UPDATE bridge.fee_usage SET amount_kurus = 0`, 'fee-sums'],
    [
      'the meter turned back in queries alone',
      `UPDATE bridge.fee_usage SET queries = queries - 1`,
      'fee-sums',
    ],
    ['the meter taken away', `DELETE FROM bridge.fee_usage`, 'fee-sums'],
    [
      'a meter for a quarter without a line',
      `INSERT INTO bridge.fee_usage VALUES ('paying', '2027-Q1', 5, 5, 10)`,
      'fee-sums',
    ],
    ['the fold moved back', 'UPDATE bridge.fee_fold SET size = 3', 'fee-sums'],
    ['the fold moved beyond the log', 'UPDATE bridge.fee_fold SET size = 9999', 'fee-sums'],
    ['the fold’s place taken away', 'DELETE FROM bridge.fee_fold', 'fee-sums'],
  ])('%s', async (_name, sql, expected) => {
    await requireFound(sql, expected);
  });

  it('lines that were not folded yet are no difference', async () => {
    const { full } = house;
    await full.ask(60);
    expect(await found(full)).toBe('nothing');
  });
});

describe('counts of queries that never left, changed by a superuser, are found', () => {
  it.each<Case>([
    [
      'one more call',
      'UPDATE bridge.fee_saved SET calls = calls + 1 WHERE calls = 2',
      'fee-saved <query.refused>',
    ],
    [
      'one call less',
      'UPDATE bridge.fee_saved SET calls = calls - 1 WHERE calls = 2',
      'fee-saved <query.refused>',
    ],
    ['another code', `UPDATE bridge.fee_saved SET code = 'OTHER' WHERE calls = 2`, 'fee-saved'],
    ['another client', `UPDATE bridge.fee_saved SET client_id = 'other'`, 'fee-saved'],
    ['another day', `UPDATE bridge.fee_saved SET day = '2026-05-06'`, 'fee-saved'],
    ['the counts taken away', 'DELETE FROM bridge.fee_saved WHERE calls = 2', 'fee-saved <query.refused>'],
    [
      'a count of nothing',
      `INSERT INTO bridge.fee_saved VALUES ('2026-05-04', 'other', 'REPLAYED', 0)`,
      'fee-saved',
    ],
    ['the place moved back, to count them twice', 'UPDATE bridge.fee_fold SET saved_size = 0', 'fee-saved'],
    ['the place moved beyond the log', 'UPDATE bridge.fee_fold SET saved_size = 9999', 'fee-saved'],
  ])('%s', async (_name, sql, expected) => {
    await requireFound(sql, expected);
  });

  it('but for what a detached range may have told: never fewer than the log still tells of', async () => {
    const { full } = house;
    const inDetached = (sql: string) =>
      full.house.test.db.transaction(async (tx) => {
        await full.tamper(sql);
        return (await checkSaved(tx)).finish(0n);
      });
    await full.tamper(`INSERT INTO bridge.log_detached VALUES (7, '\\x${'00'.repeat(32)}', 1)`);
    await expect(inDetached('UPDATE bridge.fee_saved SET calls = calls + 1')).resolves.toMatch(/^counts of/);
    await expect(inDetached('UPDATE bridge.fee_saved SET calls = calls - 2')).rejects.toThrow(
      FoundDifference,
    );
  });
});

describe('who proposed, changed by a superuser, is found', () => {
  it('another officer, who could then not approve it while its own could', async () => {
    await requireFound(
      `UPDATE bridge.proposal SET proposer_tag = decode(repeat('01', 16), 'hex') WHERE what = 'fees.stop'`,
      'proposers <proposal.made>',
    );
  });

  it('and passed over where the key of who proposed is destroyed', async () => {
    const { full } = house;
    await full.tamper(
      `UPDATE bridge.proposal SET proposer_tag = decode(repeat('01', 16), 'hex') WHERE what = 'fees.stop';
        DELETE FROM bridge.person_key`,
    );
    const entries = await full.rows<Pick<ReadEntry, 'leaf' | 'line'>>(
      "SELECT leaf_index AS leaf, line FROM bridge.entry WHERE kind = 'proposal.made'",
    );
    const told = await full.house.test.db.transaction(async (tx) => {
      const check = await checkProposers(tx, { masterKeys, taggers: [tagger] });
      const read = entries.map(
        (one) => ({ ...JSON.parse(one.line), ...one, hash: Buffer.alloc(0) }) as ReadEntry,
      );
      await check.take({ from: 0n, end: 0n, entries: read });
      return check.finish(0n);
    });
    expect(told).toMatch(/not compared: their keys are destroyed/);
  });
});

describe('the tariff changed by a superuser is found', () => {
  const switched = 'fee-tariff <fees.tariff-switched>';
  it.each<Case>([
    ['a price', `UPDATE bridge.fee_tariff_switch SET amount_kurus = 4 WHERE row_id = 'new'`, switched],
    [
      'a basis',
      `UPDATE bridge.fee_tariff_switch SET basis = 'per-input-datum' WHERE row_id = 'new'`,
      switched,
    ],
    ['a service', `UPDATE bridge.fee_tariff_switch SET service = NULL WHERE row_id = 'new'`, switched],
    ['a gazette', `UPDATE bridge.fee_tariff_switch SET gazette = 'RG 2' WHERE row_id = 'new'`, switched],
    [
      'input data',
      `UPDATE bridge.fee_tariff_switch SET inputs = '[{"service": "S", "version": "1", "inputs": 1}]' WHERE row_id = 'new'`,
      switched,
    ],
    ['a leaf', `UPDATE bridge.fee_tariff_switch SET leaf = 1 WHERE row_id = 'new'`, switched],
    ['a day', `UPDATE bridge.fee_tariff_switch SET from_day = '2026-05-06' WHERE row_id = 'new'`, switched],
    ['a decided row taken away', `DELETE FROM bridge.fee_tariff_switch WHERE row_id = 'new'`, switched],
    ['a row of the law taken away', `DELETE FROM bridge.fee_tariff_switch WHERE leaf IS NULL`, 'fee-tariff'],
    [
      'a row of the law made cheaper',
      `UPDATE bridge.fee_tariff_switch SET amount_kurus = 1 WHERE row_id = 'rg-27399'`,
      'fee-tariff',
    ],
    [
      'a third row of the law',
      `INSERT INTO bridge.fee_tariff_switch VALUES ('third', '2010-01-01', 0, 'per-query', NULL, 'RG 3', NULL)`,
      'fee-tariff',
    ],
    [
      'a row that claims a decision',
      `INSERT INTO bridge.fee_tariff_switch VALUES ('third', '2010-01-01', 0, 'per-query', NULL, 'RG 3', 7)`,
      'fee-tariff 7',
    ],
  ])('%s', async (_name, sql, expected) => {
    // A day that is another is first found as a row that nobody decided.
    await requireFound(sql, expected);
  });
});

describe('records of officers changed by a superuser are found', () => {
  const at = (kind: string) => `fee-records <${kind}>`;
  it.each<Case>([
    ['a notice deleted', 'DELETE FROM bridge.fee_notice', at('fees.notice-recorded')],
    ['a notice over less', 'UPDATE bridge.fee_notice SET amount_kurus = 1', at('fees.notice-recorded')],
    [
      'a notice of another day',
      `UPDATE bridge.fee_notice SET dated = '2026-05-06'`,
      at('fees.notice-recorded'),
    ],
    [
      'a notice invented',
      `INSERT INTO bridge.fee_notice SELECT gen_random_uuid(), account_id, quarter, 'N-2', dated, 1, 1, 7 FROM bridge.fee_notice`,
      'fee-records 7',
    ],
    ['a payment made larger', 'UPDATE bridge.fee_payment SET amount_kurus = 99', at('fees.payment-recorded')],
    [
      'a payment moved',
      'UPDATE bridge.fee_payment SET notice_id = gen_random_uuid()',
      at('fees.payment-recorded'),
    ],
    [
      'a payment said to be replaced, so that it counts nowhere',
      `UPDATE bridge.fee_payment SET replaces = (SELECT payment_id FROM bridge.fee_payment WHERE replaces IS NOT NULL) WHERE replaces IS NULL`,
      at('fees.payment-recorded'),
    ],
    [
      'a correction of a payment made another’s',
      'UPDATE bridge.fee_payment SET replaces = gen_random_uuid() WHERE replaces IS NOT NULL',
      at('last fees.payment-recorded'),
    ],
    ['a payment deleted', 'DELETE FROM bridge.fee_payment', at('fees.payment-recorded')],
    ['a stop lifted further', 'UPDATE bridge.fee_stop_lift SET to_percent = 900', at('fees.stop-lifted')],
    ['a stop lifted altogether', 'UPDATE bridge.fee_stop_lift SET to_percent = NULL', at('fees.stop-lifted')],
    [
      'a stop lifted by nobody',
      `INSERT INTO bridge.fee_stop_lift VALUES ('paying', '2026-Q3', NULL, 7)`,
      'fee-records 7',
    ],
    [
      'a figure of theirs made smaller',
      'UPDATE bridge.fee_figure SET queries = 1 WHERE line_no = 1',
      at('fees.figures-imported'),
    ],
    ['a figure taken away', 'DELETE FROM bridge.fee_figure WHERE line_no = 2', at('fees.figures-imported')],
    [
      'an undecided difference taken away',
      'DELETE FROM bridge.fee_difference WHERE decision IS NULL',
      at('fees.figures-imported'),
    ],
    ...Object.entries({
      place: '5',
      class: "'unknown-outcome'",
      day: "'2026-05-06'",
      service: "'Other'",
      queries: '-1',
      amount_kurus: '-2',
      behind: '1',
      import_id: 'gen_random_uuid()',
    }).map(
      ([column, value]): Case => [
        `an undecided difference with another ${column}`,
        `UPDATE bridge.fee_difference SET ${column} = ${value} WHERE decision IS NULL`,
        at('fees.figures-imported'),
      ],
    ),
    [
      'another file',
      `UPDATE bridge.fee_import SET file_sha256 = decode(repeat('00', 32), 'hex')`,
      at('fees.figures-imported'),
    ],
    [
      'a decision made another',
      `UPDATE bridge.fee_difference SET decision = 'explained' WHERE decision IS NOT NULL`,
      at('fees.difference-decided'),
    ],
    [
      'a difference decided by nobody',
      `UPDATE bridge.fee_difference SET decision = 'object', decided_leaf = 7 WHERE decision IS NULL`,
      'fee-records 7',
    ],
    [
      'a request granted that was refused',
      `UPDATE bridge.fee_agreement_request SET decision = 'refused'`,
      at('fees.agreement-answered'),
    ],
    [
      'a request for something else',
      `UPDATE bridge.fee_agreement_request SET wanted = 'x'`,
      at('fees.agreement-answered'),
    ],
    [
      'a proposal approved that expired',
      `UPDATE bridge.proposal SET decision = 'expired' WHERE what = 'fees.stop'`,
      at('proposal.ended'),
    ],
    [
      'a proposal that waits longer',
      `UPDATE bridge.proposal SET expires_at = '2040-01-01' WHERE what = 'fees.stop'`,
      at('proposal.ended'),
    ],
    [
      'a proposal open again',
      `UPDATE bridge.proposal SET decision = NULL, ended_leaf = NULL WHERE what = 'fees.stop'`,
      at('proposal.ended'),
    ],
    [
      'a proposal for something else',
      `UPDATE bridge.proposal SET terms = '{"toPercent": 900}' WHERE what = 'fees.stop'`,
      at('proposal.ended'),
    ],
    [
      'a proposal for a fraction, which nobody can propose',
      `UPDATE bridge.proposal SET terms = '{"toPercent": 0.5}' WHERE what = 'fees.stop'`,
      at('proposal.ended'),
    ],
    ['a proposal deleted', `DELETE FROM bridge.proposal WHERE what = 'fees.stop'`, at('proposal.made')],
  ])('%s', async (_name, sql, expected) => {
    await requireFound(sql, expected);
  });
});

describe('corrections changed by a superuser are found', () => {
  const first = 'fee-corrections <fees.unknown-settled>';
  const last = 'fee-corrections <last fees.unknown-settled>';
  it.each<Case>([
    [
      'one more unit taken away',
      `UPDATE bridge.fee_correction SET units = -1, amount_kurus = -2, counted = false WHERE counted`,
      first,
    ],
    ['one billed elsewhere', `UPDATE bridge.fee_correction SET quarter = '2026-Q4' WHERE NOT counted`, last],
    ['one of another day', `UPDATE bridge.fee_correction SET of_day = '2026-05-05' WHERE NOT counted`, last],
    [
      'one of another difference',
      `UPDATE bridge.fee_correction SET difference_id = gen_random_uuid() WHERE counted`,
      first,
    ],
    [
      'one taken away',
      'DELETE FROM bridge.fee_correction WHERE counted',
      'fee-corrections <fees.unknown-settled>',
    ],
    [
      'one added to a line that was answered',
      `INSERT INTO bridge.fee_correction SELECT l.query_id, c.account_id, c.fee_class, c.quarter, c.of_quarter, c.of_day, false, -1, 2, -2,
        gen_random_uuid(), 7 FROM bridge.fee_correction c, bridge.fee_line l WHERE l.result = 'match' LIMIT 1`,
      'fee-corrections 7',
    ],
  ])('%s', async (_name, sql, expected) => {
    await requireFound(sql, expected);
  });
});

describe('a closed quarter changed by a superuser is found', () => {
  const frozen = 'fee-quarters <last fees.quarter-frozen>';
  const sealed = 'fee-quarters <fees.quarter-sealed>';
  it.each<Case>([
    [
      'a byte of the statement',
      `UPDATE bridge.fee_quarter SET statement = replace(statement, '"amountKurus":', '"amountKurus" :')`,
      frozen,
    ],
    [
      'the statement with a hash that fits it',
      `UPDATE bridge.fee_quarter SET statement = replace(statement, '"paying"', '"other"'),
        statement_hash = sha256(convert_to(replace(statement, '"paying"', '"other"'), 'UTF8'))`,
      frozen,
    ],
    ['the hash', `UPDATE bridge.fee_quarter SET statement_hash = sha256('x')`, frozen],
    ['the seal broken', `UPDATE bridge.fee_quarter SET state = 'approved', sealed_leaf = NULL`, sealed],
    ['another leaf of approval', 'UPDATE bridge.fee_quarter SET approved_leaf = 7', sealed],
    ['another proposal', 'UPDATE bridge.fee_quarter SET proposal_id = gen_random_uuid()', frozen],
    ['the quarter gone', 'DELETE FROM bridge.fee_quarter', sealed],
    [
      'a quarter that nobody froze',
      `INSERT INTO bridge.fee_quarter SELECT '2026-Q1', 'frozen', statement, statement_hash, 7, NULL FROM bridge.fee_quarter`,
      'fee-quarters 7',
    ],
    [
      'a freeze taken away',
      'DELETE FROM bridge.fee_freeze WHERE reopened_leaf IS NOT NULL',
      'fee-freezes <fees.quarter-frozen>',
    ],
    [
      'a freeze that never ended',
      'UPDATE bridge.fee_freeze SET reopened_leaf = NULL',
      'fee-freezes <fees.quarter-reopened>',
    ],
    [
      'a freeze that ended when the quarter was sealed',
      'UPDATE bridge.fee_freeze SET reopened_leaf = frozen_leaf + 3 WHERE reopened_leaf IS NULL',
      'fee-freezes <last fees.quarter-frozen>',
    ],
    [
      'a freeze of a quarter that nobody froze',
      `INSERT INTO bridge.fee_freeze VALUES ('2026-Q3', 7, NULL)`,
      'fee-freezes 7',
    ],
  ])('%s', async (_name, sql, expected) => {
    await requireFound(sql, expected);
  });
});
