import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { endSession } from '../../../src/sign-in/end-session.js';
import { digitsOf } from '../../audit/support/parts.js';
import { pageOf, typed } from '../support/console-desk.js';
import {
  AreaDesk,
  BOARD,
  DESK,
  FAR,
  OTHER_MINISTRY,
  OWN,
  partsOf,
  rowsOf,
  SECOND,
  SUBJECT,
} from './support.js';

const NO_SUCH = '0b9c2a34-3a0e-4c43-9f5c-2c9ed7a2b001';

let area: AreaDesk;
let people: Awaited<ReturnType<AreaDesk['people']>>;
beforeAll(async () => {
  area = await AreaDesk.open();
  await area.world();
  people = await area.people();
});
afterAll(() => area.close());
beforeEach(async () => {
  await area.desk.sql("UPDATE bridge.appointment SET state = 'refused' WHERE state = 'applied'");
  // What a test accepted is over for the next one.
  await area.desk.sql("DELETE FROM bridge.authority_seat WHERE role = 'appointee'");
  await area.desk.sql("UPDATE bridge.appointment SET state = 'ended' WHERE state = 'accepted'");
});

const list = async (query: Record<string, string> = {}, person = people.own) =>
  pageOf(await area.handlers.applications(area.desk.call('applications', person, { query })));
const idsOf = (page: Awaited<ReturnType<typeof list>>) =>
  rowsOf(page.parts, 'Karar bekleyen başvurular').map((row) =>
    (row.at(-1) as { href: string }).href.split('/').at(-1),
  );
const open = (application: string, person = people.own) =>
  area.handlers.application(area.desk.call('application', person, { params: { application } }));
const decide = (application: string, fields: Record<string, string>, person = people.own) =>
  area.handlers['application.decide'](
    area.desk.call('application.decide', person, { params: { application }, fields: typed(fields) }),
  );
const row = async (id: string) =>
  (
    await area.desk.sql<{ state: string; vkn: string; reason: string | null }>(
      'SELECT state, vkn, reason FROM bridge.appointment WHERE appointment_id = $1',
      [id],
    )
  )[0];
const kinds = async (n: number) => (await area.desk.lastEntries(n)).map(({ kind }) => kind);

describe('the applications that wait', () => {
  it('are those of the own area, the longest waiting first, in pages of fifty', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 60; i += 1) ids.push(await area.applied({ subject: 100 + i }));
    await area.desk.sql(
      `UPDATE bridge.appointment SET applied_at = now() - (array_position($1::uuid[], appointment_id)) * interval '1 minute'
       WHERE state = 'applied'`,
      [ids],
    );
    const far = await area.applied({ mersisNo: FAR });
    const other = await area.applied({ mersisNo: OTHER_MINISTRY });
    const first = await list();
    const pager = first.parts.find(({ part }) => part === 'pager');
    const next = pager?.part === 'pager' ? pager.next : null;
    const second = await list(Object.fromEntries(new URL(next ?? '', 'https://x').searchParams));
    expect([...idsOf(first), ...idsOf(second)]).toEqual([...ids].reverse());
    expect(idsOf(await list({}, people.far))).toEqual([far]);
    expect(idsOf(await list({}, people.central))).not.toContain(other);
    const start = pageOf(await area.handlers.area(area.desk.call('area', people.own)));
    const tiles = start.parts.find(({ part }) => part === 'tiles');
    expect(tiles).toMatchObject({ tiles: [{ value: '60' }, { value: '0' }, { value: '0' }, { value: '1' }] });
  });
});

