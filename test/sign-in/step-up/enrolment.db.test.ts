import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMasterKeys } from '../../../src/audit/master-keys.js';
import { ACR_ONE_STEP } from '../../../src/sign-in/access-tokens.js';
import { endSession } from '../../../src/sign-in/end-session.js';
import { readEntries } from '../../audit/support/log.js';
import { codeOf, collide, type Desk, type Enrolled, openDesk, SETTINGS, wrongCode } from './support/desk.js';

let desk: Desk;
let next = 0;
const someone = () => ++next;

beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

const codeError = (code: string) => expect.objectContaining({ code });
const size = async () => (await readEntries(desk.test.db)).length;

/** A second sign-in of the person, stepped up with their device. */
async function steppedUp({ secret }: Enrolled, n: number) {
  const session = await desk.signIn(n);
  await desk.stepUp.prove(session, codeOf(secret, desk.now));
  return session;
}

describe('setting a device up', () => {
  it('counts once its first code was right, gives ten recovery codes, and is written down', async () => {
    const session = await desk.signIn(someone());
    const from = await size();
    const { secret, qrSvg } = await desk.stepUp.begin(session);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(qrSvg).toMatch(/^<svg /);
    expect(await desk.stepUp.state(session.tag)).toMatchObject({ enrolledAt: null });
    await expect(desk.stepUp.prove(session, codeOf(secret, desk.now))).rejects.toEqual(
      codeError('STEP_UP_NOT_ENROLLED'),
    );
    const { recoveryCodes } = await desk.stepUp.confirm(session, codeOf(secret, desk.now));
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(await desk.stepUp.state(session.tag)).toEqual({
      enrolledAt: desk.now,
      lockedUntil: null,
      recoveryCodesLeft: 10,
    });
    expect((await desk.lines(from)).map(({ kind, data }) => [kind, data])).toEqual([
      ['step-up.refused', expect.objectContaining({ reason: 'not-enrolled' })],
      ['step-up.enrolled', { replaced: false, session: session.sessionId }],
    ]);
  });

  it('waits on after a wrong first code, which is written down and locks nobody', async () => {
    const session = await desk.signIn(someone());
    const { secret } = await desk.stepUp.begin(session);
    const from = await size();
    for (let i = 0; i < 7; i += 1)
      await expect(desk.stepUp.confirm(session, wrongCode(secret, desk.now))).rejects.toEqual(
        codeError('STEP_UP_WRONG_CODE'),
      );
    const told = (await desk.lines(from)).map(({ data }) => data);
    expect(told).toEqual(
      Array(7).fill({
        failures: 0,
        lockedUntil: null,
        reason: 'wrong-code',
        session: session.sessionId,
      }),
    );
    await desk.stepUp.confirm(session, codeOf(secret, desk.now));
  });

  it('needs a sign-in with two steps of the last five minutes', async () => {
    const old = await desk.signIn(someone());
    const oneStep = await desk.signIn(someone(), { acr: ACR_ONE_STEP });
    await expect(desk.stepUp.begin(oneStep)).rejects.toEqual(codeError('FRESH_SIGN_IN_REQUIRED'));
    desk.pass(SETTINGS.enrolWithinMinutes);
    await desk.stepUp.begin(old);
    desk.pass(0.001);
    await expect(desk.stepUp.begin(old)).rejects.toEqual(codeError('FRESH_SIGN_IN_REQUIRED'));
    // What the page believes of the session does not count.
    await expect(desk.stepUp.begin({ ...old, authTime: desk.now })).rejects.toEqual(
      codeError('FRESH_SIGN_IN_REQUIRED'),
    );
  });

  it('needs a session that lives, when it begins and when it ends', async () => {
    const session = await desk.signIn(someone());
    const { secret } = await desk.stepUp.begin(session);
    await endSession(desk.log.appender, session.sessionId, 'signed-out', desk.now);
    const code = codeOf(secret, desk.now);
    await expect(desk.stepUp.confirm(session, code)).rejects.toEqual(codeError('SESSION_REQUIRED'));
    await expect(desk.stepUp.begin(session)).rejects.toEqual(codeError('SESSION_REQUIRED'));
    expect(await desk.stepUp.state(session.tag)).toMatchObject({ enrolledAt: null });
  });

  it('is over after ten minutes, and in any other session than the one that began it', async () => {
    const session = await desk.signIn(someone());
    const other = await desk.signIn(next);
    const { secret } = await desk.stepUp.begin(session);
    await expect(desk.stepUp.confirm(other, codeOf(secret, desk.now))).rejects.toEqual(
      codeError('SIGN_IN_EXPIRED'),
    );
    desk.pass(10);
    await expect(desk.stepUp.confirm(session, codeOf(secret, desk.now))).rejects.toEqual(
      codeError('SIGN_IN_EXPIRED'),
    );
  });

  it('begun twice counts with the last secret alone, and ended once it is over', async () => {
    const session = await desk.signIn(someone());
    const { secret: first } = await desk.stepUp.begin(session);
    const { secret } = await desk.stepUp.begin(session);
    expect(first).not.toBe(secret);
    await expect(desk.stepUp.confirm(session, codeOf(first, desk.now))).rejects.toEqual(
      codeError('STEP_UP_WRONG_CODE'),
    );
    const code = codeOf(secret, desk.now);
    const both = await collide(desk, [
      (stepUp) => stepUp.confirm(session, code),
      (stepUp) => stepUp.confirm(session, code),
    ]);
    expect(both.map((end) => end.status).sort()).toEqual(['fulfilled', 'rejected']);
    const nobody = await desk.signIn(someone());
    await expect(desk.stepUp.confirm(nobody, '123456')).rejects.toEqual(codeError('SIGN_IN_EXPIRED'));
  });
});

