import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readCaCertificates } from '../../../src/audit/timestamp/chain.js';
import { checkResponse, type ExpectedStamp } from '../../../src/audit/timestamp/check-response.js';
import { buildRequest } from '../../../src/audit/timestamp/request.js';
import { isBridgeError } from '../../../src/errors/bridge-error.js';
import { responseOf, sequence, tlv, valuesOf, withCertificates } from './support/der.js';
import {
  CA,
  describeWithOpenssl,
  OTHER_POLICY,
  type Party,
  POLICY,
  STAMPING,
  UNKNOWN_POLICY,
  Workshop,
} from './support/openssl.js';

const imprint = createHash('sha256').update('a checkpoint').digest();
const nonce = randomBytes(16);

/** The reason that a reply is refused with; undefined where it is taken. */
async function reasonOf(reply: Buffer, expected: ExpectedStamp): Promise<unknown> {
  try {
    await checkResponse(reply, expected);
    return undefined;
  } catch (error) {
    if (isBridgeError(error, 'TIMESTAMP_INVALID')) return error.fields.reason;
    throw error;
  }
}

describeWithOpenssl('the check of a reply of an authority', () => {
  let shop: Workshop;
  let root: Party;
  let signer: Party;
  let reply: Buffer;
  let content: Buffer;
  const ask = (policy: string | null = null) => buildRequest({ imprint, nonce, policy });
  const expected = (over: Partial<ExpectedStamp> = {}): ExpectedStamp => ({
    imprint,
    nonce,
    policies: [],
    ca: readCaCertificates(root.pem),
    clock: { now: new Date(), maxDifferenceS: 300 },
    ...over,
  });
  const refused = (bytes: Buffer, over: Partial<ExpectedStamp> = {}) => reasonOf(bytes, expected(over));

  beforeAll(() => {
    shop = new Workshop();
    root = shop.issue('Root', { extensions: CA });
    signer = shop.issue('Signer', { extensions: STAMPING, issuer: root });
    reply = shop.reply(ask(), signer);
    content = shop.contentOf(reply);
  });
  afterAll(() => shop.close());

  it('takes what openssl granted, and reads time, serial and policy out of it', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const answer = shop.reply(ask(), signer);
    const text = shop.run('ts', '-reply', '-in', shop.write('r', answer), '-text');
    const { genTime, serial, policy } = await checkResponse(answer, expected());
    expect(genTime.getTime()).toBeGreaterThanOrEqual(before);
    expect(genTime.getTime()).toBeLessThanOrEqual(Date.now());
    expect(text).toContain(`Serial number: 0x${serial.toUpperCase()}`);
    expect(text).toContain(`Policy OID: ${policy}`);
  });

  it('takes RSA signers and chains of two CAs, in whichever order the token has them', async () => {
    const middle = shop.issue('Middle', { extensions: CA, issuer: root });
    const lower = shop.issue('Lower', { extensions: CA, issuer: middle });
    const far = shop.issue('Far', { extensions: STAMPING, issuer: lower, rsa: true });
    expect(await refused(shop.reply(ask(), far, [middle, lower]))).toBeUndefined();
    expect(await refused(shop.reply(ask(), far, [lower, middle]))).toBeUndefined();
    expect(await refused(shop.reply(ask(), far, [lower]))).toBe('chain');
    const configured = readCaCertificates(root.pem + middle.pem + lower.pem);
    expect(await refused(shop.reply(ask(), far), { ca: configured })).toBeUndefined();
  });

  it('finds the way where the root also comes as a cross certificate of an unknown CA', async () => {
    const old = shop.issue('Old root', { extensions: CA });
    const cross = shop.issue('Root', { extensions: CA, issuer: old, keyOf: root });
    const middle = shop.issue('Middle', { extensions: CA, issuer: root });
    const far = shop.issue('Far', { extensions: STAMPING, issuer: middle });
    expect(await refused(shop.reply(ask(), far, [cross, middle, old]))).toBeUndefined();
  });

  it('ends, and refuses, where certificates of the token lead in a circle', async () => {
    const one = shop.issue('One', { extensions: CA });
    const two = shop.issue('Two', { extensions: CA, issuer: one });
    const oneByTwo = shop.issue('One', { extensions: CA, issuer: two, keyOf: one });
    const far = shop.issue('Far', { extensions: STAMPING, issuer: two });
    expect(await refused(shop.reply(ask(), far, [two, oneByTwo]))).toBe('chain');
  });

  it('names the status of a reply that grants nothing', async () => {
    expect(await refused(shop.reply(ask(UNKNOWN_POLICY), signer))).toBe('status-2');
    const [, token] = valuesOf(valuesOf(reply)[0]?.content as Buffer);
    for (const status of [2, 3, 4, 5])
      expect(await refused(responseOf(status, token?.raw as Buffer))).toBe(`status-${status}`);
    expect(await refused(responseOf(1, token?.raw as Buffer))).toBeUndefined();
    expect(await refused(responseOf(6, token?.raw as Buffer))).toBe('malformed');
  });

  it('refuses a grant without a token', async () => {
    expect(await refused(responseOf(0))).toBe('malformed');
  });

  it('refuses the time stamp of something else', async () => {
    const other = createHash('sha256').update('another checkpoint').digest();
    expect(await refused(reply, { imprint: other })).toBe('imprint');
  });

  it('refuses an old reply played again', async () => {
    expect(await refused(reply, { nonce: randomBytes(16) })).toBe('nonce');
    const query = shop.write('q', '');
    shop.run(
      'ts',
      '-query',
      '-digest',
      imprint.toString('hex'),
      '-sha256',
      '-no_nonce',
      '-cert',
      '-out',
      query,
    );
    const without = shop.reply(readFileSync(query), signer);
    expect(await refused(without)).toBe('nonce');
    expect(await refused(without, { nonce: null })).toBeUndefined();
  });

  it('takes the configured policies only', async () => {
    expect(await refused(reply, { policies: [OTHER_POLICY] })).toBe('policy');
    expect(await refused(reply, { policies: [OTHER_POLICY, POLICY] })).toBeUndefined();
    const asked = shop.reply(ask(OTHER_POLICY), signer);
    expect((await checkResponse(asked, expected({ policies: [OTHER_POLICY] }))).policy).toBe(OTHER_POLICY);
  });

  it('refuses a time too far from our clock, in both directions', async () => {
    const { genTime } = await checkResponse(reply, expected());
    const at = (s: number) => ({
      clock: { now: new Date(genTime.getTime() + s * 1000), maxDifferenceS: 300 },
    });
    for (const s of [-301, 301, 1_000_000]) expect(await refused(reply, at(s))).toBe('time');
    for (const s of [-300, 0, 300]) expect(await refused(reply, at(s))).toBeUndefined();
    expect(await refused(reply, { clock: null })).toBeUndefined();
  });

  it('refuses a signer whose certificate is not for time stamps, and for nothing else', async () => {
    const cases: Readonly<Record<string, string>> = {
      none: 'keyUsage=critical,digitalSignature',
      uncritical: 'extendedKeyUsage=timeStamping',
      twofold: 'extendedKeyUsage=critical,timeStamping,codeSigning',
      other: 'extendedKeyUsage=critical,codeSigning',
      wideUse: 'keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=critical,timeStamping',
      wrongUse: 'keyUsage=critical,keyAgreement\nextendedKeyUsage=critical,timeStamping',
    };
    for (const [name, extensions] of Object.entries(cases)) {
      const other = shop.issue(name, { extensions, issuer: root });
      expect([name, await refused(shop.signedBy(content, [other]))]).toEqual([name, 'eku']);
    }
    expect(await refused(shop.signedBy(content, [signer]))).toBeUndefined();
  });

  it('refuses a signer of another CA, of no CA, and one below a certificate that is no CA', async () => {
    const foreign = shop.issue('Root', { extensions: CA });
    const stranger = shop.issue('Signer', { extensions: STAMPING, issuer: foreign });
    expect(await refused(shop.reply(ask(), stranger, [foreign]))).toBe('chain');
    const alone = shop.issue('Alone', { extensions: STAMPING });
    expect(await refused(shop.reply(ask(), alone))).toBe('chain');
    const leaf = shop.issue('Leaf', { extensions: 'basicConstraints=critical,CA:false', issuer: root });
    const below = shop.issue('Below', { extensions: STAMPING, issuer: leaf });
    expect(await refused(shop.reply(ask(), below, [leaf]))).toBe('chain');
  });

  it('refuses a stranger who puts a genuine signer beside itself, however they are ordered', async () => {
    const stranger = shop.issue('Signer', { extensions: STAMPING });
    const false_ = shop.signedBy(content, [stranger]);
    const [own, genuine, ca] = [derOf(stranger), derOf(signer), derOf(root)];
    const orders = [
      [own, genuine],
      [genuine, own],
      [own, genuine, own],
      [own, own, genuine],
      [own, ca, genuine],
    ];
    for (const order of orders) expect(await refused(withCertificates(false_, order))).toBe('chain');
    expect(await refused(withCertificates(false_, [genuine, ca]))).toBe('signer');
    expect(await refused(withCertificates(reply, [ca, genuine, genuine]))).toBeUndefined();
    expect(await refused(withCertificates(reply, Array(11).fill(genuine)))).toBe('malformed');
  });

  it('refuses certificates that were not valid at the time stamped', async () => {
    const past = { from: '20200101000000Z', to: '20210101000000Z' };
    const expired = shop.issue('Expired', { extensions: STAMPING, issuer: root, ...past });
    expect(await refused(shop.reply(ask(), expired))).toBe('chain');
    const oldCa = shop.issue('Old CA', { extensions: CA, issuer: root, ...past });
    const young = shop.issue('Young', { extensions: STAMPING, issuer: oldCa });
    expect(await refused(shop.reply(ask(), young, [oldCa]))).toBe('chain');
    const oldRoot = shop.issue('Old root', { extensions: CA, ...past });
    const own = shop.issue('Own', { extensions: STAMPING, issuer: oldRoot });
    expect(await refused(shop.reply(ask(), own), { ca: readCaCertificates(oldRoot.pem) })).toBe('chain');
    const coming = shop.issue('Coming', {
      extensions: STAMPING,
      issuer: root,
      from: '20900101000000Z',
      to: '20910101000000Z',
    });
    expect(await refused(shop.reply(ask(), coming))).toBe('chain');
  });

  it('refuses a path longer than a CA allows, and critical extensions that nobody knows', async () => {
    const short = shop.issue('Short', {
      extensions: `${CA.replace('CA:true', 'CA:true,pathlen:0')}`,
      issuer: root,
    });
    const lower = shop.issue('Lower', { extensions: CA, issuer: short });
    const direct = shop.issue('Direct', { extensions: STAMPING, issuer: short });
    const far = shop.issue('Far', { extensions: STAMPING, issuer: lower });
    expect(await refused(shop.reply(ask(), direct, [short]))).toBeUndefined();
    expect(await refused(shop.reply(ask(), far, [lower, short]))).toBe('chain');
    const odd = shop.issue('Odd', { extensions: `${STAMPING}\n1.2.3.4.5=critical,DER:0500`, issuer: root });
    expect(await refused(shop.signedBy(content, [odd]))).toBe('chain');
  });

  it('refuses two signers, and none', async () => {
    const second = shop.issue('Second', { extensions: STAMPING, issuer: root });
    expect(await refused(shop.signedBy(content, [signer, second]))).toBe('signer');
    const [, token] = valuesOf(valuesOf(reply)[0]?.content as Buffer);
    const [type, wrapped] = valuesOf(token?.content as Buffer);
    const [signedData] = valuesOf(wrapped?.content as Buffer);
    const parts = valuesOf(signedData?.content as Buffer).map(({ raw }) => raw);
    const without = sequence(...parts.slice(0, -1), Buffer.from('3100', 'hex'));
    const inner = tlv(0xa0, without);
    expect(await refused(responseOf(0, sequence(type?.raw as Buffer, inner)))).toBe('signer');
  });

  it('refuses a signer that does not name its certificate under its signature', async () => {
    expect(await refused(shop.signedBy(content, [signer], { plain: true }))).toBe('signer');
  });

  it('refuses another certificate over the key of the signer', async () => {
    const twin = shop.issue('Signer', { extensions: STAMPING, issuer: root, keyOf: signer });
    expect(await refused(withCertificates(reply, [derOf(twin)]))).toBe('signer');
    expect(await refused(withCertificates(reply, [derOf(twin), derOf(signer)]))).toBeUndefined();
  });

  it('refuses signed content of another kind, and weak digests', async () => {
    expect(await refused(shop.signedBy(content, [signer], { type: '1.2.840.113549.1.7.1' }))).toBe(
      'malformed',
    );
    expect(await refused(shop.signedBy(content, [signer], { md: 'sha1' }))).toBe('signature');
    expect(await refused(shop.signedBy(content, [signer], { md: 'sha512' }))).toBeUndefined();
  });

  it('refuses content that is not a TSTInfo of version 1 and nothing behind it', async () => {
    const parts = valuesOf(valuesOf(content)[0]?.content as Buffer).map(({ raw }) => raw);
    const version2 = sequence(Buffer.from('020102', 'hex'), ...parts.slice(1));
    const localTime = sequence(
      ...parts.slice(0, 4),
      Buffer.concat([Buffer.of(0x18, 14), Buffer.from('20260101000000')]),
      ...parts.slice(5),
    );
    const bad = [version2, localTime, Buffer.concat([content, Buffer.of(0)]), Buffer.from('x'), sequence()];
    for (const one of bad) expect(await refused(shop.signedBy(one, [signer]))).toBe('malformed');
  });

  it('proves nothing else where a byte is changed, and throws nothing else', async () => {
    const proved = await checkResponse(reply, expected());
    const reasons = new Map<unknown, number>();
    // Every fourth byte from somewhere else in each run: all of them would take half a minute.
    for (let at = randomBytes(1).readUInt8() % 4; at < reply.length; at += 4) {
      const changed = Buffer.from(reply);
      changed[at] = (changed[at] as number) ^ 0x04;
      const reason = await refused(changed);
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      if (reason === undefined) expect(await checkResponse(changed, expected())).toEqual(proved);
    }
    for (const one of ['malformed', 'imprint', 'signer', 'signature'])
      expect(reasons.get(one)).toBeGreaterThan(0);
    // Version numbers, algorithm names beside the content and spellings of the issuer are all that no signature covers.
    expect(reasons.get(undefined) ?? 0).toBeLessThan(20);
  });

  it('names a spoilt signature', async () => {
    const changed = Buffer.from(reply);
    const last = changed.length - 1;
    changed[last] = (changed[last] as number) ^ 1;
    expect(await refused(changed)).toBe('signature');
  });

  it('refuses replies cut short, with something behind them, and what is no DER', async () => {
    for (const end of [0, 1, 10, reply.length >> 1, reply.length - 1])
      expect(await refused(reply.subarray(0, end))).toBe('malformed');
    expect(await refused(Buffer.concat([reply, Buffer.of(0)]))).toBe('malformed');
    expect(await refused(Buffer.concat([reply, reply]))).toBe('malformed');
    expect(await refused(Buffer.from('<html>proxy error</html>'))).toBe('malformed');
    expect(await refused(Buffer.alloc(60_000, 0x30))).toBe('malformed');
    expect(await refused(Buffer.from('3080'.repeat(16_000), 'hex'))).toBe('malformed');
    // Outer lengths that end too early, which asn1js alone would read past.
    for (const at of [2, 3]) {
      const shorter = Buffer.from(reply);
      shorter[at] = (shorter[at] as number) - 1;
      expect(await refused(shorter)).toBe('malformed');
    }
    const [status, token] = valuesOf(valuesOf(reply)[0]?.content as Buffer);
    const twice = sequence(status?.raw as Buffer, token?.raw as Buffer, token?.raw as Buffer);
    expect(await refused(twice)).toBe('malformed');
  });
});

function derOf(party: Party): Buffer {
  return Buffer.from(party.pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
}
