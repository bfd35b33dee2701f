import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  MAX_TIMELINE_ENTRIES,
  readTimeline,
  timelineStatement,
} from '../../../src/audit/day/read-timeline.js';
import { sideTag } from '../../../src/audit/person-keys.js';
import { indexUpToHead } from '../../../src/audit/search/index-entries.js';
import { SNAPSHOT } from '../../../src/audit/search/read-page.js';
import { istanbulDay } from '../../../src/calendar/istanbul-day.js';
import type { Answer, ConsolePerson } from '../../../src/console/frame/call.js';
import { ConsoleRefusal } from '../../../src/console/frame/console-problem.js';
import type { Page } from '../../../src/console/frame/parts.js';
import { openSearch } from '../../../src/house/console/open-search.js';
import { failureOf } from '../../audit/support/log.js';
import { digitsOf, numberOf, personOf } from '../../audit/support/parts.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';
import { BASIS, leavesOf, officerOf, partOf, write, writeQuery, wrongFields } from './search-support.js';

let desk: ConsoleDesk;
let handlers: ReturnType<typeof openSearch>['handlers'];
let officer: ConsolePerson;
let next = 950;
beforeAll(async () => {
  desk = await ConsoleDesk.open();
  handlers = openSearch(desk.parts()).handlers;
});
beforeEach(async () => {
  next += 1;
  officer = await officerOf(desk, next);
});
afterAll(() => desk.close());

type Which = 'person' | 'user';
const make = (which: Which, values: Record<string, string>) =>
  handlers[`${which}.look`](desk.call(`${which}.look`, officer, { fields: typed({ ...BASIS, ...values }) }));
const lookOf = (answer: Answer): string => {
  if (answer.kind !== 'see-other') throw new Error('not sent on');
  // The id of the look is random: its last group may be digits alone.
  expect(answer.to.replace(/[0-9a-f-]{36}/, '')).not.toMatch(/\d{11}/);
  return answer.to.slice(answer.to.lastIndexOf('/') + 1);
};
const show = (which: Which, look: string, query: Record<string, string> = {}, who = officer) =>
  handlers[`${which}.page`](desk.call(`${which}.page`, who, { params: { look }, query }));
const look = async (which: Which, values: Record<string, string>): Promise<Page> =>
  pageOf(await show(which, lookOf(await make(which, values))));
/** Sums of the chart's series by their names. */
const sums = (page: Page) =>
  Object.fromEntries(
    partOf(page, 'chart').chart.series.map(({ name, values }) => [
      (name as { tr: string }).tr,
      values.reduce<number>((sum, value) => sum + (value ?? 0), 0),
    ]),
  );

