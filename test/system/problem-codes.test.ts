import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type System, startSystem } from '../support/system.js';
import { Asking, plain, until } from '../support/system-asking.js';
import { type Answer, VERIFICATIONS } from '../support/system-call.js';
import { question } from '../support/system-people.js';

let system: System;
let asking: Asking;

beforeAll(async () => {
  system = await startSystem({
    settings: (yaml) => {
      yaml.limits = { queriesPerUserPerMinute: 2000 };
    },
  });
  asking = new Asking(system);
  // The first query fetches a token; from here on the witness of the STS moves for nobody.
  expect((await asking.ask()).status).toBe(200);
});
afterAll(() => system?.stop());

describe('who calls', () => {
  it('is nobody with a certificate of our CA that is not registered', async () => {
    await asking.refused(
      async () => asking.ask({ client: 'stranger', token: await system.token(asking.board.kimlikNo) }),
      403,
      'CLIENT_CERTIFICATE_UNKNOWN',
    );
  });

  it('does not get through the handshake with a certificate of another CA, or with none', async () => {
    const before = await system.witness();
    await expect(
      asking.ask({ client: 'foreign-ca', token: await system.token(asking.board.kimlikNo) }),
    ).rejects.toThrow();
    await expect(withoutCertificate()).rejects.toThrow();
    expect(await system.witness()).toEqual(before);
  });

  it('is refused from an address that its registration does not name', async () => {
    await asking.refused(() => asking.ask({ from: '127.0.0.2' }), 403, 'SOURCE_ADDRESS_NOT_ALLOWED');
  });

  it('needs the permission for identity checks, for reading a result too', async () => {
    const token = await system.token(asking.board.kimlikNo, 'koopbis-reports');
    await asking.refused(() => asking.ask({ client: 'koopbis-reports', token }), 403, 'CLIENT_NOT_PERMITTED');
    const path = `${VERIFICATIONS}/00000000-0000-4000-8000-000000000000`;
    await asking.refused(
      () => system.call({ client: 'koopbis-reports', token, path }),
      403,
      'CLIENT_NOT_PERMITTED',
    );
  });

  it('is counted, not logged entry by entry, while it is nobody', async () => {
    const before = await asking.entries();
    for (let i = 0; i < 20; i += 1) await asking.ask({ client: 'stranger', token: undefined });
    expect(await asking.entries()).toBe(before);
  });
});

/** Why the last call was refused, as the log alone says it. */
async function reasonInLog(): Promise<string | null> {
  const [row] = await system.sql('SELECT line FROM bridge.entry ORDER BY leaf_index DESC LIMIT 1');
  const { kind, data } = JSON.parse(row.line);
  expect([kind, data.code]).toEqual(['query.refused', 'TOKEN_INVALID']);
  return data.reason;
}

describe('for whom', () => {
  it('must be said: no token, another scheme, or a text that is no token is TOKEN_INVALID', async () => {
    await asking.refused(() => asking.ask({ token: undefined }), 401, 'TOKEN_INVALID');
    expect(await reasonInLog()).toBeNull();
    await asking.refused(() => asking.ask({ token: 'short' }), 401, 'TOKEN_INVALID');
    await asking.refused(() => asking.ask({ token: 'A'.repeat(43) }), 401, 'TOKEN_INVALID');
    expect(await reasonInLog()).toBe('token-unknown');
    const basic = { Authorization: `Basic ${Buffer.from('a:b').toString('base64')}` };
    const answer = await asking.refused(
      () => asking.ask({ token: undefined, headers: basic }),
      401,
      'TOKEN_INVALID',
    );
    expect(answer.headers['www-authenticate']).toContain('Bearer');
  });

  it('a token of another client is worth nothing: it is bound to the other’s certificate', async () => {
    const token = await system.token(asking.board.kimlikNo, 'union-portal');
    await asking.refused(() => asking.ask({ token }), 401, 'TOKEN_INVALID');
    expect(await reasonInLog()).toBe('token-of-other-client');
  });

  it('a token ends with its time', async () => {
    const actor = asking.people.actor('board', 1);
    const token = await system.freshToken(actor.kimlikNo);
    await system.sql(
      `UPDATE bridge.access_token SET expires_at = now() - interval '1 second' WHERE token_hash = sha256($1)`,
      [Buffer.from(token)],
    );
    await asking.refused(() => asking.ask({ actor, token }), 401, 'TOKEN_INVALID');
    expect(await reasonInLog()).toBe('token-expired');
  });

  it('a token ends with its session, from the moment in which the session ends', async () => {
    const actor = asking.people.actor('board', 2);
    const token = await system.freshToken(actor.kimlikNo);
    expect((await asking.ask({ actor, token })).status).toBe(200);
    await asking.underLock(
      `UPDATE bridge.sign_in_session SET ended_at = now() WHERE session_id =
        (SELECT session_id FROM bridge.access_token WHERE token_hash = sha256($1))`,
      [Buffer.from(token)],
    );
    await asking.refused(() => asking.ask({ actor, token }), 401, 'TOKEN_INVALID');
    expect(await reasonInLog()).toBe('session-ended');
  });

  it.each(['urn:koopbis:acr:one-step', '', 'urn:koopbis:acr:two-step '])(
    'a session of strength %j is below two steps, since unknown counts as none',
    async (acr) => {
      const actor = asking.people.actor('board', 3);
      const token = await system.freshToken(actor.kimlikNo);
      await system.sql(
        `UPDATE bridge.sign_in_session SET acr = $2 WHERE session_id =
          (SELECT session_id FROM bridge.access_token WHERE token_hash = sha256($1))`,
        [Buffer.from(token), acr],
      );
      await asking.refused(() => asking.ask({ actor, token }), 403, 'TWO_STEP_REQUIRED');
    },
  );
});

