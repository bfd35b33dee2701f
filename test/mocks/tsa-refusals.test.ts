import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  basic,
  CUSTOMER,
  digest,
  type IdentityParts,
  identity,
  integer,
  octets,
  post,
  SHA_512,
  sequence,
  timeStampReq,
  tlv,
} from './support/tsa-client.js';
import {
  makeTsaCertificates,
  startTsaHarness,
  type TsaCertificates,
  type TsaHarness,
} from './support/tsa-harness.js';
import { statusOf } from './support/tsa-reply.js';

const [BAD_ALG, BAD_REQUEST, BAD_DATA_FORMAT, UNACCEPTED_POLICY, UNACCEPTED_EXTENSION] = [0, 2, 5, 15, 16];
let certificates: TsaCertificates;
let stand: TsaHarness;

beforeAll(async () => {
  certificates = await makeTsaCertificates();
  stand = await startTsaHarness(certificates);
});
afterAll(() => stand.stop());

const url = (path: string) => new URL(path, stand.running.urls.tsa).href;

async function expectRejection(sent: Promise<{ status: number; body: Buffer }>, bit: number, reason: string) {
  const reply = await sent;
  expect(reply.status).toBe(200);
  expect(statusOf(reply.body)).toEqual({
    status: 2,
    text: expect.stringMatching(/./),
    failInfo: [bit],
    token: false,
  });
  expect(await stand.lastSeen('tsa')).toMatchObject({ action: 'timestamp', answered: true, refused: reason });
}

describe('a request for a time stamp is rejected under HTTP 200', () => {
  const good = timeStampReq();
  const hex = (text: string) => Buffer.from(text, 'hex');
  it.each<[string, Buffer, number, string]>([
    ['nothing', Buffer.alloc(0), BAD_DATA_FORMAT, 'der-tag'],
    ['text', Buffer.from('no request'), BAD_DATA_FORMAT, 'der-tag'],
    ['a byte behind it', Buffer.concat([good, hex('00')]), BAD_DATA_FORMAT, 'der-trailing'],
    ['a missing byte', good.subarray(0, -1), BAD_DATA_FORMAT, 'der-length'],
    [
      'an indefinite length',
      Buffer.concat([hex('3080'), good.subarray(2), hex('0000')]),
      BAD_DATA_FORMAT,
      'der-length',
    ],
    [
      'a length longer than needed',
      Buffer.concat([hex('3081'), good.subarray(1)]),
      BAD_DATA_FORMAT,
      'der-length',
    ],
    [
      'a length beyond all bounds',
      Buffer.concat([hex('3084ffffffff'), good.subarray(2)]),
      BAD_DATA_FORMAT,
      'der-length',
    ],
    ['a padded version', timeStampReq({ version: hex('02020001') }), BAD_DATA_FORMAT, 'der-integer'],
    ['an empty nonce', timeStampReq({ nonce: hex('0200') }), BAD_DATA_FORMAT, 'der-integer'],
    ['a padded nonce', timeStampReq({ nonce: hex('02020012') }), BAD_DATA_FORMAT, 'der-integer'],
    ['a FALSE that a default says', timeStampReq({ certReq: hex('010100') }), BAD_DATA_FORMAT, 'der-boolean'],
    ['a TRUE that is not 0xff', timeStampReq({ certReq: hex('010101') }), BAD_DATA_FORMAT, 'der-boolean'],
    [
      'members out of order',
      timeStampReq({ certReq: hex('0101ff'), policy: integer(7), nonce: hex('06022a03') }),
      BAD_DATA_FORMAT,
      'der-trailing',
    ],
    ['no imprint', sequence(integer(1)), BAD_DATA_FORMAT, 'der-tag'],
    ['a broken identifier', timeStampReq({ policy: hex('06022a80') }), BAD_DATA_FORMAT, 'der-oid'],
    ['version 2', timeStampReq({ version: integer(2) }), BAD_REQUEST, 'version'],
    ['version 0', timeStampReq({ version: integer(0) }), BAD_REQUEST, 'version'],
    ['SHA-512', timeStampReq({ algorithm: SHA_512, imprint: Buffer.alloc(64) }), BAD_ALG, 'algorithm'],
    [
      'SHA-1',
      timeStampReq({ algorithm: hex('06052b0e03021a'), imprint: Buffer.alloc(20) }),
      BAD_ALG,
      'algorithm',
    ],
    [
      'an imprint of 31 bytes',
      timeStampReq({ imprint: Buffer.alloc(31) }),
      BAD_DATA_FORMAT,
      'imprint-length',
    ],
    [
      'an imprint of 33 bytes',
      timeStampReq({ imprint: Buffer.alloc(33) }),
      BAD_DATA_FORMAT,
      'imprint-length',
    ],
    ['another policy', timeStampReq({ policy: hex('06022a03') }), UNACCEPTED_POLICY, 'policy'],
    [
      'an extension',
      timeStampReq({ extensions: tlv(0xa0, sequence(hex('06022a03'), octets(Buffer.alloc(1)))) }),
      UNACCEPTED_EXTENSION,
      'extensions',
    ],
  ])('for %s', (_what, body, bit, reason) => expectRejection(stand.stamp('/plain', body), bit, reason));

  it.each(['application/timestamp-reply', 'application/octet-stream', ''])(
    'for the content type "%s"',
    (contentType) =>
      expectRejection(
        post(url('/plain'), { body: timeStampReq(), contentType }),
        BAD_REQUEST,
        'content-type',
      ),
  );
});

