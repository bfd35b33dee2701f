import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { istanbulQuarter } from '../../src/calendar/istanbul-day.js';
import { feesCommand } from '../../src/commands/fees/fees.js';
import { lookAtFees } from '../../src/commands/look-at-fees.js';
import { loadConfig } from '../../src/config/load-config.js';
import { asOwner, readEntries } from '../audit/support/log.js';
import { digitsOf } from '../audit/support/parts.js';
import { type CommandDesk, openCommandDesk } from './support/command-desk.js';

const [FIRST, SECOND] = [60, 61] as const;
const QUARTER = istanbulQuarter(new Date());
const ID = '11111111-1111-4111-8111-111111111111';

let desk: CommandDesk;
beforeAll(async () => {
  desk = await openCommandDesk({ fees: feesCommand }, [
    [FIRST, 'finance'],
    [SECOND, 'finance'],
  ]);
});
afterAll(() => desk.close());
beforeEach(async () => {
  for (const table of ['proposal', 'fee_stop_lift', 'fee_usage'])
    await asOwner(desk.test, `DELETE FROM bridge.${table}`);
  await budget({ quarterKurus: 100_000, quarterQueries: 60_000 });
  await desk.sql(`INSERT INTO bridge.fee_usage VALUES ('ticaret', $1, 50000, 50000, 100000)`, [QUARTER]);
});

const budget = (value: object | null) =>
  desk.settings((settings) => {
    settings.accounts[0].feeClass = 'paying';
    settings.accounts[0].budget = value;
  });
const stop = (args: readonly string[], input = '') => desk.bridge(['fees', 'stop', ...args], input);
const as = async (n: number, args: readonly string[]) => stop(args, await desk.tokenOf(n));
const proposed = async (): Promise<string> =>
  JSON.parse((await as(FIRST, ['lift', 'ticaret', '--to-percent', '120', '--json'])).out).proposal;
const lifts = () => desk.sql('SELECT quarter, to_percent FROM bridge.fee_stop_lift');
const refusal = (code: string) => ({
  code: 1,
  out: '',
  err: expect.stringMatching(new RegExp(`^${code}: `)),
});

describe('bridge fees stop list', () => {
  it('says how far each budget is used, where it stops and what waits, without a token', async () => {
    expect((await stop(['list'])).out).toBe(
      `ticaret  ${QUARTER}  stopped: 100 % of 1.000,00 TL, 83 % of 60.000 queries; stops at 100 %`,
    );
    const proposal = await proposed();
    expect((await stop(['list'])).out).toContain(
      `proposal ${proposal}: ticaret in ${QUARTER} up to 120 % of the budget; waits for a second officer until `,
    );
    expect(JSON.parse((await stop(['list', '--json'])).out)).toMatchObject({
      accounts: [
        { account: 'ticaret', quarter: QUARTER, state: 'stopped', percentKurus: 100, stopPercent: 100 },
      ],
      proposals: [{ proposal, account: 'ticaret', quarter: QUARTER, toPercent: 120, state: 'open' }],
    });
  });

  it('shows a proposal whose terms somebody changed as not readable; who proposed it withdraws it', async () => {
    const proposal = await proposed();
    await desk.sql(`UPDATE bridge.proposal SET terms = 'null'`);
    expect(JSON.parse((await stop(['list', '--json'])).out).proposals).toMatchObject([
      { proposal, subject: `ticaret/${QUARTER}`, state: 'unreadable', isExpired: false },
    ]);
    expect((await stop(['list'])).out).toContain(`proposal ${proposal}: its terms are not readable`);
    expect(await as(FIRST, ['withdraw', proposal])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^withdrawn: the proposal has ended, the stop stands/),
    });
    expect((await stop(['list'])).out).not.toContain('proposal ');
  });

  it('says so where no account has a budget', async () => {
    await budget(null);
    expect(await stop(['list'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^no account has a budget/),
    });
  });
});

