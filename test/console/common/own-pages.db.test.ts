import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { indexUpToHead } from '../../../src/audit/search/index-entries.js';
import type { OwnPage } from '../../../src/console/common/own-page-handlers.js';
import { createOwnPageHandlers } from '../../../src/console/common/own-page-handlers.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import type { Page, TablePart } from '../../../src/console/frame/parts.js';
import type { HandlersOf } from '../../../src/console/frame/router.js';
import { openOwnPages } from '../../../src/house/console/open-own-pages.js';
import { listSessions } from '../../../src/sign-in/list-sessions.js';
import type { BrowserSession } from '../../../src/sign-in/living-session.js';
import { createStepUp } from '../../../src/sign-in/step-up/step-up.js';
import { personOf } from '../../audit/support/parts.js';
import { signInForTest } from '../../support/sign-in.js';
import { write, writeQuery } from '../security/search-support.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';

const COOPERATIVE = '0057975082300014';
const UNKNOWN = '0123456789000011';
const UNVAN = 'S.S. <b>Örnek</b> Konut Yapı Kooperatifi';

const REFUSED = {
  ...{ client: 'koopbis-core', instance: 'test-1', institution: 'T.C. Ticaret Bakanlığı', requestId: null },
  ...{ screen: null, purpose: 'toplu-aktarim', actor: null, code: 'PURPOSE_NOT_ALLOWED', reason: null },
} as const;

let desk: ConsoleDesk;
let pages: HandlersOf<OwnPage>;
const ended: string[] = [];

beforeAll(async () => {
  desk = await ConsoleDesk.open();
  const { log, test: place, config } = desk;
  const now = () => new Date();
  pages = openOwnPages(
    desk.parts({
      signIn: {
        browser: {
          issuer: 'https://sorgu.example',
          sessions: (session: BrowserSession) => listSessions(place.db, session.tag, now()),
          endOwn: async (_session: BrowserSession, other: string) => {
            ended.push(other);
            return true;
          },
          stepUp: createStepUp({
            ...{ log: log.appender, db: place.db, masterKeys: log.masterKeys, tagger: log.tagger, now },
            settings: { decaysAfterMinutes: 10, maxFailures: 5, lockMinutes: 15, enrolWithinMinutes: 5 },
          }),
        },
      } as never,
      config: { ...config, clients: [{ id: 'core', signIn: { name: 'KOOPBİS <Ortak>' } }] } as never,
    }),
  ).handlers;
});
afterAll(() => desk?.close());

const show = async (id: OwnPage, person: ConsolePerson, query: Record<string, string> = {}): Promise<Page> =>
  pageOf(await pages[id](desk.call(id, person, { query }) as never));
const tableOf = ({ parts }: Page) =>
  parts.find((part): part is TablePart => part.part === 'table') as TablePart;
