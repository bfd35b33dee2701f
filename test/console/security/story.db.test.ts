import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPublisher } from '../../../src/audit/checkpoint/publisher.js';
import { sideTag } from '../../../src/audit/person-keys.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { ConsoleRefusal } from '../../../src/console/frame/console-problem.js';
import type { HandlersOf } from '../../../src/console/frame/router.js';
import { openSearch } from '../../../src/house/console/open-search.js';
import { publisherDepsOf } from '../../../src/house/open-evidence.js';
import { asOwner, failureOf, readEntries } from '../../audit/support/log.js';
import { digitsOf, numberOf, personOf } from '../../audit/support/parts.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';
import { officerOf, partOf, repeatedIds, write, writeQuery, wrongFields } from './search-support.js';

let desk: ConsoleDesk;
let handlers: HandlersOf<'story' | 'story.reveal'>;
let officer: ConsolePerson;
beforeAll(async () => {
  desk = await ConsoleDesk.open();
  handlers = openSearch(desk.parts()).handlers;
  officer = await officerOf(desk, 800);
});
afterAll(() => desk.close());

const leafParams = (leaf: bigint | string) => ({ params: { leaf: String(leaf) } });
const story = async (leaf: bigint | string) =>
  pageOf(await handlers.story(desk.call('story', officer, leafParams(leaf))));
const reveal = (leaf: bigint, values: Record<string, string>, who = officer) =>
  handlers['story.reveal'](desk.call('story.reveal', who, { ...leafParams(leaf), fields: typed(values) }));
const REASON = 'Savcılık 2026/44 sayılı yazı';

/** A query with everything that it rests on, but the tariff. */
async function wholeQuery(outcome?: Parameters<typeof writeQuery>[1]['outcome']) {
  const clerk = await desk.person(Math.floor(Math.random() * 100_000) + 2_000, []);
  const [cooperative, seat] = ['0123456789000204', randomUUID()];
  await write(
    desk,
    'seat.recorded',
    {
      ...{
        actsFor: null,
        appointment: null,
        cooperative,
        endsOn: '2028-05-01',
        goneOn: null,
        role: 'board',
        seat,
      },
      ...{
        gazette: '2026-05-05 11082/293',
        registeredOn: '2024-06-02',
        representation: null,
        source: 'mersis',
      },
      ...{ startsOn: '2024-05-01', state: null },
    },
    [numberOf('subject', 21)],
  );
  await write(desk, 'authority.recorded', {
    ...{
      asOf: null,
      before: null,
      cooperative,
      il: 'Ankara',
      ministry: 'ticaret',
      seats: [seat],
      source: 'mersis',
    },
    ...{ statuses: [], successor: null, suspensions: [], version: 7 },
  });
  const made = await writeQuery(desk, {
    ...{ actor: 21, subject: 22, session: clerk.session.sessionId, outcome: outcome ?? {} },
    intent: {
      authority: { basis: seat, role: 'board', version: 7 },
      cooperative,
      screen: 'UYE-07',
      reference: 'K-9',
    },
  });
  return { ...made, clerk };
}

const addFee = (query: string) =>
  desk.sql(
    `INSERT INTO bridge.fee_line (query_id, outcome_leaf, account_id, fee_class, client_id, service, service_version, purpose, cooperative, il,
       ministry, actor_tag, sent_at, quarter, result, sent, units, unit_price_kurus, amount_kurus, unit, basis)
     VALUES ($1, 1, 'tarim', 'paying', 'core', 's', '1', 'ortak-kayit', '0123456789000204', 'Ankara', 'tarim', '\\x00', now(), '2026-Q2',
       'match', true, 1, 125, 125, 'kooperatif', 'per-query')`,
    [query],
  );

