import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/calendar/add-days.js';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { feesCommand } from '../../src/commands/fees/fees.js';
import { asOwner, readEntries } from '../audit/support/log.js';
import { digitsOf } from '../audit/support/parts.js';
import { type CommandDesk, openCommandDesk } from './support/command-desk.js';

const [FIRST, SECOND, ADMIN] = [60, 61, 62] as const;
const ROW = 'rg-31168';
const IN_A_MONTH = addDays(istanbulDay(new Date()), 30);

let desk: CommandDesk;
beforeAll(async () => {
  desk = await openCommandDesk({ fees: feesCommand }, [
    [FIRST, 'finance'],
    [SECOND, 'finance'],
    [ADMIN, 'administrator'],
  ]);
});
afterAll(() => desk.close());
beforeEach(async () => {
  await asOwner(desk.test, 'DELETE FROM bridge.fee_tariff_switch WHERE leaf IS NOT NULL');
  await asOwner(desk.test, 'DELETE FROM bridge.proposal');
});

const tariff = (args: readonly string[], input = '') => desk.bridge(['fees', 'tariff', ...args], input);
const as = async (n: number, args: readonly string[]) => tariff(args, await desk.tokenOf(n));
const propose = ['propose', ROW, '--from', IN_A_MONTH];
/** The id of a proposal by the first officer. */
const proposed = async (): Promise<string> =>
  JSON.parse((await as(FIRST, [...propose, '--json'])).out).proposal;
const switched = () =>
  desk.sql<{ day: string }>(`SELECT from_day::text AS day FROM bridge.fee_tariff_switch WHERE row_id = $1`, [
    ROW,
  ]);
const refusal = (code: string) => ({
  code: 1,
  out: '',
  err: expect.stringMatching(new RegExp(`^${code}: `)),
});

describe('bridge fees tariff list', () => {
  it('says plainly, and to anybody who may run it, which rows are in force and which are loaded and not active', async () => {
    const ran = await tariff(['list']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out.split('\n')).toEqual([
      'rg-26296  0,01 TL per-query, every service (RG 26296, 2006-09-21): was in force from 2006-09-21 on',
      'rg-27399  0,02 TL per-query, every service (RG 27399, 2009-11-07): in force since 2009-11-07',
      'rg-31168  0,03 TL per-input-datum, every service (RG 31168, 2020-06-27): loaded, not active',
      'no switch is coming',
    ]);
    expect(await desk.lastEntries(1)).toMatchObject([
      { kind: 'command.run', data: { command: 'fees tariff list' } },
    ]);
  });

  it('shows what waits and what is coming, with nobody’s number', async () => {
    const proposal = await proposed();
    const waiting = JSON.parse((await tariff(['list', '--json'])).out);
    expect(waiting).toMatchObject({
      rows: [{ state: 'past' }, { state: 'in-force' }, { id: ROW, state: 'not-active', amountKurus: 3 }],
      next: null,
      proposals: [{ proposal, row: ROW, from: IN_A_MONTH, state: 'open' }],
    });
    expect((await tariff(['list'])).out).toContain(
      `proposal ${proposal}: ${ROW} from ${IN_A_MONTH}; waits for a second officer until `,
    );
    await as(SECOND, ['approve', proposal]);
    const { out } = await tariff(['list']);
    expect(out).toContain(
      `${ROW}  0,03 TL per-input-datum, every service (RG 31168, 2020-06-27): in force from ${IN_A_MONTH} on`,
    );
    expect(out).toContain(`next switch: ${ROW} from ${IN_A_MONTH}`);
    expect(out).not.toContain('proposal ');
  });

  it('says of a proposal that its time is over', async () => {
    await proposed();
    await asOwner(desk.test, `UPDATE bridge.proposal SET expires_at = now() - interval '1 minute'`);
    expect((await tariff(['list'])).out).toContain('expired at ');
  });

  it('shows one whose terms somebody changed as not readable, beside the others; it can be refused', async () => {
    const proposal = await proposed();
    await desk.sql(`UPDATE bridge.proposal SET terms = '{}'`);
    expect(JSON.parse((await tariff(['list', '--json'])).out).proposals).toEqual([
      { proposal, subject: ROW, state: 'unreadable', isExpired: false, expiresAt: expect.any(String) },
    ]);
    const { out } = await tariff(['list']);
    expect(out).toContain(
      `proposal ${proposal}: its terms are not readable, somebody changed the row; refuse`,
    );
    expect(out).toContain('no switch is coming');
    expect(await as(SECOND, ['approve', proposal])).toMatchObject(refusal('STATE_CONFLICT'));
    expect(await as(SECOND, ['refuse', proposal])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^refused: the proposal has ended, nothing has changed/),
    });
    expect((await tariff(['list'])).out).not.toContain('proposal ');
  });
});

