import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import { ACR_ONE_STEP, ACR_STEP_UP, ACR_TWO_STEP } from '../../../src/sign-in/access-tokens.js';
import { readActingPerson } from '../../../src/sign-in/acting-person.js';
import { endSession } from '../../../src/sign-in/end-session.js';
import { issueToken } from '../../../src/sign-in/issue-token.js';
import { readEntries } from '../../audit/support/log.js';
import { digitsOf, masterKeys } from '../../audit/support/parts.js';
import { codeOf, collide, type Desk, openDesk, stepUpUntil, wrongCode } from './support/desk.js';

let desk: Desk;
let next = 0;
const someone = () => ++next;

beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

const later = (minutes: number) => new Date(desk.now.getTime() + minutes * 60_000);
const codeError = (code: string) => expect.objectContaining({ code });
const endOf = (end: PromiseSettledResult<unknown>): string =>
  end.status === 'rejected' ? (end.reason as { code: string }).code : 'right';
const size = async () => (await readEntries(desk.test.db)).length;

describe('a right code', () => {
  it('steps its session up for ten minutes, and no other session of the person', async () => {
    const { session, secret } = await desk.enrol(someone());
    const other = await desk.signIn(next);
    const from = await size();
    const { until } = await desk.stepUp.prove(session, codeOf(secret, desk.now));
    expect(until).toEqual(later(10));
    expect(await stepUpUntil(desk, session.sessionId)).toEqual(until);
    expect(await stepUpUntil(desk, other.sessionId)).toBeNull();
    expect(await desk.lines(from)).toEqual([
      expect.objectContaining({
        kind: 'step-up.succeeded',
        data: { means: 'totp', session: session.sessionId, until: until.toISOString() },
        sealed: { 'actor.number': expect.anything() },
      }),
    ]);
  });

  it('makes tokens that stop counting as stepped up when it decays', async () => {
    const { session, secret } = await desk.enrol(someone());
    const { until } = await desk.stepUp.prove(session, codeOf(secret, desk.now));
    const issued = { token: `t-${next}`, sessionId: session.sessionId, clientId: 'core' };
    const rest = { certificateSha256: Buffer.alloc(32), expiresAt: later(50), stepUpUntil: until };
    expect(await issueToken(desk.test.db, { ...issued, ...rest })).toBe(true);
    const acrAt = async (at: Date) =>
      (await readActingPerson(desk.test.db, masterKeys, issued.token, at))?.acr;
    expect(await acrAt(desk.now)).toBe(ACR_STEP_UP);
    expect(await acrAt(new Date(until.getTime() - 1))).toBe(ACR_STEP_UP);
    expect(await acrAt(until)).toBe(ACR_TWO_STEP);
  });

  it('never steps a session up beyond its own end', async () => {
    const { secret } = await desk.enrol(someone());
    const short = await desk.signIn(next, { lifetimeS: 120 });
    expect(await desk.stepUp.prove(short, codeOf(secret, desk.now))).toEqual({ until: later(2) });
    expect(await stepUpUntil(desk, short.sessionId)).toEqual(short.expiresAt);
  });

  it('is understood with the blanks that programs show', async () => {
    const { session, secret } = await desk.enrol(someone());
    const code = codeOf(secret, desk.now);
    await desk.stepUp.prove(session, ` ${code.slice(0, 3)} ${code.slice(3)} `);
  });

  it('steps no session up that was not signed in with two steps, has ended, or is another person’s', async () => {
    const { session, secret } = await desk.enrol(someone());
    const stranger = await desk.enrol(someone());
    const oneStep = await desk.signIn(next - 1, { acr: ACR_ONE_STEP });
    const ended = await desk.signIn(next - 1);
    await endSession(desk.log.appender, ended.sessionId, 'signed-out', desk.now);
    const expired = await desk.signIn(next - 1, { lifetimeS: 0 });
    const idle = await desk.signIn(next - 1, { idleS: 0 });
    const stolen = { ...stranger.session, tag: session.tag, person: session.person };
    const now = codeOf(secret, desk.now);
    await expect(desk.stepUp.prove(oneStep, now)).rejects.toEqual(codeError('TWO_STEP_REQUIRED'));
    for (const one of [ended, expired, idle, stolen]) {
      await expect(desk.stepUp.prove(one, now)).rejects.toEqual(codeError('SESSION_REQUIRED'));
      expect(await stepUpUntil(desk, one.sessionId)).toBeNull();
    }
    expect(await stepUpUntil(desk, oneStep.sessionId)).toBeNull();
    // None of them used the code up.
    await desk.stepUp.prove(session, now);
  });
});

