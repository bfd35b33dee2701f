import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Appender } from '../../../src/audit/appender.js';
import { CATALOGUE } from '../../../src/audit/catalogue/catalogue.js';
import type { EntryKind } from '../../../src/audit/entry.js';
import type { SearchResult } from '../../../src/audit/search/attempt.js';
import type { SearchTools } from '../../../src/audit/search/search-log.js';
import { SEARCHES_PER_MINUTE } from '../../../src/audit/search/spend-search.js';
import type { TestDatabase } from '../../support/database.js';
import { asOwner, createLogDatabase, failureOf, type OpenLog, openLog, readEntries } from '../support/log.js';
import { digitsOf, personOf, tagger } from '../support/parts.js';
import { type Asking, attempt, BASIS, OFFICER, SEARCHER, searchOver } from './support/officer.js';
import { draft, rawLane, START, uuidOf } from './support/random-log.js';

let test: TestDatabase;
let log: OpenLog;
let now = START;
beforeAll(async () => {
  test = await createLogDatabase();
  log = openLog(test.appUrl, { deps: { now: () => new Date(now) } });
});
afterAll(async () => {
  await log.close();
  await test.drop();
});
beforeEach(() => {
  // Each test in a minute of its own: what one spends another still has.
  now += 60_000;
});

const later = () => new Date(now);
const search = (
  asking: Asking = {},
  who: Parameters<typeof attempt>[1] = {},
  tools: Partial<SearchTools> = {},
) => searchOver(log.db, log.appender, { now: later, ...tools })(attempt(asking, who));
const write = async (...entry: Parameters<typeof draft>) =>
  (await log.appender.submit(rawLane, draft(...entry))).leafIndex;
const lines = async () =>
  (await readEntries(log.db)).map((row) => ({
    leaf: row.leaf_index,
    text: row.line,
    ...JSON.parse(row.line),
  }));
const lastLine = async () => (await lines()).at(-1);
const leavesOf = (result: SearchResult) => result.entries.map((entry) => entry.leafIndex);

