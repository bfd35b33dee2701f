import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listHeld } from '../../../src/mersis/held/list-held.js';
import type { TakenResult } from '../../../src/mersis/take-in/port.js';
import { digitsOf, personOf, tagger } from '../../audit/support/parts.js';
import { seatReading } from '../../support/authority.js';
import {
  boardOf,
  EVERYBODY,
  empty,
  full,
  mersisNo,
  officer,
  openRegistry,
  type Registry,
  release,
  review,
} from '../support/registry.js';

const [FIRST, SECOND, THIRD] = [9001, 9002, 9003] as const;
const ALL = Array.from({ length: 12 }, (_, n) => n);

let house: Registry;
let runId: string;
/** A run over twelve cooperatives that has stopped: MERSİS answered empty for each. */
beforeEach(async () => {
  house = await openRegistry();
  await house.take(ALL.map((n) => full(n)));
  for (const n of ALL)
    await sql('INSERT INTO bridge.mersis_cooperative (mersis_no, taken_up_at, due_at) VALUES ($1, $2, $3)', [
      mersisNo(n),
      house.now(),
      new Date(house.now().getTime() + 86_400_000),
    ]);
  house.pass(3600);
  runId = await house.openRun(5);
  await house.take(ALL.map(empty), { runId });
  house.pass(60);
});
afterEach(() => house.close());

const sql = <R extends object>(text: string, values: readonly unknown[] = []) =>
  house.test.db.query<R>({ text, values });
const log = () => house.log.appender;
const run = async () =>
  (await sql<{ state: string }>('SELECT state, ended_at FROM bridge.mersis_run WHERE run_id = $1', [runId]))
    .rows[0];
const wished = async () =>
  (
    await sql('SELECT 1 FROM bridge.mersis_cooperative WHERE wished_at IS NOT NULL AND due_at <= $1', [
      house.now(),
    ])
  ).count;
const heldCount = async () => (await sql('SELECT 1 FROM bridge.mersis_held')).count;
const told = async (kind: string) =>
  (await house.entries()).filter((one) => one.kind === kind).map(({ data }) => data);
const standing = async () =>
  (await Promise.all(ALL.map((n) => house.inForce(n)))).reduce((sum, one) => sum + one, 0);
const resultsOf = (taken: readonly { readonly result: TakenResult }[]) => taken.map(({ result }) => result);
const refusal = (code: string) => ({ kind: 'refused', code });

