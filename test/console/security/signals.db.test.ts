import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sideTag } from '../../../src/audit/person-keys.js';
import { plainLane } from '../../../src/audit/plain-lane.js';
import { indexUpToHead } from '../../../src/audit/search/index-entries.js';
import { evaluateSignals } from '../../../src/audit/signals/evaluate-signals.js';
import { listSignals } from '../../../src/audit/signals/list-signals.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import type { Page, Part, TablePart } from '../../../src/console/frame/parts.js';
import { openCases } from '../../../src/house/console/open-cases.js';
import { openSearch } from '../../../src/house/console/open-search.js';
import { digitsOf, numberOf, personOf } from '../../audit/support/parts.js';
import { intentDraft } from '../../support/drafts.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';

const RULE = { code: 'many-people', measure: 'people-asked-about', threshold: 2, windowMinutes: 10 } as const;
const [OFFICER, INSPECTOR, FINANCE] = [50, 51, 52];
let desk: ConsoleDesk;
let officer: ConsolePerson;
let inspector: ConsolePerson;
let handlers: ReturnType<typeof openCases>['handlers'];

beforeAll(async () => {
  desk = await ConsoleDesk.open();
  officer = await desk.person(OFFICER, [{ role: 'security-officer' }]);
  inspector = await desk.person(INSPECTOR, [{ role: 'log-inspector' }]);
  ({ handlers } = openCases(desk.parts()));
  await look();
}, 60_000);
afterAll(() => desk.close());

const look = () =>
  evaluateSignals(
    {
      ...{ db: desk.test.db, appender: desk.log.appender, masterKeys: desk.log.masterKeys },
      ...{ instance: 'test-1', rules: [RULE] },
    },
    new Date(),
  );

/** Each of these users asks about two people; ids of the signals, the newest first. */
async function raise(...users: readonly number[]): Promise<readonly string[]> {
  for (const user of users) {
    for (const n of [1, 2])
      await desk.log.appender.submit(
        plainLane,
        intentDraft({ query: randomUUID() }, [numberOf('actor', user), numberOf('subject', 700 + n)]),
      );
    await indexUpToHead(desk.test.db);
    await look();
  }
  const { signals } = await listSignals(desk.test.db, { after: null, limit: 200, openOnly: false });
  return signals.map(({ id }) => id);
}

const list = async (query: Readonly<Record<string, string>> = {}) =>
  pageOf(await handlers.signals(desk.call('signals', officer, { query })));
const show = async (signal: string, who = officer) =>
  pageOf(await handlers.signal(desk.call('signal', who, { params: { signal } })));
const decide = (signal: string, fields: Readonly<Record<string, string>>, who = officer) =>
  handlers['signal.decide'](desk.call('signal.decide', who, { params: { signal }, fields: typed(fields) }));
const partsOf = <K extends Part['part']>(page: Page, part: K) =>
  page.parts.filter((one): one is Extract<Part, { part: K }> => one.part === part);
const rowsOf = (page: Page) => (partsOf(page, 'table')[0] as TablePart).rows;
const GOOD = { decision: 'justified', note: 'Toplu üye kaydı' };

describe('the list of signals', () => {
  it('shows what the database holds, open ones first, and names nobody', async () => {
    const [newest = '', older = ''] = await raise(1, 2);
    await decide(newest, GOOD);
    const page = await list();
    const hrefs = rowsOf(page).map(([cell]) => (cell as { href: string }).href);
    expect(hrefs).toEqual([older, newest].map((id) => `/konsol/guvenlik/uyarilar/${id}`));
    expect(rowsOf(page)[0]).toContainEqual({
      tr: '2 farklı kişi (eşik 2)',
      en: '2 different people (threshold 2)',
    });
    const html = desk.html(page, officer);
    for (const n of [1, 2]) expect(html).not.toContain(digitsOf(n));
    expect(rowsOf(await list({ durum: 'acik' }))).toHaveLength(1);
    expect(rowsOf(await list({ durum: 'karar' }))).toHaveLength(1);
  });

  it('pages by the place of the last row: each once, none left out, nothing jumps', async () => {
    const ids = await raise(...Array.from({ length: 60 }, (_, i) => 100 + i));
    const seen: string[] = [];
    let query: Record<string, string> | null = {};
    while (query !== null) {
      const page: Page = await list(query);
      seen.push(...rowsOf(page).map(([cell]) => (cell as { href: string }).href.split('/').at(-1) ?? ''));
      const [pager] = partsOf(page, 'pager');
      query = pager?.next == null ? null : Object.fromEntries(new URL(pager.next, 'https://x').searchParams);
    }
    expect(seen).toHaveLength(ids.length);
    expect(new Set(seen)).toEqual(new Set(ids));
    expect(rowsOf(await list())).toHaveLength(50);
  });

  it('takes a place that it never gave for the beginning', async () => {
    const first = rowsOf(await list());
    for (const sonra of ['open:99999999999999999999', "x' OR 1=1", '<script>'])
      expect(rowsOf(await list({ sonra, durum: 'yok' }))).toEqual(first);
  });
});

