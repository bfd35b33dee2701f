import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkDisagreements } from '../../../src/appointments/disagreements/check-disagreements.js';
import { FoundDifference } from '../../../src/audit/check/difference.js';
import { readPiece } from '../../../src/audit/check/read-entries.js';
import { readHead } from '../../audit/support/log.js';
import { digitsOf } from '../../audit/support/parts.js';
import { pageOf, typed } from '../support/console-desk.js';
import { AreaDesk, BOARD, partsOf, rowsOf, SECOND, SUBJECT } from './support.js';

const PAGE = '/konsol/mudurluk/uyusmazliklar';
const NOTE = 'kurul yeni karar alacak';

let area: AreaDesk;
let people: Awaited<ReturnType<AreaDesk['people']>>;
let places = 0;
beforeAll(async () => {
  area = await AreaDesk.open();
  await area.world();
  people = await area.people();
});
afterAll(() => area.close());
beforeEach(async () => {
  // Of the tests before, none waits any longer.
  await area.desk.sql(
    `UPDATE bridge.appointment_disagreement SET decision = 'appointment-stands', settled_at = now(), settled_leaf = 0
     WHERE decision IS NULL`,
  );
});

/** An appointee of a new cooperative who then comes to sit on its board: number of the cooperative and leaf of the contradiction. */
async function contradiction(il = 'Ankara', subject: number = SUBJECT) {
  places += 1;
  const mersisNo = `07000000${String(places).padStart(2, '0')}000017`;
  const seats = [area.seat(BOARD), area.seat(SECOND)];
  await area.read(mersisNo, { il, seats });
  const application = await area.applied({ mersisNo, subject });
  const { desk, handlers } = area;
  const who = il === 'Ankara' ? people.own : people.far;
  await handlers['application.decide'](
    desk.call('application.decide', who, { params: { application }, fields: typed({ karar: 'kabul' }) }),
  );
  await area.read(mersisNo, { il, seats: [...seats, area.seat(subject)] });
  const [row] = await desk.sql<{ leaf: string }>(
    'SELECT told_leaf AS leaf FROM bridge.appointment_disagreement WHERE mersis_no = $1',
    [mersisNo],
  );
  return { mersisNo, application, leaf: String(row?.leaf) };
}

const show = async (query: Record<string, string> = {}, person = people.own) =>
  pageOf(await area.handlers.disagreements(area.desk.call('disagreements', person, { query })));
const leaves = (page: Awaited<ReturnType<typeof show>>) =>
  rowsOf(page.parts, 'Çözülmemiş uyuşmazlıklar').map((row) =>
    (row.at(-1) as { href: string }).href.split('=').at(-1),
  );
const settle = (kayit: string, fields: Record<string, string> = {}, person = people.own) =>
  area.handlers['disagreement.settle'](
    area.desk.call('disagreement.settle', person, {
      fields: typed({ kayit, karar: 'board-applies-anew', not: NOTE, ...fields }),
    }),
  );
const row = async (leaf: string) =>
  (
    await area.desk.sql<{ decision: string | null; settled_leaf: bigint | null }>(
      'SELECT decision, settled_leaf FROM bridge.appointment_disagreement WHERE told_leaf = $1',
      [leaf],
    )
  )[0];
const html = (page: Awaited<ReturnType<typeof show>>, person = people.own) => area.desk.html(page, person);

