import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { digest, integer, timeStampReq } from './support/tsa-client.js';
import {
  makeTsaCertificates,
  startTsaHarness,
  type TsaCertificates,
  type TsaHarness,
} from './support/tsa-harness.js';
import { only, statusOf, tokenOf } from './support/tsa-reply.js';

let certificates: TsaCertificates;
let stand: TsaHarness;

beforeAll(async () => {
  certificates = await makeTsaCertificates();
  stand = await startTsaHarness(certificates);
});
afterEach(() => stand.control('DELETE', '/faults'));
afterAll(() => stand.stop());

async function fault(kind: string, more: object = {}): Promise<void> {
  const posted = await stand.control('POST', '/faults', { system: 'tsa', kind, ...more });
  expect(posted.status).toBe(200);
}
const outcome = () =>
  stand.stamp().then(
    ({ status }) => status,
    (error: NodeJS.ErrnoException) => error.code,
  );

describe('faults of the time stamping authority', () => {
  it('error-200 is a rejection under HTTP 200', async () => {
    await fault('error-200', { count: 1 });
    const reply = await stand.stamp();
    expect(reply.status).toBe(200);
    expect(statusOf(reply.body)).toMatchObject({ status: 2, failInfo: [25], token: false });
    expect(await stand.lastSeen('tsa')).toMatchObject({ answered: true, refused: 'fault-error-200' });
    expect(statusOf((await stand.stamp()).body).status).toBe(0);
  });

  it('wrong-imprint is a sound token, with the nonce, over another imprint', async () => {
    await fault('wrong-imprint', { count: 1 });
    const nonce = integer(0x1234);
    const reply = await stand.stamp('/plain', timeStampReq({ nonce }));
    const token = tokenOf(reply.body);
    expect(statusOf(reply.body).status).toBe(0);
    expect(token.signedBy(new X509Certificate(certificates.tsa.certPem))).toBe(true);
    expect(token.nonce).toEqual(nonce);
    expect(token.imprint).toHaveLength(32);
    expect(token.imprint.equals(digest('checkpoint'))).toBe(false);
    expect(tokenOf((await stand.stamp()).body).imprint).toEqual(digest('checkpoint'));
  });

  it.each(['error-200', 'wrong-imprint'])('%s never hides that the request was wrong', async (kind) => {
    await fault(kind);
    const reply = await stand.stamp('/plain', timeStampReq({ version: integer(2) }));
    expect(statusOf(reply.body)).toMatchObject({ status: 2, failInfo: [2] });
    expect(await stand.lastSeen('tsa')).toMatchObject({ refused: 'version' });
  });
});

describe('faults of any system, over plain HTTP', () => {
  it('refuse-connection refuses the connection, until it is deleted', async () => {
    const { next } = await stand.seen('tsa');
    await fault('refuse-connection');
    expect(await outcome()).toBe('ECONNREFUSED');
    await stand.control('DELETE', '/faults');
    expect(await outcome()).toBe(200);
    expect((await stand.seen('tsa', next)).requests).toHaveLength(1);
  });

  it('refuse-connection with a count resets that many connections', async () => {
    await fault('refuse-connection', { count: 2 });
    expect([await outcome(), await outcome(), await outcome()]).toEqual(['ECONNRESET', 'ECONNRESET', 200]);
  });

  it('hang answers only when the faults are deleted', async () => {
    const { next } = await stand.seen('tsa');
    await fault('hang');
    const hanging = outcome();
    while ((await stand.seen('tsa', next)).requests.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await stand.lastSeen('tsa'))?.answered).toBe(false);
    await stand.control('DELETE', '/faults');
    expect(await hanging).toBe(200);
  });

  it('slow answers later, with a sound token', async () => {
    await fault('slow', { ms: 200, count: 1 });
    expect(tokenOf((await stand.stamp()).body).imprint).toEqual(digest('checkpoint'));
  });

  it('reset-mid-answer cuts the connection in the middle', async () => {
    await fault('reset-mid-answer', { count: 1 });
    expect(await outcome()).toBe('ECONNRESET');
    expect(await stand.lastSeen('tsa')).toMatchObject({ answered: false });
  });

  it('truncate gives a complete HTTP answer whose DER is cut', async () => {
    await fault('truncate', { count: 1 });
    const reply = await stand.stamp();
    expect([reply.status, Number(reply.headers['content-length'])]).toEqual([200, reply.body.length]);
    expect(() => only(reply.body)).toThrow();
  });

  it.each([
    ['http-503', 503],
    ['html-403', 403],
  ])('%s answers with a page', async (kind, status) => {
    await fault(kind, { count: 1 });
    const reply = await stand.stamp();
    expect([reply.status, reply.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
    expect(await stand.lastSeen('tsa')).toMatchObject({ refused: kind, answered: true });
  });

  it('are not those of other systems, and hit no other system', async () => {
    for (const kind of ['bad-password', 'hata-2', 'wrong-relates-to'])
      expect((await stand.control('POST', '/faults', { system: 'tsa', kind })).status).toBe(400);
    expect((await stand.control('POST', '/faults', { system: 'kps', kind: 'wrong-imprint' })).status).toBe(
      400,
    );
    await fault('http-503');
    expect((await stand.rst()).status).toBe(200);
  });
});