describe('a search', () => {
  it('is an entry of its own, written before the page is shown', async () => {
    const leaf = await write('query.intent', { cooperative: 'c1' }, { actor: 1, person: 2 });
    let submitted = 0;
    const held: Appender = {
      submit: async (lane, item) => {
        submitted += 1;
        return log.appender.submit(lane, item);
      },
      close: async () => undefined,
    };
    const result = await searchOver(log.db, held, { now: later })(
      attempt({ criteria: { cooperative: 'c1' } }),
    );
    expect(submitted).toBe(1);
    expect(leavesOf(result)).toEqual([leaf]);
    const line = await lastLine();
    expect(line).toMatchObject({ id: result.search, kind: 'log.searched', leaf: result.receipt.leafIndex });
    expect(line.data).toEqual({
      actor: { acr: SEARCHER.acr, authTime: SEARCHER.authTime.toISOString(), session: SEARCHER.sessionId },
      basis: BASIS,
      client: 'koopbis-reports',
      criteria: {
        actor: false,
        code: null,
        cooperative: 'c1',
        from: null,
        kinds: [],
        outcome: null,
        person: false,
        purpose: null,
        query: null,
        reference: null,
        screen: null,
        service: null,
        session: null,
        to: null,
      },
      instance: 'bridge-1',
      lookedTo: 0,
      page: null,
      results: 1,
      revealed: false,
    });
    expect(Object.keys(line.sealed)).toEqual(['actor.number']);
  });

  it('shows nothing where its entry cannot be written', async () => {
    const failing: Appender = {
      submit: async () => {
        throw new Error('the log is closed');
      },
      close: async () => undefined,
    };
    const made = searchOver(log.db, failing, { now: later })(attempt());
    expect(await failureOf(made)).toMatchObject({ message: 'the log is closed' });
  });

  it('finds what was acknowledged before it began, without waiting for anybody', async () => {
    const leaves = await Promise.all(
      Array.from({ length: 5 }, () => write('query.refused', { cooperative: 'fresh' })),
    );
    const result = await search({ criteria: { cooperative: 'fresh' } });
    expect(leavesOf(result)).toEqual([...leaves].sort((a, b) => Number(b - a)));
    expect(result.indexedTo).toBe(result.receipt.leafIndex);
  });

  it('for a person is itself found among the look-ups about that person, and names both only under their keys', async () => {
    const [person, actor] = [11, 12];
    await search({ criteria: { person: digitsOf(person), actor: digitsOf(actor) } });
    const line = await lastLine();
    expect(Object.keys(line.sealed).sort()).toEqual(['actor.number', 'sought.actor', 'sought.person']);
    expect(line.data.criteria).toMatchObject({ person: true, actor: true });
    for (const n of [person, actor, OFFICER]) expect(line.text).not.toContain(digitsOf(n));
    expect(leavesOf(await search({ criteria: { person: digitsOf(person) } }))).toEqual([line.leaf]);
    // Being sought is not acting.
    expect(leavesOf(await search({ criteria: { actor: digitsOf(actor) } }))).toEqual([]);
    const own = await search({
      criteria: { actor: digitsOf(OFFICER), kinds: ['log.searched'] },
      pageSize: 100,
    });
    expect(leavesOf(own)).toContain(line.leaf);
  });

  it('shows of sealed values only that they are there, unless they are to be revealed', async () => {
    const leaf = await write('query.intent', { cooperative: 'masked' }, { actor: 21, person: 22 });
    const result = await search({ criteria: { cooperative: 'masked' } });
    expect(result.entries[0]).toMatchObject({ leafIndex: leaf, revealed: null });
    expect(result.entries[0]?.entry.sealed).toEqual(['actor.number', 'subject.number']);
    const text = JSON.stringify(result.entries[0]?.entry);
    for (const n of [21, 22]) expect(text).not.toContain(digitsOf(n));
    expect(text).not.toContain('"box"');
  });

  it('with a fresh second step reveals what still has its key, and says of the rest that it is destroyed', async () => {
    await write('query.intent', { cooperative: 'open' }, { actor: 31, person: 32 });
    const ask = () => search({ criteria: { cooperative: 'open' }, reveal: true }, { stepUp: true });
    expect((await ask()).entries[0]?.revealed).toEqual({
      'actor.number': digitsOf(31),
      'subject.number': digitsOf(32),
    });
    expect((await lastLine()).data).toMatchObject({ revealed: true });
    await log.db.query({
      text: 'DELETE FROM bridge.person_key WHERE tag = $1',
      values: [tagger.tag('log.subject', personOf(32))],
    });
    expect((await ask()).entries[0]?.revealed).toEqual({
      'actor.number': digitsOf(31),
      'subject.number': 'destroyed',
    });
  });

  it('reveals without a second step where the settings ask for none, and to nobody else', async () => {
    const leaf = await write('query.intent', { cooperative: 'asked-for-none' }, { actor: 51, person: 52 });
    const open = searchOver(log.db, log.appender, { revealNeedsStepUp: false });
    const asking = { criteria: { cooperative: 'asked-for-none' }, reveal: true };
    expect((await open(attempt(asking))).entries[0]).toMatchObject({
      leafIndex: leaf,
      revealed: { 'actor.number': digitsOf(51), 'subject.number': digitsOf(52) },
    });
    await expect(open(attempt(asking, { twoStep: false }))).rejects.toMatchObject({
      code: 'TWO_STEP_REQUIRED',
    });
    await expect(open(attempt(asking, { roles: [] }))).rejects.toMatchObject({ code: 'ROLE_REQUIRED' });
  });

  it('says of a sealed value that somebody changed that it cannot be read', async () => {
    const leaf = await write('query.intent', { cooperative: 'changed' }, { actor: 41, person: 42 });
    // Two persons' boxes exchanged, as a superuser could.
    await asOwner(
      test,
      `UPDATE bridge.entry SET line = jsonb_set(line::jsonb, '{sealed,subject.number,box}', line::jsonb #> '{sealed,actor.number,box}')::text
        WHERE leaf_index = ${leaf}`,
    );
    const { entries } = await search(
      { criteria: { cooperative: 'changed' }, reveal: true },
      { stepUp: true },
    );
    expect(entries[0]?.revealed).toEqual({ 'actor.number': digitsOf(41), 'subject.number': 'unreadable' });
  });

  it('goes on with its cursor to the end, each page an entry that names where it went on', async () => {
    for (let i = 0; i < 5; i += 1) await write('query.refused', { cooperative: 'paged' });
    const asking = { criteria: { cooperative: 'paged' }, pageSize: 2 };
    const first = await search(asking);
    const second = await search({ ...asking, cursor: first.next });
    expect((await lastLine()).data).toMatchObject({ page: Number(first.lookedTo), results: 2 });
    const third = await search({ ...asking, cursor: second.next });
    expect([first, second, third].map((page) => page.entries.length)).toEqual([2, 2, 1]);
    expect(new Set([first, second, third].flatMap(leavesOf)).size).toBe(5);
    expect(third.next).toBeNull();
  });

  it('writes entries that are what the catalogue says of them', async () => {
    await search({
      criteria: { person: digitsOf(1), kinds: ['query.intent'], from: '2026-05-04', query: uuidOf(1) },
    });
    await failureOf(search({}, null));
    await failureOf(search({ criteria: { from: '2026-05-04T00:00:00Z' } }, { roles: [] }));
    for (const { kind, data, sealed } of await lines()) {
      if (!kind.startsWith('log.search')) continue;
      const row = CATALOGUE[kind as EntryKind];
      expect(row.data.safeParse(data)).toMatchObject({ success: true });
      for (const field of Object.keys(sealed)) expect(Object.keys(row.sealed)).toContain(field);
    }
  });
});

