import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { feesCommand } from '../../src/commands/fees/fees.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf } from '../audit/support/parts.js';
import { type CommandDesk, openCommandDesk } from './support/command-desk.js';

const [FINANCE, ADMIN] = [60, 61] as const;
const REGISTER = 'BilesikKutukSorgulaKimlikNoServis';
const ACCOUNT = 'birlik';
const PERIOD = ['--account', ACCOUNT, '--quarter', '2024-Q1'];
const LINE = `INSERT INTO bridge.fee_line (query_id, outcome_leaf, account_id, fee_class, client_id, service, service_version, purpose,
    cooperative, il, ministry, unit, basis, actor_tag, sent_at, quarter, result, sent, units, unit_price_kurus, amount_kurus)
  VALUES ($1, 0, 'birlik', 'paying', 'core', '${REGISTER}', '2024/04/01', 'uyelik', '0123456789000015', 'Ankara', 'ticaret', 'kooperatif',
    'per-query', decode(repeat('07', 16), 'hex'), $2, '2024-Q1', $3, true, 1, 2, 2)`;

let desk: CommandDesk;
beforeAll(async () => {
  desk = await openCommandDesk({ fees: feesCommand }, [
    [FINANCE, 'finance'],
    [ADMIN, 'administrator'],
  ]);
  for (const [day, result] of [
    ['2024-01-10', 'match'],
    ['2024-01-10', 'mismatch'],
    ['2024-01-11', 'unknown'],
  ])
    await desk.sql(LINE, [randomUUID(), `${day}T12:00:00+03:00`, result]);
  await desk.sql(
    `INSERT INTO bridge.fee_usage (account_id, quarter, queries, units, amount_kurus) VALUES ('birlik', '2024-Q1', 3, 3, 6)`,
  );
});
afterAll(() => desk.close());

const fees = (args: readonly string[], input = '') => desk.bridge(['fees', ...args], input);
const as = async (n: number, args: readonly string[], stepUp = true) =>
  fees(args, await desk.tokenOf(n, stepUp));
const FILE_NAME = 'gizli-dosya-adi';
function fileOf(text: string): string {
  const path = join(desk.workplace.folder, `${FILE_NAME}-${randomUUID()}.csv`);
  writeFileSync(path, text);
  return path;
}
const importing = (text: string, ...more: readonly string[]) => [
  ...['reconcile', 'import', ...PERIOD, '--file', fileOf(text)],
  ...more,
];
const imports = async () =>
  Number((await desk.sql<{ n: bigint }>('SELECT count(*) AS n FROM bridge.fee_import'))[0]?.n);
const GOOD = 'Tarih;Adet;Tutar\n10.01.2024;2;0,04\n11.01.2024;0;0,00\n12.01.2024;1;0,03\n';