describe('the body', () => {
  it('is refused where its type is not JSON in UTF-8', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/json; charset=iso-8859-9', ''])
      await asking.refused(
        () => asking.ask({ headers: { 'Content-Type': type } }),
        415,
        'MEDIA_TYPE_UNSUPPORTED',
      );
    await asking.refused(
      () => asking.ask({ headers: { 'Content-Encoding': 'gzip' } }),
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    );
  });

  it('is refused above the limit, announced or not', async () => {
    const raw = JSON.stringify(
      question(asking.board.cooperative, asking.people.subject(0), { reference: 'A'.repeat(20_000) }),
    );
    await asking.refused(() => asking.ask({ raw }), 413, 'BODY_TOO_LARGE');
    await asking.refused(() => asking.ask({ raw, chunked: true }), 413, 'BODY_TOO_LARGE');
  });

  it.each([
    ['is empty', '', 'body: not JSON'],
    ['is cut off', '{"purpose":"ortak-kayit"', 'body: not JSON'],
    ['is no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'body: not JSON'],
    ['is no object', '[]', 'body'],
    ['has a BOM only', '\ufeff', 'body: not JSON'],
  ])('is refused where it %s', async (_what, raw, reason) => {
    await asking.refused(() => asking.ask({ raw }), 400, 'REQUEST_INVALID', reason);
  });

  it.each([
    ['an unknown member', { extra: 1 }, 'body: unknown member'],
    ['a purpose that is no word', { purpose: 'ORTAK KAYIT' }, 'body.purpose'],
    ['a cooperative that is no MERSİS number', { cooperative: '123' }, 'body.cooperative'],
    ['a number in place of a text', { cooperative: 1234567890123456 }, 'body.cooperative'],
    ['a reference with line ends', { reference: 'a\nb' }, 'body.reference'],
    ['a retryOf that is no id', { retryOf: 'yesterday' }, 'body.retryOf'],
    ['no subject', { subject: null }, 'body.subject'],
    [
      'a subject with more than asked',
      { subject: { kimlikNo: '', ad: '', soyad: '', dogumTarihi: '', din: '' } },
      'body: unknown member',
    ],
  ])('is refused with %s', async (_what, about, reason) => {
    await asking.refused(() => asking.ask({ about }), 400, 'REQUEST_INVALID', reason);
  });

  it.each([
    ['Idempotency-Key', 'a b'],
    ['Idempotency-Key', 'a'.repeat(65)],
    ['X-Koopbis-Screen', 'screen 1'],
    ['X-Koopbis-User-Address', 'here'],
    ['X-Request-Id', 'a'.repeat(65)],
    ['traceparent', 'no'],
  ])('comes with headers of their form: %s %j is refused', async (name, value) => {
    await asking.refused(
      () => asking.ask({ headers: { [name]: value } }),
      400,
      'REQUEST_INVALID',
      name.toLowerCase(),
    );
  });
});