describe('an application', () => {
  it('shows everything that a decision needs, and nobody’s number', async () => {
    const id = await area.applied();
    const html = area.desk.html(pageOf(await open(id)), people.own);
    for (const text of [
      '2026/7',
      'ab'.repeat(32),
      OWN.slice(1, 11),
      'Görevi sürüyor',
      'Kabule engel bir kural görünmüyor.',
    ])
      expect(html).toContain(text);
    for (const n of [SUBJECT, BOARD]) expect(html).not.toContain(digitsOf(n));
    expect(await area.desk.lastEntries(1)).toMatchObject([
      { kind: 'console.opened', data: { page: 'application', about: id } },
    ]);
  });

  it('says what stands against an acceptance today', async () => {
    const id = await area.applied({ vkn: '1111111111' });
    const html = area.desk.html(pageOf(await open(id)), people.own);
    expect(html).toContain('Başvurudaki VKN MERSİS’tekinden farklı');
    expect(html).toContain('Farklı');
  });

  it('of another il or ministry, or that there is none of, is refused with the same words', async () => {
    const far = await area.applied({ mersisNo: FAR });
    const other = await area.applied({ mersisNo: OTHER_MINISTRY });
    for (const id of [far, other, NO_SUCH, 'x', digitsOf(1)]) {
      await expect(open(id)).rejects.toMatchObject({ code: 'OUTSIDE_OWN_AREA' });
      await expect(decide(id, { karar: 'kabul' })).rejects.toMatchObject({ code: 'OUTSIDE_OWN_AREA' });
    }
    expect((await row(far))?.state).toBe('applied');
  });

  it('is only looked at by the ministry’s units in the capital', async () => {
    const id = await area.applied();
    const page = pageOf(await open(id, people.central));
    expect(partsOf(page.parts).some(({ part }) => part === 'form')).toBe(false);
    expect(area.desk.html(page, people.central)).toContain('Kararı kooperatifin ilindeki müdürlük verir');
    expect(() => area.desk.call('application.decide', people.central)).toThrow('ROLE_REQUIRED');
    expect(() => area.desk.call('application.decide', people.nobody)).toThrow('ROLE_REQUIRED');
  });
});

