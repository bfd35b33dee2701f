import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/calendar/add-days.js';
import {
  istanbulDay,
  istanbulQuarter,
  previousQuarter,
  quarterBounds,
} from '../../src/calendar/istanbul-day.js';
import { type System, startSystem } from '../support/system.js';
import { Asking, plain } from '../support/system-asking.js';
import { dataOf, expectSound } from '../support/system-authority.js';
import { type ShiftedClock, shiftClock } from '../support/system-clock.js';
import { FinanceDesk } from '../support/system-finance.js';
import { boardMemberOn, signInAt } from '../support/system-past.js';
import { kimlikNumbers, placesWith, printedByBridge } from '../support/system-traces.js';

/** Everything is asked in a quarter that is over: notices are about such, and figures about days that are over. */
const QUARTER = previousQuarter(istanbulQuarter(new Date()));
const THEN = new Date(quarterBounds(QUARTER).from.getTime() + 60.5 * 86_400_000);
const DAY = istanbulDay(THEN);
const NEXT = addDays(DAY, 1);
const UNION = { account: 'birlik', userName: 'KRM-100002' };
const MINISTRY = { account: 'ticaret', userName: 'KRM-100001' };

let system: System;
let clock: ShiftedClock;
let asking: Asking;
let desk: FinanceDesk;
const TODAY = istanbulDay(new Date());

beforeAll(async () => {
  clock = shiftClock(THEN.getTime() - Date.now());
  system = await startSystem({
    people: 300,
    cooperatives: 30,
    settings: (yaml) => {
      Object.assign(yaml.kps, { connectTimeoutMs: 500, timeoutMs: 700, stsTimeoutMs: 700 });
      yaml.limits = { answerDeadlineMs: 4000, queriesPerUserPerMinute: 2000 };
    },
  });
  asking = new Asking(system);
  await ask('union-portal', ['match', 'match', 'match', 'hata-10', 'hang', 'hang', 'http-503']);
  await ask('koopbis-core', ['match', 'match', 'hang']);
  await system.bridge.stop();
  clock.setRight();
  await system.bridge.start();
  desk = await FinanceDesk.open(system);
});
afterAll(async () => {
  clock?.setRight();
  await system?.stop();
});

async function ask(client: 'koopbis-core' | 'union-portal', ends: readonly string[]): Promise<void> {
  const actor = boardMemberOn(system, DAY);
  const token = await signInAt(system, { at: THEN, client, person: actor });
  for (const [n, end] of ends.entries()) {
    if (end !== 'match') await system.control.fault({ system: 'kps', kind: end });
    const { body } = await asking.ask({
      actor,
      client,
      token,
      about: { subject: plain(asking.people.subject(n)) },
    });
    if (end !== 'match') await system.control.clear();
    const wanted = { match: 'match', hang: 'KPS_OUTCOME_UNKNOWN' }[end] ?? 'KPS_REFUSED';
    expect(body.code ?? body.outcome).toBe(wanted);
  }
}

const figures = ({ userName }: { userName: string }) => system.control.figures(userName, DAY, NEXT);
function fileOf(name: string, content: string | Buffer): string {
  const file = join(system.layout.directory, name);
  writeFileSync(file, content);
  return file;
}
const importing = (account: string, file: string, ...more: readonly string[]) => [
  ...['reconcile', 'import', '--account', account, '--from', DAY, '--to', NEXT, '--file', file, ...more],
];
const imports = async () => (await desk.json('reconcile', 'list')).imports;

