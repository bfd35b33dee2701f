import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { leafHash } from '../../src/audit/leaf-hash.js';
import { hashToken } from '../../src/sign-in/access-tokens.js';
import { requireSoundLog } from '../audit/support/log.js';
import { type Call, equalRecord, type House, type Instance, openHouse, someone } from './support/house.js';
import { CLIENT, digitsOf, MERSIS, NOW, QUESTION, SUBJECT } from './support/parts.js';

let house: House;
let bridge: Instance;
let people = 0;

beforeAll(async () => {
  house = await openHouse();
  bridge = house.instance();
});

afterAll(() => house.close());

beforeEach(() => {
  house.now = NOW;
  house.kps.answer = equalRecord;
  house.kps.asked.length = 0;
});

/** Somebody new on the board, signed in. */
async function boardMember() {
  people += 1;
  const who = someone(people);
  const seatId = await house.addSeat(who);
  return { who, seatId, ...(await house.signIn(who)) };
}

const lastEntry = async () => (await house.entries()).at(-1);

describe('an admitted query', () => {
  it('has its intent in the log before KPS is asked, naming the message that goes out', async () => {
    const { token } = await boardMember();
    let before: Awaited<ReturnType<House['entries']>> = [];
    house.kps.answer = async (question) => {
      before = await house.entries();
      return equalRecord(question);
    };
    expect(await bridge.ask({ token })).toBe('match');
    const intent = before.at(-1);
    expect(intent).toMatchObject({
      kind: 'query.intent',
      data: { messageId: house.kps.asked[0]?.messageId },
    });
  });

  it('is answered with the receipt of its outcome entry', async () => {
    const { token } = await boardMember();
    const { recorded } = await bridge.verify({ token });
    const outcome = (await house.entries()).find((entry) => entry.leaf === recorded.leafIndex);
    expect(outcome).toMatchObject({
      kind: 'query.outcome',
      data: { query: recorded.queryId, outcome: 'match' },
    });
    expect(outcome?.hash.equals(recorded.leafHash)).toBe(true);
    expect(leafHash(outcome?.line ?? '').equals(recorded.leafHash)).toBe(true);
  });

  it('is asked with the numbers and names in the form of the register, for the account of the client', async () => {
    const { token, who } = await boardMember();
    await bridge.ask({ token, question: { subject: { ad: ' ayşe  nur ' } } });
    const [asked] = house.kps.asked;
    expect(asked).toMatchObject({ account: 'paying', ad: 'AYŞE NUR', service: { version: '2024/04/01' } });
    expect(asked?.kimlikNo.reveal()).toBe(digitsOf(SUBJECT));
    expect(asked?.asker.kimlikNo.equals(who)).toBe(true);
  });

  it('is not asked any more where its deadline has passed while it waited', async () => {
    const slow = house.instance({ answerDeadlineMs: 900 });
    const { token } = await boardMember();
    expect(await slow.ask({ token })).toBe('KPS_UNAVAILABLE deadline-passed');
    expect(house.kps.asked).toEqual([]);
  });
});

describe('a refused call', () => {
  it.each<[string, Partial<Call>, boolean, (string | null)?]>([
    ['TOKEN_INVALID', { token: null }, false],
    ['TOKEN_INVALID', { token: 'nobody'.repeat(8) }, false, 'token-unknown'],
    ['NOT_AUTHORISED_FOR_COOPERATIVE no-seat', { question: { cooperative: '0000000000000099' } }, true],
    ['PURPOSE_NOT_ALLOWED role', { question: { purpose: 'resen-kontrol' } }, true],
    ['SERVICE_NOT_IN_AGREEMENT no-account', { client: { ...CLIENT, account: null } }, true],
    ['IDENTITY_NUMBER_INVALID format', { question: { subject: { kimlikNo: '1' } } }, true],
  ])(
    'as %s never reaches KPS, costs nothing, and stands in the log under the name of whoever signed in (%#)',
    async (expected, changes, named, tokenFault: string | null = null) => {
      const { token } = await boardMember();
      const fees = await house.rows('SELECT 1 FROM bridge.fee_line');
      expect(await bridge.ask({ token, ...changes })).toBe(expected);
      const [code, reason = tokenFault] = expected.split(' ');
      const entry = await lastEntry();
      expect(entry).toMatchObject({ kind: 'query.refused', data: { code, reason, client: CLIENT.id } });
      expect(Object.keys(entry?.sealed ?? {})).toEqual(named ? ['actor.address', 'actor.number'] : []);
      expect(house.kps.asked).toEqual([]);
      expect(await house.rows('SELECT 1 FROM bridge.fee_line')).toHaveLength(fees.length);
    },
  );
});

