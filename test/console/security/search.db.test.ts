import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer, ConsolePerson } from '../../../src/console/frame/call.js';
import { ConsoleRefusal } from '../../../src/console/frame/console-problem.js';
import type { Page } from '../../../src/console/frame/parts.js';
import type { HandlersOf } from '../../../src/console/frame/router.js';
import { openSearch } from '../../../src/house/console/open-search.js';
import { asOwner, failureOf } from '../../audit/support/log.js';
import { digitsOf } from '../../audit/support/parts.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';
import {
  BASIS,
  leavesOf,
  officerOf,
  partOf,
  repeatedIds,
  write,
  writeQuery,
  wrongFields,
} from './search-support.js';

let desk: ConsoleDesk;
let handlers: HandlersOf<'search' | 'search.make' | 'search.page'>;
let officer: ConsolePerson;
let next = 700;
beforeAll(async () => {
  desk = await ConsoleDesk.open();
  handlers = openSearch(desk.parts()).handlers;
});
beforeEach(async () => {
  // An officer each: what one spends of the limit another still has.
  next += 1;
  officer = await officerOf(desk, next);
});
afterAll(() => desk.close());

const make = (values: Record<string, string | readonly string[]>, who = officer) =>
  handlers['search.make'](desk.call('search.make', who, { fields: typed({ ...BASIS, ...values }) }));

/** The id of the look that a search leads to. */
function lookOf(answer: Answer): string {
  if (answer.kind !== 'see-other') throw new Error('not sent on');
  expect(answer.to).toMatch(/^\/konsol\/guvenlik\/arama\/[0-9a-f-]{36}$/);
  return answer.to.slice(answer.to.lastIndexOf('/') + 1);
}

const show = (look: string, s?: string, who = officer) =>
  handlers['search.page'](
    desk.call('search.page', who, { params: { look }, query: s === undefined ? {} : { s } }),
  );

const search = async (values: Record<string, string | readonly string[]>) =>
  pageOf(await show(lookOf(await make(values))));