describe('bridge fees reconcile import', () => {
  it('shows in a preview what differs, to anybody who may run it, and takes nothing in', async () => {
    const ran = await fees(importing(GOOD, '--preview'));
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out.split('\n')).toEqual([
      'their figures from 2024-01-01 to 2024-04-01 (not included), day: 3 line(s), 3 queries, 0,07 TL',
      'unknown-outcome: -1 queries, -0,02 TL',
      '  2024-01-11 every service  -1 queries  -0,02 TL  1 entries behind',
      'only-with-them: +1 queries, +0,03 TL',
      '  2024-01-12 every service  +1 queries  +0,03 TL  0 entries behind',
      'theirs minus ours: 0 queries, +0,01 TL',
      'a preview: nothing was taken in',
    ]);
    expect(await imports()).toBe(0);
    expect(await desk.lastEntries(1)).toMatchObject([{ kind: 'command.run' }]);
  });

  it('takes a file in once; show, entries and decide go on from there', async () => {
    const args = importing(GOOD, '--json');
    const ran = await as(FINANCE, args);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const { differences, import: id } = JSON.parse(ran.out);
    expect(differences).toMatchObject([
      { class: 'unknown-outcome', queries: -1, amountKurus: -2, behind: 1 },
      { class: 'only-with-them', queries: 1, amountKurus: 3, behind: 0 },
    ]);
    expect((await desk.lastEntries(2)).map(({ kind }) => kind)).toEqual([
      'command.acted',
      'fees.figures-imported',
    ]);
    const again = await as(FINANCE, args);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining(`STATE_CONFLICT: `) });
    expect(again.err).toContain(id);
    expect((await fees(['reconcile', 'list'])).out).toContain(
      `${id}  birlik  2024-01-01 to 2024-04-01 (not included), day, taken in 20`,
    );
    for (const told of [['list'], ['show', id]]) {
      expect((await fees(['reconcile', ...told])).out).toMatch(
        /taken in \d{4}-\d\d-\d\d \d\d:\d\d \(Istanbul\)/,
      );
      const json = JSON.parse((await fees(['reconcile', ...told, '--json'])).out);
      expect(json.imports?.[0] ?? json).toMatchObject({ from: '2024-01-01', to: '2024-04-01' });
    }
    expect((await fees(['reconcile', 'show', id])).out).toContain('not decided');

    const [unknown, theirs] = differences.map((one: { id: string }) => one.id);
    const entries = JSON.parse(
      (await as(FINANCE, ['reconcile', 'entries', unknown, '--limit', '1', '--json'], false)).out,
    );
    expect(entries).toMatchObject({
      entries: [{ result: 'unknown', units: 1, settled: null }],
      next: expect.any(String),
    });
    expect(await desk.lastEntries(1)).toMatchObject([
      {
        kind: 'fees.read',
        data: { detail: 'entries', account: ACCOUNT, from: '2024-01-01', to: '2024-04-01' },
      },
    ]);
    const last = await as(FINANCE, ['reconcile', 'entries', unknown, '--after', entries.next]);
    expect(last).toMatchObject({ code: 0, out: 'no entry of ours' });

    // The same instant: for people in the time of Istanbul, for programs in UTC.
    const [{ sentAt }] = entries.entries;
    const local = new Date(Date.parse(sentAt) + 3 * 3_600_000).toISOString();
    const people = await as(FINANCE, ['reconcile', 'entries', unknown, '--limit', '1'], false);
    const [heading, line] = people.out.split('\n');
    expect([heading, line?.slice(0, 19)]).toEqual(['sent (Istanbul)', local.slice(0, 19).replace('T', ' ')]);
    const [, cursor = ''] = /more: --after (\S+)/.exec(people.err) ?? [];
    expect(cursor).toBe(`${local.replace('Z', '+03:00')}/${entries.next.split('/')[1]}`);
    expect(await as(FINANCE, ['reconcile', 'entries', unknown, '--after', cursor])).toMatchObject({
      out: 'no entry of ours',
    });
    const zoneless = cursor.replace('+03:00', '');
    expect(await as(FINANCE, ['reconcile', 'entries', unknown, '--after', zoneless])).toMatchObject({
      code: 2,
    });

    const note = ['--note', 'mutabakat'];
    const settled = await as(FINANCE, ['reconcile', 'decide', unknown, '--decision', 'settle', ...note]);
    expect(settled).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^decided: settle, 1 unknown outcome\(s\) settled/),
    });
    for (const decision of ['accept-theirs', 'object', 'explained'])
      expect(
        await as(FINANCE, ['reconcile', 'decide', unknown, '--decision', decision, ...note]),
      ).toMatchObject({
        code: 1,
        err: expect.stringMatching(/^STATE_CONFLICT: /),
      });
    const wrong = await as(FINANCE, ['reconcile', 'decide', theirs, '--decision', 'settle', ...note]);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/^REQUEST_INVALID: /) });
    await as(FINANCE, ['reconcile', 'decide', theirs, '--decision', 'object', ...note]);
    const show = JSON.parse((await fees(['reconcile', 'show', id, '--json'])).out);
    expect(show.differences.map((one: { decision: string }) => one.decision)).toEqual(['settle', 'object']);
  });

  it('refuses a bad file as a whole, line by line, and repeats nothing of it', async () => {
    const before = await imports();
    const bad = `Tarih;Adet;Tutar\n10.01.2024;-${digitsOf(1)};0,04\n10.04.2024;1;0,021\n`;
    const ran = await as(FINANCE, importing(bad));
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err.split('\n')).toEqual([
      'REQUEST_INVALID: the file is refused',
      'line 2: queries is negative',
      'line 3: amount has more than two decimals: money is whole kuruş',
      'nothing was taken in',
    ]);
    expect(JSON.parse((await as(FINANCE, importing(bad, '--json'))).out)).toMatchObject({
      import: null,
      more: 0,
    });
    expect(await imports()).toBe(before);
    expect(await desk.lastEntries(1)).toMatchObject([
      { kind: 'command.refused', data: { code: 'REQUEST_INVALID', command: 'fees reconcile import' } },
    ]);
  });

  it.each([
    ['an administrator', ADMIN, true, 'ROLE_REQUIRED'],
    ['an officer without step-up', FINANCE, false, 'STEP_UP_REQUIRED'],
  ])('is refused to %s', async (_name, n, stepUp, code) => {
    const before = await imports();
    expect(await as(n, importing(GOOD), stepUp)).toMatchObject({
      code: 1,
      err: expect.stringMatching(new RegExp(`^${code}`)),
    });
    expect(await imports()).toBe(before);
  });

  it('tells a file that only has the name of a workbook, and one that is too long', async () => {
    const path = join(desk.workplace.folder, `${FILE_NAME}.XLSX`);
    const args = ['reconcile', 'import', ...PERIOD, '--file', path, '--preview'];
    writeFileSync(path, GOOD);
    expect(await fees(args)).toMatchObject({ code: 1, err: expect.stringContaining('it is no XLSX file') });
    writeFileSync(path, Buffer.alloc(20_971_521, 0x20));
    expect(await fees(args)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/at most 20971520 bytes\. Nothing was taken in/),
    });
  });

  it('knows its accounts', async () => {
    const args = [
      'reconcile',
      'import',
      '--account',
      'yok',
      '--quarter',
      '2024-Q1',
      '--file',
      fileOf(GOOD),
      '--preview',
    ];
    expect(await fees(args)).toMatchObject({ code: 1, err: expect.stringMatching(/^NOT_FOUND/) });
  });

  it.each([
    ['no period', ['import', '--account', ACCOUNT, '--file', 'x']],
    [
      'a quarter and days',
      ['import', ...PERIOD, '--from', '2024-01-01', '--to', '2024-02-01', '--file', 'x'],
    ],
    [
      'days that end before they begin',
      ['import', '--account', ACCOUNT, '--from', '2024-02-01', '--to', '2024-02-01', '--file', 'x'],
    ],
    ['an unknown field', ['import', ...PERIOD, '--file', 'x', '--columns', `x=${digitsOf(1)}`]],
    ['an unknown service', ['import', ...PERIOD, '--file', 'x', '--service', `a=${digitsOf(1)}`]],
    ['another separator', ['import', ...PERIOD, '--file', 'x', '--separator', '|']],
    ['a file that is not there', ['import', ...PERIOD, '--file', '/yok/yok', '--preview']],
    ['an import that is no id', ['show', digitsOf(1)]],
    ['a decision without a note', ['decide', randomUUID(), '--decision', 'object']],
    ['a number in a note', ['decide', randomUUID(), '--decision', 'object', '--note', `${digitsOf(1)} için`]],
    ['an unknown decision', ['decide', randomUUID(), '--decision', 'forget', '--note', 'x']],
  ])('does not take %s', async (_name, args) => {
    expect(await as(FINANCE, ['reconcile', ...args])).toMatchObject({ code: 2, out: '' });
  });

  it.each([
    [['import', '--account', ACCOUNT, '--file', 'x'], '--quarter, or --from and --to, is missing'],
    [['import', ...PERIOD, '--from', '2024-01-01', '--file', 'x'], '--quarter, or --from and --to: not both'],
    [
      ['import', '--account', ACCOUNT, '--from', '1.1.2024', '--to', '2024-02-01', '--file', 'x'],
      '--from is a day',
    ],
    [['decide', randomUUID(), '--decision', 'settle'], '--note is missing'],
    [
      ['decide', randomUUID(), '--decision', 'settle', '--note', `${digitsOf(1)} için`],
      '--note stands in the log',
    ],
    [['decide', randomUUID(), '--decision', 'forget', '--note', 'x'], '--decision is one of accept-theirs'],
  ])('says what is wrong with `reconcile %j`', async (args, reason) => {
    const { code, err } = await as(FINANCE, ['reconcile', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(`WRONG_USE: ${reason}`);
    expect(err).toContain('; usage: bridge fees reconcile');
  });

  it('tells its commands, and each command itself', async () => {
    expect((await fees(['reconcile', '--help'])).out).toContain('fees reconcile import');
    expect((await fees(['reconcile', 'import', '--help'])).out).toMatch(
      /^bridge fees reconcile import --account/,
    );
  });
});