const textOf = (page: Page, person: ConsolePerson) =>
  desk
    .html(page, person)
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('own look-ups', () => {
  let asker: ConsolePerson;

  beforeAll(async () => {
    asker = await desk.person(101, []);
    await desk.sql(
      `INSERT INTO bridge.authority_cooperative (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, read_at)
        VALUES ($1, $2, 'konut', '1163', 'birim', 'Ankara', 'ticaret', 'faal', now())`,
      [COOPERATIVE, UNVAN],
    );
    await writeQuery(desk, {
      actor: 101,
      subject: 1,
      intent: { cooperative: COOPERATIVE, purpose: 'ortak-kayit' },
    });
    await writeQuery(desk, {
      actor: 102,
      subject: 2,
      intent: { cooperative: COOPERATIVE, purpose: 'genel-kurul' },
    });
    await writeQuery(desk, {
      ...{ actor: 101, subject: 2, intent: { cooperative: UNKNOWN, purpose: 'resen-kontrol' } },
      outcome: { outcome: null, state: 'unknown' },
    });
    await writeQuery(desk, { actor: 101, subject: 3, intent: { cooperative: COOPERATIVE }, outcome: null });
    const number = personOf(55).reveal();
    await write(desk, 'query.refused', { ...REFUSED, cooperative: number }, [
      {
        field: 'actor.number',
        side: 'actor',
        person: personOf(101),
        text: personOf(101).reveal(),
        indexed: true,
      },
    ]);
    await indexUpToHead(desk.test.db);
  });

  test('are those of the person alone, newest first, with purpose, cooperative and outcome in words', async () => {
    const page = await show('own-queries', asker);
    const rows = tableOf(page).rows.map((row) => row.slice(1));
    const name = { lines: [UNVAN, COOPERATIVE] };
    expect(rows).toEqual([
      [
        { tr: 'Toplu aktarım', en: expect.any(String) },
        '',
        { mark: 'problem', text: expect.objectContaining({ tr: 'sorulmadan reddedildi' }) },
      ],
      [expect.anything(), name, { mark: 'calm', text: expect.objectContaining({ tr: 'sürüyor' }) }],
      [
        { tr: 'Resen kontrol', en: expect.any(String) },
        UNKNOWN,
        expect.objectContaining({ mark: 'warning' }),
      ],
      [{ tr: 'Ortak kaydı', en: expect.any(String) }, name, expect.objectContaining({ mark: 'good' })],
    ]);
    expect(page.parts.at(-1)).toMatchObject({ part: 'pager', first: null, next: null });
  });

  test('show nobody’s number, neither of who was asked about nor one typed in a wrong place, and hostile names harmlessly', async () => {
    const html = desk.html(await show('own-queries', asker), asker);
    for (const n of [1, 2, 3, 55, 101]) expect(html).not.toContain(personOf(n).reveal());
    expect(html).not.toContain('<b>Örnek</b>');
    expect(html).toContain('&lt;b&gt;Örnek&lt;/b&gt;');
  });

  test('of another person are not there, whatever the address says', async () => {
    const nobody = await desk.person(103, []);
    expect(tableOf(await show('own-queries', nobody)).rows).toEqual([]);
    expect(tableOf(await show('own-queries', nobody, { once: '999999999' })).rows).toEqual([]);
    expect(textOf(await show('own-queries', nobody), nobody)).toContain('Bu aralıkta sorgunuz yok');
  });

  test('go on page by page by a place in the log: nothing is lost or doubled while new ones come', async () => {
    const busy = await desk.person(104, []);
    for (let n = 0; n < 60; n += 1)
      await writeQuery(desk, {
        actor: 104,
        subject: 1,
        intent: { cooperative: COOPERATIVE, purpose: 'ortak-kayit' },
        outcome: null,
      });
    await indexUpToHead(desk.test.db);
    const counts: number[] = [];
    let next: string | null = '/konsol/sorgularim';
    while (next !== null) {
      const query = Object.fromEntries(new URL(next, 'https://x').searchParams);
      const page = await show('own-queries', busy, query);
      counts.push(tableOf(page).rows.length);
      await writeQuery(desk, { actor: 104, subject: 2, intent: { cooperative: COOPERATIVE }, outcome: null });
      await indexUpToHead(desk.test.db);
      const pager = page.parts.at(-1) as { next: string | null };
      next = pager.next;
    }
    expect(counts).toEqual([25, 25, 10]);
  });

  test.each(['-1', '1e9', '99999999999999999999', 'x', ''])(
    'a place %j that is none begins at the newest',
    async (once) => {
      expect(tableOf(await show('own-queries', asker, { once })).rows).toHaveLength(4);
    },
  );
});

