import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GRANT_RULES } from '../../../src/authority/roles/grant-rules.js';
import { ROLES, type RoleName } from '../../../src/authority/roles/role-list.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { digitsOf } from '../../audit/support/parts.js';
import { cooperativeReading, portsOf, recordReadings } from '../../support/authority.js';
import { pageOf } from '../support/console-desk.js';
import { errorsOf, RoleDesk, refusalOf } from './role-desk.js';

const MERSIS = '0123456789000015';
const ADMIN = 1;
let house: RoleDesk;
const people = new Map<RoleName, ConsolePerson>();

/** What the form of a role needs beside the person. */
const BOUND: Readonly<Record<RoleName, Readonly<Record<string, string>>>> = {
  administrator: {},
  'security-officer': {},
  'log-inspector': {},
  finance: {},
  'ministry-manager': { bakanlik: 'ticaret' },
  'ministry-central': { bakanlik: 'ticaret' },
  directorate: { bakanlik: 'ticaret', il: 'Ankara' },
  'ministry-representative': { mersisNo: MERSIS, ...daysAhead() },
};

function daysAhead() {
  const day = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);
  return { bas: day(3), son: day(4) };
}

beforeAll(async () => {
  house = await RoleDesk.open();
  const { desk } = house;
  const { log, test } = desk;
  await recordReadings(log.appender, test.db, portsOf(log), [cooperativeReading(MERSIS, {})], new Date());
  let n = ADMIN;
  for (const role of Object.keys(ROLES) as RoleName[]) {
    const bound = { ministry: 'ticaret', il: 'Ankara' };
    const place =
      role === 'ministry-manager' || role === 'ministry-central' ? { ministry: 'ticaret' } : bound;
    const isHouse = ROLES[role].scope === 'none';
    people.set(role, await desk.person(n, [{ role, ...(isHouse ? {} : place) }]));
    n += 1;
  }
});
afterAll(() => house?.desk.close());

const by = (role: RoleName): ConsolePerson => {
  const found = people.get(role);
  if (found === undefined) throw new Error('nobody has this role');
  return found;
};

describe('who may grant what', () => {
  it('is exactly the table of rules: each role by each role, through the page', async () => {
    const outcome: Record<string, string> = {};
    const expected: Record<string, string> = {};
    let n = 100;
    for (const granter of people.keys())
      for (const wanted of Object.keys(ROLES) as RoleName[]) {
        n += 1;
        const key = `${granter} → ${wanted}`;
        const isAllowed = GRANT_RULES.some((rule) => rule.granter === granter && rule.grants === wanted);
        expected[key] = isAllowed ? 'done' : 'ROLE_REQUIRED';
        outcome[key] = await refusalOf(
          Promise.resolve().then(() => house.grant(by(granter), n, wanted, BOUND[wanted])),
        );
      }
    expect(outcome).toEqual(expected);
  });

  it('is all that the page offers', async () => {
    for (const granter of ['administrator', 'ministry-manager', 'directorate'] as const) {
      const page = await house.page(by(granter));
      const form = page.parts.find((one) => one.part === 'form' && one.legend !== undefined);
      const field = form?.part === 'form' ? form.fields[0] : undefined;
      const offered = field?.kind === 'select' ? field.options.map(({ value }) => value) : [];
      const allowed = GRANT_RULES.filter((rule) => rule.granter === granter).map(({ grants }) => grants);
      expect(offered).toEqual(allowed);
    }
  });

  it('ends at the own ministry: another one is not offered, and refused where it is sent all the same', async () => {
    const manager = by('ministry-manager');
    const page = await house.page(manager, { ver: 'ministry-central' });
    expect(JSON.stringify(page)).not.toContain('"tarim"');
    const answer = await house.grant(manager, 300, 'ministry-central', { bakanlik: 'tarim' });
    expect(answer).toMatchObject({
      ...{ status: 403, refused: { code: 'OUTSIDE_OWN_AREA', reason: 'outside-own-ministry' } },
    });
    expect(errorsOf(answer)).toEqual({ bakanlik: 'Bu rol başka bir bakanlığın.' });
    const html = house.desk.html(pageOf(answer), manager);
    for (const typed of [digitsOf(300), 'atama yazısı']) expect(html).toContain(typed);
    expect(await house.rolesOf(300)).toEqual([]);
  });

  it('ends at the own il: a representative for a cooperative of another one is refused', async () => {
    const other = await house.desk.person(40, [{ role: 'directorate', ministry: 'ticaret', il: 'İzmir' }]);
    const wish = await house.grant(other, 301, 'ministry-representative', BOUND['ministry-representative']);
    expect(wish).toMatchObject({
      ...{ status: 403, refused: { code: 'OUTSIDE_OWN_AREA', reason: 'outside-own-area' } },
    });
    expect(Object.keys(errorsOf(wish))).toEqual(['mersisNo']);
  });

  it('is nobody for oneself', async () => {
    const answer = await house.grant(by('administrator'), ADMIN, 'finance');
    expect(answer).toMatchObject({
      ...{ status: 409, refused: { code: 'STATE_CONFLICT', reason: 'own-person' } },
    });
    expect(errorsOf(answer)).toEqual({ kimlikNo: 'Kimse kendine rol veremez.' });
  });
});

