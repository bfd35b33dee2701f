import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import type { PersonalValue } from '../../../src/audit/entry.js';
import { ACR_STEP_UP, ACR_TWO_STEP } from '../../../src/sign-in/access-tokens.js';
import { readActingPerson } from '../../../src/sign-in/acting-person.js';
import { bringInDevices } from '../../../src/sign-in/step-up/bring-in-devices.js';
import { type Removal, removeDevice } from '../../../src/sign-in/step-up/remove-device.js';
import { newSecret } from '../../../src/sign-in/step-up/totp.js';
import { readEntries } from '../../audit/support/log.js';
import { masterKeys, numberOf, personOf, tagger } from '../../audit/support/parts.js';
import { codeOf, type Desk, openDesk, stepUpUntil } from './support/desk.js';

const KEYS = { masterKeys, tagger };
const ADMIN = 900;

let desk: Desk;
let next = 0;
const someone = () => ++next;

beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

const codeError = (code: string) => expect.objectContaining({ code });
const size = async () => (await readEntries(desk.test.db)).length;
const bringIn = (devices: Parameters<typeof bringInDevices>[2], log = desk.log) =>
  bringInDevices(log.appender, KEYS, devices, desk.now);

describe('bringing devices in', () => {
  it('sets up hundreds, each with an entry that names no session, and nothing when it is done again', async () => {
    const from = await size();
    const devices = Array.from({ length: 450 }, (_, i) => ({
      person: personOf(1000 + i),
      secret: newSecret(),
    }));
    await bringIn(devices);
    const lines = await desk.lines(from);
    expect(lines).toHaveLength(450);
    for (const { kind, data } of lines)
      expect([kind, data]).toEqual(['step-up.enrolled', { replaced: false, session: null }]);
    const session = await desk.signIn(1449);
    await desk.stepUp.prove(session, codeOf(devices[449]?.secret ?? '', desk.now));
    const before = await size();
    await bringIn(devices.map(({ person }) => ({ person, secret: newSecret() })));
    await bringIn([]);
    expect(await size()).toBe(before);
    desk.pass(1);
    await desk.stepUp.prove(session, codeOf(devices[449]?.secret ?? '', desk.now));
  });

  it('twice at the same moment, a person named twice included, sets each up once', async () => {
    const from = await size();
    const person = personOf(someone());
    const [first, second] = [newSecret(), newSecret()];
    const twice = [
      { person, secret: first },
      { person: personOf(someone()), secret: first },
      { person, secret: second },
    ];
    await Promise.all([bringIn(twice), bringIn(twice, desk.another().log)]);
    expect(await desk.lines(from)).toHaveLength(2);
  });

  it('leaves a device that its person set up alone, and takes the place of one that was only begun', async () => {
    const enrolled = await desk.enrol(someone());
    const begun = await desk.signIn(someone());
    const { secret: waiting } = await desk.stepUp.begin(begun);
    const secret = newSecret();
    await bringIn([
      { person: enrolled.session.person, secret },
      { person: begun.person, secret },
    ]);
    await desk.stepUp.prove(enrolled.session, codeOf(enrolled.secret, desk.now));
    await desk.stepUp.prove(begun, codeOf(secret, desk.now));
    await expect(desk.stepUp.confirm(begun, codeOf(waiting, desk.now))).rejects.toEqual(
      codeError('SIGN_IN_EXPIRED'),
    );
  });

  it('brings nothing in where one secret is none, and does not repeat it', async () => {
    const from = await size();
    const bad = [
      { person: personOf(someone()), secret: newSecret() },
      { person: personOf(someone()), secret: 'SHORTSECRET' },
    ];
    const error = await bringIn(bad).catch((one: Error) => one);
    expect(error).toEqual(codeError('CONFIG_INVALID'));
    expect(String(error)).not.toContain('SHORTSECRET');
    expect(await size()).toBe(from);
  });
});