describe('a refused search', () => {
  const tomorrow = { ...BASIS, date: '2026-05-05' };
  const cases: [string, Asking, Parameters<typeof attempt>[1], string, string | null][] = [
    ['nobody is signed in', {}, null, 'TOKEN_INVALID', null],
    ['the sign-in had one step only', {}, { twoStep: false }, 'TWO_STEP_REQUIRED', null],
    ['the person is no officer', {}, { roles: ['administrator', 'finance'] }, 'ROLE_REQUIRED', null],
    ['values are to be revealed without a second step', { reveal: true }, {}, 'STEP_UP_REQUIRED', null],
    ['the document is of tomorrow', { basis: tomorrow }, {}, 'REQUEST_INVALID', 'body.basis.date'],
    [
      'the period ends before it begins',
      { criteria: { from: '2026-05-04', to: '2026-05-03' } },
      {},
      'REQUEST_INVALID',
      'body.criteria.to',
    ],
    [
      'the period is empty',
      { criteria: { from: '2026-05-04', to: '2026-05-03T21:00:00Z' } },
      {},
      'REQUEST_INVALID',
      'body.criteria.to',
    ],
    [
      'there is no such kind',
      { criteria: { kinds: ['query.intents'] } },
      {},
      'REQUEST_INVALID',
      'body.criteria.kinds',
    ],
    [
      'the person’s number is none',
      { criteria: { person: '12345678901' } },
      {},
      'IDENTITY_NUMBER_INVALID',
      'person',
    ],
    [
      'the user’s number is none',
      { criteria: { actor: digitsOf(1).slice(1) } },
      {},
      'IDENTITY_NUMBER_INVALID',
      'actor',
    ],
    ['the cursor is none', { cursor: 'AAAA' }, {}, 'CURSOR_EXPIRED', null],
  ];

  it.each(cases)('is an entry where %s', async (_what, asking, who, code, reason) => {
    const before = (await lines()).length;
    expect(await failureOf(search(asking, who))).toMatchObject({ code });
    const after = await lines();
    expect(after).toHaveLength(before + 1);
    expect(after.at(-1)).toMatchObject({
      kind: 'log.search-refused',
      data: { code, reason, client: 'koopbis-reports' },
    });
    expect(Object.keys(after.at(-1).sealed)).toEqual(who === null ? [] : ['actor.number']);
    expect(after.at(-1).data.actor === null).toBe(who === null);
    for (const text of ['12345678901', digitsOf(1).slice(1)]) expect(after.at(-1).text).not.toContain(text);
  });

  it('says in its entry alone what was wrong with the token, also where it ended while the page was read', async () => {
    const explained = async (who: Parameters<typeof attempt>[1]) => {
      const one = { ...attempt({}, who), explain: async () => 'token-of-other-client' };
      return failureOf(searchOver(log.db, log.appender, { now: later })(one));
    };
    let asked = 0;
    const ending = () => {
      asked += 1;
      return asked === 1 ? {} : null;
    };
    for (const who of [null, ending]) {
      const failure = await explained(who);
      expect(failure).toMatchObject({ code: 'TOKEN_INVALID' });
      expect((failure as { detail: object }).detail).toEqual({});
      expect((await lastLine()).data).toMatchObject({
        code: 'TOKEN_INVALID',
        reason: 'token-of-other-client',
      });
    }
    expect(await explained({ roles: [] })).toMatchObject({ code: 'ROLE_REQUIRED' });
    expect((await lastLine()).data).toMatchObject({ code: 'ROLE_REQUIRED', reason: null });
  });

  it('tells of a malformed body only once the token was looked at', async () => {
    const malformed = (who: Parameters<typeof attempt>[1]) =>
      failureOf(
        searchOver(log.db, log.appender, { now: later })({
          ...attempt({}, who),
          request: { ok: false, code: 'BODY_TOO_LARGE' },
        }),
      );
    expect(await malformed(null)).toMatchObject({ code: 'TOKEN_INVALID' });
    expect(await malformed({})).toMatchObject({ code: 'BODY_TOO_LARGE' });
    expect((await lastLine()).data).toMatchObject({ basis: null, criteria: null, revealed: false });
  });

  it.each(['security-officer', 'log-inspector'])('is none for a %s', async (role) => {
    expect((await search({}, { roles: ['nobody', role] })).entries.length).toBeGreaterThan(0);
  });

  it.each<[string, Parameters<typeof attempt>[1], string]>([
    ['the session', null, 'TOKEN_INVALID'],
    ['the role', { roles: [] }, 'ROLE_REQUIRED'],
  ])('shows nothing where %s ended while the page was read', async (_what, then, code) => {
    let asked = 0;
    const who = () => {
      asked += 1;
      return asked === 1 ? {} : (then as Partial<typeof SEARCHER> | null);
    };
    expect(await failureOf(search({ criteria: { person: digitsOf(51) } }, who))).toMatchObject({ code });
    const line = await lastLine();
    expect(line).toMatchObject({ kind: 'log.search-refused', data: { code } });
    expect(Object.keys(line.sealed)).not.toContain('sought.person');
  });

  it('comes to an officer who searches faster than anybody reads, on all instances together, and to nobody else', async () => {
    const other = openLog(test.appUrl);
    for (let i = 0; i < SEARCHES_PER_MINUTE; i += 1) {
      const one = i % 2 === 0 ? log : other;
      await searchOver(one.db, one.appender, { now: later })(attempt({ pageSize: 1 }));
    }
    expect(await failureOf(search())).toMatchObject({
      code: 'RATE_LIMITED',
      detail: { reason: 'searches-minute', retryAfterS: 60 },
    });
    expect(await lastLine()).toMatchObject({ kind: 'log.search-refused', data: { code: 'RATE_LIMITED' } });
    await search({}, { person: personOf(901) });
    now += 60_000;
    await search();
    await other.close();
  });
});
