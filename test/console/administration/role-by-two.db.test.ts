import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { grantPersonsPlace, purgeSealedGrants } from '../../../src/authority/roles/sealed-grant.js';
import { createDecisionHandlers } from '../../../src/console/common/decisions.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { digitsOf } from '../../audit/support/parts.js';
import { pageOf, typed } from '../support/console-desk.js';
import { errorsOf, RoleDesk, refusalOf } from './role-desk.js';

const [FIRST, SECOND, OFFICER, NEW] = [1, 2, 3, 50] as const;

let house: RoleDesk;
let first: ConsolePerson;
let second: ConsolePerson;
let officer: ConsolePerson;
beforeEach(async () => {
  house = await RoleDesk.open();
  first = await house.desk.person(FIRST, [{ role: 'administrator' }]);
  second = await house.desk.person(SECOND, [{ role: 'administrator' }]);
  officer = await house.desk.person(OFFICER, [{ role: 'security-officer' }]);
});
afterEach(() => house?.desk.close());

/** Proposes NEW as administrator; the id of the proposal. */
async function propose(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const letter = { yaziNo: 'E-12', yaziTarihi: '2026-02-01' };
  const answer = await house.grant(first, NEW, 'administrator', { ...letter, ...more });
  expect(answer).toEqual({ kind: 'see-other', to: '/konsol/yonetim/roller', told: 'proposed' });
  return (await house.waiting(first))[0]?.id ?? '';
}

const boxes = () => house.desk.sql('SELECT 1 FROM bridge.role_proposal');
const approve = (by: ConsolePerson, proposal: string, role = 'administrator') =>
  refusalOf(house.decide(by, proposal, 'approve', role));