describe('a code that was used', () => {
  it('is refused, is no failure, and is written down', async () => {
    const { session, secret } = await desk.enrol(someone());
    const code = codeOf(secret, desk.now);
    await desk.stepUp.prove(session, code);
    const from = await size();
    for (let i = 0; i < 6; i += 1)
      await expect(desk.stepUp.prove(session, code)).rejects.toEqual(codeError('STEP_UP_REPLAYED_CODE'));
    const refused = { failures: 0, lockedUntil: null, reason: 'replayed-code', session: session.sessionId };
    expect((await desk.lines(from)).map((line) => line.data)).toEqual(Array(6).fill(refused));
    await desk.stepUp.prove(session, codeOf(secret, desk.now, 1));
    await expect(desk.stepUp.prove(session, code)).rejects.toEqual(codeError('STEP_UP_REPLAYED_CODE'));
  });

  it('for setting the device up cannot step anybody up', async () => {
    const session = await desk.signIn(someone());
    const { secret } = await desk.stepUp.begin(session);
    const code = codeOf(secret, desk.now);
    await desk.stepUp.confirm(session, code);
    expect(await stepUpUntil(desk, session.sessionId)).toBeNull();
    await expect(desk.stepUp.prove(session, code)).rejects.toEqual(codeError('STEP_UP_REPLAYED_CODE'));
  });

  it('at the same moment by one process is right once', async () => {
    const { session, secret } = await desk.enrol(someone());
    const other = await desk.signIn(next);
    const code = codeOf(secret, desk.now);
    const ends = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => desk.stepUp.prove(i % 3 === 0 ? session : other, code)),
    );
    expect(ends.map(endOf).sort()).toEqual([...Array(9).fill('STEP_UP_REPLAYED_CODE'), 'right']);
  });

  it('at the same moment by two processes is right once', async () => {
    const { session, secret } = await desk.enrol(someone());
    const other = await desk.signIn(next);
    const code = codeOf(secret, desk.now);
    const ends = await collide(
      desk,
      [session, other].map((one) => (stepUp) => stepUp.prove(one, code)),
    );
    expect(ends.map(endOf).sort()).toEqual(['STEP_UP_REPLAYED_CODE', 'right']);
    const steppedUp = [await stepUpUntil(desk, session.sessionId), await stepUpUntil(desk, other.sessionId)];
    expect(steppedUp.filter((until) => until !== null)).toHaveLength(1);
  });
});

