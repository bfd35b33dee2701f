import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { openStaff } from '../../../src/house/console/open-staff.js';
import { countLivingSessions } from '../../../src/sign-in/list-sessions.js';
import { digitsOf, personOf } from '../../audit/support/parts.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';
import { errorsOf, refusalOf } from './role-desk.js';

const HOSTILE = '<script>alert(1)</script>\u202E=cmd';
const LOOKED_FOR = 20;

let desk: ConsoleDesk;
let staff: ReturnType<typeof openStaff>;
let administrator: ConsolePerson;
let officer: ConsolePerson;
beforeAll(async () => {
  desk = await ConsoleDesk.open();
  staff = openStaff(desk.parts());
  administrator = await desk.person(1, [{ role: 'administrator' }]);
  officer = await desk.person(2, [{ role: 'security-officer' }]);
});
afterAll(() => desk?.close());

const page = async (by: ConsolePerson, query: Readonly<Record<string, string>> = {}) =>
  pageOf(await staff.handlers['all-sessions'](desk.call('all-sessions', by, { query })));
const find = (by: ConsolePerson, kimlikNo: string) => {
  const fields = typed({ kimlikNo });
  return staff.handlers['all-sessions.find'](desk.call('all-sessions.find', by, { fields }));
};
const lookOf = async (by: ConsolePerson, n: number) => {
  const answer = await find(by, digitsOf(n));
  if (answer.kind !== 'see-other') throw new Error('nothing was found');
  return new URL(answer.to, 'https://konsol').searchParams.get('bakis') ?? '';
};
const end = (session: string, fields: Readonly<Record<string, string>>, by = administrator) =>
  staff.handlers['all-sessions.end'](
    desk.call('all-sessions.end', by, { params: { session }, fields: typed(fields) }),
  );
const reset = (fields: Readonly<Record<string, string>>) =>
  staff.handlers['step-up.reset'](desk.call('step-up.reset', administrator, { fields: typed(fields) }));

