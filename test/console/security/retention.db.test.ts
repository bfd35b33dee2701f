import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plainLane } from '../../../src/audit/plain-lane.js';
import { istanbulYear } from '../../../src/calendar/istanbul-day.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import type { Page, Part, TablePart } from '../../../src/console/frame/parts.js';
import { openCases } from '../../../src/house/console/open-cases.js';
import { digitsOf, numberOf } from '../../audit/support/parts.js';
import { intentDraft } from '../../support/drafts.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';

const [OFFICER, OTHER, INSPECTOR] = [50, 51, 52];
const SUBJECT = 7;
const YEAR = istanbulYear(new Date());
let desk: ConsoleDesk;
let officer: ConsolePerson;
let other: ConsolePerson;
let handlers: ReturnType<typeof openCases>['handlers'];

beforeAll(async () => {
  desk = await ConsoleDesk.open();
  officer = await desk.person(OFFICER, [{ role: 'security-officer' }]);
  other = await desk.person(OTHER, [{ role: 'security-officer' }]);
  ({ handlers } = openCases(desk.parts()));
  await desk.log.appender.submit(
    plainLane,
    intentDraft({}, [numberOf('actor', 1), numberOf('subject', SUBJECT)]),
  );
}, 60_000);
afterAll(() => desk.close());

type Fields = Readonly<Record<string, string>>;
const show = async (query: Fields = {}, who = officer) =>
  pageOf(await handlers.retention(desk.call('retention', who, { query })));
const destroy = (fields: Fields) =>
  handlers['retention.destroy'](desk.call('retention.destroy', officer, { fields: typed(fields) }));
const hold = (fields: Fields) =>
  handlers['retention.hold'](desk.call('retention.hold', officer, { fields: typed(fields) }));
const lift = (id: string, fields: Fields) =>
  handlers['retention.lift'](
    desk.call('retention.lift', officer, { params: { hold: id }, fields: typed(fields) }),
  );
const partsOf = <K extends Part['part']>(page: Page, part: K) =>
  page.parts.filter((one): one is Extract<Part, { part: K }> => one.part === part);
const table = (page: Page, n: number) => partsOf(page, 'table')[n] as TablePart;
const wrongOf = (page: Page) =>
  partsOf(page, 'form').flatMap(({ fields }) =>
    fields.filter(({ error }) => error !== undefined).map(({ name }) => name),
  );

const DESTRUCTION = {
  person: digitsOf(SUBJECT),
  side: 'both',
  yearFrom: String(YEAR),
  yearTo: String(YEAR),
  authority: 'court',
  number: '2026/123 E.',
  date: '2026-05-04',
  reason: 'kararın gereği',
};
const HOLD = {
  person: digitsOf(30),
  yearFrom: '2020',
  yearTo: '2026',
  authority: 'Ankara 3. Ağır Ceza',
  number: '2026/7',
  date: '2026-05-04',
  reason: 'soruşturma sürüyor',
};
const actor = ({ officer: { acr, authTime, sessionId: session } }: ConsolePerson) => ({
  ...{ acr, session },
  authTime: authTime.toISOString(),
});

