import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalJson } from '../../../src/audit/canonical-json.js';
import { officerOf, openQuarterHouse, type QuarterHouse } from './support/quarter-house.js';

const [FIRST, SECOND] = [officerOf(1), officerOf(2)];
const Q = '2026-Q2';
const IN_Q = new Date('2026-05-04T09:00:00Z');
let house: QuarterHouse;

beforeAll(async () => {
  house = await openQuarterHouse('2026-06-30T20:59:59.999Z');
});
afterAll(() => house.close());

const code = (verdict: { readonly kind: string }) =>
  'code' in verdict ? (verdict as unknown as { readonly code: string }).code : verdict.kind;

describe('a quarter, from its first line to its seal', () => {
  it('is open until its last instant and cannot be frozen, with the moment from which it can', async () => {
    await house.book(
      { sentAt: IN_Q },
      { sentAt: IN_Q, result: 'unknown' },
      { sentAt: IN_Q, account: 'ticaret', feeClass: 'outside', unitPriceKurus: 0 },
    );
    expect(await house.view(Q)).toMatchObject({
      state: 'open',
      due: '2026-07-31',
      payBy: '2026-07-31',
      statementSha256: null,
      proposal: null,
      document: { total: { queries: 3, units: 3, amountKurus: 4 } },
    });
    expect(await house.freeze(Q, FIRST)).toMatchObject({
      kind: 'refused',
      code: 'STATE_CONFLICT',
      message: expect.stringContaining('is not over: it can be closed from 2026-07-02 00:00'),
    });
  });

  it('collects for a day once it is over, and cannot be frozen in it', async () => {
    house.now = new Date('2026-06-30T21:00:00Z');
    expect((await house.view(Q)).state).toBe('collecting');
    house.now = new Date('2026-07-01T20:59:59.999Z');
    expect(await house.freeze(Q, FIRST)).toMatchObject({
      code: 'STATE_CONFLICT',
      message: expect.stringContaining('still collects late outcomes'),
    });
  });

  it('cannot be frozen while a query of it has no end', async () => {
    house.now = new Date('2026-07-02T06:00:00Z');
    const later = await house.openQuery(new Date('2026-06-30T21:00:00Z'));
    const id = await house.openQuery(new Date('2026-06-30T20:59:59.999Z'));
    expect(code(await house.freeze(Q, FIRST))).toBe('STATE_CONFLICT');
    await house.endQuery(id);
    const size = await house.size();
    expect(code(await house.freeze(Q, FIRST))).toBe('done');
    expect(await house.kindsFrom(size)).toEqual(['proposal.made', 'fees.quarter-frozen']);
    await house.endQuery(later);
  });

  it('keeps the canonical bytes of what it stated at that size of the log, with their hash in the log', async () => {
    const view = await house.view(Q);
    expect(view).toMatchObject({ state: 'frozen', document: { total: { amountKurus: 4 } } });
    const bytes = canonicalJson(view.document);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(view.statementSha256);
    const [row] = await house.sql<{ line: string; frozen_leaf: bigint }>(
      'SELECT line, frozen_leaf FROM bridge.entry JOIN bridge.fee_quarter ON frozen_leaf = leaf_index',
    );
    const { data } = JSON.parse(row?.line ?? '{}');
    expect(data).toMatchObject({
      quarter: Q,
      statementSha256: view.statementSha256,
      proposal: view.proposal,
      logSize: view.document.logSize,
      accounts: [
        { account: 'birlik', amountKurus: 4, feeClass: 'paying', queries: 2, units: 2 },
        { account: 'ticaret', amountKurus: 0, feeClass: 'outside', queries: 1, units: 1 },
      ],
    });
    // proposal.made stands between: both of one batch, which begins where the statement ends.
    expect(Number(row?.frozen_leaf)).toBe(view.document.logSize + 1);
  });

  it('cannot be frozen twice, approved by who froze it, withdrawn by another, or sealed unapproved', async () => {
    const size = await house.size();
    expect(code(await house.freeze(Q, SECOND))).toBe('STATE_CONFLICT');
    expect(code(await house.decide(Q, FIRST))).toBe('SECOND_PERSON_REQUIRED');
    expect(code(await house.decide(Q, FIRST, 'refused'))).toBe('SECOND_PERSON_REQUIRED');
    expect(code(await house.decide(Q, SECOND, 'withdrawn'))).toBe('STATE_CONFLICT');
    expect(code(await house.seal(Q, SECOND))).toBe('STATE_CONFLICT');
    expect(await house.size()).toBe(size);
  });

  it('bills a line that ends after freezing in the next quarter, and its statement stays', async () => {
    const before = await house.view(Q);
    await house.book({ sentAt: new Date('2026-06-30T20:59:59.999Z'), result: 'unknown' });
    expect(await house.view(Q)).toEqual(before);
    expect((await house.view('2026-Q3')).document.total).toEqual({ queries: 1, units: 1, amountKurus: 2 });
  });

  it('stays as it was stated, whatever becomes of institutions and tariff in the settings', async () => {
    const before = await house.view(Q);
    const { settings } = house;
    house.settings = { ...settings, inputs: [], accounts: [] };
    expect(await house.view(Q)).toEqual(before);
    house.settings = settings;
  });

  it('is approved by another person once, and sealed; nothing follows', async () => {
    const { proposal, statementSha256 } = await house.view(Q);
    const size = await house.size();
    expect(await house.decide(Q, SECOND)).toMatchObject({ kind: 'done', value: { statementSha256 } });
    expect((await house.view(Q)).state).toBe('approved');
    expect(code(await house.decide(Q, SECOND, 'approved', proposal ?? ''))).toBe('STATE_CONFLICT');
    expect(code(await house.decide(Q, SECOND, 'refused', proposal ?? ''))).toBe('STATE_CONFLICT');
    expect(await house.seal(Q, FIRST)).toMatchObject({ kind: 'done', value: { statementSha256 } });
    expect((await house.view(Q)).state).toBe('sealed');
    expect(code(await house.seal(Q, FIRST))).toBe('STATE_CONFLICT');
    expect(code(await house.freeze(Q, FIRST))).toBe('STATE_CONFLICT');
    expect(await house.kindsFrom(size)).toEqual([
      'proposal.ended',
      'fees.quarter-approved',
      'fees.quarter-sealed',
    ]);
  });

  it('cannot be changed by the bridge’s own role once it is sealed', async () => {
    for (const text of [
      `UPDATE bridge.fee_quarter SET statement = '{}' WHERE quarter = $1`,
      `UPDATE bridge.fee_quarter SET state = 'approved', sealed_leaf = NULL WHERE quarter = $1`,
      `UPDATE bridge.fee_quarter SET quarter = '2030-Q1' WHERE quarter = $1`,
    ])
      await expect(house.sql(text, [Q])).rejects.toMatchObject({ code: '23000' });
    await expect(house.sql('DELETE FROM bridge.fee_quarter WHERE quarter = $1', [Q])).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('that was over before the book began says so, until it is closed', async () => {
    expect(await house.view('2025-Q4')).toMatchObject({ state: 'collecting', bookBegins: '2026-05-04' });
    expect((await house.view(Q)).bookBegins).toBeNull();
    expect(code(await house.freeze('2025-Q4', FIRST))).toBe('done');
    expect((await house.view('2025-Q4')).bookBegins).toBeNull();
  });

  it('needs no earlier quarter to be closed, and one without a query can be closed too', async () => {
    expect(code(await house.freeze('2026-Q1', FIRST))).toBe('done');
    expect((await house.view('2026-Q1')).document).toMatchObject({
      accounts: [
        { account: 'birlik', institution: 'Örnek Birlik', queries: 0 },
        { account: 'ticaret', queries: 0 },
      ],
      total: { queries: 0, units: 0, amountKurus: 0 },
    });
  });

  it('takes nothing from an officer whose session has ended', async () => {
    house.acts = false;
    expect(code(await house.freeze('2025-Q4', FIRST))).toBe('TOKEN_INVALID');
    expect(code(await house.decide('2026-Q1', SECOND))).toBe('TOKEN_INVALID');
    expect(code(await house.seal('2026-Q1', SECOND))).toBe('TOKEN_INVALID');
    house.acts = true;
  });
});