describe('a token', () => {
  it('is worth nothing to another client, or over another certificate', async () => {
    const { token } = await boardMember();
    expect(await bridge.ask({ token, client: { ...CLIENT, id: 'other' } })).toBe('TOKEN_INVALID');
    expect(await bridge.ask({ token, certificate: Buffer.alloc(32, 7) })).toBe('TOKEN_INVALID');
    expect(await bridge.ask({ token })).toBe('match');
  });

  it('ends at its own hour, and at that of its session', async () => {
    const who = someone(9001);
    await house.addSeat(who);
    const short = await house.signIn(who, { tokenLifetimeS: 60 });
    const session = await house.signIn(who, { lifetimeS: 120 });
    house.pass(59_999);
    expect(await bridge.ask({ token: short.token })).toBe('match');
    house.pass(1);
    expect(await bridge.ask({ token: short.token })).toBe('TOKEN_INVALID');
    expect(await bridge.ask({ token: session.token })).toBe('match');
    house.pass(60_000);
    expect(await bridge.ask({ token: session.token })).toBe('TOKEN_INVALID');
  });

  it('of a session below two steps signs nobody in, and one above does', async () => {
    const who = someone(9002);
    await house.addSeat(who);
    const weak = await house.signIn(who, { acr: 'urn:koopbis:acr:password' });
    expect(await bridge.ask({ token: weak.token })).toBe('TWO_STEP_REQUIRED');
    expect(Object.keys((await lastEntry())?.sealed ?? {})).toContain('actor.number');
    const strong = await house.signIn(who, { stepUp: true });
    expect(await bridge.ask({ token: strong.token })).toBe('match');
  });

  it('whose sealed number does not open signs nobody in, and spoils nobody else’s call', async () => {
    const spoilt = await boardMember();
    const sound = await boardMember();
    const text = "UPDATE bridge.sign_in_session SET master_key_id = 'gone' WHERE session_id = $1";
    await house.test.db.query({ text, values: [spoilt.sessionId] });
    const swapped = await boardMember();
    const swap = `UPDATE bridge.sign_in_session SET person_box = (SELECT person_box FROM bridge.sign_in_session WHERE session_id = $2)
      WHERE session_id = $1`;
    await house.test.db.query({ text: swap, values: [swapped.sessionId, sound.sessionId] });
    const tokens = [spoilt.token, sound.token, swapped.token];
    expect(await Promise.all(tokens.map((token) => bridge.ask({ token })))).toEqual([
      'TOKEN_INVALID',
      'match',
      'TOKEN_INVALID',
    ]);
  });

  it('is kept as its hash only', async () => {
    const { token } = await boardMember();
    const dump = JSON.stringify(
      await house.rows('SELECT t::text, encode(token_hash, $$hex$$) AS h FROM bridge.access_token t'),
    );
    expect(dump).not.toContain(token);
    expect(dump).toContain(hashToken(token).toString('hex'));
  });
});

describe('a right that is lost', () => {
  it('is lost for every call whose intent is not in the log yet: ended session and lost seat', async () => {
    const one = await boardMember();
    const two = await boardMember();
    await house.endSession(one.sessionId);
    await house.removeSeat(two.seatId);
    expect(await bridge.ask({ token: one.token })).toBe('TOKEN_INVALID');
    expect(await bridge.ask({ token: two.token })).toBe('NOT_AUTHORISED_FOR_COOPERATIVE no-seat');
    expect(house.kps.asked).toEqual([]);
  });

  it('under load is never served after its COMMIT', async () => {
    const { token, sessionId } = await boardMember();
    const ends: string[] = [];
    let ended = false;
    const callers = Array.from({ length: 4 }, async () => {
      while (!ended) ends.push(await bridge.ask({ token }));
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await house.endSession(sessionId);
    const size = (await house.rows<{ size: bigint }>('SELECT size FROM bridge.log_head'))[0]?.size ?? 0n;
    ended = true;
    await Promise.all(callers);
    const late = (await house.entries()).filter(
      (entry) =>
        entry.leaf >= size &&
        entry.kind === 'query.intent' &&
        JSON.stringify(entry.data.actor).includes(sessionId),
    );
    expect(late).toEqual([]);
    expect(await bridge.ask({ token })).toBe('TOKEN_INVALID');
    expect(ends).toContain('match');
  });
});

describe('the log of all this', () => {
  it('is sound, and holds no number in clear in any entry or table', async () => {
    await requireSoundLog(house.test.db);
    const tables = await house.rows<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'bridge' AND table_type = 'BASE TABLE'",
    );
    const numbers = [digitsOf(SUBJECT), ...Array.from({ length: people }, (_, i) => someone(i + 1).reveal())];
    for (const { name } of tables) {
      const dump = JSON.stringify(await house.rows(`SELECT t::text FROM bridge.${name} t`));
      for (const number of numbers) {
        expect(dump).not.toContain(number);
        expect(dump).not.toContain(Buffer.from(number).toString('hex'));
      }
      for (const word of [QUESTION.subject.ad, QUESTION.subject.soyad, QUESTION.subject.dogumTarihi]) {
        expect(dump).not.toContain(word);
      }
    }
    expect((await house.entries()).some((entry) => entry.data.cooperative === MERSIS)).toBe(true);
  });
});