describe('sessions of a person', () => {
  it('are found by a number that stands in no address, and shown as the database has them', async () => {
    const one = await desk.person(LOOKED_FOR, []);
    const two = await desk.person(LOOKED_FOR, []);
    const answer = await find(officer, digitsOf(LOOKED_FOR));
    expect(answer).toEqual({
      kind: 'see-other',
      to: expect.stringMatching(/^\/konsol\/yonetim\/oturumlar\?bakis=[0-9a-f-]{36}$/),
    });
    const text = JSON.stringify(await page(officer, { bakis: await lookOf(officer, LOOKED_FOR) }));
    for (const { session } of [one, two]) expect(text).toContain(session.sessionId);
    expect(text).not.toContain(administrator.session.sessionId);
    expect(text).not.toContain(digitsOf(LOOKED_FOR));
  });

  it('shown are an entry that the person’s own search finds, without the number in clear', async () => {
    const look = await lookOf(officer, LOOKED_FOR);
    await page(officer, { bakis: look });
    const [opened] = await desk.lastEntries(1);
    expect(opened).toMatchObject({
      kind: 'console.opened',
      data: { page: 'all-sessions', actor: { session: officer.session.sessionId } },
    });
    const [row] = await desk.sql<{ line: string }>(
      'SELECT line FROM bridge.entry ORDER BY leaf_index DESC LIMIT 1',
    );
    const line = JSON.parse(row?.line ?? '{}') as { sealed: Record<string, unknown> };
    expect(Object.keys(line.sealed).sort()).toEqual(['actor.number', 'subject.number']);
    expect(row?.line).not.toContain(digitsOf(LOOKED_FOR));
    await page(officer);
    const [plain] = await desk.sql<{ line: string }>(
      'SELECT line FROM bridge.entry ORDER BY leaf_index DESC LIMIT 1',
    );
    expect(Object.keys((JSON.parse(plain?.line ?? '{}') as { sealed: object }).sealed)).toEqual([
      'actor.number',
    ]);
  });

  it('are not shown to another session by the same address', async () => {
    const look = await lookOf(officer, LOOKED_FOR);
    const text = JSON.stringify(await page(administrator, { bakis: look }));
    expect(text).toContain('Bu aramanın süresi doldu');
  });

  it('are ended for a reason, with the entries of an ordered end', async () => {
    const gone = await desk.person(LOOKED_FOR, []);
    const { sessionId } = gone.session;
    const look = await lookOf(administrator, LOOKED_FOR);
    const form = desk.html(await page(administrator, { bakis: look, kapat: sessionId }), administrator);
    expect(form).toContain(`/konsol/yonetim/oturumlar/${sessionId}/kapat`);
    expect(await end(sessionId, { neden: 'ekran açık kalmış', bakis: look })).toEqual({
      kind: 'see-other',
      to: `/konsol/yonetim/oturumlar?bakis=${look}`,
      told: 'ended',
    });
    const [ordered, ended] = await desk.lastEntries(2);
    expect(ordered).toMatchObject({
      kind: 'session.end-ordered',
      data: {
        session: sessionId,
        reason: 'ekran açık kalmış',
        actor: { session: administrator.session.sessionId },
      },
    });
    expect(ended).toMatchObject({
      kind: 'session.ended',
      data: { session: sessionId, reason: 'ended-by-administrator' },
    });
    expect(await refusalOf(end(sessionId, { neden: 'bir daha' }))).toBe('STATE_CONFLICT');
    expect(JSON.stringify(await page(administrator, { bakis: look }))).not.toContain(sessionId);
  });

  it('are ended by administrators alone; a security officer sees no form for it', async () => {
    const look = await lookOf(officer, LOOKED_FOR);
    const session = (await desk.person(LOOKED_FOR, [])).session.sessionId;
    const html = desk.html(await page(officer, { bakis: look, kapat: session }), officer);
    expect(html).not.toContain('/kapat');
    expect(html).not.toContain('/konsol/yonetim/ikinci-adim');
    expect(() => desk.call('all-sessions.end', officer)).toThrow('ROLE_REQUIRED');
    expect(() => desk.call('step-up.reset', officer)).toThrow('ROLE_REQUIRED');
  });

  it('cannot be found or ended by what is typed wrongly: it comes back beside its field', async () => {
    const wrong = await find(administrator, '123');
    expect([wrong.kind === 'page' ? wrong.status : 0, Object.keys(errorsOf(wrong))]).toEqual([
      422,
      ['kimlikNo'],
    ]);
    const look = await lookOf(administrator, LOOKED_FOR);
    const { sessionId } = (await desk.person(LOOKED_FOR, [])).session;
    for (const neden of ['', digitsOf(5), 'x'.repeat(501)]) {
      const answer = await end(sessionId, { neden, bakis: look });
      expect([answer.kind === 'page' ? answer.status : 0, Object.keys(errorsOf(answer))]).toEqual([
        422,
        ['neden'],
      ]);
    }
    expect(await refusalOf(end(HOSTILE, { neden: 'x' }))).toBe('STATE_CONFLICT');
    const html = desk.html(pageOf(await find(administrator, HOSTILE)), administrator);
    expect(html).not.toContain('<script>alert');
    expect(
      desk.html(await page(administrator, { bakis: HOSTILE, kapat: HOSTILE }), administrator),
    ).not.toContain('<script>');
  });

  it('are counted altogether, no further than anybody needs', async () => {
    const [row] = await desk.sql<{ n: number }>(
      'SELECT count(*)::int AS n FROM bridge.sign_in_session WHERE ended_at IS NULL AND expires_at > now() AND idle_until > now()',
    );
    const tile = (await page(administrator)).parts.find((one) => one.part === 'tiles');
    expect(tile?.part === 'tiles' ? tile.tiles[0]?.value : '').toBe(String(row?.n));
    expect(await countLivingSessions(desk.test.db, new Date(), 2)).toBe(2);
  });
});

describe('a lost second step', () => {
  const device = async (n: number) =>
    desk.sql(
      `INSERT INTO bridge.step_up_device (person_tag, box, master_key_id, enrolled_at) VALUES ($1, '\\x01', 'm', now())`,
      [desk.log.tagger.tag('authority', personOf(n))],
    );

  it('is taken away for a reason, with an entry about the person', async () => {
    await device(30);
    expect(await reset({ kimlikNo: digitsOf(30), neden: 'telefon kayıp' })).toMatchObject({ told: 'done' });
    expect((await desk.lastEntries(1))[0]).toMatchObject({
      kind: 'step-up.removed',
      data: { reason: 'telefon kayıp', actor: { session: administrator.session.sessionId } },
    });
    expect(await desk.sql('SELECT 1 FROM bridge.step_up_device')).toEqual([]);
  });

  it('is never one’s own, nor one that was not set up', async () => {
    await device(1);
    expect(await refusalOf(reset({ kimlikNo: digitsOf(1), neden: 'kendim' }))).toBe(
      'STATE_CONFLICT own-person',
    );
    expect(await desk.sql('SELECT 1 FROM bridge.step_up_device')).toHaveLength(1);
    const none = await reset({ kimlikNo: digitsOf(31), neden: 'yanlış kişi' });
    expect(errorsOf(none)).toEqual({ kimlikNo: 'Bu kişinin kurulmuş bir ikinci adımı yok.' });
    const both = await reset({ kimlikNo: '', neden: '' });
    expect(Object.keys(errorsOf(both))).toEqual(['kimlikNo', 'neden']);
  });
});
