import { Agent } from 'node:https';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { makeCertificates } from './support/certificates.js';
import { BILESIK_2024, bilesikBody, type Harness, people, startHarness } from './support/harness.js';
import { faultCode, queryXml, type Reply, send, type Token } from './support/reference-client.js';

const body = bilesikBody('2024/04/01', people.alive);
let stand: Harness;
let token: Token;

beforeAll(async () => {
  stand = await startHarness(await makeCertificates());
  token = await stand.token();
});
afterEach(() => stand.control('DELETE', '/faults'));
afterAll(() => stand.stop());

const fault = async (spec: object) => {
  const posted = await stand.control('POST', '/faults', spec);
  expect(posted.status).toBe(200);
};
const query = () => stand.query(token, { body });
/** The reply, or the code of the socket's error. */
const outcome = (promise: Promise<Reply>): Promise<Reply | string> =>
  promise.catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
const statusOf = (reply: Reply | string) => (typeof reply === 'string' ? reply : reply.status);

describe('faults of any system', () => {
  it.each(['sts', 'kps'] as const)(
    '%s: refuse-connection refuses the connection itself, and leaves no trace',
    async (system) => {
      const call = () => (system === 'sts' ? stand.rst() : query());
      const { next } = await stand.seen(system);
      await fault({ system, kind: 'refuse-connection' });
      expect(statusOf(await outcome(call()))).toBe('ECONNREFUSED');
      expect(statusOf(await outcome(call()))).toBe('ECONNREFUSED');
      expect((await stand.seen(system, next)).requests).toEqual([]);
      await stand.control('DELETE', '/faults');
      expect((await call()).status).toBe(200);
    },
  );

  it('refuse-connection cuts the connections that are open', async () => {
    const agent = new Agent({ keepAlive: true });
    const transport = { ...stand.transport, agent };
    const xml = () => queryXml(stand.running.urls.kps, token, { body, action: BILESIK_2024 });
    const call = () => outcome(send(transport, { url: stand.running.urls.kps, body: xml() }));
    expect(statusOf(await call())).toBe(200);
    await fault({ system: 'kps', kind: 'refuse-connection' });
    expect(statusOf(await call())).toBe('ECONNREFUSED');
    agent.destroy();
  });

  it('refuse-connection with a count resets that many connections before their handshake', async () => {
    const { next } = await stand.seen('kps');
    await fault({ system: 'kps', kind: 'refuse-connection', count: 2 });
    expect([await outcome(query()), await outcome(query())].map(statusOf)).toEqual([
      'ECONNRESET',
      'ECONNRESET',
    ]);
    expect((await query()).status).toBe(200);
    expect((await stand.seen('kps', next)).requests).toHaveLength(1);
  });

  it('refuse-connection with "after" begins once that many requests were answered', async () => {
    await fault({ system: 'kps', kind: 'refuse-connection', after: 2 });
    expect([(await query()).status, (await query()).status]).toEqual([200, 200]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(statusOf(await outcome(query()))).toBe('ECONNREFUSED');
  });

  it('refuse-connection with "ms" ends by itself', async () => {
    await fault({ system: 'kps', kind: 'refuse-connection', ms: 100 });
    expect(statusOf(await outcome(query()))).toBe('ECONNREFUSED');
    let last: number | string = '';
    for (let tries = 0; tries < 100 && last !== 200; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      last = statusOf(await outcome(query()));
    }
    expect(last).toBe(200);
  });

  it('hang answers only when the faults are deleted, and is seen meanwhile', async () => {
    await fault({ system: 'kps', kind: 'hang' });
    let done = false;
    const hanging = query().then((reply) => {
      done = true;
      return reply;
    });
    while ((await stand.lastSeen('kps'))?.answered !== false)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(done).toBe(false);
    await stand.control('DELETE', '/faults');
    expect((await hanging).status).toBe(200);
    expect(await stand.lastSeen('kps')).toMatchObject({ answered: true });
  });

  it('a hanging request whose client gives up stays unanswered', async () => {
    await fault({ system: 'kps', kind: 'hang' });
    const agent = new Agent({ keepAlive: false });
    const xml = queryXml(stand.running.urls.kps, token, { body, action: BILESIK_2024 });
    const { next } = await stand.seen('kps');
    const hanging = outcome(send({ ...stand.transport, agent }, { url: stand.running.urls.kps, body: xml }));
    while ((await stand.seen('kps', next)).requests.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
    agent.destroy();
    for (const sockets of Object.values(agent.sockets)) for (const socket of sockets ?? []) socket.destroy();
    expect(typeof (await hanging)).toBe('string');
    await stand.control('DELETE', '/faults');
    await query();
    expect((await stand.seen('kps', next)).requests.map((item) => item.answered)).toEqual([false, true]);
  });

  it('slow is seen at once and answers later, completely', async () => {
    await fault({ system: 'kps', kind: 'slow', ms: 1_500, count: 1 });
    const { next } = await stand.seen('kps');
    const late = query();
    while ((await stand.seen('kps', next)).requests.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await stand.seen('kps', next)).requests).toMatchObject([{ answered: false }]);
    expect((await late).text).toContain('</s:Envelope>');
    expect((await stand.seen('kps', next)).requests).toMatchObject([{ answered: true }]);
  });

  it('reset-mid-answer cuts the connection in the middle', async () => {
    await fault({ system: 'kps', kind: 'reset-mid-answer', count: 1 });
    expect(statusOf(await outcome(query()))).toBe('ECONNRESET');
    expect(await stand.lastSeen('kps')).toMatchObject({ answered: false, kimlikNo: people.alive.kimlikNo });
    expect((await query()).status).toBe(200);
  });

  it.each([
    ['http-503', 503],
    ['html-403', 403],
  ])('%s answers with a page', async (kind, status) => {
    await fault({ system: 'kps', kind, count: 1 });
    const reply = await query();
    expect([reply.status, reply.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
    expect(await stand.lastSeen('kps')).toMatchObject({ refused: kind, answered: true });
  });

  it('truncate gives a complete HTTP answer whose XML is cut', async () => {
    await fault({ system: 'kps', kind: 'truncate', count: 1 });
    const reply = await query();
    expect(reply.status).toBe(200);
    expect(Number(reply.headers['content-length'])).toBe(Buffer.byteLength(reply.text));
    expect(reply.text).not.toContain('</s:Envelope>');
    expect(await stand.lastSeen('kps')).toMatchObject({ answered: true });
  });

  it('"after" lets that many requests pass and "count" hits that many, of that system only', async () => {
    await fault({ system: 'kps', kind: 'http-503', after: 1, count: 2 });
    expect((await stand.rst()).status).toBe(200);
    const statuses: number[] = [];
    for (let time = 0; time < 4; time += 1) statuses.push((await query()).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
  });
});

describe('faults of the STS', () => {
  it('bad-password refuses whatever was sent', async () => {
    await fault({ system: 'sts', kind: 'bad-password', count: 1 });
    expect(faultCode((await stand.rst()).text)).toBe('FailedAuthentication');
    expect(await stand.lastSeen('sts')).toMatchObject({ refused: 'fault-bad-password' });
    expect((await stand.rst()).status).toBe(200);
  });

  it.each([
    [undefined, 600_000],
    [120_000, 120_000],
  ])('clock-skew shows a clock that is off (ms %s)', async (ms, skew) => {
    await fault({ system: 'sts', kind: 'clock-skew', count: 1, ...(ms === undefined ? {} : { ms }) });
    const reply = await stand.rst();
    expect(faultCode(reply.text)).toBe('InvalidSecurity');
    const shown = [String(reply.headers.date), /<u:Created>([^<]*)/.exec(reply.text)?.[1] ?? ''].map(
      Date.parse,
    );
    for (const time of shown) expect(Math.abs(time - Date.now() - skew)).toBeLessThan(30_000);
  });
});

describe('faults of KPS', () => {
  it.each([
    ['invalid-security', 'InvalidSecurity'],
    ['expired-token', 'FailedAuthentication'],
  ])('%s', async (kind, code) => {
    await fault({ system: 'kps', kind, count: 1 });
    const reply = await query();
    expect([reply.status, faultCode(reply.text)]).toEqual([500, code]);
    expect(await stand.lastSeen('kps')).toMatchObject({ refused: `fault-${kind}` });
    expect((await query()).status).toBe(200);
  });

  it('wrong-relates-to answers another message', async () => {
    await fault({ system: 'kps', kind: 'wrong-relates-to', count: 1 });
    const messageId = 'urn:uuid:12121212-3434-4545-8656-787878787878';
    const reply = await stand.query(token, { body, messageId });
    expect(reply.status).toBe(200);
    expect(reply.text).toMatch(/<a:RelatesTo>urn:uuid:[0-9a-f-]{36}</);
    expect(reply.text).not.toContain(messageId);
  });

  it.each([
    ['hata-2', 2, 'Aradığınız kriterlere uygun kayıt bulunamadı.'],
    ['hata-8', 8, 'Yetkiniz yoktur.'],
    ['hata-10', 10, 'Sorgu kriteri boş geçilemez.'],
  ])('%s is the whole answer', async (kind, kod, text) => {
    await fault({ system: 'kps', kind, count: 1 });
    const reply = await query();
    expect(reply.status).toBe(200);
    expect(reply.text).toContain(
      `<HataBilgisi><a:Aciklama>${text}</a:Aciklama><a:Kod>${kod}</a:Kod></HataBilgisi><SorguSonucu i:nil="true"/>`,
    );
    expect(await stand.lastSeen('kps')).toMatchObject({ answered: true });
  });

  it('never hides that the message itself was wrong', async () => {
    await fault({ system: 'kps', kind: 'hata-2', count: 1 });
    const reply = await stand.query(token, { body, key: Buffer.alloc(32) });
    expect(faultCode(reply.text)).toBe('InvalidSecurity');
    expect(await stand.lastSeen('kps')).toMatchObject({ refused: 'signature-wrong' });
  });
});