describe('by what right', () => {
  it.each([
    ['elected', 'not-registered-yet'],
    ['former', 'term-ended'],
    ['legacy-appointee', 'legacy-ended'],
    ['member', 'no-seat'],
  ])('%s: no right, because %s', async (role, reason) => {
    await asking.refused(
      () => asking.ask({ actor: asking.people.actor(role) }),
      403,
      'NOT_AUTHORISED_FOR_COOPERATIVE',
      reason,
    );
  });

  it('nobody has a right anywhere, and a board member none at another cooperative or one that does not exist', async () => {
    const { kimlikNo } = asking.people.nobody();
    const elsewhere = asking.people.actor('board', 1).cooperative;
    expect(elsewhere).not.toBe(asking.board.cooperative);
    for (const actor of [
      { kimlikNo, cooperative: asking.board.cooperative },
      { kimlikNo: asking.board.kimlikNo, cooperative: unusedMersisNo() },
    ]) {
      await asking.refused(() => asking.ask({ actor }), 403, 'NOT_AUTHORISED_FOR_COOPERATIVE', 'no-seat');
    }
  });

  it('a recorded decision suspends a seat, and from then on nothing is asked on it', async () => {
    await asking.suspend(asking.board.cooperative, 'karar 2026/1');
    await asking.refused(() => asking.ask(), 403, 'NOT_AUTHORISED_FOR_COOPERATIVE', 'suspended');
    await asking.suspend(asking.board.cooperative, null);
    expect((await asking.ask()).status).toBe(200);
  });

  it('a reading of the registry that is older than a day gives no right', async () => {
    const set = (age: string) =>
      asking.underLock(
        'UPDATE bridge.authority_cooperative SET read_at = now() - $2::interval WHERE mersis_no = $1',
        [asking.board.cooperative, age],
      );
    await set('24 hours 1 minute');
    await asking.refused(() => asking.ask(), 403, 'NOT_AUTHORISED_FOR_COOPERATIVE', 'stale');
    await set('0');
  });

  it('a seat that the registry no longer shows is gone within a reading, and comes back with the registry', async () => {
    const actor = asking.people.actor('board', 4);
    expect((await asking.ask({ actor })).status).toBe(200);
    const world = JSON.parse(readFileSync(system.layout.worldFile, 'utf8'));
    const { board: seats } = world.cooperatives.find(
      (one: { mersisNo: string }) => one.mersisNo === actor.cooperative,
    );
    await patchBoard(
      actor.cooperative,
      seats.filter((seat: { kimlikNo: string }) => seat.kimlikNo !== actor.kimlikNo),
    );
    await asking.refused(() => asking.ask({ actor }), 403, 'NOT_AUTHORISED_FOR_COOPERATIVE', 'no-seat');
    await patchBoard(actor.cooperative, seats);
    expect((await asking.ask({ actor })).status).toBe(200);
  });

  it('a directorate acts in its own il and for its own ministry only', async () => {
    const staff = asking.people.staff((role) => role.startsWith('directorate:'));
    const [ministry = '', il = ''] = staff.role.slice('directorate:'.length).split('/');
    const outside = [
      asking.people.cooperative((one) => one.ilgiliBakanlik === ministry && one.il !== il),
      asking.people.cooperative((one) => one.ilgiliBakanlik !== ministry),
    ];
    for (const { mersisNo } of outside) {
      const actor = { kimlikNo: staff.kimlikNo, cooperative: mersisNo };
      await asking.refused(
        () => asking.ask({ actor, about: { purpose: 'resen-kontrol' } }),
        403,
        'OUTSIDE_OWN_AREA',
      );
    }
    const own = asking.people.cooperative((one) => one.ilgiliBakanlik === ministry && one.il === il);
    const actor = { kimlikNo: staff.kimlikNo, cooperative: own.mersisNo };
    expect((await asking.ask({ actor, about: { purpose: 'resen-kontrol' } })).status).toBe(200);
  });
});