describe('taking a device away', () => {
  const removal = async (n: number, changes: Partial<Removal> = {}): Promise<Removal> => {
    const admin = await desk.signIn(ADMIN);
    return {
      actor: { acr: ACR_STEP_UP, authTime: admin.authTime.toISOString(), session: admin.sessionId },
      actorNumber: numberOf('actor', ADMIN) as PersonalValue,
      person: personOf(n),
      tag: tagger.tag('authority', personOf(n)),
      reason: 'telefonunu kaybetti',
      ...changes,
    };
  };

  it('ends what was stepped up with it, in sessions and tokens, and tells who did it and why', async () => {
    const { session, secret, recoveryCodes } = await desk.enrol(someone());
    const other = await desk.enrol(someone());
    for (const one of [{ session, secret }, other])
      await desk.stepUp.prove(one.session, codeOf(one.secret, desk.now));
    const until = new Date(desk.now.getTime() + 60_000);
    for (const { sessionId } of [session, other.session])
      await desk.test.db.query({
        text: 'UPDATE bridge.access_token SET step_up_until = $2 WHERE session_id = $1',
        values: [sessionId, until],
      });
    const acrOf = async (token: string) =>
      (await readActingPerson(desk.test.db, masterKeys, token, desk.now))?.acr;
    expect(await acrOf(session.token)).toBe(ACR_STEP_UP);
    expect(await removeDevice(desk.log.appender, await removal(next - 1), desk.now)).toBe(true);
    expect(await stepUpUntil(desk, session.sessionId)).toBeNull();
    expect([await acrOf(session.token), await acrOf(other.session.token)]).toEqual([
      ACR_TWO_STEP,
      ACR_STEP_UP,
    ]);
    const [line] = (await readEntries(desk.test.db)).slice(-1);
    expect(checkLine(line?.line ?? '')).toMatchObject({
      kind: 'step-up.removed',
      data: { reason: 'telefonunu kaybetti', actor: { acr: ACR_STEP_UP } },
      sealed: { 'actor.number': expect.anything(), 'subject.number': expect.anything() },
    });
    desk.pass(1);
    for (const code of [codeOf(secret, desk.now), recoveryCodes[0] ?? ''])
      await expect(desk.stepUp.prove(session, code)).rejects.toEqual(codeError('STEP_UP_NOT_ENROLLED'));
    await desk.stepUp.prove(other.session, codeOf(other.secret, desk.now));
    // Their next sign-in sets up another one.
    const fresh = await desk.signIn(next - 1);
    const { secret: anew } = await desk.stepUp.begin(fresh);
    await desk.stepUp.confirm(fresh, codeOf(anew, desk.now));
  });

  it('of somebody who has none changes nothing and is no entry', async () => {
    const begun = await desk.signIn(someone());
    await desk.stepUp.begin(begun);
    const order = await removal(next);
    const nobody = await removal(someone());
    const from = await size();
    expect(await removeDevice(desk.log.appender, order, desk.now)).toBe(false);
    expect(await removeDevice(desk.log.appender, nobody, desk.now)).toBe(false);
    expect(await size()).toBe(from);
  });

  it('is refused where the right of whoever orders it has gone a moment ago', async () => {
    const { session, secret } = await desk.enrol(someone());
    const order = await removal(next, { stillActs: async () => false });
    await expect(removeDevice(desk.log.appender, order, desk.now)).rejects.toEqual(
      codeError('TOKEN_INVALID'),
    );
    await desk.stepUp.prove(session, codeOf(secret, desk.now));
  });

  it('twice at the same moment happens once', async () => {
    await desk.enrol(someone());
    const order = await removal(next);
    const ends = await Promise.all([
      removeDevice(desk.log.appender, order, desk.now),
      removeDevice(desk.another().log.appender, order, desk.now),
    ]);
    expect([...ends].sort()).toEqual([false, true]);
  });
});