describe('bridge fees notice, bridge fees payment', () => {
  const QUARTER = ['--account', ACCOUNT, '--quarter', '2024-Q1'];
  const notice = (number: string, amount: string) => [
    ...[
      'notice',
      'record',
      ...QUARTER,
      '--number',
      number,
      '--date',
      '2024-04-20',
      '--queries',
      '1.234',
      '--amount',
      amount,
    ],
  ];
  const payment = (number: string, reference: string, amount: string) => [
    ...[
      'payment',
      'record',
      ...QUARTER,
      '--notice-number',
      number,
      '--reference',
      reference,
      '--paid-on',
      '2024-04-29',
    ],
    ...['--amount', amount],
  ];

  it('record a notice and what is paid of it; a payment of another amount is recorded and said plainly', async () => {
    expect(await as(FINANCE, notice('2024/1', '24,68'))).toMatchObject({ code: 0, err: '' });
    expect(await as(FINANCE, payment('2024/1', 'E-1', '20,00 TL'))).toMatchObject({
      code: 0,
      err: 'paid so far 20,00 TL: 4,68 TL less than the notice asks for (24,68 TL)',
    });
    expect(await as(FINANCE, payment('2024/1', 'E-2', '4,68'))).toMatchObject({ code: 0, err: '' });
    expect(await as(FINANCE, payment('2024/1', 'E-3', '0,01'))).toMatchObject({
      err: expect.stringContaining('0,01 TL more than'),
    });
    expect((await desk.lastEntries(1))[0]).toMatchObject({
      kind: 'fees.payment-recorded',
      data: { amountKurus: 1, paidOn: '2024-04-29', reference: 'E-3' },
    });
  });

  it('hold the last notice, say so of a payment of another one, and take no number or reference twice', async () => {
    expect(await as(FINANCE, notice('2024/2', '24,00'))).toMatchObject({ code: 0 });
    expect(await as(FINANCE, payment('2024/1', 'E-4', '1,00'))).toMatchObject({
      code: 0,
      err: expect.stringContaining('a later notice holds'),
    });
    const list = await fees(['notice', 'list', '--quarter', '2024-Q1']);
    expect(list.out).toContain('2024/1 of 2024-04-20: 1.234 queries, 24,68 TL (a later one holds)');
    expect(list.out).toContain('    paid 20,00 TL on 2024-04-29 (E-1)');
    expect(list.out).toMatch(/2024\/2 of 2024-04-20: 1\.234 queries, 24,00 TL$/m);
    const early = notice('2024/2', '24,00').map((arg) => (arg === '2024-04-20' ? '2024-03-31' : arg));
    for (const [args, code] of [
      [early, 'REQUEST_INVALID'],
      [notice('2024/2', '24,00'), 'STATE_CONFLICT'],
      [payment('2024/1', 'E-1', '20,00'), 'STATE_CONFLICT'],
      [payment('2024/9', 'E-1', '1,00'), 'NOT_FOUND'],
      [payment('2024/1', 'E-9', '0,00'), 'REQUEST_INVALID'],
    ] as const)
      expect(await as(FINANCE, args)).toMatchObject({
        code: 1,
        err: expect.stringMatching(new RegExp(`^${code}`)),
      });
  });

  it('correct a slip by the same number or reference: the last one holds, says what it replaces, and payments count for it', async () => {
    expect(await as(FINANCE, notice('2024/5', '246,80'))).toMatchObject({ code: 0, err: '' });
    expect(await as(FINANCE, payment('2024/5', 'K-1', '4,68'))).toMatchObject({ code: 0 });
    const mended = await as(FINANCE, notice('2024/5', '24,68'));
    expect(mended).toMatchObject({ code: 0, err: '' });
    expect(mended.out).toMatch(
      /^recorded: notice .*, 24,68 TL .*\nit holds now, and replaces what was recorded under its number before: notice [0-9a-f-]{36} of 2024-04-20, 1\.234 queries, 246,80 TL$/,
    );
    expect(await as(FINANCE, notice('2024/5', '24,68'))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^STATE_CONFLICT: /),
    });
    expect(await as(FINANCE, payment('2024/5', 'K-1', '4,68'))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^STATE_CONFLICT: /),
    });
    expect(await as(FINANCE, payment('2024/5', 'K-2', '20,00'))).toMatchObject({ code: 0, err: '' });
    const paid = await as(FINANCE, payment('2024/5', 'K-2', '19,00'));
    expect(paid).toMatchObject({
      code: 0,
      err: expect.stringContaining('paid so far 23,68 TL: 1,00 TL less'),
    });
    expect(paid.out).toMatch(
      /^recorded: payment .*, 19,00 TL .*\nit holds now, and corrects what was recorded under its reference before: payment [0-9a-f-]{36}, 20,00 TL of 2024-04-29$/,
    );
    const taken = await as(FINANCE, [...payment('2024/5', 'K-2', '0,00'), '--json']);
    expect(JSON.parse(taken.out)).toMatchObject({ paidKurus: 468, replaces: expect.any(String) });
    const { out } = await fees(['notice', 'list', '--quarter', '2024-Q1']);
    expect(out).toContain('2024/5 of 2024-04-20: 1.234 queries, 246,80 TL (a later one holds)');
    expect(out).toMatch(/2024\/5 of 2024-04-20: 1\.234 queries, 24,68 TL$/m);
    expect(out).toContain('    paid 20,00 TL on 2024-04-29 (K-2) (a later one holds)');
    expect(out).toContain(
      '    paid 19,00 TL on 2024-04-29 (K-2), corrects 20,00 TL of 2024-04-29 (a later one holds)',
    );
    expect(out).toMatch(/^ {4}taken back \(K-2\), corrects 19,00 TL of 2024-04-29$/m);
    const back = JSON.parse((await as(FINANCE, [...notice('2024/5', '246,80'), '--json'])).out);
    expect(back).toMatchObject({ notice: expect.any(String), replaces: expect.any(String) });
    const rows = await desk.sql('SELECT 1 FROM bridge.fee_notice WHERE number = $1', ['2024/5']);
    expect(rows).toHaveLength(3);
  });

  it('warn of a notice that counts queries and asks for nothing, unless the account is outside the fee', async () => {
    const free = await as(FINANCE, notice('2024/6', '0,00'));
    expect(free).toMatchObject({ code: 0, err: expect.stringContaining('asks for nothing') });
    const none = notice('2024/7', '0,00').map((arg) => (arg === '1.234' ? '0' : arg));
    expect(await as(FINANCE, none)).toMatchObject({ code: 0, err: '' });
    const outside = notice('2024/6', '0,00').map((arg) => (arg === ACCOUNT ? 'ticaret' : arg));
    expect(await as(FINANCE, outside)).toMatchObject({ code: 0, err: '' });
  });

  it.each([
    [['record', '--quarter', '2024-Q1'], '--account is missing'],
    [['record', '--account', ACCOUNT, '--quarter', '2024-Q5'], 'a quarter has the form 2026-Q3'],
    [[...notice('2024/8', '1.2.3').slice(1)], '--amount is not an amount'],
    [[...notice(digitsOf(1), '1,00').slice(1)], '--number stands in the log in clear'],
    [
      [
        ...notice('2024/8', '1,00')
          .slice(1)
          .map((arg) => (arg === '2024-04-20' ? '20.04.2024' : arg)),
      ],
      '--date is a day, YYYY-MM-DD',
    ],
  ])('say what is wrong with `notice %j`', async (args, reason) => {
    const { code, err } = await as(FINANCE, ['notice', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(`WRONG_USE: ${reason}`);
    expect(err).toContain('; usage: bridge fees notice record');
  });

  it('take no amount that is none, and no number of a person', async () => {
    for (const args of [
      notice('2024/3', '24.68'),
      notice('2024/3', '-1,00'),
      notice(digitsOf(1), '1,00'),
      payment('2024/1', digitsOf(1), '1,00'),
    ])
      expect(await as(FINANCE, args)).toMatchObject({ code: 2, out: '' });
    expect(await as(ADMIN, notice('2024/3', '1,00'))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^ROLE_REQUIRED/),
    });
    expect(await as(FINANCE, notice('2024/3', '1,00'), false)).toMatchObject({
      err: expect.stringMatching(/^STEP_UP_REQUIRED/),
    });
  });

  it('never wrote a person’s number, a file’s name or a cell', async () => {
    const all =
      desk.written.join('\n') + (await readEntries(desk.test.db)).map(({ line }) => line).join('\n');
    for (const secret of [FINANCE, ADMIN, 1].map(digitsOf)) expect(all).not.toContain(secret);
    expect(all).not.toContain(FILE_NAME);
  });
});