describe('bridge fees stop lift', () => {
  it('lets an account go on by two officers, one after the other', async () => {
    const proposal = await proposed();
    expect(await lifts()).toEqual([]);
    expect(await as(SECOND, ['approve', proposal])).toMatchObject({
      code: 0,
      out: expect.stringMatching(`^approved: ticaret in ${QUARTER} up to 120 % of the budget`),
    });
    expect(await lifts()).toEqual([{ quarter: QUARTER, to_percent: 120 }]);
    expect((await stop(['list'])).out).toContain(
      'near: 100 % of 1.000,00 TL, 83 % of 60.000 queries; stops at 120 % (lifted)',
    );
  });

  it('takes both tokens at one terminal, and lifts altogether where that is wanted', async () => {
    const files = [
      '--token-file',
      await desk.tokenFile(FIRST),
      '--second-token-file',
      await desk.tokenFile(SECOND),
    ];
    const ran = await stop(['lift', 'ticaret', '--altogether', ...files]);
    expect(ran).toMatchObject({ code: 0, out: expect.stringMatching(/^approved: .*without a stop/) });
    expect(await lifts()).toEqual([{ quarter: QUARTER, to_percent: null }]);
    expect((await stop(['list'])).out).toContain('no stop (lifted)');
  });

  it('is not approved by the one who proposed it, refused by another and withdrawn by oneself', async () => {
    expect(await as(FIRST, ['approve', await proposed()])).toMatchObject(refusal('SECOND_PERSON_REQUIRED'));
    await asOwner(desk.test, 'DELETE FROM bridge.proposal');
    expect(await as(SECOND, ['refuse', await proposed()])).toMatchObject({ code: 0 });
    expect(await as(FIRST, ['withdraw', await proposed()])).toMatchObject({ code: 0 });
    expect(await lifts()).toEqual([]);
  });

  it.each([
    ['an unknown account', ['lift', 'x', '--altogether'], 'NOT_FOUND'],
    ['less than the stop', ['lift', 'ticaret', '--to-percent', '100'], 'REQUEST_INVALID'],
    ['a proposal that is not there', ['approve', ID], 'NOT_FOUND'],
  ])('refuses %s', async (_name, args, code) => {
    expect(await as(SECOND, args)).toMatchObject(refusal(code));
  });

  it.each([
    ['neither way', ['lift', 'ticaret']],
    ['both ways', ['lift', 'ticaret', '--altogether', '--to-percent', '120']],
    ['a percent where none belongs', ['approve', ID, '--to-percent', '120']],
    ['a fraction', ['lift', 'ticaret', '--to-percent', '120.5']],
    ['a negative percent', ['lift', 'ticaret', '--to-percent=-5']],
    ['nothing', ['lift', 'ticaret', '--to-percent', '']],
    ['zero', ['lift', 'ticaret', '--to-percent', '0']],
    ['more than a hundred budgets', ['lift', 'ticaret', '--to-percent', '10001']],
    ['no account', ['lift', '--altogether']],
    ['an unknown action', ['raise', 'ticaret']],
  ])('does not take %s', async (_name, args) => {
    expect(await as(FIRST, args)).toMatchObject({ code: 2, out: '' });
    expect(await desk.sql('SELECT 1 FROM bridge.proposal')).toEqual([]);
  });

  it.each([
    ['10001', '--to-percent is a whole number of percent, 1 to 10000'],
    ['yüz', '--to-percent is a whole number of percent, 1 to 10000'],
  ])('says why --to-percent %s is not taken', async (percent, reason) => {
    const { err } = await as(FIRST, ['lift', 'ticaret', '--to-percent', percent]);
    expect(err).toContain(`WRONG_USE: ${reason}; usage: bridge fees stop`);
  });

  it('never wrote anybody’s number', async () => {
    const all =
      desk.written.join('\n') + (await readEntries(desk.test.db)).map(({ line }) => line).join('\n');
    for (const n of [FIRST, SECOND]) expect(all).not.toContain(digitsOf(n));
  });
});

describe('bridge doctor on the fee book', () => {
  const look = async () => {
    const env = { ...desk.workplace.env, APP_URL: desk.test.appUrl };
    const config = await loadConfig({ path: `${desk.workplace.folder}/bridge.yaml`, env });
    return lookAtFees(config, desk.test.db);
  };
  const use = (queries: number) =>
    asOwner(
      desk.test,
      `UPDATE bridge.fee_usage SET queries = ${queries}, units = ${queries}, amount_kurus = ${2 * queries}`,
    );

  it('says that the row of 2020 is loaded and not active, and how it is switched on', async () => {
    expect(await look()).toContainEqual({
      name: 'tariff',
      ok: true,
      text: '3 kuruş per-input-datum from 2020-06-27 (RG 31168) is loaded, not active: two persons switch it on (bridge fees tariff propose rg-31168 --from DAY)',
    });
  });

  it.each([
    [39_999, null],
    [
      40_000,
      { ok: true, text: expect.stringMatching(/^ticaret in .*: 80 % of 1\.000,00 TL.*: near its stop/) },
    ],
    [49_999, { ok: true, text: expect.stringMatching(/: 99 % of .*near its stop/) }],
    [
      50_000,
      {
        ok: false,
        text: expect.stringMatching(/: 100 % of .*stopped, no check leaves .*bridge fees stop lift ticaret/),
      },
    ],
  ])('tells of a budget that is near its stop, or at it: %i queries of 50.000', async (queries, finding) => {
    await use(queries);
    const found = (await look()).filter(({ name }) => name === 'budgets');
    expect(found).toEqual(finding === null ? [] : [{ name: 'budgets', ...finding }]);
  });

  it('tells of proposals that wait, and of those that nobody decided', async () => {
    const proposal = await proposed();
    const told = async () =>
      (await look()).filter(({ name }) => name === 'proposals').map(({ text }) => text);
    expect(await told()).toEqual([
      expect.stringMatching(
        `^fees.stop ticaret/${QUARTER} waits for a second officer until .*bridge fees stop, ${proposal}`,
      ),
    ]);
    await asOwner(desk.test, `UPDATE bridge.proposal SET expires_at = now() - interval '1 minute'`);
    expect(await told()).toEqual([expect.stringMatching(/nobody decided it until .*propose it again/)]);
  });

  it('tells what cannot be looked at, and everything else all the same', async () => {
    await desk.settings((settings) => {
      settings.accounts[0].budget = { quarterKurus: 1 };
      settings.fees = { inputs: [] };
    });
    await asOwner(
      desk.test,
      `INSERT INTO bridge.fee_tariff_switch VALUES ('rg-31168', '2020-06-27', 3, 'per-input-datum', NULL, 'RG 31168', 1)`,
    );
    const proposal = await proposed();
    const found = await look();
    expect(found).toContainEqual({ name: 'budgets', ok: false, text: 'cannot be used' });
    expect(found).toContainEqual({ name: 'proposals', ok: true, text: expect.stringContaining(proposal) });
    await asOwner(desk.test, 'DELETE FROM bridge.fee_tariff_switch WHERE leaf IS NOT NULL');
  });
});