describe('a grant by one person', () => {
  it('is there at once, with the entries of a decision and nobody’s number in clear', async () => {
    const answer = await house.grant(by('administrator'), 400, 'directorate', {
      bakanlik: 'tarim',
      il: 'İzmir',
      yaziNo: 'E-77',
      yaziTarihi: '2026-01-05',
    });
    expect(answer).toEqual({ kind: 'see-other', to: '/konsol/yonetim/roller', told: 'done' });
    const [role] = await house.rolesOf(400);
    const [granted, decided] = await house.desk.lastEntries(2);
    const session = by('administrator').session.sessionId;
    expect(granted).toMatchObject({
      kind: 'role.granted',
      data: { role: 'directorate', ministry: 'tarim', il: 'İzmir', roleId: role?.roleId, source: 'decision' },
    });
    expect(decided).toMatchObject({
      kind: 'role.decided',
      data: {
        ...{ decision: 'granted', role: 'directorate', roleId: role?.roleId, bootstrap: false, second: null },
        letter: { no: 'E-77', date: '2026-01-05' },
        reason: 'atama yazısı',
        osUser: expect.any(String),
        actor: { session },
      },
    });
    const lines = await house.desk.sql<{ line: string }>('SELECT line FROM bridge.entry');
    expect(lines.some(({ line }) => line.includes(digitsOf(400)))).toBe(false);
  });

  it('is taken away again by whoever knows whose it is; somebody else’s number is a mistake', async () => {
    const [role] = await house.rolesOf(400);
    const roleId = role?.roleId ?? '';
    const wrong = await house.revoke(by('administrator'), roleId, 401);
    expect([wrong.kind === 'page' ? wrong.status : 0, errorsOf(wrong)]).toEqual([
      422,
      { kimlikNo: 'Bu rol bu kişide değil.' },
    ]);
    expect(await house.revoke(by('administrator'), roleId, 400)).toMatchObject({ told: 'done' });
    expect(await house.rolesOf(400)).toEqual([]);
    expect(
      (await house.desk.lastEntries(2)).map(({ kind, data }) => [kind, data.decision ?? data.source]),
    ).toEqual([
      ['role.revoked', 'decision'],
      ['role.decided', 'revoked'],
    ]);
    expect(await refusalOf(house.revoke(by('administrator'), roleId, 400))).toBe('NOT_FOUND');
  });

  it('of another ministry is not even found by a manager', async () => {
    await house.grant(by('administrator'), 402, 'ministry-central', { bakanlik: 'cevre' });
    const [role] = await house.rolesOf(402);
    expect(await refusalOf(house.revoke(by('ministry-manager'), role?.roleId ?? '', 402))).toBe('NOT_FOUND');
    expect(await house.rolesOf(402)).toHaveLength(1);
  });

  it('is refused once the session has ended, whatever the page still shows', async () => {
    const leaving = await house.desk.person(41, [{ role: 'administrator' }]);
    await house.desk.sql('UPDATE bridge.sign_in_session SET ended_at = now() WHERE session_id = $1', [
      leaving.session.sessionId,
    ]);
    expect(await refusalOf(house.grant(leaving, 403, 'finance'))).toBe('TOKEN_INVALID');
    expect(await house.rolesOf(403)).toEqual([]);
  });
});