describe('a search of the log', () => {
  it('finds by each criterion what the log holds, newest first, and tells nothing of persons', async () => {
    const session = randomUUID();
    const [cooperative, screen, reference] = ['0123456789000101', 'UYE-01', 'K 2026/9'];
    const intent = { cooperative, reference, screen, purpose: 'genel-kurul', service: 'DenemeServisi' };
    const first = await writeQuery(desk, { actor: 11, subject: 12, session, intent });
    const second = await writeQuery(desk, {
      actor: 11,
      subject: 13,
      session,
      intent,
      outcome: { outcome: 'mismatch' },
    });
    const both = [String(second.leaf), String(first.leaf)];
    const kinds = ['sorgu'];
    expect(leavesOf(await search({ kinds, cooperative }))).toEqual(both);
    expect(leavesOf(await search({ kinds, reference, screen }))).toEqual(both);
    expect(leavesOf(await search({ kinds, session, purpose: 'genel-kurul' }))).toEqual(both);
    expect(leavesOf(await search({ kinds, service: 'DenemeServisi' }))).toEqual(both);
    expect(leavesOf(await search({ cooperative, outcome: 'mismatch' }))).toEqual([String(second.leaf)]);
    expect(leavesOf(await search({ kinds, query: first.query }))).toEqual([String(first.leaf)]);
    expect(leavesOf(await search({ kinds, person: digitsOf(13), actor: digitsOf(11) }))).toEqual([
      String(second.leaf),
    ]);
    const page = await search({ kinds, person: digitsOf(12), cooperative });
    expect(leavesOf(page)).toEqual([String(first.leaf)]);
    const html = desk.html(page, officer);
    for (const n of [11, 12, 13]) expect(html).not.toContain(digitsOf(n));
    expect(html).toContain('eşleşti');
    expect(html).toContain(`/konsol/guvenlik/kayit/${first.leaf}`);
  });

  it('takes moments of Europe/Istanbul, half-open, and days in Turkish form', async () => {
    const cooperative = '0123456789000118';
    const { leaf } = await writeQuery(desk, { actor: 1, subject: 2, intent: { cooperative } });
    const at = (await desk.sql<{ at: Date }>('SELECT at FROM bridge.entry WHERE leaf_index = $1', [leaf]))[0]
      ?.at as Date;
    const local = (minutes: number) =>
      new Date(at.getTime() + 3 * 3_600_000 + minutes * 60_000).toISOString().slice(0, 16);
    const found = (from: string, to: string) => search({ cooperative, kinds: ['sorgu'], from, to });
    expect(leavesOf(await found(local(0), local(1)))).toEqual([String(leaf)]);
    expect(leavesOf(await found(local(1), local(2)))).toEqual([]);
    expect(leavesOf(await found('', local(0)))).toEqual([]);
    const [year, month, day] = local(0).slice(0, 10).split('-');
    expect(leavesOf(await found(`${day}.${month}.${year}`, ''))).toEqual([String(leaf)]);
  });

  it('writes down each page as log.searched by the console, before it is shown', async () => {
    const cooperative = '0123456789000125';
    for (let i = 0; i < 51; i += 1)
      await writeQuery(desk, { actor: 1, subject: 2, intent: { cooperative }, outcome: null });
    const [{ size } = { size: -1n }] = await desk.sql<{ size: bigint }>('SELECT size FROM bridge.log_head');
    const look = lookOf(await make({ cooperative, person: digitsOf(2) }));
    const first = pageOf(await show(look));
    const [entry] = await desk.lastEntries(1);
    expect(entry?.kind).toBe('log.searched');
    expect(entry?.data).toMatchObject({
      basis: BASIS,
      client: 'konsol',
      // Where the log ended when the search was made.
      page: Number(size),
      results: 50,
      revealed: false,
      actor: { session: officer.officer.sessionId },
      criteria: { cooperative, person: true, actor: false },
    });
    const { next: further } = partOf(first, 'pager');
    const s = new URL(`https://x${further}`).searchParams.get('s') as string;
    // What comes in meanwhile moves nothing on the next page.
    await writeQuery(desk, { actor: 1, subject: 2, intent: { cooperative }, outcome: null });
    const second = pageOf(await show(look, s));
    expect(leavesOf(first)).toHaveLength(50);
    expect(leavesOf(second)).toHaveLength(1);
    expect(Number(leavesOf(second)[0])).toBeLessThan(Number(leavesOf(first).at(-1)));
    expect((await desk.lastEntries(1))[0]?.data).toMatchObject({
      results: 1,
      page: Number(leavesOf(first).at(-1)),
    });
    expect(partOf(second, 'pager').next).toBeNull();
    expect(partOf(second, 'pager').first).toBe(`/konsol/guvenlik/arama/${look}?yeni=1`);
  });

  it('keeps its first page where the search was made: the next follows without gap or overlap, and it is made anew on demand', async () => {
    const cooperative = '0123456789000156';
    const leaves: string[] = [];
    const one = async () =>
      String((await writeQuery(desk, { actor: 1, subject: 2, intent: { cooperative }, outcome: null })).leaf);
    for (let i = 0; i < 60; i += 1) leaves.unshift(await one());
    const look = lookOf(await make({ cooperative }));
    const cursorOf = (page: Page) =>
      new URL(`https://x${partOf(page, 'pager').next}`).searchParams.get('s') as string;
    const first = pageOf(await show(look));
    const later = [await one(), await one()].reverse();
    const again = pageOf(await show(look));
    expect(leavesOf(again)).toEqual(leaves.slice(0, 50));
    expect(leavesOf(first)).toEqual(leavesOf(again));
    expect(partOf(first, 'pager').first).toBeNull();
    for (const page of [first, again]) {
      const second = pageOf(await show(look, cursorOf(page)));
      expect([...leavesOf(page), ...leavesOf(second)]).toEqual(leaves);
    }
    const call = desk.call('search.page', officer, { params: { look }, query: { yeni: '1' } });
    const anew = lookOf(await handlers['search.page'](call));
    expect(anew).not.toBe(look);
    expect(leavesOf(pageOf(await show(anew)))).toEqual([...later, ...leaves].slice(0, 50));
    expect(leavesOf(pageOf(await show(look)))).toEqual(leaves.slice(0, 50));
  });

  it('tells each wrong field beside it, keeps what was typed, and writes the refusal down', async () => {
    const wrong = {
      ...{ authority: `Mahkeme ${digitsOf(5)}`, documentNo: '', date: '31.02.2026' },
      ...{ from: 'dün', cooperative: '12', purpose: 'Merak!', outcome: 'bulundu', screen: '<script>' },
      ...{ service: 'a b', reference: digitsOf(6), query: 'x', session: 'y', code: 'küçük' },
    };
    const answer = await make(wrong);
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    const page = pageOf(answer);
    expect([...wrongFields(page)].sort()).toEqual([
      ...['authority', 'code', 'cooperative', 'date', 'documentNo', 'from', 'outcome', 'purpose', 'query'],
      ...['reference', 'screen', 'service', 'session'],
    ]);
    const html = desk.html(page, officer);
    expect(html).toContain('value="dün"');
    expect(html).not.toContain('<script>"');
    const [entry] = await desk.lastEntries(1);
    expect(entry).toMatchObject({
      kind: 'log.search-refused',
      data: { client: 'konsol', code: 'REQUEST_INVALID', basis: null, criteria: null },
    });
    expect(JSON.stringify(entry)).not.toContain(digitsOf(5));
  });

  it('tells what is wrong with values: a person, a user, an end before its start, a document of tomorrow', async () => {
    const answer = await make({
      ...{ person: '12345678901', actor: '00000000000', date: '2999-01-01' },
      ...{ from: '2026-05-04T10:00', to: '2026-05-04T10:00' },
    });
    const page = pageOf(answer);
    expect([...wrongFields(page)].sort()).toEqual(['actor', 'date', 'person', 'to']);
    expect((await desk.lastEntries(1))[0]).toMatchObject({
      kind: 'log.search-refused',
      data: { code: 'REQUEST_INVALID', reason: 'body.basis.date' },
    });
    const person = await make({ person: digitsOf(3).replace(/.$/, (d) => String((Number(d) + 1) % 10)) });
    expect(wrongFields(pageOf(person))).toEqual(['person']);
    expect((await desk.lastEntries(1))[0]).toMatchObject({
      data: { code: 'IDENTITY_NUMBER_INVALID', reason: 'person', criteria: { person: true } },
    });
  });

  it('puts no number of a person into an address', async () => {
    const answer = await make({ person: digitsOf(4), actor: digitsOf(5) });
    // The id of the look is random: its last group may be digits alone.
    expect(JSON.stringify(answer).replace(/[0-9a-f-]{36}/, '')).not.toMatch(/\d{11}/);
    const page = pageOf(await show(lookOf(answer)));
    expect(JSON.stringify(page)).not.toContain(digitsOf(4));
  });

  it('finds nothing under the look of another session, or of an unknown one', async () => {
    const look = lookOf(await make({}));
    const other = await officerOf(desk, 690);
    for (const made of [() => show(look, undefined, other), () => show(randomUUID()), () => show('x')])
      expect(await failureOf(made())).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses a cursor of another officer, of other criteria, and one that was changed', async () => {
    for (let i = 0; i < 51; i += 1)
      await write(desk, 'session.ended', { reason: 'test', session: randomUUID() });
    const look = lookOf(await make({ kinds: ['oturum'] }));
    const { next: further } = partOf(pageOf(await show(look)), 'pager');
    const s = new URL(`https://x${further}`).searchParams.get('s') as string;
    const other = await officerOf(desk, 691);
    const theirs = lookOf(await make({ kinds: ['oturum'] }, other));
    const narrower = lookOf(await make({ kinds: ['oturum'], code: 'X' }));
    for (const made of [
      () => show(theirs, s, other),
      () => show(narrower, s),
      () => show(look, `${s.slice(0, -2)}AA`),
      () => show(look, ''),
      () => show(look, '<script>'),
    ])
      expect(await failureOf(made())).toMatchObject({ code: 'CURSOR_EXPIRED' });
  });

  it('is refused once the session has ended or the role was taken away, whatever the page was opened with', async () => {
    const look = lookOf(await make({}));
    await desk.sql('DELETE FROM bridge.authority_role WHERE person_tag = $1', [officer.officer.tag]);
    expect(await failureOf(show(look))).toMatchObject({ code: 'ROLE_REQUIRED' });
    expect((await desk.lastEntries(1))[0]).toMatchObject({
      kind: 'log.search-refused',
      data: { code: 'ROLE_REQUIRED' },
    });
    await desk.sql('UPDATE bridge.sign_in_session SET ended_at = now() WHERE session_id = $1', [
      officer.officer.sessionId,
    ]);
    expect(await failureOf(show(look))).toMatchObject({ code: 'TOKEN_INVALID' });
    expect((await desk.lastEntries(1))[0]).toMatchObject({
      data: { code: 'TOKEN_INVALID', actor: null, reason: 'session-ended' },
    });
  });

  it('says when its limit of a minute is used up, and when to go on', async () => {
    const look = lookOf(await make({ kinds: ['belirsiz'] }));
    let answer = await show(look);
    for (let i = 0; i < 121 && (answer as { status?: number }).status !== 429; i += 1)
      answer = await show(look);
    expect(answer).toMatchObject({ kind: 'page', status: 429 });
    expect(desk.html(pageOf(answer), officer)).toMatch(/\d+ saniye sonra/);
    expect((await desk.lastEntries(1))[0]).toMatchObject({
      kind: 'log.search-refused',
      data: { code: 'RATE_LIMITED' },
    });
  });

  it('says which ranges of its period were not looked at', async () => {
    await asOwner(
      desk.test,
      `INSERT INTO bridge.log_detached VALUES (0, decode(repeat('00', 32), 'hex'), 0)`,
    );
    const html = desk.html(await search({}), officer);
    await asOwner(desk.test, 'DELETE FROM bridge.log_detached');
    expect(html).toContain('bu aralıklara bakılmadı');
    expect(html).toContain('<bdi>0 – 1048575</bdi>');
    expect(desk.html(await search({}), officer)).not.toContain('bu aralıklara bakılmadı');
  });

  it('shows hostile values harmlessly', async () => {
    const cooperative = '0123456789000132';
    const reference = '<script>alert(1)</script>';
    await writeQuery(desk, {
      actor: 1,
      subject: 2,
      intent: { cooperative, reference, purpose: '\u202e<b>=cmd' },
    });
    const html = desk.html(await search({ cooperative, reference }), officer);
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('<b>');
    expect(html).toContain('<bdi>\u202e&lt;b&gt;=cmd</bdi>');
  });
});