describe('wrong codes', () => {
  const fail = async (
    one: { session: Parameters<Desk['stepUp']['prove']>[0]; secret: string },
    times: number,
  ) => {
    for (let i = 0; i < times; i += 1)
      await expect(desk.stepUp.prove(one.session, wrongCode(one.secret, desk.now))).rejects.toEqual(
        codeError('STEP_UP_WRONG_CODE'),
      );
  };

  it('lock after the fifth, the right code included, until the lock has passed', async () => {
    const one = await desk.enrol(someone());
    const { session, secret } = one;
    const from = await size();
    await fail(one, 5);
    const ends = later(15);
    expect(await desk.stepUp.state(session.tag)).toMatchObject({ lockedUntil: ends });
    await expect(desk.stepUp.prove(session, codeOf(secret, desk.now))).rejects.toEqual(
      expect.objectContaining({ code: 'STEP_UP_LOCKED', fields: { lockedUntil: ends.toISOString() } }),
    );
    const told = (await desk.lines(from)).map(({ data }) => [data.reason, data.failures, data.lockedUntil]);
    expect(told).toEqual([
      ...[1, 2, 3, 4].map((n) => ['wrong-code', n, null]),
      ['wrong-code', 5, ends.toISOString()],
      ['locked', 5, ends.toISOString()],
    ]);
    desk.pass(14.99);
    await expect(desk.stepUp.prove(session, codeOf(secret, desk.now))).rejects.toEqual(
      codeError('STEP_UP_LOCKED'),
    );
    desk.pass(0.01);
    expect(await desk.stepUp.state(session.tag)).toMatchObject({ lockedUntil: null });
    await fail(one, 1);
    expect((await desk.lines()).at(-1)?.data).toMatchObject({ failures: 1, lockedUntil: null });
    await desk.stepUp.prove(session, codeOf(secret, desk.now));
  });

  it('lock the person, not the session they were typed in', async () => {
    const one = await desk.enrol(someone());
    await fail(one, 5);
    const fresh = await desk.signIn(next);
    await expect(desk.stepUp.prove(fresh, codeOf(one.secret, desk.now))).rejects.toEqual(
      codeError('STEP_UP_LOCKED'),
    );
  });

  it('at the same moment are counted one by one, by two processes too', async () => {
    const one = await desk.enrol(someone());
    const other = await desk.signIn(next);
    const code = wrongCode(one.secret, desk.now);
    const two = await collide(
      desk,
      [one.session, other].map((session) => (stepUp) => stepUp.prove(session, code)),
    );
    const rest = await Promise.allSettled(
      Array.from({ length: 6 }, () => desk.stepUp.prove(one.session, code)),
    );
    const codes = [...two, ...rest].map(endOf);
    expect(codes.filter((end) => end === 'STEP_UP_WRONG_CODE')).toHaveLength(5);
    expect(codes.filter((end) => end === 'STEP_UP_LOCKED')).toHaveLength(3);
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６', '9'.repeat(5000), "'; DROP TABLE x; --"])(
    'of any form are wrong codes: %#',
    async (code) => {
      const { session } = await desk.enrol(someone());
      await expect(desk.stepUp.prove(session, code)).rejects.toEqual(codeError('STEP_UP_WRONG_CODE'));
    },
  );

  it('of somebody else’s device are wrong', async () => {
    const { secret } = await desk.enrol(someone());
    const { session } = await desk.enrol(someone());
    await expect(desk.stepUp.prove(session, codeOf(secret, desk.now))).rejects.toEqual(
      codeError('STEP_UP_WRONG_CODE'),
    );
  });
});

describe('recovery codes', () => {
  it('step up once each', async () => {
    const { session, recoveryCodes } = await desk.enrol(someone());
    const [first = '', second = ''] = recoveryCodes;
    await desk.stepUp.prove(session, first.toLowerCase());
    expect((await desk.lines()).at(-1)).toMatchObject({
      kind: 'step-up.succeeded',
      data: { means: 'recovery-code' },
    });
    expect(await desk.stepUp.state(session.tag)).toMatchObject({ recoveryCodesLeft: 9 });
    await expect(desk.stepUp.prove(session, first)).rejects.toEqual(codeError('STEP_UP_REPLAYED_CODE'));
    const other = await desk.signIn(next);
    const both = await collide(
      desk,
      [session, other].map((one) => (stepUp) => stepUp.prove(one, second)),
    );
    expect(both.map(endOf).sort()).toEqual(['STEP_UP_REPLAYED_CODE', 'right']);
  });

  it('of another person are wrong, and guesses of them lock like other wrong codes', async () => {
    const { recoveryCodes } = await desk.enrol(someone());
    const { session } = await desk.enrol(someone());
    for (const code of recoveryCodes.slice(0, 5))
      await expect(desk.stepUp.prove(session, code)).rejects.toEqual(codeError('STEP_UP_WRONG_CODE'));
    await expect(desk.stepUp.prove(session, recoveryCodes[5] ?? '')).rejects.toEqual(
      codeError('STEP_UP_LOCKED'),
    );
  });
});

describe('somebody without a device', () => {
  it('is refused, which is written down', async () => {
    const session = await desk.signIn(someone());
    await expect(desk.stepUp.prove(session, '123456')).rejects.toEqual(codeError('STEP_UP_NOT_ENROLLED'));
    expect((await desk.lines()).at(-1)?.data).toMatchObject({ reason: 'not-enrolled', failures: 0 });
    expect(await desk.stepUp.state(session.tag)).toEqual({
      enrolledAt: null,
      lockedUntil: null,
      recoveryCodesLeft: 0,
    });
  });

  it('is whoever’s box was exchanged or spoilt, and nobody else in the same moment', async () => {
    const [a, b, c] = [await desk.enrol(someone()), await desk.enrol(someone()), await desk.enrol(someone())];
    await desk.test.db.query({
      text: `UPDATE bridge.step_up_device d SET box = o.box FROM bridge.step_up_device o
        WHERE d.person_tag = $1 AND o.person_tag = $2`,
      values: [a.session.tag, b.session.tag],
    });
    await desk.test.db.query({
      text: `UPDATE bridge.step_up_device SET master_key_id = 'gone' WHERE person_tag = $1`,
      values: [c.session.tag],
    });
    const ends = await Promise.allSettled([
      desk.stepUp.prove(a.session, codeOf(b.secret, desk.now)),
      desk.stepUp.prove(b.session, codeOf(b.secret, desk.now)),
      desk.stepUp.prove(c.session, codeOf(c.secret, desk.now)),
    ]);
    expect(ends.map(endOf)).toEqual(['STEP_UP_NOT_ENROLLED', 'right', 'STEP_UP_NOT_ENROLLED']);
    expect(await desk.stepUp.state(a.session.tag)).toMatchObject({ enrolledAt: null });
  });
});

describe('what is written down', () => {
  it('fits the catalogue and holds no number and no code in clear', async () => {
    const rows = (await readEntries(desk.test.db)).filter((row) => row.kind.startsWith('step-up.'));
    expect(rows.length).toBeGreaterThan(50);
    for (const { line } of rows) {
      expect(checkLine(line).kind).toMatch(/^step-up\./);
      for (let n = 1; n <= next; n += 1) expect(line).not.toContain(digitsOf(n));
    }
  });
});