describe('what is typed wrongly', () => {
  it('comes back field by field, with what was typed', async () => {
    const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
      ['finance', { kimlikNo: '12345678901' }, ['kimlikNo']],
      ['finance', { neden: '' }, ['neden']],
      ['finance', { neden: `${digitsOf(7)} için` }, ['neden']],
      ['finance', { neden: 'x'.repeat(501) }, ['neden']],
      ['finance', { yaziNo: 'E-1' }, ['yaziTarihi']],
      ['finance', { yaziNo: digitsOf(7), yaziTarihi: '2026-01-05' }, ['yaziNo']],
      ['finance', { yaziNo: 'E-1', yaziTarihi: '2026-02-30' }, ['yaziTarihi']],
      ['finance', { yaziNo: 'E-1', yaziTarihi: '2999-01-01' }, ['yaziTarihi']],
      ['no-such-role', {}, ['ver']],
      ['directorate', { bakanlik: 'spor', il: 'Atlantis' }, ['bakanlik', 'il']],
      ['ministry-manager', {}, ['bakanlik']],
    ];
    for (const [role, fields, wrong] of cases) {
      const answer = await house.grant(by('administrator'), 404, role, fields);
      expect([role, answer.kind === 'page' ? answer.status : 0, Object.keys(errorsOf(answer))]).toEqual([
        role,
        422,
        [...wrong],
      ]);
    }
    const answer = await house.grant(by('administrator'), 404, 'finance', { neden: '' });
    expect(JSON.stringify(answer)).toContain(digitsOf(404));
  });

  it('is told beside its field where a rule that can be mended stands against it', async () => {
    await house.grant(by('administrator'), 405, 'finance');
    const again = await house.grant(by('administrator'), 405, 'finance');
    expect(errorsOf(again)).toEqual({ kimlikNo: 'Bu kişide bu rol zaten var.' });
    const pair = await house.grant(by('administrator'), 405, 'log-inspector');
    expect(Object.keys(errorsOf(pair))).toEqual(['kimlikNo']);
    const representative = (fields: Readonly<Record<string, string>>) =>
      house.grant(by('directorate'), 406, 'ministry-representative', {
        ...BOUND['ministry-representative'],
        ...fields,
      });
    expect(Object.keys(errorsOf(await representative({ son: '2999-01-01' })))).toEqual(['bas']);
    expect(Object.keys(errorsOf(await representative({ mersisNo: '0999999999000015' })))).toEqual([
      'mersisNo',
    ]);
    expect(Object.keys(errorsOf(await representative({ mersisNo: '12' })))).toEqual(['mersisNo']);
    expect(Object.keys(errorsOf(await representative({ bas: '', son: '' })))).toEqual(['bas', 'son']);
  });

  it('that is hostile is shown harmlessly and written nowhere', async () => {
    const hostile = '<script>alert(1)</script>\u202E=cmd';
    const answer = await house.grant(by('administrator'), 407, 'finance', {
      kimlikNo: hostile,
      neden: hostile,
    });
    const html = house.desk.html(
      answer.kind === 'page' ? answer.page : await house.page(by('administrator')),
      by('administrator'),
    );
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script&gt;');
    const odd = await house.page(by('administrator'), {
      rol: hostile,
      sonra: hostile,
      al: hostile,
      ver: hostile,
    });
    expect(house.desk.html(odd, by('administrator'))).not.toContain('<script>alert');
  });
});

const IL_LIST = ['Aydın', 'Ağrı', 'İzmir', 'Iğdır', 'Şırnak', 'Çorum', 'Adana'];