describe('what a stopped run holds', () => {
  it('is listed with why, roles and days, and with nobody’s number', async () => {
    const list = await listHeld(house.test.db);
    expect(list).toMatchObject({
      run: { runId, kind: 'poll', asked: 7, lossLimit: 5, losses: 12, reviewedAt: null },
      total: 12,
    });
    expect(list.changes[0]).toEqual({
      mersisNo: mersisNo(0),
      unvan: 'S.S. ÖRNEK KOOPERATİFİ',
      why: 'empty-board',
      ofRun: true,
      seenAt: expect.any(Date),
      secondAfter: expect.any(Date),
      inForce: 3,
      gained: 0,
      lost: Array(3).fill({ role: 'board', from: '2025-01-01', to: null }),
    });
    expect(list.changes.map(({ why }) => why)).toEqual([
      ...Array(5).fill('empty-board'),
      ...Array(7).fill('run-stopped'),
    ]);
    const text = JSON.stringify(list);
    for (const n of [0, 1, 2]) {
      expect(text).not.toContain(digitsOf(n));
      expect(text).not.toContain(tagger.tag('authority', personOf(n)).toString('hex'));
    }
  });

  it('is let pass by a second person: read again it is taken in at once, in a new run without counting there', async () => {
    expect(await review(log(), runId, FIRST)).toMatchObject({
      kind: 'done',
      value: { cooperatives: 12, lost: 36 },
    });
    expect(await release(log(), runId, SECOND, { reason: 'düzeltildi' })).toMatchObject({
      kind: 'done',
      value: { cooperatives: 12, anew: 0 },
    });
    expect(await run()).toEqual({ state: 'released', ended_at: house.now() });
    expect(await wished()).toBe(12);
    expect(await standing()).toBe(36);
    expect(await listHeld(house.test.db)).toEqual({ run: null, changes: [], total: 0 });
    runId = await house.openRun(1);
    expect(new Set(resultsOf(await house.take(ALL.map(empty), { runId })))).toEqual(new Set(['changed']));
    expect(await standing()).toBe(0);
    expect(await heldCount()).toBe(0);
    expect(await told('mersis.run-stopped')).toHaveLength(1);
    expect(await told('mersis.reviewed')).toMatchObject([
      { cooperatives: 12, lost: 36, osUser: 'test', run: expect.any(String) },
    ]);
    expect(await told('mersis.released')).toMatchObject([
      { cooperatives: 12, decision: 'released', osUser: 'test', reason: 'düzeltildi' },
    ]);
  });

  it('does not let pass what the registry says otherwise after the release: that is judged anew', async () => {
    await review(log(), runId, FIRST);
    await release(log(), runId, SECOND);
    const other = (n: number) =>
      full(n, { seats: [seatReading(tagger, personOf(800 + n), { role: 'denetci' })] });
    const next = await house.openRun(5);
    expect(resultsOf(await house.take([other(0), full(1), empty(2)], { runId: next }))).toEqual([
      'held',
      'unchanged',
      'changed',
    ]);
    expect(await house.inForce(0)).toBe(3);
    // Released was the other reading: this one waits for its own second reading.
    expect(resultsOf(await house.take([other(0)], { runId: next }))).toEqual(['held']);
    // Nor does the released one come back: what was read in between ended it.
    expect(resultsOf(await house.take([empty(0), empty(1)], { runId: next }))).toEqual(['held', 'held']);
  });

  it('that is rejected is forgotten, with its reason in the log, and read again as if for the first time', async () => {
    await review(log(), runId, FIRST);
    const decided = await release(log(), runId, SECOND, { decision: 'rejected', reason: 'MERSİS bozuk' });
    expect(decided).toMatchObject({ kind: 'done', value: { cooperatives: 12 } });
    expect(await run()).toMatchObject({ state: 'rejected' });
    expect([await heldCount(), await wished()]).toEqual([0, 12]);
    expect(await told('mersis.released')).toMatchObject([{ decision: 'rejected', reason: 'MERSİS bozuk' }]);
    house.pass(3600);
    runId = await house.openRun(5);
    expect(resultsOf(await house.take(ALL.map(empty), { runId })).slice(4, 6)).toEqual([
      'held',
      'run-stopped',
    ]);
    expect(await standing()).toBe(36);
  });
});