describe('replacing a device', () => {
  it('needs a session that is stepped up with the old one', async () => {
    const enrolled = await desk.enrol(someone());
    const stolen = await desk.signIn(next);
    await expect(desk.stepUp.begin(stolen)).rejects.toEqual(codeError('STEP_UP_REQUIRED'));
    // What the page believes of the session does not count.
    const claimed = { ...stolen, stepUpUntil: new Date(desk.now.getTime() + 60_000) };
    await expect(desk.stepUp.begin(claimed)).rejects.toEqual(codeError('STEP_UP_REQUIRED'));
    const session = await steppedUp(enrolled, next);
    await desk.stepUp.begin(session);
    desk.pass(SETTINGS.decaysAfterMinutes);
    const fresh = await desk.signIn(next);
    await expect(desk.stepUp.begin(fresh)).rejects.toEqual(codeError('STEP_UP_REQUIRED'));
  });

  it('leaves the old one in force until the first code of the new one, and nothing of it after', async () => {
    const old = await desk.enrol(someone());
    const session = await steppedUp(old, next);
    const { secret } = await desk.stepUp.begin(session);
    await desk.stepUp.prove(session, old.recoveryCodes[0] ?? '');
    desk.pass(1);
    await desk.stepUp.prove(session, codeOf(old.secret, desk.now));
    const { recoveryCodes } = await desk.stepUp.confirm(session, codeOf(secret, desk.now));
    expect((await desk.lines()).at(-1)).toMatchObject({
      kind: 'step-up.enrolled',
      data: { replaced: true },
    });
    expect(await desk.stepUp.state(session.tag)).toMatchObject({ recoveryCodesLeft: 10 });
    desk.pass(1);
    for (const code of [codeOf(old.secret, desk.now), ...old.recoveryCodes.slice(0, 2)])
      await expect(desk.stepUp.prove(session, code)).rejects.toEqual(codeError('STEP_UP_WRONG_CODE'));
    await desk.stepUp.prove(session, codeOf(secret, desk.now));
    await desk.stepUp.prove(session, recoveryCodes[9] ?? '');
  });

  it('is open to a fresh sign-in where the old one cannot be opened any more', async () => {
    const { session } = await desk.enrol(someone());
    await desk.test.db.query({
      text: "UPDATE bridge.step_up_device SET master_key_id = 'gone' WHERE person_tag = $1",
      values: [session.tag],
    });
    const fresh = await desk.signIn(next);
    const { secret } = await desk.stepUp.begin(fresh);
    await desk.stepUp.confirm(fresh, codeOf(secret, desk.now));
    expect((await desk.lines()).at(-1)).toMatchObject({ data: { replaced: true } });
  });
});