describe('for what', () => {
  it('is one of a closed list', async () => {
    await asking.refused(
      () => asking.ask({ about: { purpose: 'merak' } }),
      403,
      'PURPOSE_NOT_ALLOWED',
      'unknown-purpose',
    );
  });

  it('belongs to the role: no ex-officio check by a board member, nothing at all by an auditor', async () => {
    await asking.refused(
      () => asking.ask({ about: { purpose: 'resen-kontrol' } }),
      403,
      'PURPOSE_NOT_ALLOWED',
      'role',
    );
    const actor = asking.people.actor('denetci');
    for (const purpose of ['ortak-kayit', 'genel-kurul', 'resen-kontrol'])
      await asking.refused(
        () => asking.ask({ actor, about: { purpose } }),
        403,
        'PURPOSE_NOT_ALLOWED',
        'role',
      );
  });
});

describe('about whom', () => {
  it.each([
    ['a wrong check digit', (n: string) => n.slice(0, 10) + ((Number(n[10]) + 1) % 10), 'checksum'],
    ['two digits changed places', swapped, 'checksum'],
    ['ten digits', (n: string) => n.slice(0, 10), 'format'],
    ['a leading zero', (n: string) => `0${n.slice(1)}`, 'format'],
    ['a blank', (n: string) => ` ${n}`, 'format'],
    [
      'Arabic digits',
      (n: string) => n.replace(/\d/g, (d) => String.fromCodePoint(0x660 + Number(d))),
      'format',
    ],
    ['nothing', () => '', 'format'],
  ])('a number with %s never leaves', async (_what, spoil, reason) => {
    const subject = asking.people.subject(0);
    const about = { subject: plain({ ...subject, kimlikNo: spoil(subject.kimlikNo) }) };
    await asking.refused(() => asking.ask({ about }), 422, 'IDENTITY_NUMBER_INVALID', reason);
  });

  it.each([
    ['2023-02-29'],
    ['2150-01-01'],
    ['1990-00-12'],
    ['1990-13-01'],
    ['90-01-01'],
    ['01.02.1990'],
    ['0000-00-00'],
    [''],
  ])('a birth date %j that is none never leaves', async (dogumTarihi) => {
    await refusedField({ dogumTarihi }, /^subject\.dogumTarihi/);
  });

  it.each([
    ['ad', ''],
    ['ad', '   '],
    ['ad', 'ALI1'],
    ['ad', 'A\u0000LI'],
    ['ad', 'A<LI'],
    ['ad', 'А'],
    ['ad', 'A'.repeat(101)],
    ['soyad', 'K\u202eAYA'],
    ['soyad', '&amp;'],
  ])('a name that cannot be one never leaves: %s %j', async (field, value) => {
    await refusedField({ [field]: value }, new RegExp(`^subject\\.${field}`));
  });

  function refusedField(over: object, reason: RegExp): Promise<Answer> {
    const subject = plain({ ...asking.people.subject(0), ...over });
    return asking.refused(() => asking.ask({ about: { subject } }), 400, 'REQUEST_INVALID', reason);
  }
});

describe('what is not there', () => {
  it.each([
    '/',
    '/v1',
    '/v1/identity/verifications/',
    '/v1/identity/verifications?x=1',
    '/%',
    '/v1/..%2f',
    '/.env',
  ])('NOT_FOUND for %s', async (path) => {
    await asking.refused(
      async () => system.call({ path, token: await system.token(asking.board.kimlikNo) }),
      404,
      'NOT_FOUND',
    );
  });

  it('other methods on the call are not there either', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH'])
      await asking.refused(() => asking.ask({ method }), 404, 'NOT_FOUND');
  });
});

function swapped(number: string): string {
  const at = [...number].findIndex((digit, i) => i > 0 && i < 8 && digit !== number[i + 1]);
  return number.slice(0, at) + number[at + 1] + number[at] + number.slice(at + 2);
}
/** A MERSİS number of the right form that no cooperative here has. */
function unusedMersisNo(): string {
  return asking.people.cooperative(() => true).mersisNo.replace(/^..../, '0999');
}
/** Changes the registry and waits until the bridge's database has it. */
async function patchBoard(mersisNo: string, board: unknown): Promise<void> {
  const readAt = async () =>
    (await system.sql('SELECT read_at FROM bridge.authority_cooperative WHERE mersis_no = $1', [mersisNo]))[0]
      .read_at;
  const before = await readAt();
  await system.control.patchCooperative(mersisNo, { board });
  await until(async () => (await readAt()) > before);
}
function withoutCertificate(): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const url = new URL(VERIFICATIONS, system.sandbox.api);
    request(url, { ca: readFileSync(system.sandbox.ca), agent: false, family: 4 }, resolve)
      .on('error', reject)
      .end();
  });
}
