import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  istanbulQuarter,
  nextQuarter,
  previousQuarter,
  quarterBounds,
} from '../../src/calendar/istanbul-day.js';
import { commandGroup } from '../../src/commands/command-group.js';
import { feesCloseCommand } from '../../src/commands/fees/close.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf } from '../audit/support/parts.js';
import { type CommandDesk, openCommandDesk } from './support/command-desk.js';

const [FIRST, SECOND, ADMIN] = [70, 71, 72];
const HELD = [
  [FIRST, 'finance'],
  [SECOND, 'finance'],
  [ADMIN, 'administrator'],
] as const;
/** Over for a quarter of a year at least, and the four before it: each test closes one of its own. */
const [Q1, Q2, Q3, Q4, Q5] = (() => {
  const q1 = previousQuarter(previousQuarter(istanbulQuarter(new Date())));
  const q2 = previousQuarter(q1);
  const q3 = previousQuarter(q2);
  const q4 = previousQuarter(q3);
  return [q1, q2, q3, q4, previousQuarter(q4)] as const;
})();
const fees = commandGroup('fees', 'the fee book', { close: feesCloseCommand });

let desk: CommandDesk;
beforeAll(async () => {
  desk = await openCommandDesk({ fees }, HELD);
});
afterAll(() => desk.close());

const bridge = (args: readonly string[], input = '') => desk.bridge(['fees', 'close', ...args], input);
const closeAs = async (n: number, args: readonly string[]) =>
  bridge([...args, '--token-file', await desk.tokenFile(n)]);
const closeJson = async (n: number, args: readonly string[]) => {
  const ran = await closeAs(n, [...args, '--json']);
  expect(ran).toMatchObject({ code: 0, err: '' });
  return JSON.parse(ran.out) as {
    readonly state: string;
    readonly statementSha256: string | null;
    readonly steps: readonly { readonly step: string; readonly leafIndex: number | null }[];
    readonly next: string;
    readonly proposal: string | null;
  };
};
const stepsOf = ({ steps }: { readonly steps: readonly { readonly step: string }[] }) =>
  steps.map(({ step }) => step);
const refusal = (code: string, text = '') => ({
  code: 1,
  out: '',
  err: expect.stringMatching(new RegExp(`^${code}: .*${text}`)),
});
const kindsFrom = async (leaf: number) =>
  (await readEntries(desk.test.db))
    .slice(leaf)
    .map(({ line }) => (JSON.parse(line) as { kind: string }).kind);
const size = async () => (await readEntries(desk.test.db)).length;
const deeds = (kinds: readonly string[]) => kinds.filter((kind) => /^(proposal|fees)\./.test(kind));