describe('a new master key', () => {
  const old = { id: 'old', key: randomBytes(32) };
  const fresh = { id: 'new', key: randomBytes(32) };
  const keyIdOf = async (tag: Buffer) => {
    const { rows } = await desk.test.db.query<{ id: string }>({
      text: 'SELECT master_key_id AS id FROM bridge.step_up_device WHERE person_tag = $1',
      values: [tag],
    });
    return rows[0]?.id;
  };

  it('opens devices under the one before, and seals each anew at its next code', async () => {
    const before = desk.another(createMasterKeys([old])).stepUp;
    const after = desk.another(createMasterKeys([fresh, old])).stepUp;
    const alone = desk.another(createMasterKeys([fresh])).stepUp;
    const session = await desk.signIn(someone());
    const { secret } = await before.begin(session);
    await before.confirm(session, codeOf(secret, desk.now));
    expect(await keyIdOf(session.tag)).toBe('old');
    desk.pass(1);
    await after.prove(session, codeOf(secret, desk.now));
    expect(await keyIdOf(session.tag)).toBe('new');
    desk.pass(1);
    await alone.prove(session, codeOf(secret, desk.now));
  });

  it('can come while a device is being replaced: what was begun ends under it, and what stands is not lost', async () => {
    const before = desk.another(createMasterKeys([old])).stepUp;
    const after = desk.another(createMasterKeys([fresh, old])).stepUp;
    const session = await desk.signIn(someone());
    const { secret } = await before.begin(session);
    await before.confirm(session, codeOf(secret, desk.now));
    desk.pass(1);
    await before.prove(session, codeOf(secret, desk.now));
    const { secret: waiting } = await after.begin(session);
    desk.pass(1);
    await before.prove(session, codeOf(secret, desk.now));
    await after.confirm(session, codeOf(waiting, desk.now));
    expect(await keyIdOf(session.tag)).toBe('new');
  });
});

describe('what stands in the database', () => {
  it('holds no secret and no recovery code in clear, in no column of any table', async () => {
    const session = await desk.signIn(someone());
    const { secret: replaced } = await desk.stepUp.begin(session);
    const { recoveryCodes: gone } = await desk.stepUp.confirm(session, codeOf(replaced, desk.now));
    desk.pass(1);
    await desk.stepUp.prove(session, codeOf(replaced, desk.now));
    const { secret: waiting } = await desk.stepUp.begin(session);
    const { rows: tables } = await desk.test.db.query<{ name: string }>({
      text: `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'bridge' AND c.relkind IN ('r', 'p') AND has_table_privilege(c.oid, 'SELECT')`,
    });
    expect(tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['step_up_device', 'step_up_recovery_code', 'entry', 'sign_in_session']),
    );
    const clear = [replaced, waiting, ...gone, ...gone.map((code) => code.replaceAll('-', ''))];
    const looked = clear.flatMap((text) => [text, Buffer.from(text).toString('hex')]);
    looked.push(base32Hex(replaced), base32Hex(waiting));
    for (const { name } of tables) {
      const { rows } = await desk.test.db.query<{ row: string }>({
        text: `SELECT t::text AS row FROM bridge.${name} t`,
      });
      const all = rows.map(({ row }) => row.toLowerCase()).join('\n');
      for (const text of looked) expect(all.includes(text.toLowerCase())).toBe(false);
    }
  });
});

/** Hex of the bytes that a base32 secret stands for. */
function base32Hex(text: string): string {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return bytes.map((byte) => Number.parseInt(byte, 2).toString(16).padStart(2, '0')).join('');
}
