import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import { readStanding } from '../../../src/authority/read-standing.js';
import { MAX_ROLES_AT_ONCE } from '../../../src/authority/roles/decide-roles.js';
import { forbiddenPair } from '../../../src/authority/roles/forbidden-pairs.js';
import { listRoles } from '../../../src/authority/roles/list-roles.js';
import { endSessionsOf } from '../../../src/sign-in/end-sessions-of.js';
import { failureOf, type OpenLog, readEntries, requireSoundLog } from '../../audit/support/log.js';
import { digitsOf } from '../../audit/support/parts.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  bootstrap,
  decided,
  grant,
  LETTER,
  MERSIS,
  openRoleLog,
  registryCooperative,
  registryRoles,
  revoke,
  tagOf,
  word,
} from './support.js';

const TODAY = '2026-05-05';
const DAYS = { from: '2026-05-10', to: '2026-05-12' };
const REPRESENTATIVE = `ministry-representative:${MERSIS}`;
const [ADMIN, OTHER, OFFICER, DESK, SOMEBODY] = [1, 2, 3, 4, 5];

let test: TestDatabase;
let log: OpenLog;
beforeEach(async () => {
  test = await createTestDatabase({ migrations: true });
  log = openRoleLog(test.appUrl);
});
afterEach(async () => {
  await log.close();
  await test.drop();
});

const told = async () => (await requireSoundLog(test.db)).map(({ line }) => checkLine(line));
const rolesOf = async (n: number) =>
  (await readStanding(test.db, tagOf(n), TODAY)).roles.map(({ role }) => role);
const house = () =>
  registryRoles(log, [
    [ADMIN, 'administrator'],
    [OTHER, 'administrator'],
    [OFFICER, 'security-officer'],
    [DESK, 'directorate:ticaret/Ankara'],
  ]);