describe('a role that two persons grant', () => {
  it('is a proposal first: nothing is granted, and no entry, term or subject holds a number', async () => {
    const proposal = await propose();
    expect(await house.rolesOf(NEW)).toEqual([]);
    const [made] = await house.desk.lastEntries(1);
    expect(made).toMatchObject({
      kind: 'proposal.made',
      data: {
        ...{ proposal, what: 'roles.decide', subject: `administrator:${proposal}`, osUser: null },
        reason: 'atama yazısı',
        actor: { session: first.session.sessionId },
        changes: [
          { field: 'role', before: null, after: 'administrator' },
          { field: 'letter', before: null, after: 'E-12, 2026-02-01' },
        ],
      },
    });
    const rows = await house.desk.sql<{ text: string }>(
      `SELECT row_to_json(p)::text AS text FROM bridge.proposal p UNION ALL SELECT line FROM bridge.entry
       UNION ALL SELECT row_to_json(r)::text FROM bridge.role_proposal r`,
    );
    for (const n of [FIRST, NEW]) expect(rows.some(({ text }) => text.includes(digitsOf(n)))).toBe(false);
    expect(await boxes()).toHaveLength(1);
  });

  it('is shown to the second person with role, letter, reason and the last digits, never the number', async () => {
    const proposal = await propose();
    const [waiting] = await house.waiting(officer);
    expect(waiting).toMatchObject({
      ...{ id: proposal, isOwn: false, state: 'open' },
      subject: { tr: 'Yönetici', en: 'Administrator' },
    });
    expect((await house.waiting(first))[0]?.isOwn).toBe(true);
    const shown = await house.grants.find(officer, proposal);
    const text = JSON.stringify([shown?.parts, shown?.changes, shown?.reason]);
    expect(text).toContain(`*******${digitsOf(NEW).slice(-4)}`);
    expect(text).toContain('E-12, 01.02.2026');
    expect(text).not.toContain(digitsOf(NEW));
    expect(shown?.reason).toBe('atama yazısı');
  });

  it('is there once the second person approves, with the exact entries of a decision by two; the numbers beside it are gone', async () => {
    const proposal = await propose();
    expect(await approve(first, proposal)).toBe('SECOND_PERSON_REQUIRED');
    expect(await house.rolesOf(NEW)).toEqual([]);
    expect(await approve(officer, proposal, 'security-officer')).toBe('done');
    const [role] = await house.rolesOf(NEW);
    expect(role?.role).toBe('administrator');
    const [ended, granted, decided] = await house.desk.lastEntries(3);
    expect(ended).toMatchObject({
      kind: 'proposal.ended',
      data: {
        proposal,
        decision: 'approved',
        reason: 'uygun',
        actor: { session: officer.session.sessionId },
      },
    });
    expect(granted).toMatchObject({
      kind: 'role.granted',
      data: { role: 'administrator', roleId: role?.roleId, source: 'decision', ministry: null, il: null },
    });
    expect(decided).toMatchObject({
      kind: 'role.decided',
      data: {
        ...{ bootstrap: false, cooperative: null, decision: 'granted', from: null, to: null },
        ...{
          role: 'administrator',
          roleId: role?.roleId,
          reason: 'atama yazısı',
          osUser: expect.any(String),
        },
        letter: { no: 'E-12', date: '2026-02-01' },
        actor: { session: first.session.sessionId },
        second: { session: officer.session.sessionId },
      },
    });
    const [line] = await house.desk.sql<{ line: string }>(
      'SELECT line FROM bridge.entry ORDER BY leaf_index DESC LIMIT 1',
    );
    const sealed = Object.keys((JSON.parse(line?.line ?? '{}') as { sealed: object }).sealed).sort();
    expect(sealed).toEqual(['actor.number', 'second.number', 'subject.number']);
    expect(await boxes()).toEqual([]);
    expect((await house.grants.find(officer, proposal))?.state).toBe('approved');
  });

  it('is granted once: a second approval finds it ended', async () => {
    const proposal = await propose();
    expect(await approve(second, proposal)).toBe('done');
    expect(await approve(officer, proposal, 'security-officer')).toBe('STATE_CONFLICT');
    expect(await approve(second, proposal)).toBe('STATE_CONFLICT');
    expect(await house.rolesOf(NEW)).toHaveLength(1);
  });

  it('is refused where the one who proposed has lost the role meanwhile', async () => {
    const proposal = await propose();
    const [own] = await house.rolesOf(FIRST);
    await house.revoke(second, own?.roleId ?? '', FIRST);
    expect(await approve(officer, proposal, 'security-officer')).toBe('SECOND_PERSON_REQUIRED');
    expect(await house.rolesOf(NEW)).toEqual([]);
  });

  it('is refused where the one who approves has lost session or role meanwhile', async () => {
    const proposal = await propose();
    await house.desk.sql('UPDATE bridge.sign_in_session SET ended_at = now() WHERE session_id = $1', [
      second.session.sessionId,
    ]);
    expect(await approve(second, proposal)).toBe('TOKEN_INVALID');
    expect(await approve(officer, proposal, 'administrator')).toBe('TOKEN_INVALID');
    expect(await house.rolesOf(NEW)).toEqual([]);
  });

  it('is unreadable and cannot be approved where somebody changed its terms in the table; it can be refused', async () => {
    const proposal = await propose();
    await house.desk.sql(
      `UPDATE bridge.proposal SET terms = jsonb_set(terms, '{role}', '"security-officer"') WHERE proposal_id = $1`,
      [proposal],
    );
    expect((await house.waiting(officer))[0]?.state).toBe('unreadable');
    expect(await approve(officer, proposal, 'security-officer')).toBe('STATE_CONFLICT');
    expect(await house.rolesOf(NEW)).toEqual([]);
    expect(await refusalOf(house.decide(officer, proposal, 'refuse', 'security-officer'))).toBe('done');
    expect(await boxes()).toEqual([]);
  });

  it('cannot be turned to another person: a box that was exchanged is not opened', async () => {
    const one = await propose();
    await house.grant(first, 51, 'administrator');
    const other = (await house.waiting(first)).find(({ id }) => id !== one)?.id ?? '';
    await house.desk.sql('DELETE FROM bridge.role_proposal WHERE proposal_id = $1', [one]);
    await house.desk.sql(
      `INSERT INTO bridge.role_proposal SELECT $1, box, master_key_id, expires_at FROM bridge.role_proposal WHERE proposal_id = $2`,
      [one, other],
    );
    expect(JSON.stringify((await house.grants.find(officer, one))?.parts)).toContain('okunamıyor');
    expect(await approve(officer, one, 'security-officer')).toBe('STATE_CONFLICT');
    expect(await house.rolesOf(NEW)).toEqual([]);
    expect(await house.rolesOf(51)).toEqual([]);
  });

  it('is still readable where its persons were wrapped anew by another master key', async () => {
    const proposal = await propose();
    const { masterKeys } = house.desk.log;
    const [row] = await house.desk.sql<{ box: Buffer; key: string }>(
      'SELECT box, master_key_id AS key FROM bridge.role_proposal',
    );
    const place = grantPersonsPlace(proposal);
    const box = masterKeys.wrap(masterKeys.unwrap(row?.box ?? Buffer.alloc(0), place, row?.key ?? ''), place);
    await house.desk.sql('UPDATE bridge.role_proposal SET box = $1', [box]);
    expect(await approve(officer, proposal, 'security-officer')).toBe('done');
    expect(await house.rolesOf(NEW)).toHaveLength(1);
  });

  it('is judged again when it is approved: neither person gets it, and pairs stay forbidden', async () => {
    const proposal = await propose();
    await house.grant(first, NEW, 'finance');
    expect(await approve(officer, proposal, 'security-officer')).toBe('STATE_CONFLICT pair-forbidden');
    const pages = createDecisionHandlers({ desks: [house.grants], needsStepUp: () => false });
    const fields = typed({ karar: 'approve', onay_notu: 'uygundur' });
    const call = house.desk.call('decision.decide', officer, { params: { proposal }, fields });
    const answer = await pages['decision.decide'](call);
    expect(answer).toMatchObject({
      ...{ status: 409, refused: { code: 'STATE_CONFLICT', reason: 'pair-forbidden' } },
    });
    const html = house.desk.html(pageOf(answer), officer);
    expect(html).toContain('bir arada bulunamayacak bir rol var');
    expect(html).toContain('uygundur');
    expect((await house.rolesOf(NEW)).map(({ role }) => role)).toEqual(['finance']);
  });

  it('is not even proposed where a rule stands against it already', async () => {
    const again = await house.grant(first, SECOND, 'administrator');
    expect(errorsOf(again)).toEqual({ kimlikNo: 'Bu kişide bu rol zaten var.' });
    expect(await house.grant(first, FIRST, 'security-officer')).toMatchObject({
      ...{ status: 409, refused: { code: 'STATE_CONFLICT', reason: 'own-person' } },
    });
    expect(await house.waiting(first)).toEqual([]);
  });

  it('is withdrawn by who proposed it alone, and expires undecided without its numbers', async () => {
    const proposal = await propose();
    expect(await refusalOf(house.decide(second, proposal, 'withdraw', 'administrator'))).toBe(
      'STATE_CONFLICT',
    );
    expect(await refusalOf(house.decide(first, proposal, 'withdraw', 'administrator'))).toBe('done');
    const later = await propose();
    await purgeSealedGrants(house.desk.test.db, new Date());
    expect(await boxes()).toHaveLength(1);
    await purgeSealedGrants(house.desk.test.db, new Date(Date.now() + 30 * 86_400_000));
    expect(await boxes()).toEqual([]);
    expect(await approve(officer, later, 'security-officer')).toBe('STATE_CONFLICT');
  });
});

describe('the first security officer', () => {
  it('is granted by the only administrator alone, since nobody could be the second', async () => {
    await house.desk.sql('DELETE FROM bridge.authority_role WHERE person_tag = ANY($1::bytea[])', [
      [house.tagOf(SECOND), house.tagOf(OFFICER)],
    ]);
    expect(await refusalOf(house.grant(first, NEW, 'administrator'))).toBe('SECOND_PERSON_REQUIRED');
    expect(await house.grant(first, NEW, 'security-officer')).toMatchObject({ told: 'done' });
    expect((await house.rolesOf(NEW)).map(({ role }) => role)).toEqual(['security-officer']);
  });
});
