import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/calendar/add-days.js';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { FAULTS_OF_ANY, readFaultsTable } from '../support/faults-table.js';
import { type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import {
  BOARD,
  dataOf,
  decisionOn,
  evaluate,
  expectSound,
  metricsText,
  Registry,
  restartWith,
} from '../support/system-authority.js';
import type { Answer } from '../support/system-call.js';
import { bridgeCommand } from '../support/system-command.js';
import { type Actor, People, question } from '../support/system-people.js';

const rows = readFaultsTable(['MERSİS fault', 'given', 'refresh', 'poll', 'entry']);

let system: System;
let people: People;
let registry: Registry;
let actor: Actor;
let token: string;
let officer: string;

/** The registry is read once whole; from then on only when somebody asks for it, so that each bad answer is the one that was played. */
beforeAll(async () => {
  system = await startSystem({
    people: 300,
    cooperatives: 20,
    settings: (yaml) => {
      Object.assign(yaml.mersis, { timeoutMs: 1500, refreshesPerPersonPerHour: 1000 });
    },
  });
  people = new People(system.sandbox);
  registry = new Registry(system);
  await restartWith(system, (yaml) => {
    yaml.mersis.poll.enabled = false;
  });
  actor = people.actor('board');
  token = await system.token(actor.kimlikNo);
  officer = await system.token(people.staff((role) => role === 'administrator').kimlikNo);
});
afterAll(() => system?.stop());

const refresh = (): Promise<Answer> =>
  system.call({ token, method: 'POST', path: `/v1/cooperatives/${actor.cooperative}/refresh` });
const ask = (): Promise<Answer> =>
  system.call({ token, body: question(actor.cooperative, people.subject()) });
const sync = () => bridgeCommand(system, ['mersis', 'sync', '--all', '--json'], officer);
/** Whatever paused the asking is over, as after its time. */
const endPause = () => system.sql("DELETE FROM bridge.log_state WHERE name = 'mersis.pause'");
const troubled = async (): Promise<{ failures: number; problem: string | null }[]> =>
  system.sql('SELECT failures, problem FROM bridge.mersis_cooperative WHERE problem IS NOT NULL');

/** All that decides, with everything that is known of it; when it was read is no part of it. */
async function standing(): Promise<unknown> {
  const [seats, cooperatives, history] = await Promise.all([
    system.sql('SELECT * FROM bridge.authority_seat ORDER BY seat_id'),
    system.sql(
      'SELECT mersis_no, unvan, il, durum, statuses, successor, suspensions, version FROM bridge.authority_cooperative ORDER BY 1',
    ),
    system.sql('SELECT count(*)::int AS n, max(leaf_index) AS last FROM bridge.authority_history'),
  ]);
  return { seats, cooperatives, history };
}

/** What the call came to, what was refused for it, and that nothing of it was taken in. */
async function without(deed: () => Promise<Answer>): Promise<{ answer: Answer; refused: unknown[] }> {
  const [before, known] = [await standing(), (await dataOf(system, 'mersis.refused')).length];
  const answer = await deed();
  expect(await standing()).toEqual(before);
  expect((await ask()).body.outcome).toBe('match');
  const { cooperative, kimlikNo } = actor;
  expect(await decisionOn(system, { cooperative, person: kimlikNo })).toBe('granted');
  return { answer, refused: (await dataOf(system, 'mersis.refused')).slice(known) };
}

const refusal = (problem: string) => [{ cooperative: actor.cooperative, problem, run: null }];

describe('the table of docs/faults.md about the registry', () => {
  it('has a row for every kind of fault of CONTRACT §3 for MERSİS, and for no other', () => {
    const kinds = new Set(rows.map((row) => row['MERSİS fault']).filter((kind) => kind !== 'any of these'));
    expect([...kinds].sort()).toEqual([...FAULTS_OF_ANY, 'empty-board', 'stale'].sort());
  });

  it.each(
    rows.filter(({ given }) => given.startsWith('count 1')).map((row) => [row['MERSİS fault'], row] as const),
  )(
    '%s: a reading that somebody asks for comes to what it says, and nothing is taken in',
    async (kind, row) => {
      const known = await counts();
      await system.control.fault({
        system: 'mersis',
        kind,
        count: 1,
        ...(kind === 'slow' ? { ms: 100 } : {}),
      });
      const { answer } = await without(refresh);
      await system.control.clear();
      const { body, status } = answer;
      const words = status === 200 ? [body.result] : [body.code, body.reason];
      expect([status, ...words]).toEqual(wordsOf(row.refresh));
      const after = await counts();
      for (const entry of ['mersis.refused', 'mersis.held'] as const)
        expect([entry, after[entry] - known[entry]]).toEqual([
          entry,
          row.entry.includes(`\`${entry}\``) ? 1 : 0,
        ]);
      expect(after['mersis.answered'] - known['mersis.answered']).toBe(1);
      const [answered] = (await dataOf(system, 'mersis.answered')).slice(-1);
      expect(answered).toMatchObject({
        operation: 'refresh',
        result: status === 200 ? body.result : 'unavailable',
      });
      await endPause();
      expect((await without(refresh)).answer.body.result).toBe('unchanged');
    },
  );

  const ENTRIES = ['mersis.refused', 'mersis.held', 'mersis.answered'] as const;
  async function counts(): Promise<Record<(typeof ENTRIES)[number], number>> {
    const all = ENTRIES.map(async (kind) => [kind, (await dataOf(system, kind)).length]);
    return Object.fromEntries(await Promise.all(all));
  }
  /** `503 \`MERSIS_UNAVAILABLE\`, \`timeout\`` as status and words. */
  function wordsOf(cell: string): (string | number)[] {
    return [Number.parseInt(cell, 10), ...[...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)];
  }
});

describe('an answer that is not to be believed', () => {
  it.each([
    ['stale', 'stale'],
    ['truncate', 'unreadable'],
  ])('%s: the log says what was wrong with it', async (kind, problem) => {
    await system.control.fault({ system: 'mersis', kind, count: 1 });
    expect((await without(refresh)).refused).toEqual(refusal(problem));
  });

  it('html-403: nobody is asked again for a while', async () => {
    await system.control.fault({ system: 'mersis', kind: 'html-403', count: 1 });
    const { answer } = await without(refresh);
    expect([answer.status, answer.body.code, answer.body.reason]).toEqual([
      503,
      'MERSIS_UNAVAILABLE',
      'refused',
    ]);
    const from = (await system.control.seen('mersis')).length;
    const next = await refresh();
    expect([next.status, next.body.code, next.body.reason]).toEqual([503, 'MERSIS_UNAVAILABLE', 'paused']);
    const ran = await sync();
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('MERSİS refuses us')]);
    expect((await system.control.seen('mersis')).length).toBe(from);
    await endPause();
  });
});