describe('a decision', () => {
  it('to accept makes the seat in the transaction of its entry, by the person of the session', async () => {
    const id = await area.applied();
    expect(await decide(id, { karar: 'kabul', gerekce: 'belgeler\n  uygun' })).toEqual({
      ...{ kind: 'see-other', to: `/konsol/mudurluk/basvurular/${id}`, told: 'done' },
    });
    expect(await row(id)).toMatchObject({ state: 'accepted', reason: 'belgeler uygun' });
    const [decided, seat, recorded] = await area.desk.lastEntries(3);
    expect(decided).toMatchObject({
      kind: 'appointment.decided',
      data: {
        ...{ appointment: id, client: 'konsol', cooperative: OWN, decision: 'accepted', corrected: false },
        actor: { session: people.own.session.sessionId },
      },
    });
    expect([seat?.kind, recorded?.kind]).toEqual(['seat.recorded', 'authority.recorded']);
    const html = area.desk.html(pageOf(await open(id)), people.own);
    expect(html).toContain('Kabul edildi');
    expect(html).not.toContain('<textarea id');
  });

  it('to refuse needs its reason, and changes nobody’s right', async () => {
    const id = await area.applied();
    const without = await decide(id, { karar: 'ret' });
    expect(without).toMatchObject({ kind: 'page', status: 422 });
    expect(area.desk.html(pageOf(without), people.own)).toContain('Reddin gerekçesini yazın.');
    expect((await row(id))?.state).toBe('applied');
    await decide(id, { karar: 'ret', gerekce: 'karar belgesi eksik' });
    expect(await row(id)).toMatchObject({ state: 'refused', reason: 'karar belgesi eksik' });
    expect(await kinds(1)).toEqual(['appointment.decided']);
  });

  it('with a corrected VKN stands where the one in the application was wrong', async () => {
    const id = await area.applied({ vkn: '1111111111' });
    const refused = await decide(id, { karar: 'kabul' });
    expect(refused).toMatchObject({ kind: 'page', status: 409 });
    expect((await row(id))?.state).toBe('applied');
    await decide(id, { karar: 'kabul', vkn: OWN.slice(1, 11) });
    expect(await row(id)).toMatchObject({ state: 'accepted', vkn: OWN.slice(1, 11) });
  });

  it('that corrected a VKN or the days is told apart from what was applied for, by the entry of the application', async () => {
    const id = await area.applied({ vkn: '1111111111' });
    const asked = { vkn: '1111111111', startsOn: '2026-01-05', endsOn: null };
    await area.appliedEntry(id, asked);
    const waiting = area.desk.html(pageOf(await open(id)), people.own);
    expect(waiting).not.toContain('Karardaki VKN');
    await decide(id, { karar: 'kabul', vkn: OWN.slice(1, 11) });
    const facts = pageOf(await open(id)).parts.find(({ part }) => part === 'facts');
    const rows = facts?.part === 'facts' ? facts.rows : [];
    const factOf = (tr: string) =>
      rows.find(({ label }) => typeof label === 'object' && label.tr === tr)?.value;
    expect(factOf('Başvurudaki VKN')).toBe('1111111111');
    expect(JSON.stringify(factOf('Karardaki VKN'))).toContain(OWN.slice(1, 11));
    expect(JSON.stringify(factOf('Karardaki VKN'))).toContain('düzeltildi');
    expect(JSON.stringify(factOf('İstenen süre'))).toContain('05.01.2026');
    expect(JSON.stringify(factOf('Karardaki süre'))).toContain('kabul gününden önce başlayamaz');
    expect(JSON.stringify(factOf('Karardaki süre'))).not.toContain('05.01.2026');
    // Its entry gone with its range, nothing is said to be what was applied for.
    await area.desk.sql('UPDATE bridge.appointment SET applied_leaf = 0 WHERE appointment_id = $1', [id]);
    const without = area.desk.html(pageOf(await open(id)), people.own);
    expect(without).not.toContain('Başvurudaki VKN<');
    expect(without).toContain('Başvurunun kaydı elde değil');
  });

  it.each([
    [{ karar: '' }, 'Kabul ya da ret seçin.'],
    [{ karar: 'kabul', gerekce: `${digitsOf(1)} uygun` }, 'kimlik numarası yazmayın.'],
    [{ karar: 'kabul', gerekce: 'x'.repeat(501) }, 'En çok 500 karakter yazın.'],
    [{ karar: 'kabul', gerekce: 'uygun\u202e' }, 'görünmeyen karakter var.'],
    [{ karar: 'kabul', vkn: '12' }, 'VKN on rakamdır.'],
  ])('typed wrongly (%j) comes back with what was typed and what is wrong', async (fields, words) => {
    const id = await area.applied();
    const answer = await decide(id, fields);
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    const html = area.desk.html(pageOf(answer), people.own);
    expect(html).toContain(words);
    for (const value of Object.values(fields)) if (value.length < 100) expect(html).toContain(value);
    expect((await row(id))?.state).toBe('applied');
  });

  it('that was made by somebody else a moment before is refused, and told so', async () => {
    const id = await area.applied();
    const page = await open(id);
    expect(page.kind).toBe('page');
    await decide(id, { karar: 'ret', gerekce: 'ilk' });
    const again = await decide(id, { karar: 'kabul' });
    expect(again).toMatchObject({ kind: 'page', status: 409 });
    expect(area.desk.html(pageOf(again), people.own)).toContain('bu arada karara bağlanmış');
    expect(await area.desk.lastEntries(1)).toMatchObject([
      { kind: 'call.refused', data: { client: 'konsol', code: 'STATE_CONFLICT', reason: 'already-decided' } },
    ]);
    expect(await row(id)).toMatchObject({ state: 'refused', reason: 'ilk' });
  });

  it('of two at the same moment is one', async () => {
    const id = await area.applied();
    const both = await Promise.all([
      decide(id, { karar: 'kabul' }),
      decide(id, { karar: 'ret', gerekce: 'hayır' }),
    ]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(['page', 'see-other']);
    expect(['accepted', 'refused']).toContain((await row(id))?.state);
  });

  it('is for nobody who applied, or is the person, or sits there', async () => {
    const director = await area.desk.person(BOARD, [
      { role: 'directorate', ministry: 'ticaret', il: 'Ankara' },
    ]);
    const own = await area.applied();
    const html = area.desk.html(pageOf(await open(own, director)), director);
    expect(html).toContain('Bu başvuruyu siz yaptınız');
    expect(html).not.toContain('<textarea id');
    await expect(decide(own, { karar: 'kabul' }, director)).rejects.toMatchObject({ code: 'ROLE_REQUIRED' });
    const sits = await area.desk.person(SECOND, [{ role: 'directorate', ministry: 'ticaret', il: 'Ankara' }]);
    await expect(decide(own, { karar: 'kabul' }, sits)).rejects.toMatchObject({ code: 'ROLE_REQUIRED' });
    const mine = await area.applied({ subject: DESK });
    expect(area.desk.html(pageOf(await open(mine)), people.own)).toContain('Atanacak kişi sizsiniz');
    expect(await decide(mine, { karar: 'kabul' })).toMatchObject({ kind: 'page', status: 409 });
    for (const id of [own, mine]) expect((await row(id))?.state).toBe('applied');
  });

  it('of a session that ended or a role that was taken away meanwhile is none', async () => {
    const id = await area.applied();
    const gone = await area.desk.person(40, [{ role: 'directorate', ministry: 'ticaret', il: 'Ankara' }]);
    await endSession(area.desk.log.appender, gone.session.sessionId, 'signed-out', new Date());
    await expect(decide(id, { karar: 'kabul' }, gone)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    const bare = await area.desk.person(41, [{ role: 'directorate', ministry: 'ticaret', il: 'Ankara' }]);
    await area.desk.sql('DELETE FROM bridge.authority_role WHERE person_tag = $1', [area.tag(41)]);
    await expect(decide(id, { karar: 'kabul' }, bare)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    expect(await row(id)).toMatchObject({ state: 'applied' });
  });
});