describe('the story of a query', () => {
  it('tells from the log who signed in how, by what right, what was asked and what came back, and from the book what it cost', async () => {
    const { clerk, leaf, outcomeLeaf, query } = await wholeQuery();
    await addFee(query);
    for (const opened of [leaf, outcomeLeaf as bigint]) {
      const page = await story(opened);
      const html = desk.html(page, officer);
      const states = partOf(page, 'steps').steps.map(({ state }) => state);
      expect(states).toEqual(['done', 'done', 'done', 'done', 'done', 'done']);
      for (const told of [
        ...[
          clerk.session.sessionId,
          'e-devlet',
          'iki aşamalı',
          'yönetim kurulu üyesi',
          '02.06.2024',
          '05.05.2026, 11082/293',
        ],
        ...['Ortak kaydı', 'UYE-07', 'K-9', 'KOOPBİS Yönetmeliği m.9(3)', 'eşleşti', query],
        ...['1,25 TL', 'tarim', 'ücretli', '2026-Q2', 'sorgu başına'],
      ])
        expect(html).toContain(told);
      for (const n of [21, 22]) expect(html).not.toContain(digitsOf(n));
      expect(html).not.toContain('"box"');
    }
  });

  it('says codes and grounds in words, without remarks for whoever keeps the settings', async () => {
    const legalGround = 'KOOPBİS Yönetmeliği m.11 with 1163 m.87 (our reading: known persons)';
    const intent = { legalGround, purpose: 'yetkili-atama' };
    const silent = {
      code: 'KPS_OUTCOME_UNKNOWN',
      outcome: null,
      reason: 'timeout',
      state: 'unknown',
    } as const;
    const clerk = await desk.person(1_999, []);
    const asked = { actor: 23, subject: 24, session: clerk.session.sessionId, intent, outcome: silent };
    const { leaf } = await writeQuery(desk, asked);
    const told = JSON.stringify(partOf(await story(leaf), 'steps'));
    for (const word of [
      'KOOPBİS Yönetmeliği m.11 ve 1163 m.87',
      'KOOPBİS yetkilisi ataması',
      'süresi içinde yanıt gelmedi',
      'iki aşamalı giriş',
    ])
      expect(told).toContain(word);
    for (const raw of ['our reading', 'yetkili-atama', '"timeout"', 'urn:koopbis'])
      expect(told).not.toContain(raw);
  });

  it('says what of it the log does not hold', async () => {
    const { leaf } = await writeQuery(desk, { actor: 31, subject: 32, outcome: null });
    const page = await story(leaf);
    const notice = partOf(page, 'notice');
    expect(notice.list).toEqual(
      ['sonuç', 'oturum', 'yetki', 'tarife'].map((tr) => expect.objectContaining({ tr })),
    );
    expect(partOf(page, 'steps').steps.map(({ state }) => state)).toEqual([
      ...['failed', 'failed', 'done', 'done', 'current', 'todo'],
    ]);
  });

  it('tells an unknown outcome and the late one behind it, and how often it was read again', async () => {
    const ending = { outcome: null, state: 'unknown', code: 'KPS_TIMEOUT', reason: 'deadline' } as const;
    const { leaf, query } = await wholeQuery(ending);
    const late = { ...ending, outcome: 'deceased', state: 'answered', code: null, reason: null } as const;
    await write(desk, 'query.late-outcome', {
      ...{
        fee: null,
        hataKod: null,
        instance: 'test-1',
        intent: Number(leaf),
        messageIds: [],
        query,
        sent: true,
      },
      ...{ sentAt: '2026-05-05T10:00:01.000Z', ...late },
    });
    const again = await write(
      desk,
      'query.read',
      {
        actor: { acr: 'x', authTime: '2026-05-05T10:00:01.000Z', session: randomUUID() },
        ...{ client: 'core', instance: 'test-1', institution: 'K', of: query, requestId: null, screen: null },
      },
      [numberOf('actor', 21)],
    );
    const html = desk.html(await story(again.leafIndex), officer);
    for (const told of [
      'sonuç bilinmiyor',
      'KPS_TIMEOUT',
      'deadline',
      'Geç gelen sonuç',
      'ölüm kaydı',
      'Yeniden okundu',
    ])
      expect(html).toContain(told);
  });

  it('proves the entry by a signed checkpoint, and says so where it was changed in the database', async () => {
    const { leaf } = await writeQuery(desk, { actor: 1, subject: 2 });
    expect(desk.html(await story(leaf), officer)).toContain('henüz kapsanmadı');
    await createPublisher(publisherDepsOf(desk.config, desk.test.db)).publish();
    const rows = await desk.sql<{ size: bigint }>(
      'SELECT size FROM bridge.log_checkpoint ORDER BY size DESC LIMIT 1',
    );
    const html = desk.html(await story(leaf), officer);
    expect(html).toContain('kayıt içinde, imza geçerli');
    expect(html).toContain(`${rows[0]?.size} kaydı kapsar`);
    await asOwner(
      desk.test,
      `UPDATE bridge.entry SET line = replace(line, '"ortak-kayit"', '"genel-kurul"') WHERE leaf_index = ${leaf}`,
    );
    const changed = desk.html(await story(leaf), officer);
    expect(changed).toContain('imzalanan kayıt değil');
    expect(changed).not.toContain('imza geçerli');
    await asOwner(
      desk.test,
      `UPDATE bridge.entry SET line = replace(line, '"genel-kurul"', '"ortak-kayit"') WHERE leaf_index = ${leaf}`,
    );
    expect(desk.html(await story(leaf), officer)).toContain('imza geçerli');
  });
});