describe('the two persons', () => {
  it('must be two: nobody decides alone, whether or not they have reviewed', async () => {
    expect(await release(log(), runId, FIRST)).toMatchObject(refusal('SECOND_PERSON_REQUIRED'));
    await review(log(), runId, FIRST);
    expect(await release(log(), runId, FIRST)).toMatchObject(refusal('SECOND_PERSON_REQUIRED'));
    expect(await release(log(), runId, FIRST, { decision: 'rejected' })).toMatchObject(
      refusal('SECOND_PERSON_REQUIRED'),
    );
    expect(await release(log(), runId, FIRST, { reviewer: officer(FIRST) })).toMatchObject(
      refusal('SECOND_PERSON_REQUIRED'),
    );
    expect(await run()).toMatchObject({ state: 'stopped' });
    expect(await told('mersis.released')).toEqual([]);
  });

  it('may both review: the first one stays the first, and the second decides', async () => {
    await review(log(), runId, FIRST);
    await review(log(), runId, SECOND);
    expect(await release(log(), runId, FIRST)).toMatchObject(refusal('SECOND_PERSON_REQUIRED'));
    expect((await release(log(), runId, SECOND)).kind).toBe('done');
    expect(await told('mersis.reviewed')).toHaveLength(2);
  });

  it('may stand at one terminal: review and decision are one transaction, whoever reviewed before', async () => {
    await review(log(), runId, SECOND);
    expect((await release(log(), runId, SECOND, { reviewer: officer(FIRST) })).kind).toBe('done');
    const kinds = (await house.entries()).map(({ kind }) => kind);
    expect(kinds.slice(-3)).toEqual(['mersis.reviewed', 'mersis.reviewed', 'mersis.released']);
    const { rows } = await sql('SELECT reviewer_tag AS tag FROM bridge.mersis_run WHERE run_id = $1', [
      runId,
    ]);
    expect(rows).toEqual([{ tag: tagger.tag('authority', personOf(FIRST)) }]);
  });

  it('must be officers still: whose session, or whose role, has ended counts no longer', async () => {
    const noOfficer = { isOfficer: async () => false };
    await review(log(), runId, FIRST);
    expect(await release(log(), runId, SECOND, {}, noOfficer)).toMatchObject(
      refusal('SECOND_PERSON_REQUIRED'),
    );
    const gone = officer(SECOND, () => false);
    expect(await release(log(), runId, SECOND, { officer: gone })).toMatchObject(refusal('TOKEN_INVALID'));
    expect(await release(log(), runId, SECOND, { reviewer: gone, officer: officer(THIRD) })).toMatchObject(
      refusal('TOKEN_INVALID'),
    );
    // A first person without a role makes room for another one.
    await review(log(), runId, SECOND, noOfficer);
    expect((await release(log(), runId, FIRST)).kind).toBe('done');
  });

  it('decide on a run that stands stopped alone', async () => {
    const other = '00000000-0000-4000-8000-000000000000';
    expect(await review(log(), other, FIRST)).toMatchObject(refusal('STATE_CONFLICT'));
    await review(log(), runId, FIRST);
    await release(log(), runId, SECOND);
    expect(await release(log(), runId, SECOND)).toMatchObject(refusal('STATE_CONFLICT'));
    expect(await review(log(), runId, FIRST)).toMatchObject(refusal('STATE_CONFLICT'));
    const running = await house.openRun(5);
    expect(await release(log(), running, SECOND, { reviewer: officer(FIRST) })).toMatchObject(
      refusal('STATE_CONFLICT'),
    );
  });

  it('have seen what they let pass: what came after the review is judged anew', async () => {
    await house.take([full(20)]);
    await review(log(), runId, FIRST);
    house.pass(60);
    await house.take([empty(20)]);
    expect(await release(log(), runId, SECOND)).toMatchObject({
      kind: 'done',
      value: { cooperatives: 12, anew: 1 },
    });
    expect(resultsOf(await house.take([empty(20), empty(1)]))).toEqual(['held', 'changed']);
  });
});

describe('at the same time', () => {
  it('of two decisions one wins, and the other finds it decided', async () => {
    await review(log(), runId, FIRST);
    const both = await Promise.all([
      release(log(), runId, SECOND),
      release(log(), runId, THIRD, { decision: 'rejected' }),
    ]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    expect(await told('mersis.released')).toHaveLength(1);
  });

  it('readings, confirmations and a decision come one after the other, and none loses what another did', async () => {
    await review(log(), runId, FIRST);
    const readings = Promise.all([
      house.take(ALL.slice(0, 6).map(empty), { runId }),
      house.take(ALL.slice(6).map((n) => full(n, { seats: [...boardOf(n)].reverse() }))),
    ]);
    const [taken, decided] = await Promise.all([readings, release(log(), runId, SECOND, {}, EVERYBODY)]);
    expect(decided.kind).toBe('done');
    expect(new Set(resultsOf(taken[1]))).toEqual(new Set(['unchanged']));
    const lost = resultsOf(taken[0]).filter((result) => result === 'changed').length;
    expect(await standing()).toBe(36 - 3 * lost);
    // Whatever was not taken in yet is taken in now, and nothing else.
    await house.take(ALL.slice(0, 6).map(empty));
    expect(await standing()).toBe(18);
    expect(await told('mersis.run-stopped')).toHaveLength(1);
  });
});