describe('the identity header', () => {
  const raw = (change: (fields: Buffer[]) => Buffer[]) => {
    const fields = [integer(CUSTOMER.customerNo), octets(Buffer.alloc(16)), integer(100)];
    return sequence(...change([...fields, octets(Buffer.alloc(16)), octets(Buffer.alloc(48))])).toString(
      'hex',
    );
  };
  it.each<[string, () => string, string]>([
    ['that is not hex', () => 'zz', 'identity-hex'],
    ['of half a byte', () => identity().slice(1), 'identity-hex'],
    ['with a byte behind it', () => `${identity()}00`, 'identity-der-trailing'],
    ['that is cut off', () => identity().slice(0, -2), 'identity-der-length'],
    ['with a member too much', () => raw((fields) => [...fields, integer(1)]), 'identity-der-trailing'],
    ['with a member too few', () => raw((fields) => fields.slice(0, 4)), 'identity-der-tag'],
    [
      'with text for a number',
      () => raw((fields) => [octets(Buffer.from('1')), ...fields.slice(1)]),
      'identity-der-tag',
    ],
    ...(
      [
        ['of an unknown customer', { customerNo: 999 }, 'identity-customer'],
        ['of another customer', { customerNo: 1 }, 'identity-password'],
        ['under another password', { password: 'Kamu-1235' }, 'identity-password'],
        ['under 99 iterations', { iterations: 99 }, 'identity-iterations'],
        ['under 1000 iterations', { iterations: 1000 }, 'identity-iterations'],
        [
          'under other iterations than it says',
          { iterations: 101, saidIterations: 100 },
          'identity-password',
        ],
        ['with a salt of 7 bytes', { salt: Buffer.alloc(7) }, 'identity-salt'],
        ['with a salt of 65 bytes', { salt: Buffer.alloc(65) }, 'identity-salt'],
        ['over another imprint', { imprint: digest('another') }, 'identity-imprint'],
        ['over a longer imprint', { imprint: Buffer.alloc(33) }, 'identity-password'],
        [
          'over the imprint as text',
          { imprint: Buffer.from(digest('checkpoint').toString('hex')) },
          'identity-box',
        ],
        ['with half a box', { box: Buffer.alloc(24) }, 'identity-box'],
      ] satisfies [string, IdentityParts, string][]
    ).map(([what, parts, reason]): [string, () => string, string] => [what, () => identity(parts), reason]),
    [
      'with an IV of 12 bytes',
      () => raw((f) => [...f.slice(0, 3), octets(Buffer.alloc(12)), octets(Buffer.alloc(48))]),
      'identity-iv',
    ],
  ])('%s gets no token', (_what, header, reason) =>
    expectRejection(stand.stamp('/', timeStampReq(), { identity: header() }), BAD_REQUEST, reason),
  );

  it('that is missing, or there twice, gets no token', async () => {
    await expectRejection(post(url('/'), { body: timeStampReq() }), BAD_REQUEST, 'identity-missing');
    const twice = [identity(), identity()];
    await expectRejection(stand.stamp('/', timeStampReq(), { identity: twice }), BAD_REQUEST, 'identity-hex');
  });

  it('may have capital letters and another length of salt', async () => {
    const header = identity({ salt: Buffer.alloc(8, 7) }).toUpperCase();
    expect(statusOf((await stand.stamp('/', timeStampReq(), { identity: header })).body).status).toBe(0);
  });

  it('is told in the words of the real authority', async () => {
    const text = async (parts: IdentityParts) =>
      statusOf((await stand.stamp('/', timeStampReq(), { identity: identity(parts) })).body).text;
    expect(await text({ customerNo: 999 })).toBe('User 999 is not known');
    expect(await text({ password: 'x' })).toBe('Account could not be authenticated');
  });

  it('is taken once: the same salt and IV again are refused, after a restart too', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tsa-'));
    const used = { salt: Buffer.alloc(16, 1), iv: Buffer.alloc(16, 2) };
    const send = async (running: TsaHarness, parts: IdentityParts) => {
      await running.stamp('/', timeStampReq(), { identity: identity(parts) });
      return (await running.lastSeen('tsa'))?.refused;
    };
    try {
      const first = await startTsaHarness(certificates, { directory });
      // A refused one uses nothing up: whoever guesses passwords cannot spoil another's salt.
      expect(await send(first, { ...used, password: 'wrong' })).toBe('identity-password');
      expect(await send(first, used)).toBeUndefined();
      expect(await send(first, used)).toBe('identity-replayed');
      await first.stop();
      const second = await startTsaHarness(certificates, { directory });
      expect(await send(second, used)).toBe('identity-replayed');
      expect(await send(second, { ...used, iv: Buffer.alloc(16, 3) })).toBeUndefined();
      await second.stop();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe('HTTP', () => {
  it.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['another password', basic('koopbis', 'wrong')],
    ['another user', basic('nobody')],
    ['no colon', { Authorization: `Basic ${Buffer.from('koopbis').toString('base64')}` }],
    ['another scheme', { Authorization: basic().Authorization.replace('Basic', 'Bearer') }],
    ['Kamu SM’s header', { identity: identity() }],
  ])('answers 401 at /basic to %s', async (_what, headers) => {
    const reply = await stand.stamp('/basic', timeStampReq(), headers);
    expect([reply.status, reply.headers['www-authenticate']]).toEqual([
      401,
      expect.stringMatching(/^Basic realm=/),
    ]);
    expect(await stand.lastSeen('tsa')).toMatchObject({ action: 'timestamp', refused: 'basic' });
  });

  it('does not take HTTP Basic where Kamu SM’s header is asked', () =>
    expectRejection(
      post(url('/'), { body: timeStampReq(), headers: basic() }),
      BAD_REQUEST,
      'identity-missing',
    ));

  it('answers other methods, other paths and large bodies with a page', async () => {
    const call = { body: timeStampReq() };
    expect((await post(url('/plain'), { ...call, method: 'PUT' })).status).toBe(405);
    expect((await post(url('/other'), call)).status).toBe(404);
    expect(await stand.lastSeen('tsa')).toMatchObject({ action: '', refused: 'path' });
    expect((await post(url('/plain'), { body: Buffer.alloc(20_000) })).status).toBe(413);
    expect(await stand.lastSeen('tsa')).toMatchObject({ refused: 'body-too-large' });
  });
});