describe('the page of an entry', () => {
  it('that is no query tells its kind, when it is written and what it says', async () => {
    const { leafIndex } = await write(desk, 'session.ended', {
      reason: '<script>x</script>\u202e',
      session: randomUUID(),
    });
    const page = await story(leafIndex);
    const html = desk.html(page, officer);
    expect(html).toContain('Oturum kapandı');
    expect(html).toContain('when a session is ended before its time');
    expect(html).not.toContain('<script>x');
    expect(html).toContain('\\u202e');
    expect(html).toContain('Bu kayıtta mühürlü değer yok.');
    expect(page.parts.some(({ part }) => part === 'steps')).toBe(false);
  });

  it('says that it is in a detached range; of no leaf there is none', async () => {
    await asOwner(
      desk.test,
      `INSERT INTO bridge.log_detached VALUES (3, decode(repeat('00', 32), 'hex'), 0)`,
    );
    const html = desk.html(await story(3n << 20n), officer);
    await asOwner(desk.test, 'DELETE FROM bridge.log_detached');
    expect(html).toContain('çıkarılmış bir aralıktadır');
    for (const leaf of [String(3n << 20n), '-1', '1.5', '01', 'x', digitsOf(1), '9'.repeat(16)])
      expect(await failureOf(story(leaf))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('has nothing personal in its title', async () => {
    const { leaf } = await writeQuery(desk, { actor: 1, subject: 2 });
    expect((await story(leaf)).title).toEqual({ tr: `Kayıt ${leaf}`, en: `Entry ${leaf}` });
  });
});

describe('opening a sealed value', () => {
  it('stands on pages with each id once, in both languages', async () => {
    const { leaf } = await wholeQuery();
    const wrong = pageOf(await reveal(leaf, { field: '', reason: '' }));
    for (const page of [await story(leaf), wrong])
      for (const language of ['tr', 'en'] as const)
        expect(repeatedIds(desk.html(page, officer, language))).toEqual([]);
  });

  it('is written down before, for the person whose number it is too, and shows that one value alone', async () => {
    const { leaf } = await writeQuery(desk, { actor: 41, subject: 42 });
    const answer = await reveal(leaf, { field: 'subject.number', reason: REASON });
    expect(answer).toMatchObject({ kind: 'page' });
    expect((answer as { status?: number }).status ?? 200).toBe(200);
    const html = desk.html(pageOf(answer), officer);
    expect(html).toContain(`<bdi>${digitsOf(42)}</bdi>`);
    expect(html).not.toContain(digitsOf(41));
    const rows = await readEntries(desk.test.db);
    const last = rows.at(-1);
    const line = JSON.parse(last?.line ?? '{}');
    const entry = rows.find((row) => row.leaf_index === leaf);
    expect(line.kind).toBe('log.revealed');
    expect(line.data).toEqual({
      actor: {
        acr: officer.officer.acr,
        authTime: officer.officer.authTime.toISOString(),
        session: officer.officer.sessionId,
      },
      entry: entry?.entry_id,
      field: 'subject.number',
      instance: desk.config.instance,
      leaf: Number(leaf),
      reason: REASON,
    });
    expect(Object.keys(line.sealed).sort()).toEqual(['actor.number', 'subject.number']);
    // Found among the look-ups about the person.
    const tag = sideTag(desk.log.tagger, 'subject', personOf(42));
    const tags = await desk.sql<{ leaf_index: bigint }>(
      'SELECT leaf_index FROM bridge.log_tag WHERE tag = $1',
      [tag],
    );
    expect(tags.map((row) => row.leaf_index)).toContain(last?.leaf_index);
    expect(desk.html(await story(leaf), officer)).not.toContain(digitsOf(42));
  });

  it('of who acted seals nobody but the officer', async () => {
    const { leaf } = await writeQuery(desk, { actor: 43, subject: 44 });
    const html = desk.html(pageOf(await reveal(leaf, { field: 'actor.number', reason: REASON })), officer);
    expect(html).toContain(digitsOf(43));
    expect(html).not.toContain(digitsOf(44));
    const line = JSON.parse((await readEntries(desk.test.db)).at(-1)?.line ?? '{}');
    expect(Object.keys(line.sealed)).toEqual(['actor.number']);
  });

  it('shows nothing where its entry cannot be written', async () => {
    const { leaf } = await writeQuery(desk, { actor: 45, subject: 46 });
    const appender = {
      submit: async () => {
        throw new Error('the log is closed');
      },
      close: async () => undefined,
    };
    const closed = openSearch(desk.parts({ log: { ...desk.log, appender } as never })).handlers;
    const call = desk.call('story.reveal', officer, {
      ...leafParams(leaf),
      fields: typed({ field: 'subject.number', reason: REASON }),
    });
    expect(await failureOf(closed['story.reveal'](call))).toMatchObject({ message: 'the log is closed' });
  });

  it('says that a value is destroyed where its key is gone, and writes the try down', async () => {
    const { leaf } = await writeQuery(desk, { actor: 47, subject: 48 });
    const tag = sideTag(desk.log.tagger, 'subject', personOf(48));
    await desk.sql('DELETE FROM bridge.person_key WHERE tag = $1', [tag]);
    const html = desk.html(pageOf(await reveal(leaf, { field: 'subject.number', reason: REASON })), officer);
    expect(html).toContain('imha edilmiş');
    const [entry] = await desk.lastEntries(1);
    expect(entry).toMatchObject({
      kind: 'log.revealed',
      data: { leaf: Number(leaf), field: 'subject.number' },
    });
  });

  it('needs one of the fields and a reason without a number; the story that is shown again is written down', async () => {
    const { leaf } = await writeQuery(desk, { actor: 49, subject: 50 });
    const number = digitsOf(50);
    for (const [values, wrong] of [
      [{ field: '', reason: '' }, ['field', 'reason']],
      [{ field: 'constructor', reason: REASON }, ['field']],
      [{ field: 'subject.number', reason: `kişi ${number}` }, ['reason']],
      [{ field: 'subject.number', reason: 'x'.repeat(501) }, ['reason']],
      [{ field: 'sought.person', reason: REASON }, ['field']],
    ] as const) {
      const answer = await reveal(leaf, values);
      expect(answer).toMatchObject({ kind: 'page', status: 422 });
      expect(wrongFields(pageOf(answer))).toEqual(wrong);
      const [entry] = await desk.lastEntries(1);
      expect(entry).toMatchObject({ kind: 'console.opened', data: { page: 'story', about: String(leaf) } });
      expect(JSON.stringify(entry)).not.toContain(number);
    }
    const two = typed({ field: ['subject.number', 'actor.number'], reason: REASON });
    const call = desk.call('story.reveal', officer, { ...leafParams(leaf), fields: two });
    expect(wrongFields(pageOf(await handlers['story.reveal'](call)))).toEqual(['field']);
  });

  it('is refused once the session has ended meanwhile, with nothing opened', async () => {
    const { leaf } = await writeQuery(desk, { actor: 51, subject: 52 });
    const other = await officerOf(desk, 801);
    await desk.sql('UPDATE bridge.sign_in_session SET ended_at = now() WHERE session_id = $1', [
      other.officer.sessionId,
    ]);
    const made = reveal(leaf, { field: 'subject.number', reason: REASON }, other);
    expect(await failureOf(made)).toMatchObject({ code: 'TOKEN_INVALID' });
    expect((await desk.lastEntries(1))[0]?.kind).toBe('session.opened');
  });

  it('is for security officers and log inspectors alone', async () => {
    const finance = await desk.person(802, [{ role: 'finance' }, { role: 'administrator' }]);
    for (const id of ['story', 'story.reveal'] as const)
      expect(() => desk.call(id, finance)).toThrow(ConsoleRefusal);
  });
});