describe('a proposal to destroy', () => {
  it('is written as the lane writes it, waits for a second officer, and shows nobody’s number', async () => {
    expect(await destroy(DESTRUCTION)).toEqual({
      kind: 'see-other',
      to: '/konsol/guvenlik/saklama',
      told: 'proposed',
    });
    const [entry] = await desk.lastEntries(1);
    const { proposal } = entry?.data ?? {};
    expect(entry).toEqual({
      kind: 'retention.proposed',
      data: {
        actor: actor(officer),
        decision: { authority: 'court', date: '2026-05-04', number: '2026/123 E.' },
        expiresAt: expect.any(String),
        hold: null,
        instance: desk.config.instance,
        proposal,
        reason: 'kararın gereği',
        side: 'both',
        term: null,
        what: 'destroy',
        yearFrom: YEAR,
        yearTo: YEAR,
      },
    });
    const own = await show();
    expect(table(own, 0).rows).toHaveLength(1);
    expect(table(own, 0).rows[0]?.[0]).toMatchObject({ href: `/konsol/kararlar/${proposal}` });
    expect(table(own, 0).rows[0]?.[1]).toMatchObject({ tr: expect.stringMatching(/^Siz/) });
    expect(table(await show({}, other), 0).rows[0]?.[1]).toMatchObject({ tr: 'Başka bir görevli' });
    expect(desk.html(own, officer)).not.toContain(digitsOf(SUBJECT));
  });

  it('comes back field by field where something is wrong, with what was typed, and writes nothing', async () => {
    const before = await desk.lastEntries(1);
    const cases: readonly (readonly [Fields, readonly string[]])[] = [
      [{ person: '12345678901' }, ['person']],
      [{ person: '' }, ['person']],
      [{ side: 'neither' }, ['side']],
      [{ yearFrom: '1999' }, ['yearFrom']],
      [{ yearTo: String(YEAR + 1) }, ['yearTo']],
      [{ yearFrom: String(YEAR), yearTo: '2020' }, ['yearTo']],
      [{ authority: 'minister' }, ['authority']],
      [{ number: '' }, ['number']],
      [{ number: `karar ${digitsOf(3)}` }, ['number']],
      [{ date: '2026-02-30' }, ['date']],
      [{ date: '2999-01-01' }, ['date']],
      [{ reason: 'x'.repeat(501) }, ['reason']],
      [{ reason: `TC ${digitsOf(3)}` }, ['reason']],
    ];
    for (const [change, wrong] of cases) {
      const answer = await destroy({ ...DESTRUCTION, ...change });
      expect(answer).toMatchObject({ kind: 'page', status: 422 });
      const page = pageOf(answer);
      expect(wrongOf(page)).toEqual(wrong);
      for (const [name, value] of Object.entries({ ...DESTRUCTION, ...change })) {
        const field = partsOf(page, 'form')[0]?.fields.find((one) => one.name === name);
        expect(field).toMatchObject({ value });
      }
    }
    expect(await desk.lastEntries(1)).toEqual(before);
  });

  it('against a legal hold is refused on the same page, and the refusal is written down', async () => {
    const held = { ...HOLD, person: digitsOf(31), yearFrom: String(YEAR), yearTo: String(YEAR) };
    await hold(held);
    const answer = await destroy({ ...DESTRUCTION, person: digitsOf(31) });
    expect(answer).toMatchObject({ kind: 'page', status: 409 });
    expect(desk.html(pageOf(answer), officer)).toContain('yasal tutma altındadır');
    expect(await desk.lastEntries(1)).toMatchObject([
      { kind: 'retention.refused', data: { code: 'legal-hold', what: 'destroy', actor: actor(officer) } },
    ]);
  });
});