describe('bridge fees tariff', () => {
  it('switches a row on by two officers with the second step, one after the other', async () => {
    const ran = await as(FIRST, [...propose, '--reason', 'NVİ yazısı']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toMatch(new RegExp(`^proposed: ${ROW} from ${IN_A_MONTH} on .*Nothing has changed`));
    expect(await switched()).toEqual([]);
    const [{ proposal_id: id } = { proposal_id: '' }] = await desk.sql<{ proposal_id: string }>(
      'SELECT proposal_id FROM bridge.proposal',
    );
    expect(ran.out).toContain(`bridge fees tariff approve ${id}`);
    const approved = await as(SECOND, ['approve', id]);
    expect(approved).toMatchObject({
      code: 0,
      out: expect.stringMatching(`^approved: ${ROW} is in force from`),
    });
    expect(await switched()).toEqual([{ day: IN_A_MONTH }]);
    const kinds = (await desk.lastEntries(4)).map(({ kind }) => kind);
    expect(kinds).toEqual(['command.run', 'command.acted', 'proposal.ended', 'fees.tariff-switched']);
  });

  it('takes both tokens at one terminal', async () => {
    const files = [
      '--token-file',
      await desk.tokenFile(FIRST),
      '--second-token-file',
      await desk.tokenFile(SECOND),
    ];
    const ran = await tariff([...propose, ...files, '--json']);
    expect(JSON.parse(ran.out)).toMatchObject({
      decision: 'approved',
      row: ROW,
      leafIndex: expect.any(Number),
    });
    expect(await switched()).toHaveLength(1);
    const entries = await desk.lastEntries(6);
    expect(entries.map(({ kind }) => kind)).toEqual([
      'command.run',
      'command.acted',
      'command.acted',
      'proposal.made',
      'proposal.ended',
      'fees.tariff-switched',
    ]);
    expect(entries[3]?.data.actor.session).toBe(entries[1]?.data.actor.session);
    expect(entries[4]?.data.actor.session).toBe(entries[2]?.data.actor.session);
  });

  it.each([
    ['the same person twice', FIRST, true, 'SECOND_PERSON_REQUIRED'],
    ['a second one without the second step', SECOND, false, 'STEP_UP_REQUIRED'],
    ['a second one without the role', ADMIN, true, 'ROLE_REQUIRED'],
  ])('with %s writes not even a proposal', async (_name, n, stepUp, code) => {
    const files = [
      '--token-file',
      await desk.tokenFile(FIRST),
      '--second-token-file',
      await desk.tokenFile(n, stepUp),
    ];
    expect(await tariff([...propose, ...files])).toMatchObject(refusal(code));
    expect(await desk.sql('SELECT 1 FROM bridge.proposal')).toEqual([]);
  });

  it.each([
    ['nobody known', async () => 'unknown', 'TOKEN_INVALID'],
    ['an administrator', () => desk.tokenOf(ADMIN), 'ROLE_REQUIRED'],
    ['an officer without the second step', () => desk.tokenOf(SECOND, false), 'STEP_UP_REQUIRED'],
    ['the one who proposed it', () => desk.tokenOf(FIRST), 'SECOND_PERSON_REQUIRED'],
  ])('does not let %s approve', async (_name, token, code) => {
    expect(await tariff(['approve', await proposed()], await token())).toMatchObject(refusal(code));
    expect(await switched()).toEqual([]);
    expect(await desk.lastEntries(1)).toMatchObject([{ kind: 'command.refused', data: { code } }]);
  });

  it('ends a proposal by a refusal of the second, or a withdrawal of the first officer', async () => {
    expect(await as(SECOND, ['refuse', await proposed(), '--reason', 'erken'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^refused: .*nothing has changed/),
    });
    expect(await as(FIRST, ['withdraw', (await proposed()).toUpperCase()])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^withdrawn: /),
    });
    expect(await switched()).toEqual([]);
  });

  it.each([
    ['a row that the settings do not have', ['propose', 'rg-1', '--from', IN_A_MONTH], 'NOT_FOUND'],
    ['a day that is over', ['propose', ROW, '--from', '2020-06-27'], 'REQUEST_INVALID'],
    ['a row in force', ['propose', 'rg-27399', '--from', IN_A_MONTH], 'STATE_CONFLICT'],
    ['a proposal that is not there', ['approve', randomUUID()], 'NOT_FOUND'],
  ])('refuses %s', async (_name, args, code) => {
    expect(await as(SECOND, args)).toMatchObject(refusal(code));
  });

  it.each([
    ['nothing to do', []],
    ['an unknown action', ['switch', ROW]],
    ['a name of every object', ['constructor', ROW]],
    ['no day', ['propose', ROW]],
    ['a day that does not exist', ['propose', ROW, '--from', '2027-02-29']],
    ['a day where none belongs', ['approve', randomUUID(), '--from', IN_A_MONTH]],
    ['an id that is none', ['approve', digitsOf(FIRST)]],
    ['an empty reason', [...propose, '--reason', ' ']],
    ['an identity number as a reason', [...propose, '--reason', `${digitsOf(FIRST)} istedi`]],
    ['a second token without a first', [...propose, '--second-token-file', 'x']],
    [
      'a second token where one decides',
      ['approve', randomUUID(), '--token-file', 'x', '--second-token-file', 'x'],
    ],
    ['more than one row', [...propose, 'rg-27399']],
  ])('does not take %s, and repeats nothing of it', async (_name, args) => {
    const ran = await tariff(args, await desk.tokenOf(FIRST));
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).not.toContain(digitsOf(FIRST));
    expect(await desk.sql('SELECT 1 FROM bridge.proposal')).toEqual([]);
  });

  it('never wrote anybody’s number', async () => {
    const all =
      desk.written.join('\n') + (await readEntries(desk.test.db)).map(({ line }) => line).join('\n');
    for (const n of [FIRST, SECOND, ADMIN]) expect(all).not.toContain(digitsOf(n));
  });
});