describe('own sessions', () => {
  test('are those of the person alone, newest first, with the present one marked and applications by name', async () => {
    const person = await desk.person(111, []);
    await desk.person(112, []);
    const later = new Date(Date.now() + 1_000);
    const tools = { ...desk.log, log: desk.log.appender, db: desk.test.db };
    const other = await signInForTest(tools, { person: personOf(111), now: later });
    await desk.sql(
      `INSERT INTO bridge.session_client VALUES ($1, 'core', 'x', now()), ($1, 'gone', 'y', now())`,
      [other.sessionId],
    );
    const { rows } = tableOf(await show('sessions', person));
    expect(rows).toHaveLength(2);
    expect(rows.map((row) => row.at(-1))).toMatchObject([
      { button: { hidden: { oturum: other.sessionId }, text: { tr: 'Kapat' } } },
      { button: { hidden: { oturum: person.session.sessionId }, text: { tr: 'Çıkış yap' } } },
    ]);
    expect(rows[1]?.[0]).toMatchObject({ lines: [expect.anything(), { mark: 'good' }] });
    const html = desk.html(await show('sessions', person), person);
    expect(html).toContain('KOOPBİS &lt;Ortak&gt;');
    expect(html).toContain('<bdi>gone</bdi>');
  });

  test('say that no second step is set up, and where', async () => {
    const person = await desk.person(113, [], { steppedUp: false });
    const page = await show('sessions', person);
    expect(page.parts).toContainEqual(
      expect.objectContaining({
        part: 'notice',
        tone: 'warning',
        link: expect.objectContaining({ href: '/hesabim/ikinci-adim' }),
      }),
    );
  });

  test('one is ended by its id; the present one leads to a page that opens no other', async () => {
    const person = await desk.person(114, []);
    const tools = { ...desk.log, log: desk.log.appender, db: desk.test.db };
    const other = await signInForTest(tools, { person: personOf(114) });
    const end = (oturum: string) =>
      pages['sessions.end'](desk.call('sessions.end', person, { fields: typed({ oturum }) }));
    expect(await end(other.sessionId)).toEqual({
      kind: 'see-other',
      to: '/konsol/oturumlarim',
      told: 'ended',
    });
    expect(await end(person.session.sessionId)).toEqual({
      kind: 'see-other',
      to: '/konsol/don',
      told: 'ended',
    });
    expect(ended.splice(0)).toEqual([other.sessionId, person.session.sessionId]);
  });

  test('another person’s session is as unknown as none, and is not ended', async () => {
    const person = await desk.person(115, []);
    const stranger = await desk.person(116, []);
    for (const oturum of [stranger.session.sessionId, randomUUID(), '', "' OR 1=1"])
      await expect(
        pages['sessions.end'](desk.call('sessions.end', person, { fields: typed({ oturum }) })),
      ).rejects.toMatchObject({ code: 'NOT_FOUND', reason: 'session' });
    expect(ended).toEqual([]);
  });

  test('with a second step say until when it is good, and lead to it with the way back', async () => {
    const person = await desk.person(117, []);
    const handlers = createOwnPageHandlers({
      issuer: 'https://sorgu.example',
      sessions: async () => [],
      endOwn: async () => true,
      stepUpState: async () => ({
        enrolledAt: new Date('2026-03-02T08:05:00Z'),
        lockedUntil: new Date('2026-03-02T09:05:00Z'),
        recoveryCodesLeft: 2,
      }),
      applicationName: (id) => id,
      ownQueries: async () => Promise.reject(new Error('not asked')),
      cooperativeNames: async () => new Map(),
    });
    const page = pageOf(await handlers.sessions(desk.call('sessions', person)));
    const text = textOf(page, person);
    for (const said of [
      '02.03.2026 11:05',
      '02.03.2026 12:05',
      'Kalan kurtarma kodu',
      'doğrulandı, şu ana dek geçerli',
    ])
      expect(text).toContain(said);
    const links = page.parts.flatMap((part) => (part.part === 'links' ? part.links : []));
    const to = new URL(links[0]?.href ?? '', 'https://sorgu.example');
    expect(Object.fromEntries(to.searchParams)).toMatchObject({
      acr_values: 'urn:koopbis:acr:step-up',
      redirect_uri: 'https://sorgu.example/konsol/don',
      state: '/konsol/oturumlarim',
    });
  });
});

describe('start and help', () => {
  test('show the pages of the person’s roles with what they are for, and of no other', async () => {
    const finance = await desk.person(121, [{ role: 'finance' }]);
    const home = textOf(await show('home', finance), finance);
    expect(home).toContain('Mali görevli');
    expect(home).toContain('Bu çeyreğin kullanımı');
    expect(home).not.toContain('Uyarılar');
    const directorate = await desk.person(122, [{ role: 'directorate', ministry: 'ticaret', il: 'İzmir' }]);
    expect(textOf(await show('home', directorate), directorate)).toContain('Ticaret Bakanlığı, İzmir');
    const nobody = await desk.person(123, []);
    expect(textOf(await show('home', nobody), nobody)).toContain('personel göreviniz yok');
  });

  test('the help says of every page and action what it is for and who may, and explains the error number', async () => {
    const finance = await desk.person(124, [{ role: 'finance' }]);
    const page = await show('help', finance);
    const text = textOf(page, finance);
    expect(text).toContain('Hata numarası');
    expect(text).toContain(
      'Bir kişiyi kimin sorguladığını sorma formu. sayfa Güvenlik görevlisi, Kayıt denetçisi',
    );
    const open = page.parts.flatMap((part) =>
      part.part === 'table' ? part.rows.map(([cell]) => (cell as { href: string }).href) : [],
    );
    expect(open).toContain('/konsol/mali');
    expect(open.some((path) => path.startsWith('/konsol/guvenlik'))).toBe(false);
  });
});