describe('disagreements', () => {
  it('are kept at the leaf of the entry that tells of them', async () => {
    const { application, leaf, mersisNo } = await contradiction();
    const [entry] = await area.desk.sql<{ line: string }>(
      "SELECT line FROM bridge.entry WHERE leaf_index = $1 AND kind = 'authority.disagreed'",
      [leaf],
    );
    expect(JSON.parse(entry?.line ?? '{}').data).toEqual({
      ...{ appointment: application, cooperative: mersisNo, matter: 'appointee-on-board' },
    });
  });

  it('of the own area wait, the oldest first, and count on the start page', async () => {
    const one = await contradiction();
    const far = await contradiction('İzmir', 8);
    const two = await contradiction();
    expect(leaves(await show())).toEqual([one.leaf, two.leaf]);
    expect(leaves(await show({}, people.far))).toEqual([far.leaf]);
    expect(leaves(await show({}, people.central))).toEqual([one.leaf, far.leaf, two.leaf]);
    expect(leaves(await show({ sonra: one.leaf }))).toEqual([two.leaf]);
    const start = pageOf(await area.handlers.area(area.desk.call('area', people.own)));
    const tiles = start.parts.find(({ part }) => part === 'tiles');
    expect(tiles?.part === 'tiles' ? tiles.tiles[1]?.value : null).toBe('2');
  });

  it('are shown from both sides, the same person by the same mark, and nobody’s number', async () => {
    const { leaf } = await contradiction();
    const page = await show({ kayit: leaf });
    const [appointment] = rowsOf(page.parts, 'Bir yanda: atama');
    const [seat] = rowsOf(page.parts, 'Öbür yanda: MERSİS');
    expect(JSON.stringify(appointment?.[0])).toContain('KOOPBİS yetkilisi');
    expect(JSON.stringify(seat?.[0])).toContain('Yönetim kurulu üyesi');
    expect(appointment?.[1]).toBe(seat?.[1]);
    expect(html(page)).toContain('Çelişki sürüyor');
    for (const n of [BOARD, SUBJECT]) expect(html(page)).not.toContain(digitsOf(n));
  });

  it('that are over by themselves are told so', async () => {
    const { leaf, mersisNo } = await contradiction();
    await area.read(mersisNo, { il: 'Ankara' });
    expect(html(await show({ kayit: leaf }))).toContain('Çelişki ortadan kalkmış');
  });

  it('under a trustee and in liquidation show whom MERSİS names', async () => {
    const { mersisNo } = await contradiction();
    const seats = [area.seat(BOARD), area.seat(SECOND)];
    await area.read(mersisNo, { il: 'Ankara', seats: [...seats, area.seat(9, { role: 'trustee' })] });
    await area.read(mersisNo, {
      ...{ il: 'Ankara', durum: 'tasfiye', durumSince: '2026-01-01' },
      seats: [area.seat(BOARD, { role: 'liquidator' })],
    });
    const told = await area.desk.sql<{ leaf: string; matter: string }>(
      'SELECT told_leaf AS leaf, matter FROM bridge.appointment_disagreement WHERE mersis_no = $1 ORDER BY told_leaf',
      [mersisNo],
    );
    const matters = told.map(({ matter }) => matter);
    expect(matters).toContain('appointed-under-trustee');
    expect(matters).toContain('appointed-while-in-liquidation');
    for (const { leaf } of told) await show({ kayit: String(leaf) });
    const liquidation = told.find(({ matter }) => matter === 'appointed-while-in-liquidation');
    const page = await show({ kayit: String(liquidation?.leaf) });
    const sides = rowsOf(page.parts, 'Öbür yanda: MERSİS').map(([what]) => JSON.stringify(what));
    expect(sides[0]).toContain('Tasfiye hâlinde');
    expect(sides[1]).toContain('Tasfiye memuru');
  });

  it.each(['another il', 'none', 'no leaf'])('of %s are refused with the same words', async (name) => {
    const leaf =
      name === 'another il' ? (await contradiction('İzmir', 8)).leaf : name === 'none' ? '999999' : '1; DROP';
    await expect(show({ kayit: leaf })).rejects.toMatchObject({ code: 'OUTSIDE_OWN_AREA' });
    await expect(settle(leaf)).rejects.toMatchObject({ code: 'OUTSIDE_OWN_AREA' });
  });
});