describe('a decision on a role', () => {
  it('is two entries and a row in one transaction, with who decided, the letter and nobody’s number in clear', async () => {
    await house();
    const before = (await told()).length;
    const ground = { letter: LETTER, reason: 'yazı gereği' };
    const result = await grant(log, ADMIN, [decided(SOMEBODY, 'security-officer')], {
      second: OFFICER,
      ...ground,
    });
    expect(word(result)).toBe('done');
    const [granted, decision] = (await told()).slice(before);
    const roleId = result.kind === 'done' ? result.roleIds[0] : '';
    expect(granted).toMatchObject({
      kind: 'role.granted',
      data: { role: 'security-officer', roleId, source: 'decision', ministry: null, il: null },
    });
    expect(decision).toMatchObject({
      kind: 'role.decided',
      data: {
        bootstrap: false,
        decision: 'granted',
        role: 'security-officer',
        roleId,
        osUser: 'tester',
        cooperative: null,
        from: null,
        to: null,
        ...ground,
      },
    });
    expect(decision?.data.actor).toMatchObject({ acr: 'urn:koopbis:acr:step-up' });
    expect(decision?.data.second).toMatchObject({ acr: 'urn:koopbis:acr:step-up' });
    expect(Object.keys(granted?.sealed ?? {})).toEqual(['subject.number']);
    expect(Object.keys(decision?.sealed ?? {}).sort()).toEqual([
      'actor.number',
      'second.number',
      'subject.number',
    ]);
    const lines = (await readEntries(test.db)).map(({ line }) => line).join('\n');
    for (const n of [ADMIN, OFFICER, SOMEBODY]) expect(lines).not.toContain(digitsOf(n));
    expect(await rolesOf(SOMEBODY)).toEqual(['security-officer']);
  });

  it('names no second person where one alone decides, whoever came along', async () => {
    await house();
    await grant(log, ADMIN, [decided(SOMEBODY, 'finance')], { second: OFFICER });
    const last = (await told()).at(-1);
    expect(last?.data.second).toBeNull();
    expect(Object.keys(last?.sealed ?? {}).sort()).toEqual(['actor.number', 'subject.number']);
  });

  it('that a rule stands against changes nothing and writes nothing', async () => {
    await house();
    const before = (await told()).length;
    expect(word(await grant(log, ADMIN, [decided(SOMEBODY, 'administrator')]))).toBe(
      'SECOND_PERSON_REQUIRED',
    );
    expect(word(await grant(log, ADMIN, [decided(ADMIN, 'finance')]))).toBe('own-person');
    expect(word(await grant(log, SOMEBODY, [decided(7, 'finance')]))).toBe('ROLE_REQUIRED');
    expect(word(await revoke(log, ADMIN, decided(SOMEBODY, 'finance')))).toBe('not-held');
    expect(await told()).toHaveLength(before);
    expect(await rolesOf(SOMEBODY)).toEqual([]);
  });

  it('is refused where the session of either person has ended in between', async () => {
    await house();
    for (const ended of [ADMIN, OFFICER]) {
      const tools = {
        stillSignedIn: async (_tx: unknown, { tag }: { tag: Buffer }) => !tag.equals(tagOf(ended)),
        endSessionsOf,
      };
      const result = await grant(log, ADMIN, [decided(SOMEBODY, 'administrator')], {
        second: OFFICER,
        tools,
      });
      expect(word(result)).toBe('TOKEN_INVALID');
    }
    expect(await rolesOf(SOMEBODY)).toEqual([]);
  });

  it('is refused where whoever decides, or is the second, has lost the role in between', async () => {
    await house();
    await revoke(log, OTHER, decided(ADMIN, 'administrator'));
    expect(word(await grant(log, ADMIN, [decided(SOMEBODY, 'finance')]))).toBe('ROLE_REQUIRED');
    expect(word(await grant(log, OTHER, [decided(SOMEBODY, 'administrator')], { second: ADMIN }))).toBe(
      'ROLE_REQUIRED',
    );
  });

  it('takes a role away at once, whoever brought it, and a reading does not bring back what it never gave', async () => {
    await house();
    await grant(log, ADMIN, [decided(SOMEBODY, 'finance')]);
    expect(word(await revoke(log, OTHER, decided(SOMEBODY, 'finance')))).toBe('done');
    const entries = (await told()).slice(-2);
    expect(entries.map(({ kind, data }) => [kind, data.decision ?? data.source])).toEqual([
      ['role.revoked', 'decision'],
      ['role.decided', 'revoked'],
    ]);
    expect(word(await revoke(log, ADMIN, decided(DESK, 'directorate:ticaret/Ankara')))).toBe('done');
    expect([await rolesOf(SOMEBODY), await rolesOf(DESK)]).toEqual([[], []]);
  });

  it('outlasts every reading of the registry', async () => {
    await house();
    await grant(log, ADMIN, [decided(SOMEBODY, 'finance')]);
    await registryRoles(log, []);
    expect(await rolesOf(SOMEBODY)).toEqual(['finance']);
    expect(await rolesOf(ADMIN)).toEqual([]);
  });
});