describe('one signal', () => {
  it('says what its rule measures, the count, the window and where to look further', async () => {
    const [signal = ''] = await raise(3);
    const page = await show(signal);
    expect(page.title).toMatchObject({ tr: 'Kısa sürede çok sayıda farklı kişi sorgulandı' });
    const html = desk.html(page, officer);
    expect(html).toContain('2 farklı kişi');
    expect(html).toContain('***');
    expect(html).not.toContain(digitsOf(3));
    const [row] = await desk.sql<{ raised_leaf: bigint }>(
      'SELECT raised_leaf FROM bridge.signal WHERE signal_id = $1',
      [signal],
    );
    expect(partsOf(page, 'links')[0]?.links.map(({ href }) => href)).toEqual([
      expect.stringMatching(/^\/konsol\/guvenlik\/kullanici\/[0-9a-f-]{36}$/),
      `/konsol/guvenlik/kayit/${row?.raised_leaf}`,
    ]);
    expect(partsOf(page, 'form')).toHaveLength(1);
    expect(partsOf(await show(signal, inspector), 'form')).toHaveLength(0);
  });

  it('leads to what its user did on those days, the signal as the basis, and the number on no page', async () => {
    const [signal = ''] = await raise(31);
    const search = openSearch(desk.parts()).handlers;
    const href = partsOf(await show(signal), 'links')[0]?.links[0]?.href ?? '';
    const look = href.split('/').at(-1) ?? '';
    const page = pageOf(await search['user.page'](desk.call('user.page', officer, { params: { look } })));
    const html = desk.html(page, officer);
    expect(html).not.toContain(digitsOf(31));
    const [searched] = await desk.lastEntries(1);
    expect(searched).toMatchObject({
      kind: 'log.searched',
      data: {
        basis: { authority: 'Güvenlik uyarısı', documentNo: signal },
        criteria: { actor: true, person: false },
        // Both look-ups, and the signal itself.
        results: 3,
      },
    });
  });

  it('whose user’s key was destroyed says so and leads nowhere', async () => {
    const [signal = ''] = await raise(32);
    await desk.sql('DELETE FROM bridge.person_key WHERE tag = $1', [
      sideTag(desk.log.tagger, 'actor', personOf(32)),
    ]);
    const page = await show(signal);
    expect(partsOf(page, 'links')[0]?.links).toHaveLength(1);
    expect(desk.html(page, officer)).toContain('artık açılamaz');
  });

  it('that does not exist, or is no id at all, is not found', async () => {
    for (const id of [randomUUID(), '1', digitsOf(3), "'"])
      await expect(show(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a decision about a signal', () => {
  it('is the entry that the catalogue has, and shows on the signal', async () => {
    const [signal = ''] = await raise(4);
    expect(await decide(signal, { decision: 'reported', note: 'İl müdürlüğüne bildirildi' })).toEqual({
      kind: 'see-other',
      to: `/konsol/guvenlik/uyarilar/${signal}`,
      told: 'done',
    });
    const { acr, authTime, sessionId: session } = officer.officer;
    expect(await desk.lastEntries(1)).toEqual([
      {
        kind: 'signal.decided',
        data: {
          actor: { acr, authTime: authTime.toISOString(), session },
          decision: 'reported',
          instance: desk.config.instance,
          note: 'İl müdürlüğüne bildirildi',
          signal,
        },
      },
    ]);
    const page = await show(signal);
    expect(partsOf(page, 'form')).toHaveLength(0);
    expect(desk.html(page, officer)).toContain('İl müdürlüğüne bildirildi');
  });

  it('with a wrong field comes back with what was typed and what is wrong beside it; nothing is written', async () => {
    const [signal = ''] = await raise(5);
    const before = await desk.lastEntries(1);
    const cases = [
      [{ decision: 'justified', note: '' }, ['note']],
      [{ decision: 'nonsense', note: 'iyi' }, ['decision']],
      [{ decision: 'justified', note: 'x'.repeat(501) }, ['note']],
      [{ decision: '', note: `kişi ${digitsOf(9)}` }, ['decision', 'note']],
    ] as const;
    for (const [fields, wrong] of cases) {
      const answer = await decide(signal, fields);
      expect(answer).toMatchObject({ kind: 'page', status: 422 });
      const [form] = partsOf(pageOf(answer), 'form');
      expect(form?.fields.filter(({ error }) => error !== undefined).map(({ name }) => name)).toEqual(wrong);
      expect(form?.fields.find(({ name }) => name === 'note')).toMatchObject({ value: fields.note });
    }
    expect(await desk.lastEntries(1)).toEqual(before);
  });

  it('a second time, or about oneself, is refused', async () => {
    const [signal = ''] = await raise(6);
    await decide(signal, GOOD);
    await expect(decide(signal, GOOD)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    const [own = ''] = await raise(OFFICER);
    await expect(decide(own, GOOD)).rejects.toMatchObject({ code: 'SECOND_PERSON_REQUIRED' });
  });

  it('is not for an inspector of the log, nor for anybody without a role', async () => {
    const [signal = ''] = await raise(7);
    const finance = await desk.person(FINANCE, [{ role: 'finance' }]);
    expect(() => desk.call('signal.decide', inspector)).toThrow('ROLE_REQUIRED');
    for (const id of ['signals', 'signal', 'signal.decide'] as const)
      expect(() => desk.call(id, finance)).toThrow('ROLE_REQUIRED');
    await desk.sql("UPDATE bridge.authority_role SET role = 'finance' WHERE person_tag = $1", [
      officer.officer.tag,
    ]);
    await expect(decide(signal, GOOD)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    await desk.sql("UPDATE bridge.authority_role SET role = 'security-officer' WHERE person_tag = $1", [
      officer.officer.tag,
    ]);
  });

  it('shows a hostile note harmlessly', async () => {
    const [signal = ''] = await raise(8);
    const note = '<script>alert(1)</script>=cmd|calc';
    const turned = await decide(signal, { decision: 'false-alarm', note: `${note}\u202e` });
    expect(turned).toMatchObject({ kind: 'page', status: 422 });
    await decide(signal, { decision: 'false-alarm', note });
    const html = desk.html(await show(signal), officer);
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script&gt;');
    expect(html).toMatch(/<bdi>[^<]*&lt;script&gt;/);
  });
});