describe('settling', () => {
  it('is one entry with who, what and why, once, and changes nobody’s right', async () => {
    const { application, leaf, mersisNo } = await contradiction();
    const seats = await area.desk.sql(
      'SELECT * FROM bridge.authority_seat WHERE mersis_no = $1 ORDER BY seat_id',
      [mersisNo],
    );
    expect(await settle(leaf)).toEqual({ kind: 'see-other', to: PAGE, told: 'done' });
    const [entry] = await area.desk.lastEntries(1);
    expect(entry).toMatchObject({
      kind: 'disagreement.settled',
      data: {
        ...{ appointment: application, cooperative: mersisNo, decision: 'board-applies-anew', note: NOTE },
        ...{ disagreement: Number(leaf), actor: { session: people.own.session.sessionId } },
      },
    });
    expect(await row(leaf)).toMatchObject({ decision: 'board-applies-anew' });
    expect(
      await area.desk.sql('SELECT * FROM bridge.authority_seat WHERE mersis_no = $1 ORDER BY seat_id', [
        mersisNo,
      ]),
    ).toEqual(seats);
    expect(leaves(await show())).toEqual([]);
    const again = await settle(leaf, { karar: 'appointment-stands' });
    expect(again).toMatchObject({ kind: 'page', status: 409 });
    expect(html(pageOf(again))).toContain('bu arada karara bağlanmış');
    expect(await row(leaf)).toMatchObject({ decision: 'board-applies-anew' });
    expect(html(await show({ kayit: leaf }))).toContain('Yönetim kurulu yeni kararla yeniden başvuracak');
  });

  it.each([
    [{ karar: '' }, 'Üçünden birini seçin.'],
    [{ karar: 'end-appointment' }, 'Üçünden birini seçin.'],
    [{ not: ' ' }, 'Gerekçeyi yazın.'],
    [{ not: `${digitsOf(1)} ayrıldı` }, 'kimlik numarası yazmayın.'],
    [{ not: 'x'.repeat(501) }, 'En çok 500 karakter yazın.'],
    [{ not: 'gizli\u202e' }, 'görünmeyen karakter var.'],
    [{ not: '<script>alert(1)</script>', karar: '' }, '&lt;script&gt;alert(1)'],
  ])('typed wrongly (%j) comes back with what was typed and what is wrong', async (fields, words) => {
    const { leaf } = await contradiction();
    const answer = await settle(leaf, fields);
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    expect(html(pageOf(answer))).toContain(words);
    expect(html(pageOf(answer))).not.toContain('<script>alert');
    expect(await row(leaf)).toMatchObject({ decision: null });
  });

  it('is the directorate’s: neither the capital’s, nor another il’s, nor of whoever is the appointee', async () => {
    const { leaf } = await contradiction();
    expect(() => area.desk.call('disagreement.settle', people.central)).toThrow('ROLE_REQUIRED');
    const looked = await show({ kayit: leaf }, people.central);
    expect(partsOf(looked.parts).some(({ part }) => part === 'form')).toBe(false);
    await expect(settle(leaf, {}, people.far)).rejects.toMatchObject({ code: 'OUTSIDE_OWN_AREA' });
    const sits = await area.desk.person(SUBJECT, [
      { role: 'directorate', ministry: 'ticaret', il: 'Ankara' },
    ]);
    await expect(settle(leaf, {}, sits)).rejects.toMatchObject({ code: 'ROLE_REQUIRED' });
    expect(await row(leaf)).toMatchObject({ decision: null });
  });

  it('needs session and role to stand at that moment', async () => {
    const { leaf } = await contradiction();
    const bare = await area.desk.person(41, [{ role: 'directorate', ministry: 'ticaret', il: 'Ankara' }]);
    await area.desk.sql('DELETE FROM bridge.authority_role WHERE person_tag = $1', [area.tag(41)]);
    await expect(settle(leaf, {}, bare)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    expect(await row(leaf)).toMatchObject({ decision: null });
  });
});

describe('audit check', () => {
  const found = () =>
    area.desk.test.db.transaction(async (tx) => {
      const { size } = await readHead(area.desk.test.db);
      const check = await checkDisagreements(tx);
      await check.take(await readPiece(tx, () => null, 0n, size, ''));
      return check.finish(size).catch((error: unknown) => {
        if (!(error instanceof FoundDifference)) throw error;
        return error.difference.text;
      });
    });

  it('holds each contradiction and each decision against its entry', async () => {
    // What the tests before have put away by hand.
    await area.desk.sql(
      'UPDATE bridge.appointment_disagreement SET decision = NULL, settled_at = NULL, settled_leaf = NULL WHERE settled_leaf = 0',
    );
    const { leaf } = await contradiction();
    expect(await found()).toMatch(/^[0-9]+ disagreements are what the log says$/);
    await area.desk.sql(
      `UPDATE bridge.appointment_disagreement SET decision = 'appointment-stands', settled_at = now(), settled_leaf = 1
       WHERE told_leaf = $1`,
      [leaf],
    );
    expect(await found()).toBe('a disagreement stands there that no entry tells of');
  });
});