describe('a record that cannot be true', () => {
  const ownSeat = () => {
    const seat = registry.board(actor.cooperative).find(({ kimlikNo }) => kimlikNo === actor.kimlikNo);
    if (seat === undefined) throw new Error('no seat');
    return seat;
  };
  const others = () => registry.without(actor.cooperative, actor.kimlikNo);
  /** Each of them would also take the own seat away, or change the cooperative: nothing of it may come through. */
  it.each<[string, string, () => object]>([
    ['the same seat twice', 'duplicate-seat', () => ({ board: doubled(others()) })],
    [
      'the same seat twice, of two terms that overlap',
      'duplicate-seat',
      () => ({ board: overlapping(others()) }),
    ],
    [
      'a term that ends on the day on which it begins',
      'dates-out-of-order',
      () => ({ board: [...others(), { ...ownSeat(), bitis: ownSeat().baslangic }] }),
    ],
    [
      'an identity number in its name',
      'not-as-contracted',
      () => ({ board: others(), unvan: `S.S. ${people.subject(3).kimlikNo} KOOPERATİFİ` }),
    ],
    [
      'an identity number in its signature rule',
      'not-as-contracted',
      () => ({ board: [...others(), { ...ownSeat(), temsil: `YETKİLİ ${people.subject(3).kimlikNo}` }] }),
    ],
  ])('%s: refused and recorded, nothing of it applied', async (_what, problem, change) => {
    const { board, unvan } = registry.cooperative(actor.cooperative);
    await registry.patch(actor.cooperative, change());
    const { answer, refused } = await without(refresh);
    expect([answer.status, answer.body.code, answer.body.reason]).toEqual([
      503,
      'MERSIS_UNAVAILABLE',
      'invalid',
    ]);
    expect(refused).toEqual(refusal(problem));
    await registry.patch(actor.cooperative, { board, unvan });
    expect((await without(refresh)).answer.body.result).toBe('unchanged');
  });

  function doubled(board: readonly object[]): readonly object[] {
    return [...board, { ...board[0] }];
  }
  function overlapping(board: readonly { baslangic: string; gorev: string }[]): readonly object[] {
    const seat = board.find(({ gorev }) => gorev === BOARD);
    if (seat === undefined) throw new Error('no board');
    return [...board, { ...seat, baslangic: addDays(seat.baslangic, 1) }];
  }
});