describe('the first administrator', () => {
  it('comes once, without anybody who decides, and the entry says so', async () => {
    expect(word(await bootstrap(log, ADMIN))).toBe('done');
    const decision = (await told()).at(-1);
    expect(decision?.data).toMatchObject({ bootstrap: true, actor: null, second: null, osUser: 'tester' });
    expect(Object.keys(decision?.sealed ?? {})).toEqual(['subject.number']);
    expect(word(await bootstrap(log, OTHER))).toBe('administrator-exists');
    expect(await rolesOf(OTHER)).toEqual([]);
  });

  it('does not come where the registry knows an administrator, nor as anything else', async () => {
    expect(word(await bootstrap(log, ADMIN, 'security-officer'))).toBe('ROLE_REQUIRED');
    await house();
    expect(word(await bootstrap(log, SOMEBODY))).toBe('administrator-exists');
  });

  it('is one where two processes try at once', async () => {
    const other = openRoleLog(test.appUrl);
    const words = (await Promise.all([bootstrap(log, ADMIN), bootstrap(other, OTHER)])).map(word);
    await other.close();
    expect(words.sort()).toEqual(['administrator-exists', 'done']);
    expect(await listRoles(test.db, { ministry: null, name: 'administrator' })).toHaveLength(1);
  });

  it('makes the first security officer alone, and from then on nobody alone', async () => {
    await bootstrap(log, ADMIN);
    expect(word(await grant(log, ADMIN, [decided(OFFICER, 'security-officer')]))).toBe('done');
    expect(word(await grant(log, ADMIN, [decided(SOMEBODY, 'security-officer')]))).toBe(
      'SECOND_PERSON_REQUIRED',
    );
    expect(word(await revoke(log, ADMIN, decided(OFFICER, 'security-officer')))).toBe('last-second-person');
    const two = await grant(log, ADMIN, [decided(OTHER, 'administrator')], { second: OFFICER });
    expect(word(two)).toBe('done');
  });

  it('cannot go while alone', async () => {
    await bootstrap(log, ADMIN);
    expect(word(await revoke(log, ADMIN, decided(ADMIN, 'administrator')))).toBe('last-administrator');
  });
});

describe('two processes at once', () => {
  it('never bring a forbidden pair into one person', async () => {
    await house();
    const other = openRoleLog(test.appUrl);
    for (const n of [11, 12, 13, 14]) {
      const words = await Promise.all([
        grant(log, ADMIN, [decided(n, 'finance')]),
        grant(other, OTHER, [decided(n, 'log-inspector')]),
      ]);
      expect(words.map(word).sort()).toEqual(['done', 'pair-forbidden']);
      const [one, two] = await rolesOf(n);
      expect([one !== undefined, two]).toEqual([true, undefined]);
    }
    await other.close();
    expect(forbiddenPair('finance', 'log-inspector')).not.toBeNull();
  });

  it('never take the last two administrators away from each other', async () => {
    await registryRoles(log, [
      [ADMIN, 'administrator'],
      [OTHER, 'administrator'],
      [OFFICER, 'security-officer'],
    ]);
    const other = openRoleLog(test.appUrl);
    const words = await Promise.all([
      revoke(log, ADMIN, decided(OTHER, 'administrator')),
      revoke(other, OTHER, decided(ADMIN, 'administrator')),
    ]);
    await other.close();
    // Whoever came second was no administrator any more.
    expect(words.map(word).sort()).toEqual(['ROLE_REQUIRED', 'done']);
    expect(await listRoles(test.db, { ministry: null, name: 'administrator' })).toHaveLength(1);
  });
});

describe('a representative', () => {
  it('is sent by the competent directorate for the days of one assembly', async () => {
    await house();
    await registryCooperative(log, [9]);
    expect(word(await grant(log, DESK, [decided(SOMEBODY, REPRESENTATIVE, DAYS)]))).toBe('done');
    expect((await told()).at(-1)?.data).toMatchObject({ cooperative: MERSIS, ...DAYS });
    expect((await readStanding(test.db, tagOf(SOMEBODY), TODAY)).roles).toEqual([
      { role: 'ministry-representative', ministry: null, il: null, mersisNo: MERSIS },
    ]);
    expect((await readStanding(test.db, tagOf(SOMEBODY), '2026-05-12')).roles).toEqual([]);
    const listed = await listRoles(test.db, { ministry: 'ticaret', name: 'ministry-representative' });
    expect(listed).toMatchObject([{ role: REPRESENTATIVE, ...DAYS, source: 'decision' }]);
    expect(await listRoles(test.db, { ministry: 'tarim', name: null })).toEqual([]);
    expect(word(await revoke(log, DESK, decided(SOMEBODY, REPRESENTATIVE)))).toBe('done');
  });

  it.each([
    ['of an unknown cooperative', [] as number[], DESK, false, DAYS, 'cooperative-unknown'],
    ['by an administrator', [9], ADMIN, true, DAYS, 'ROLE_REQUIRED'],
    ['who sits there, elected and not registered', [SOMEBODY], DESK, true, DAYS, 'holds-seat'],
    ['by somebody who sits there', [DESK], DESK, true, DAYS, 'holds-seat'],
    ['without days', [9], DESK, true, {}, 'days-invalid'],
    ['for a month', [9], DESK, true, { from: '2026-05-10', to: '2026-06-10' }, 'days-invalid'],
  ])('%s is sent by nobody', async (_name, board, actor, isKnown, days, expected) => {
    await house();
    if (isKnown) await registryCooperative(log, board);
    expect(word(await grant(log, actor, [decided(SOMEBODY, REPRESENTATIVE, days)]))).toBe(expected);
    expect(await rolesOf(SOMEBODY)).toEqual([]);
  });
});