describe('a legal hold', () => {
  it('is placed by one officer, stands in the list as it was typed, and is an entry', async () => {
    expect(await hold(HOLD)).toMatchObject({ kind: 'see-other', told: 'done' });
    const [entry] = await desk.lastEntries(1);
    expect(entry).toEqual({
      kind: 'hold.placed',
      data: {
        actor: actor(officer),
        document: { authority: HOLD.authority, date: HOLD.date, number: HOLD.number },
        hold: entry?.data.hold,
        instance: desk.config.instance,
        reason: HOLD.reason,
        yearFrom: 2020,
        yearTo: 2026,
      },
    });
    const row = table(await show(), 1).rows[0];
    expect(row?.slice(1, 6)).toEqual([
      '2020–2026',
      HOLD.authority,
      HOLD.number,
      { tr: '04.05.2026', en: '4 May 2026' },
      '***',
    ]);
  });

  it('with a wrong field comes back with what was typed', async () => {
    const answer = await hold({ ...HOLD, person: '1', authority: '', yearFrom: '20' });
    expect(answer).toMatchObject({ status: 422 });
    expect(wrongOf(pageOf(answer))).toEqual(['person', 'yearFrom', 'authority']);
  });

  it('is lifted by a second officer alone: the first one only proposes, with a reason', async () => {
    await hold({ ...HOLD, number: '2026/8' });
    const id: string = (await desk.lastEntries(1))[0]?.data.hold;
    const page = await show({ tutma: id });
    expect(partsOf(page, 'form')[0]?.action).toBe(`/konsol/guvenlik/saklama/tutma/${id}/kaldir`);
    expect(await lift(id, { reason: '' })).toMatchObject({ status: 422 });
    expect(await lift(id, { reason: 'dava düştü' })).toMatchObject({ told: 'proposed' });
    expect(await desk.lastEntries(1)).toMatchObject([
      { kind: 'retention.proposed', data: { what: 'lift-hold', hold: id, reason: 'dava düştü' } },
    ]);
    const [row] = await desk.sql<{ lifted_leaf: bigint | null }>(
      'SELECT lifted_leaf FROM bridge.legal_hold WHERE hold_id = $1',
      [id],
    );
    expect(row?.lifted_leaf).toBeNull();
    for (const unknown of [randomUUID(), 'x', digitsOf(3)])
      await expect(lift(unknown, { reason: 'r' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('sent twice is one: the second comes back with what was typed, and so does a second proposal to lift it', async () => {
    const twice = { ...HOLD, person: digitsOf(32), number: '2026/9' };
    await hold(twice);
    const id: string = (await desk.lastEntries(1))[0]?.data.hold;
    const again = await hold(twice);
    expect(again).toMatchObject({ status: 409, refused: { code: 'STATE_CONFLICT', reason: null } });
    expect(desk.html(pageOf(again), officer)).toContain('yasal tutma zaten var');
    expect(JSON.stringify(pageOf(again))).toContain('"2026/9"');
    await lift(id, { reason: 'dava düştü' });
    const second = await lift(id, { reason: 'dava yine düştü' });
    expect(second).toMatchObject({ status: 409, refused: { code: 'STATE_CONFLICT', reason: null } });
    const html = desk.html(pageOf(second), officer);
    expect(html).toContain('zaten önerilmiş');
    expect(html).toContain('dava yine düştü');
  });

  it('of which there are many come page by page, each once, standing ones first', async () => {
    for (let n = 0; n < 60; n += 1) await hold({ ...HOLD, number: `2026/${1000 + n}` });
    const ids: string[] = [];
    let query: Fields | null = {};
    while (query !== null) {
      const page: Page = await show(query);
      ids.push(...table(page, 1).rows.map((row) => JSON.stringify(row)));
      const next = partsOf(page, 'pager')[0]?.next;
      query = next == null ? null : Object.fromEntries(new URL(next, 'https://x').searchParams);
    }
    const [count] = await desk.sql<{ holds: number }>('SELECT count(*)::int AS holds FROM bridge.legal_hold');
    expect(ids).toHaveLength(count?.holds ?? 0);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('with hostile words is shown harmlessly', async () => {
    await hold({ ...HOLD, authority: '<script>x</script>', number: '=cmd|calc' });
    const html = desk.html(await show(), officer);
    expect(html).not.toContain('<script>x');
    expect(html).toContain('<bdi>&lt;script&gt;x');
  });
});

describe('the page of retention', () => {
  it('says the term in force, and that a shorter one of the settings waits for two officers', async () => {
    const { years } = desk.config.audit.retention;
    expect(desk.html(await show(), officer)).toContain(`Kaydın yılından sonra ${years} tam yıl`);
    await desk.sql("INSERT INTO bridge.log_state (name, state) VALUES ('retention', $1)", [
      JSON.stringify({ years: years + 5, lastRunAt: '2026-05-04T09:00:00.000Z', refusedYears: null }),
    ]);
    const page = await show();
    expect(desk.html(page, officer)).toContain(`iki görevli onaylayana kadar ${years + 5} yıl`);
    expect(desk.html(page, officer)).toContain('04.05.2026 12:00');
  });

  it('is for security officers alone', async () => {
    const inspector = await desk.person(INSPECTOR, [{ role: 'log-inspector' }, { role: 'finance' }]);
    for (const id of ['retention', 'retention.destroy', 'retention.hold', 'retention.lift'] as const)
      expect(() => desk.call(id, inspector)).toThrow('ROLE_REQUIRED');
  });

  it('does nothing for an officer whose role has ended meanwhile', async () => {
    await desk.sql('DELETE FROM bridge.authority_role WHERE person_tag = $1', [officer.officer.tag]);
    for (const act of [() => destroy(DESTRUCTION), () => hold(HOLD)])
      await expect(act()).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });
});