describe('a run in which nothing is to be believed', () => {
  it.each([
    ['stale', 'stale', 'refused'],
    ['truncate', 'unreadable', 'refused'],
    ['http-503', 'http', 'failed'],
  ])('%s for every cooperative: counted and recorded, no right lost', async (kind, problem, counted) => {
    const [before, known] = [await standing(), (await dataOf(system, 'mersis.refused')).length];
    await system.control.fault({ system: 'mersis', kind });
    const ran = await sync();
    await system.control.clear();
    await endPause();
    expect(await standing()).toEqual(before);
    const problems = await troubled();
    expect(problems.length).toBeGreaterThan(0);
    expect(new Set(problems.map((one) => one.problem))).toEqual(new Set([problem]));
    const [run] = await system.sql('SELECT * FROM bridge.mersis_run ORDER BY started_at DESC LIMIT 1');
    expect(run).toMatchObject({ changed: 0, losses: 0 });
    expect(run[counted]).toBe(problems.length);
    const refused = (await dataOf(system, 'mersis.refused')).slice(known);
    expect(refused).toHaveLength(counted === 'refused' ? problems.length : 0);
    for (const one of refused) expect(one).toMatchObject({ problem, run: run.run_id });
    if (counted === 'failed') expect(ran.code).toBe(1);
    expect((await ask()).body.outcome).toBe('match');
  });

  it('and once it answers rightly, everything is read, and trouble is forgotten', async () => {
    const rest = await sync();
    // It goes on with the run that had to pause, and tells what that one could not read.
    expect([rest.code, JSON.parse(rest.out).end]).toEqual([1, 'done']);
    expect((await sync()).code).toBe(0);
    await until(async () => (await troubled()).length === 0);
    expect(await system.sql('SELECT 1 FROM bridge.mersis_held')).toEqual([]);
    expect(await dataOf(system, 'session.ended')).toEqual([]);
  });
});

describe('a MERSİS number of a natural person', () => {
  it('is refused wherever it is shown, asked about nowhere, and stands nowhere', async () => {
    const { kimlikNo, ad, soyad, dogumTarihi } = people.subject(5);
    const number = `${kimlikNo}00015`;
    const today = istanbulDay(new Date());
    const from = (await system.control.seen('mersis')).length;
    const verification = await system.call({
      token,
      path: '/v1/registry/verifications',
      body: { mersisNo: number, unvan: 'AHMET TİCARET' },
    });
    const refreshed = await system.call({
      token,
      method: 'POST',
      path: `/v1/cooperatives/${number}/refresh`,
    });
    const checked = await system.call({ token, body: question(number, people.subject()) });
    const decided = await evaluate(system, { person: actor.kimlikNo, cooperative: number });
    const applied = await system.call({
      token,
      path: '/v1/appointments',
      body: {
        cooperative: number,
        vkn: '1234567890',
        decision: { no: '1', date: today, documentSha256: 'a'.repeat(64) },
        from: today,
        subject: { kimlikNo, ad, soyad, dogumTarihi },
      },
    });
    const command = ['--cooperative', number, '--action', 'member.add', '--json'];
    const explained = await bridgeCommand(system, ['authority', 'explain', ...command], officer);

    expect([verification.status, verification.body.code, verification.body.reason]).toEqual([
      422,
      'IDENTITY_NUMBER_INVALID',
      'natural-person',
    ]);
    expect([refreshed.status, refreshed.body.code, refreshed.body.reason]).toEqual([
      400,
      'REQUEST_INVALID',
      'natural-person',
    ]);
    expect([checked.status, applied.status, explained.code]).toEqual([400, 400, 2]);
    expect(decided.body).toMatchObject({
      decision: false,
      context: { reason: { code: 'resource-unknown' } },
    });
    expect((await system.control.seen('mersis')).length).toBe(from);

    const answers = [verification, refreshed, checked, decided, applied];
    const said = answers.map(({ text, headers }) => text + JSON.stringify(headers)).join();
    const entries = await system.sql('SELECT line FROM bridge.entry');
    const printed = [said, system.bridge.log(), await metricsText(system), explained.out, explained.err];
    for (const text of [...printed, ...entries.map(({ line }) => line)]) expect(text).not.toContain(kimlikNo);
    for (const text of await everyTable()) expect(text).not.toContain(kimlikNo);
  });

  it('leaves a log that holds against its tables', () => expectSound(system));

  async function everyTable(): Promise<string[]> {
    const tables = await system.sql("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'bridge'");
    const texts = [];
    for (const { relname } of tables) {
      const [{ text }] = await system.sql(
        `SELECT coalesce(string_agg(t::text, E'\\n'), '') AS text FROM bridge.${relname} t`,
      );
      texts.push(text);
    }
    return texts;
  }
});