describe('a finance officer holds the Interior Ministry’s figures against the book', () => {
  it('a file in Windows-1254 is refused with its line, and nothing of it is taken in', async () => {
    const text = (await figures(UNION)).replace('BilesikKutukSorgulaKimlikNoServis', 'Bile\u00feik');
    const file = fileOf('1254.csv', Buffer.from(text, 'latin1'));
    const ran = await desk.run(...importing('birlik', file, ...desk.asFirst));
    expect([ran.code, ran.out]).toEqual([1, '']);
    expect(ran.err).toMatch(
      /^REQUEST_INVALID: the file is refused\n(?:.*\n)*line 2: .*\n(?:.*\n)*nothing was taken in\n$/,
    );
    expect(await imports()).toEqual([]);
  });

  it('a preview names what they have and we do not, and takes nothing in', async () => {
    const more = (await figures(UNION)).replaceAll(/;6;0,12/g, ';7;0,14');
    const { differences, import: id } = await desk.json(
      ...importing('birlik', fileOf('more.csv', more), '--preview'),
    );
    expect([id, await imports()]).toEqual([null, []]);
    expect(differences.map((one: { class: string; queries: number }) => [one.class, one.queries])).toEqual([
      ['unknown-outcome', 0],
      ['only-with-them', 1],
    ]);
  });

  it('takes figures in that agree: only the unknown outcomes wait for a word, and both were counted', async () => {
    const file = fileOf('birlik.csv', await figures(UNION));
    const { differences } = await desk.json(...importing('birlik', file, ...desk.asFirst));
    expect(differences).toMatchObject([{ class: 'unknown-outcome', queries: 0, amountKurus: 0, behind: 2 }]);
    const { entries } = await desk.json('reconcile', 'entries', differences[0].id, ...desk.asFirst);
    expect(entries.map(({ result }: { result: string }) => result)).toEqual(['unknown', 'unknown']);
    const note = ['--decision', 'settle', '--note', 'NVİ ekranına göre'];
    const { settled } = await desk.json('reconcile', 'decide', differences[0].id, ...note, ...desk.asFirst);
    expect(settled).toBe(2);
  });

  it('takes figures in that are fewer: what was not counted is corrected by a new line', async () => {
    const fewer = (await figures(MINISTRY)).replaceAll(/;3;0,00/g, ';2;0,00');
    const { differences } = await desk.json(
      ...importing('ticaret', fileOf('ticaret.csv', fewer), ...desk.asFirst),
    );
    expect(differences).toMatchObject([{ class: 'unknown-outcome', queries: -1, amountKurus: 0, behind: 1 }]);
    const decide = ['reconcile', 'decide', differences[0].id, '--decision', 'settle', '--note', 'sayılmadı'];
    expect((await desk.json(...decide, ...desk.asFirst)).settled).toBe(1);
    const open = (await imports()).map((one: { account: string; open: number }) => [one.account, one.open]);
    expect(open.sort()).toEqual([
      ['birlik', 0],
      ['ticaret', 0],
    ]);
    expect(
      (await dataOf(system, 'fees.unknown-settled')).map(({ account, counted, by }) => [
        account,
        counted,
        by,
      ]),
    ).toEqual([
      ['birlik', true, 'all'],
      ['birlik', true, 'all'],
      ['ticaret', false, 'all'],
    ]);
  });

  it('records their notice and the payment of it, and corrects a slip in the payment', async () => {
    const notice = [
      'notice',
      'record',
      '--account',
      'birlik',
      '--quarter',
      QUARTER,
      '--number',
      'B-2026/41',
      '--date',
      TODAY,
    ];
    await desk.json(...notice, '--queries', '6', '--amount', '0,12', ...desk.asFirst);
    const paying = [
      'payment',
      'record',
      '--account',
      'birlik',
      '--quarter',
      QUARTER,
      '--notice-number',
      'B-2026/41',
    ];
    const pay = (amount: string) =>
      desk.json(...paying, '--reference', 'D-7', '--paid-on', TODAY, '--amount', amount, ...desk.asFirst);
    const slip = await pay('1,20');
    expect(slip).toMatchObject({ askedKurus: 12, paidKurus: 120, noticeHolds: true, replaces: null });
    expect(await pay('0,12')).toMatchObject({ paidKurus: 12, noticeHolds: true, replaces: slip.payment });
  });

  it('the statement then shows all of it, to the kuruş, and so does its file', async () => {
    const { body } = await desk.read(`/v1/fees/quarters/${QUARTER}`);
    const of = (account: string) => body.accounts.find((one: { account: string }) => one.account === account);
    expect(of('birlik')).toMatchObject({
      ...{ queries: 7, units: 6, amountKurus: 12, corrections: { lines: 2, units: 0, amountKurus: 0 } },
      notice: { number: 'B-2026/41', queries: 6, amountKurus: 12 },
      payments: [{ reference: 'D-7', amountKurus: 12 }],
    });
    expect(of('ticaret')).toMatchObject({
      ...{ queries: 3, units: 2, booked: { units: 3 }, corrections: { lines: 1, units: -1, amountKurus: 0 } },
    });
    const document = await desk.run('statement', QUARTER, '--format', 'json');
    expect([document.code, JSON.parse(document.out).total]).toEqual([0, body.total]);
    const out = fileOf('statement.csv', '');
    const written = ['statement', QUARTER, '--users', '--cooperatives', '--lines', '--out', out];
    expect((await desk.run(...written, ...desk.asFirst)).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toContain('0,12 TL');
  });

  it('and the book agrees with the log', () => expectSound(system));

  it('no identity number stands in a file, an output, a log line or a measurement', async () => {
    const { directory } = system.layout;
    const files = readdirSync(directory)
      .filter((name) => name.endsWith('.csv'))
      .map((name) => [name, readFileSync(join(directory, name), 'utf8')] as const);
    const wrote = desk.wrote.map((text, i) => [`output ${i}`, text] as const);
    expect(files.length).toBeGreaterThan(3);
    const places = [...files, ...wrote, ...(await printedByBridge(system))];
    expect(placesWith(kimlikNumbers(system), places)).toEqual([]);
  });
});