describe('the list of roles', () => {
  it('is read along its index, also in the order of the Turkish alphabet', async () => {
    const index = await house.desk.sql<{ indexdef: string }>(
      `SELECT indexdef FROM pg_indexes WHERE indexname = 'authority_role_listed'`,
    );
    expect(index[0]?.indexdef).toContain('name_key(COALESCE(il');
    const explained = `EXPLAIN SELECT role_id FROM bridge.authority_role r
       WHERE (r.role, coalesce(r.ministry, ''), bridge.name_key(coalesce(r.il, '')) COLLATE "C", coalesce(r.mersis_no, ''), r.role_id)
         > ('directorate', '', bridge.name_key('Ağrı') COLLATE "C", '', '00000000-0000-0000-0000-000000000000'::uuid)
       ORDER BY r.role, coalesce(r.ministry, ''), bridge.name_key(coalesce(r.il, '')) COLLATE "C", coalesce(r.mersis_no, ''), r.role_id LIMIT 51`;
    const plan = await house.desk.test.db.transaction(
      async (tx) => (await tx.query({ text: explained })).rows,
      { begin: 'SET LOCAL enable_seqscan = off' },
    );
    const text = JSON.stringify(plan);
    expect(text).toContain('authority_role_listed');
    expect(text).not.toContain('Sort');
  });

  it('shows each standing role once over its pages, and nobody’s number or tag', async () => {
    const tag = house.tagOf(900);
    for (let i = 0; i < 120; i += 1)
      await house.desk.sql(
        `INSERT INTO bridge.authority_role (role_id, person_tag, role, ministry, il) VALUES ($1, $2, 'directorate', 'ticaret', $3)`,
        [randomUUID(), tag, IL_LIST[i % IL_LIST.length]],
      );
    const [seen, iller]: [string[], string[]] = [[], []];
    let query: Readonly<Record<string, string>> = { rol: 'directorate' };
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await house.page(by('administrator'), query);
      const text = JSON.stringify(page);
      expect(text).not.toContain(tag.toString('hex'));
      seen.push(...[...text.matchAll(/al=([0-9a-f-]{36})/g)].map(([, id]) => id ?? ''));
      iller.push(...[...text.matchAll(/(?:Adana|Ağrı|Aydın|Çorum|Iğdır|İzmir|Şırnak)/g)].map(([il]) => il));
      const pager = page.parts.find((one) => one.part === 'pager');
      // There is no way back to where one is.
      expect(pager).toMatchObject({ first: pages === 0 ? null : expect.stringContaining('rol=directorate') });
      const next = pager?.part === 'pager' ? pager.next : null;
      if (next === null) break;
      query = Object.fromEntries(new URL(next, 'https://konsol').searchParams);
    }
    const standing = await house.desk.sql<{ id: string }>(
      `SELECT role_id AS id FROM bridge.authority_role WHERE role = 'directorate'`,
    );
    expect(iller).toEqual([...iller].sort((a, b) => a.localeCompare(b, 'tr')));
    expect(new Set(iller)).toEqual(new Set(IL_LIST));
    expect(seen).toHaveLength(standing.length);
    expect(new Set(seen)).toEqual(new Set(standing.map(({ id }) => id)));
  });

  it('of a manager is that of the own ministry, of a directorate the representatives of its own area', async () => {
    await house.grant(by('administrator'), 410, 'ministry-central', { bakanlik: 'tarim' });
    const own = JSON.stringify(await house.page(by('ministry-manager'), { rol: 'ministry-central' }));
    expect(own).toContain('Ticaret Bakanlığı');
    expect(own).not.toContain('Tarım ve Orman Bakanlığı');
    const [sent] = await house.desk.sql<{ id: string }>(
      `SELECT role_id AS id FROM bridge.authority_role WHERE role = 'ministry-representative' AND mersis_no = $1`,
      [MERSIS],
    );
    const area = JSON.stringify(await house.page(by('directorate')));
    expect([...area.matchAll(/al=([0-9a-f-]{36})/g)].map(([, id]) => id)).toEqual([sent?.id]);
  });

  it('opens for nobody else', () => {
    for (const role of ['security-officer', 'log-inspector', 'finance', 'ministry-central'] as const)
      expect(() => house.desk.call('roles', by(role))).toThrow('ROLE_REQUIRED');
  });
});