describe('who looked a person up', () => {
  it('shows every entry about the person with a picture by outcome, and nobody else’s', async () => {
    const outcomes = ['match', 'match', 'mismatch', 'deceased', null] as const;
    const leaves: string[] = [];
    for (const outcome of outcomes) {
      const state = outcome === null ? ({ outcome, state: 'unknown' } as const) : { outcome };
      leaves.unshift(String((await writeQuery(desk, { actor: 61, subject: 62, outcome: state })).leaf));
    }
    await writeQuery(desk, { actor: 62, subject: 63 });
    const page = await look('person', { person: digitsOf(62) });
    expect(leavesOf(page)).toEqual(leaves);
    expect(sums(page)).toEqual({
      ...{ eşleşti: 2, 'kapalı kayıt': 1, eşleşmedi: 1, 'sonuçsuz sorgu': 1 },
    });
    const { chart, table } = partOf(page, 'chart');
    expect(chart.points).toEqual([istanbulDay(new Date())]);
    expect(table.rows).toHaveLength(1);
    const html = desk.html(page, officer);
    for (const n of [61, 62, 63]) expect(html).not.toContain(digitsOf(n));
    const [kept, written] = [lookOf(await make('person', { person: digitsOf(62) })), leaves.length + 1];
    await writeQuery(desk, { actor: 61, subject: 62 });
    // What came in since moves neither the list nor the picture.
    const pinned = pageOf(await show('person', kept));
    expect(leavesOf(pinned)).toHaveLength(written);
    expect(Object.values(sums(pinned)).reduce((sum, n) => sum + n, 0)).toBe(written);
    const again = await look('person', { person: digitsOf(62) });
    // The look before is one about the person, too.
    expect(leavesOf(again)).toHaveLength(8);
    expect(sums(again)).toMatchObject({ 'diğer kayıtlar': 2 });
  });

  it('tells the users who looked apart without their numbers, with the capacity in which they acted', async () => {
    for (const actor of [81, 82, 81]) await writeQuery(desk, { actor, subject: 83 });
    const page = await look('person', { person: digitsOf(83) });
    const { columns, rows } = partOf(page, 'table');
    expect(columns.at(-1)?.label).toMatchObject({ tr: 'Kullanıcı' });
    const told = rows.map((row) => JSON.stringify(row.at(-1)));
    for (const [i, mask] of ['*** (1)', '*** (2)', '*** (1)'].entries()) expect(told[i]).toContain(mask);
    const html = desk.html(page, officer);
    for (const n of [81, 82]) expect(html).not.toContain(digitsOf(n));
    // The look itself, by the officer, is a third user without a capacity in the entry.
    const again = partOf(await look('person', { person: digitsOf(83) }), 'table').rows;
    expect(again.map((row) => JSON.stringify(row.at(-1)).replace(/^.*(\*{3} \(\d\)).*$/, '$1'))).toEqual([
      ...['*** (1)', '*** (2)', '*** (3)', '*** (2)'],
    ]);
  });

  it('tells users apart by their destroyed keys too, and says of nothing found that destroyed data cannot be', async () => {
    for (const actor of [84, 85]) await writeQuery(desk, { actor, subject: 86 });
    const tag = sideTag(desk.log.tagger, 'actor', personOf(84));
    await desk.sql('DELETE FROM bridge.person_key WHERE tag = $1', [tag]);
    const { rows } = partOf(await look('person', { person: digitsOf(86) }), 'table');
    expect(rows.map((row) => JSON.stringify(row.at(-1)).includes('*** (1)'))).toEqual([true, false]);
    const none = await look('person', { person: digitsOf(87) });
    expect(desk.html(none, officer)).toContain('imha edilmiş veriler artık numarayla bulunamaz');
  });

  it('is itself an entry that seals the person, found among the look-ups about them', async () => {
    await writeQuery(desk, { actor: 64, subject: 65 });
    await look('person', { person: digitsOf(65), from: '2020-01-01T00:00' });
    expect((await desk.lastEntries(1))[0]).toMatchObject({
      kind: 'log.searched',
      data: {
        ...{ basis: BASIS, client: 'konsol', results: 1 },
        criteria: { person: true, actor: false, kinds: [], from: '2019-12-31T21:00:00.000Z' },
      },
    });
  });

  it('says beside the field that a number is none; nobody is looked for without one', async () => {
    for (const person of ['', '123', '12345678901', 'abc', `${digitsOf(66)}0`]) {
      const answer = await make('person', { person });
      expect(answer).toMatchObject({ kind: 'page', status: 422 });
      expect(wrongFields(pageOf(answer))).toEqual(['person']);
      expect((await desk.lastEntries(1))[0]?.kind).toBe('log.search-refused');
    }
    const basis = await make('person', {
      person: digitsOf(66),
      authority: '',
      from: 'x',
      to: '2020-01-01T00:00',
    });
    expect(wrongFields(pageOf(basis))).toEqual(['authority', 'from']);
    expect(desk.html(pageOf(basis), officer)).toContain(`value="${digitsOf(66)}"`);
  });

  it('takes no criteria that its form does not have', async () => {
    const { leaf } = await writeQuery(desk, { actor: 67, subject: 68 });
    const page = await look('person', {
      person: digitsOf(68),
      actor: digitsOf(1),
      kinds: 'ret',
      query: randomUUID(),
    });
    expect(leavesOf(page)).toEqual([String(leaf)]);
  });

  it('shows the picture on its first page alone, and each further page by cursor', async () => {
    for (let i = 0; i < 51; i += 1) await writeQuery(desk, { actor: 69, subject: 70, outcome: null });
    const id = lookOf(await make('person', { person: digitsOf(70) }));
    const first = pageOf(await show('person', id));
    const s = new URL(`https://x${partOf(first, 'pager').next}`).searchParams.get('s') as string;
    const second = pageOf(await show('person', id, { s }));
    expect(leavesOf(first)).toHaveLength(50);
    expect(leavesOf(second)).toHaveLength(1);
    expect(second.parts.some(({ part }) => part === 'chart')).toBe(false);
    const other = await officerOf(desk, 940);
    expect(await failureOf(show('person', id, {}, other))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await failureOf(show('user', id))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('what a user looked up', () => {
  it('shows queries and searches of the user, and all that they did where that is asked', async () => {
    const { leaf } = await writeQuery(desk, { actor: 71, subject: 72 });
    const opened = await write(
      desk,
      'console.opened',
      {
        ...{ about: null, instance: 'test-1', page: 'home', requestId: randomUUID() },
        actor: { acr: 'x', authTime: '2026-05-05T10:00:01.000Z', session: randomUUID() },
      },
      [numberOf('actor', 71)],
    );
    await writeQuery(desk, { actor: 72, subject: 71 });
    const page = await look('user', { actor: digitsOf(71) });
    expect(leavesOf(page)).toEqual([String(leaf)]);
    expect(sums(page)).toEqual({ eşleşti: 1 });
    const all = await look('user', { actor: digitsOf(71), show: 'all' });
    expect(leavesOf(all)).toEqual([String(opened.leafIndex), String(leaf)]);
    expect((await desk.lastEntries(1))[0]).toMatchObject({
      kind: 'log.searched',
      data: { client: 'konsol', criteria: { person: false, actor: true, kinds: [] } },
    });
    const html = desk.html(all, officer);
    for (const n of [71, 72]) expect(html).not.toContain(digitsOf(n));
  });

  it('says beside the field that a number is none', async () => {
    const answer = await make('user', { actor: '99', show: 'all' });
    expect(wrongFields(pageOf(answer))).toEqual(['actor']);
    expect(partOf(pageOf(answer), 'form').fields.find(({ name }) => name === 'show')).toMatchObject({
      value: 'all',
    });
  });

  it('is for security officers and log inspectors alone', async () => {
    const finance = await desk.person(941, [{ role: 'finance' }]);
    for (const id of ['person', 'person.look', 'person.page', 'user', 'user.look', 'user.page'] as const)
      expect(() => desk.call(id, finance)).toThrow(ConsoleRefusal);
  });
});

describe('the timeline', () => {
  const questionOf = (n: number) => ({
    tags: [sideTag(desk.log.tagger, 'subject', personOf(n))],
    ...{ from: null, to: null, kinds: [], below: 1n << 40n },
  });

  it('looks at a bounded number of the newest entries, and says where it leaves some out', async () => {
    for (let i = 0; i < 4; i += 1) await writeQuery(desk, { actor: 81, subject: 82 });
    await indexUpToHead(desk.test.db);
    expect(await readTimeline(desk.test.db, questionOf(82), 4)).toMatchObject({ counted: 4, more: false });
    expect(await readTimeline(desk.test.db, questionOf(82), 3)).toMatchObject({ counted: 3, more: true });
    expect(MAX_TIMELINE_ENTRIES).toBe(5_000);
  });

  it('is of the period alone, half-open', async () => {
    const { leaf } = await writeQuery(desk, { actor: 83, subject: 84 });
    await indexUpToHead(desk.test.db);
    const at = (await desk.sql<{ at: Date }>('SELECT at FROM bridge.entry WHERE leaf_index = $1', [leaf]))[0]
      ?.at as Date;
    const after = new Date(at.getTime() + 1);
    const counted = async (from: Date | null, to: Date | null) =>
      (await readTimeline(desk.test.db, { ...questionOf(84), from, to })).counted;
    expect(await counted(at, after)).toBe(1);
    expect(await counted(after, null)).toBe(0);
    expect(await counted(null, at)).toBe(0);
  });

  it('walks the person’s tags by their index, and each entry by its leaf', async () => {
    const { text, values } = timelineStatement(questionOf(82), { low: 0n, high: 1n << 30n, most: 5_000 });
    const { rows } = await desk.test.db.transaction(
      (tx) => tx.query<Record<string, string>>({ text: `EXPLAIN ${text}`, values: values ?? [] }),
      { begin: SNAPSHOT },
    );
    const plan = rows.map((row) => Object.values(row)[0]).join('\n');
    expect(plan).not.toContain('Seq Scan');
    expect(plan).toMatch(/Index Only Scan Backward using log_tag_\d+_pkey/);
  });
});