describe('the form of a search', () => {
  const form = async (query: Record<string, string>) =>
    partOf(pageOf(await handlers.search(desk.call('search', officer, { query }))), 'form');
  const textOf = (fields: Awaited<ReturnType<typeof form>>['fields'], name: string) => {
    const field = fields.find((one) => one.name === name);
    return field !== undefined && 'value' in field ? field.value : undefined;
  };

  it('is filled by links with periods, days and groups, and by nothing else', async () => {
    const at = new Date('2026-05-06T20:30:00Z'); // a Wednesday, 23:30 in Istanbul
    const opened = async (donem: string) => {
      const call = desk.call('search', officer, { query: { donem }, at });
      return textOf(partOf(pageOf(await handlers.search(call)), 'form').fields, 'from');
    };
    expect(await opened('son-24-saat')).toBe('2026-05-05T23:30');
    expect(await opened('bugun')).toBe('2026-05-06T00:00');
    expect(await opened('hafta')).toBe('2026-05-04T00:00');
    expect(await opened('ay')).toBe('2026-05-01T00:00');
    expect(await opened('ceyrek')).toBe('2026-04-01T00:00');
    expect(await opened('<script>')).toBe('');
    const { fields } = await form({ gun: '2026-02-28', tur: 'ret', person: digitsOf(1) });
    expect([textOf(fields, 'from'), textOf(fields, 'to'), textOf(fields, 'person')]).toEqual([
      '2026-02-28T00:00',
      '2026-03-01T00:00',
      '',
    ]);
    expect(fields.find(({ name }) => name === 'kinds')).toMatchObject({ values: ['ret'] });
    expect(textOf((await form({ gun: '2026-99-99', tur: 'x' })).fields, 'from')).toBe('');
  });

  it('comes back as it was typed from the results, in the own session alone', async () => {
    const typedIn = {
      cooperative: '0123456789000149',
      from: '2026-05-04T10:15',
      kinds: ['ret', 'sorgu'],
      person: digitsOf(8),
    };
    const look = lookOf(await make(typedIn));
    const { fields } = await form({ arama: look });
    for (const name of ['cooperative', 'from', 'person'] as const)
      expect(textOf(fields, name)).toBe(typedIn[name]);
    expect(textOf(fields, 'authority')).toBe(BASIS.authority);
    expect(fields.find(({ name }) => name === 'kinds')).toMatchObject({ values: ['sorgu', 'ret'] });
    const other = await officerOf(desk, 692);
    const call = desk.call('search', other, { query: { arama: look } });
    expect(desk.html(pageOf(await handlers.search(call)), other)).not.toContain(digitsOf(8));
  });

  it('has each id once, in both languages, also where everything is wrong', async () => {
    const wrong = pageOf(
      await make({ authority: '', documentNo: '', date: '', person: 'x', kinds: ['ret', 'sorgu'] }),
    );
    const plain = pageOf(await handlers.search(desk.call('search', officer)));
    for (const page of [plain, wrong])
      for (const language of ['tr', 'en'] as const)
        expect(repeatedIds(desk.html(page, officer, language))).toEqual([]);
  });

  it('is for security officers and log inspectors alone', async () => {
    const finance = await desk.person(693, [{ role: 'finance' }]);
    const inspector = await desk.person(694, [{ role: 'log-inspector' }]);
    for (const id of ['search', 'search.make', 'search.page'] as const) {
      expect(() => desk.call(id, finance)).toThrow(ConsoleRefusal);
      expect(() => desk.call(id, inspector)).not.toThrow();
    }
  });
});