describe('many roles at once', () => {
  it('are written all or not at all, each bad row told by its place', async () => {
    await house();
    const before = (await told()).length;
    const roles = [
      decided(20, 'ministry-central:ticaret'),
      decided(21, 'finance'),
      decided(21, 'log-inspector'),
      decided(20, 'ministry-central:ticaret'),
      decided(22, 'security-officer'),
    ];
    const result = await grant(log, ADMIN, roles, { letter: LETTER });
    expect(result).toMatchObject({
      kind: 'refused',
      rows: [
        { row: 2, code: 'STATE_CONFLICT', reason: 'pair-forbidden' },
        { row: 3, code: 'STATE_CONFLICT', reason: 'already-held' },
        { row: 4, code: 'SECOND_PERSON_REQUIRED', reason: null },
      ],
    });
    expect(await told()).toHaveLength(before);
    expect(await rolesOf(20)).toEqual([]);
  });

  it('are as many as a file may hold, in one transaction, and no more', async () => {
    await house();
    const before = (await readEntries(test.db)).length;
    const roles = Array.from({ length: MAX_ROLES_AT_ONCE }, (_, i) =>
      decided(100 + i, 'directorate:tarim/Van'),
    );
    expect(word(await grant(log, ADMIN, roles, { letter: LETTER }))).toBe('done');
    expect(await readEntries(test.db)).toHaveLength(before + 2 * MAX_ROLES_AT_ONCE);
    const tooMany = [...roles, decided(7, 'finance')];
    expect(await failureOf(grant(log, ADMIN, tooMany))).toBeInstanceOf(RangeError);
    expect(await failureOf(grant(log, ADMIN, []))).toBeInstanceOf(RangeError);
  });
});

describe('who a person is for us', () => {
  it('is every seat with whether it counts today, and every role that is not over; nothing for a stranger', async () => {
    await house();
    await registryCooperative(log, [SOMEBODY]);
    const { seats } = await readStanding(test.db, tagOf(SOMEBODY), TODAY);
    const why = 'not-registered-yet';
    const unvan = 'S.S. ÖRNEK KOOPERATİFİ';
    expect(seats).toEqual([{ role: 'board', mersisNo: MERSIS, unvan, inForce: false, why }]);
    await test.db.query({ text: `UPDATE bridge.authority_seat SET registered_on = '2025-01-05'` });
    expect((await readStanding(test.db, tagOf(SOMEBODY), TODAY)).seats[0]?.inForce).toBe(true);
    expect((await readStanding(test.db, tagOf(SOMEBODY), '2024-12-31')).seats[0]?.inForce).toBe(false);
    expect(await readStanding(test.db, tagOf(99), TODAY)).toEqual({ seats: [], roles: [] });
    expect(await rolesOf(DESK)).toEqual(['directorate']);
  });
});