describe('bridge fees close', () => {
  it('freezes for the first person, and approves and seals for the second; who repeats it changes nothing', async () => {
    const before = await size();
    const first = await closeJson(FIRST, [Q1]);
    expect(first).toMatchObject({ state: 'frozen', next: 'second-officer' });
    expect(stepsOf(first)).toEqual(['freeze']);
    const again = await closeJson(FIRST, ['--quarter', Q1]);
    expect(again).toMatchObject({ state: 'frozen', steps: [], statementSha256: first.statementSha256 });
    const second = await closeJson(SECOND, [Q1]);
    expect(second).toMatchObject({ state: 'sealed', next: 'nobody', statementSha256: first.statementSha256 });
    expect(stepsOf(second)).toEqual(['approve', 'seal']);
    expect(stepsOf(await closeJson(FIRST, [Q1]))).toEqual([]);
    expect(deeds(await kindsFrom(before))).toEqual([
      ...['proposal.made', 'fees.quarter-frozen', 'fees.read', 'fees.read'],
      ...['proposal.ended', 'fees.quarter-approved', 'fees.quarter-sealed', 'fees.read', 'fees.read'],
    ]);
  });

  it('does everything where both are there, and nothing where both tokens are one person’s', async () => {
    const same = await bridge([
      Q2,
      '--token-file',
      await desk.tokenFile(FIRST),
      '--second-token-file',
      await desk.tokenFile(FIRST),
    ]);
    expect(same).toMatchObject(refusal('SECOND_PERSON_REQUIRED'));
    expect((await closeJson(FIRST, [Q2, '--step', 'status'])).state).toBe('collecting');
    const ran = await bridge([
      Q2,
      '--token-file',
      await desk.tokenFile(FIRST),
      '--second-token-file',
      await desk.tokenFile(SECOND),
    ]);
    expect(ran.code).toBe(0);
    const [done, state, hash, due, head, row, total, next] = ran.out.split('\n');
    expect(done).toMatch(/^done: freeze \(leaf \d+\), approve \(leaf \d+\), seal \(leaf \d+\)$/);
    expect(state).toBe(`${Q2}: sealed`);
    expect(hash).toMatch(/^statement {2}SHA-256 [0-9a-f]{64}$/);
    expect(due).toMatch(/^due {8}\d{4}-\d\d-\d\d/);
    expect([head, row, total].map((line) => line?.split(/\s+/))).toEqual([
      ['account', 'class', 'queries', 'units', 'amount'],
      ['ticaret', 'outside', '0', '0', '0,00', 'TL'],
      ['total', '0', '0', '0,00', 'TL'],
    ]);
    expect(next).toBe('next: nobody: the quarter is closed');
  });

  it('goes on where it was interrupted, after each step, and never makes a second statement', async () => {
    const { statementSha256 } = await closeJson(FIRST, [Q3, '--step', 'freeze']);
    expect(await closeJson(SECOND, [Q3, '--step', 'approve'])).toMatchObject({
      state: 'approved',
      next: 'officer',
    });
    const both = [
      '--token-file',
      await desk.tokenFile(SECOND),
      '--second-token-file',
      await desk.tokenFile(FIRST),
    ];
    const ran = await bridge([Q3, ...both, '--json']);
    expect(JSON.parse(ran.out)).toMatchObject({
      state: 'sealed',
      statementSha256,
      steps: [{ step: 'seal' }],
    });
    const rows = await desk.sql('SELECT 1 FROM bridge.fee_freeze WHERE quarter = $1', [Q3]);
    expect(rows).toHaveLength(1);
  });

  it('lets the second person refuse with a reason, the first one withdraw, and reopens what nobody approved in time', async () => {
    await closeJson(FIRST, [Q4]);
    expect(await closeAs(FIRST, [Q4, '--step', 'approve'])).toMatchObject(refusal('SECOND_PERSON_REQUIRED'));
    expect(await closeAs(SECOND, [Q4, '--step', 'refuse'])).toMatchObject({ code: 2 });
    expect(await closeJson(SECOND, [Q4, '--step', 'refuse', '--reason', 'tutar yanlış'])).toMatchObject({
      state: 'collecting',
      statementSha256: null,
      next: 'officer',
    });
    await closeJson(FIRST, [Q4]);
    expect(await closeJson(FIRST, [Q4, '--step', 'withdraw'])).toMatchObject({ state: 'collecting' });
    const { proposal } = await closeJson(FIRST, [Q4]);
    await desk.sql(
      `UPDATE bridge.proposal SET expires_at = now() - interval '1 second' WHERE proposal_id = $1`,
      [proposal],
    );
    expect(await closeJson(SECOND, [Q4, '--step', 'status'])).toMatchObject({
      state: 'frozen',
      next: 'officer',
    });
    expect(await closeAs(SECOND, [Q4, '--step', 'approve'])).toMatchObject(
      refusal('STATE_CONFLICT', 'expired'),
    );
    // Who comes upon it freezes anew, and is the first person then.
    const anew = await closeJson(SECOND, [Q4]);
    expect(anew).toMatchObject({ state: 'frozen', next: 'second-officer' });
    expect(stepsOf(anew)).toEqual(['reopen', 'freeze']);
    expect(stepsOf(await closeJson(FIRST, [Q4]))).toEqual(['approve', 'seal']);
  });

  it('shows how far a quarter is without a token, in the time of Istanbul, and waits for no input', async () => {
    await closeJson(FIRST, [Q5]);
    const before = await size();
    const json = JSON.parse((await bridge([Q5, '--step', 'status', '--json'], 'no such token')).out);
    expect(json).toMatchObject({ state: 'frozen', steps: [], next: 'second-officer' });
    const local = new Date(Date.parse(json.expiresAt) + 3 * 3_600_000).toISOString();
    const until = `${local.slice(0, 16).replace('T', ' ')} (Istanbul)`;
    const ran = await bridge([Q5, '--step', 'status']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain(`another finance officer approves it by ${until} (`);
    expect(await kindsFrom(before)).toEqual(['command.run', 'command.run']);
    expect(await bridge([Q5, '--step', 'status', '--token-file', await desk.tokenFile(ADMIN)])).toMatchObject(
      refusal('ROLE_REQUIRED'),
    );
    await closeJson(FIRST, [Q5, '--step', 'withdraw']);
  });

  it('refuses a quarter that is not over, with the day from which it can be closed', async () => {
    const quarter = nextQuarter(istanbulQuarter(new Date()));
    const from = new Date(quarterBounds(quarter).to.getTime() + 27 * 3_600_000).toISOString().slice(0, 10);
    expect(await closeAs(FIRST, [quarter])).toMatchObject(refusal('STATE_CONFLICT', `from ${from} 00:00`));
    expect(await closeJson(FIRST, [quarter, '--step', 'status'])).toMatchObject({
      state: 'open',
      next: 'time',
    });
  });

  it('is for officers of finance with step-up alone; a look at it needs no step-up', async () => {
    expect(await closeAs(ADMIN, [Q1])).toMatchObject(refusal('ROLE_REQUIRED'));
    const withoutStepUp = ['--token-file', await desk.tokenFile(FIRST, false)];
    expect(await bridge([Q1, ...withoutStepUp])).toMatchObject(refusal('STEP_UP_REQUIRED'));
    expect(await bridge([Q1, '--step', 'status', ...withoutStepUp])).toMatchObject({ code: 0 });
    expect(await bridge([Q1], 'no such token')).toMatchObject(refusal('TOKEN_INVALID'));
  });

  it('lets nobody approve what another one froze while the command was under way; the repeated command does', async () => {
    let isAsked: () => void = () => undefined;
    let give: (token: string) => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const token = new Promise<string>((resolve) => {
      give = resolve;
    });
    // It stands at the question for its token, when the other one freezes.
    const second = desk.bridge(['fees', 'close', Q5], () => {
      isAsked();
      return token;
    });
    await asked;
    expect(await closeJson(FIRST, [Q5])).toMatchObject({ state: 'frozen' });
    give(await desk.tokenOf(SECOND));
    expect(await second).toMatchObject(refusal('STATE_CONFLICT', 'just now: look at it .*--step status'));
    const { state, steps } = await closeJson(SECOND, [Q5, '--step', 'status']);
    expect([state, steps]).toEqual(['frozen', []]);
    expect(stepsOf(await closeJson(SECOND, [Q5]))).toEqual(['approve', 'seal']);
  });

  it.each([
    [['2026-Q5'], 'a quarter has the form 2026-Q3, Q1 to Q4; '],
    [['2026Q1'], 'a quarter has the form'],
    [['1999-Q4'], 'a quarter has the form'],
    [[digitsOf(1)], 'a quarter has the form'],
    [[], ''],
    [['2026-Q1', '2026-Q2'], ''],
    [['2026-Q1', '--step', 'open'], '--step is one of freeze, approve, seal, refuse, withdraw, status; '],
    [['2026-Q1', '--reason', digitsOf(1)], '--reason stands in the log in clear'],
    [['2026-Q1', '--second-token-file', 'x'], '--second-token-file is for --token-file'],
    [
      ['2026-Q1', '--step', 'approve', '--token-file', 'x', '--second-token-file', 'y'],
      '--second-token-file is for --token-file',
    ],
  ])(
    'is wrong use (exit 2) as `fees close %j`, says why, and repeats nothing of it',
    async (args, reason) => {
      const ran = await bridge(args);
      expect(ran).toMatchObject({ code: 2, out: '' });
      expect(ran.err).toContain(`WRONG_USE: ${reason}`);
      expect(ran.err).toContain('usage: bridge fees close');
    },
  );

  it('has written nobody’s number anywhere', () => {
    const text = desk.written.join('\n');
    for (const n of [FIRST, SECOND, ADMIN, 1]) expect(text).not.toContain(digitsOf(n));
  });
});
