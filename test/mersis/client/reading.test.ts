import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { MersisFault, MersisQuestion } from '../../../src/mersis/port.js';
import {
  AYSE,
  duty,
  found,
  type Json,
  legal,
  MERSIS_NO,
  NATURAL_NO,
  NOT_FOUND,
  number,
  OTHER_NO,
  OTHER_VKN,
  soapAnswer,
  VKN,
} from './support/answers.js';
import {
  PASSWORD,
  type Registry,
  type Reply,
  raw,
  restReply,
  soapReply,
  startRegistry,
} from './support/registry.js';

const ASKED: MersisQuestion = { mersisNo: MERSIS_NO };
const PAGE = '<!doctype html><html lang="tr"><title>Hata</title></html>';
const invalid = (problem: string) => ({ kind: 'invalid', problem });
const unavailable = (cause: string) => ({ kind: 'unavailable', cause });
const REFUSED = { kind: 'refused' };

const open: Registry[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((registry) => registry.close()));
});

describe.each(['soap', 'rest'] as const)('through %s', (adapter) => {
  const good = (content: Json, operation?: string): Reply =>
    adapter === 'soap' ? soapReply(content, operation) : restReply(content);
  const type = adapter === 'soap' ? 'text/xml' : 'application/json';
  const text = (content: Json): string =>
    adapter === 'soap' ? soapAnswer(content) : JSON.stringify({ data: content });

  async function registry(): Promise<Registry> {
    const started = await startRegistry(adapter);
    open.push(started);
    return started;
  }

  /** The fault that a read ends in, after one request and no more, with nothing personal in it. */
  async function faultWith(
    reply: Reply,
    change: Parameters<Registry['source']>[0] = {},
  ): Promise<MersisFault> {
    const one = await registry();
    one.reply = reply;
    const source = one.source(change);
    const answer = await source.read(ASKED);
    expect(one.seen).toHaveLength(1);
    expectNothingPersonal(answer, source);
    if (answer.kind !== 'fault') throw new Error(`a reply of kind ${answer.kind}`);
    return answer.fault;
  }

  it('a cooperative is found by its MERSİS number, with one request and the account in one header', async () => {
    const one = await registry();
    const reply = await one.source().read(ASKED);
    expect(reply).toMatchObject({ kind: 'found', record: { mersisNo: MERSIS_NO, vkn: VKN } });
    expect(one.seen).toHaveLength(1);
    const [seen] = one.seen;
    expect(seen).toMatchObject({ method: 'POST', path: '/sorgu', encrypted: true, authorized: true });
    const [scheme, encoded = ''] = (seen?.headers.authorization ?? '').split(' ');
    expect([scheme, Buffer.from(encoded, 'base64').toString('utf8')]).toEqual([
      'Basic',
      `kooperatif-köprüsü:${PASSWORD}`,
    ]);
    expect(seen?.headers['accept-encoding']).toBe('identity');
    expect(seen?.body).toContain(MERSIS_NO);
    expect(seen?.body).not.toContain(PASSWORD);
  });

  it('a cooperative is found by its VKN', async () => {
    const one = await registry();
    one.reply = good(found(), 'SorgulaVergiNo');
    expect(await one.source().read({ vkn: VKN })).toMatchObject({ kind: 'found', record: { vkn: VKN } });
    expect(one.seen[0]?.body).toContain(VKN);
    expect(one.seen[0]?.body).not.toContain(MERSIS_NO);
  });

  it.each([
    ['no duty', []],
    ['one duty', [duty()]],
    ['several', [duty(), duty({ gorevTuru: 'DENETCI' }), legal({ bitis: null })]],
  ])('%s and every member arrive as they were sent', async (_name, gorevler) => {
    const one = await registry();
    one.reply = good(found({ gorevler }));
    const reply = await one.source().read(ASKED);
    if (reply.kind !== 'found') throw new Error(inspect(reply));
    expect(reply.asOf).toEqual(new Date('2026-03-01T06:30:00Z'));
    expect(reply.record.unvan).toBe('S.S. ÇINAR KONUT YAPI KOOPERATİFİ');
    expect(reply.record.duties).toHaveLength(gorevler.length);
    for (const [at, sent] of gorevler.entries()) {
      const got = reply.record.duties[at];
      expect(got).toMatchObject({
        startsOn: '2024-06-01',
        endsOn: sent.bitis,
        state: 'tescil-edildi',
        registeredOn: '2024-06-20',
        gazette: '2024-06-25 11045/312',
        representation: 'MUSTEREKEN',
      });
      if ('gercekKisi' in sent) expect(got?.person?.equals(number(AYSE))).toBe(true);
      else expect(got?.actsFor).toBe(OTHER_VKN);
    }
  });

  it('a cooperative that the registry has not is not found', async () => {
    const one = await registry();
    one.reply = good(NOT_FOUND);
    expect(await one.source().read(ASKED)).toEqual({
      kind: 'not-found',
      asOf: new Date('2026-03-01T06:30:00Z'),
    });
  });

  it('connections are kept between reads', async () => {
    const one = await registry();
    const source = one.source();
    for (let count = 0; count < 3; count += 1)
      expect(await source.read(ASKED)).toMatchObject({ kind: 'found' });
    expect([one.seen.length, one.connections()]).toEqual([3, 1]);
  });

  it('reads at the same time do not take each other’s answers', async () => {
    const one = await registry();
    one.reply = (seen, response) => {
      const other = seen.body.includes(OTHER_NO);
      const content = other ? found({ mersisNo: OTHER_NO, vergiNo: OTHER_VKN }) : found();
      setTimeout(() => good(content)(seen, response), other ? 0 : 20);
    };
    const source = one.source();
    const numbers = Array.from({ length: 8 }, (_, at) => (at % 2 === 0 ? MERSIS_NO : OTHER_NO));
    const replies = await Promise.all(numbers.map((mersisNo) => source.read({ mersisNo })));
    expect(replies.map((reply) => reply.kind === 'found' && reply.record.mersisNo)).toEqual(numbers);
  });

  it('more reads at once than are allowed are refused without a request', async () => {
    const one = await registry();
    const held: (() => void)[] = [];
    one.reply = (seen, response) => void held.push(() => good(found())(seen, response));
    const source = one.source({ maxConcurrent: 2 });
    const first = [source.read(ASKED), source.read(ASKED)];
    const late = await source.read(ASKED);
    expect(late).toEqual({ kind: 'fault', fault: unavailable('overloaded') });
    while (held.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const release of held) release();
    for (const reply of await Promise.all(first)) expect(reply).toMatchObject({ kind: 'found' });
    expect(one.seen).toHaveLength(2);
    one.reply = good(found());
    expect(await source.read(ASKED)).toMatchObject({ kind: 'found' });
  });

  it('check digits that do not hold are told, and the record is believed', async () => {
    const one = await registry();
    const vergiNo = `${VKN.slice(0, 9)}${(Number(VKN.at(-1)) + 1) % 10}`;
    const mersisNo = `0${vergiNo}00017`;
    one.reply = good(found({ mersisNo, vergiNo }));
    const told: string[] = [];
    const source = one.source({}, { wsdlDirectory: 'wsdl', onCheckDigits: (no) => told.push(no) });
    expect(await source.read({ mersisNo })).toMatchObject({ kind: 'found' });
    expect(told).toEqual([mersisNo]);
  });

  it.each<[string, MersisQuestion, string]>([
    ['a natural person', { mersisNo: NATURAL_NO }, 'natural-person'],
    ['fifteen digits', { mersisNo: MERSIS_NO.slice(1) }, 'not-as-contracted'],
    ['markup', { mersisNo: '</MersisNo><x/>' }, 'not-as-contracted'],
    ['an identity number as VKN', { vkn: AYSE }, 'not-as-contracted'],
  ])('nothing is sent about %s', async (_name, question, problem) => {
    const one = await registry();
    expect(await one.source().read(question)).toEqual({ kind: 'fault', fault: invalid(problem) });
    expect(one.connections()).toBe(0);
  });

  it.each<[string, Json, string]>([
    ['another cooperative', found({ mersisNo: OTHER_NO, vergiNo: OTHER_VKN }), 'other-cooperative'],
    ['another VKN than inside the number', found({ vergiNo: OTHER_VKN }), 'vkn-mismatch'],
    ['a natural person’s number', found({ mersisNo: NATURAL_NO }), 'natural-person'],
    ['the same duty twice', found({ gorevler: [duty(), duty()] }), 'duplicate-seat'],
    ['an end before the start', found({ gorevler: [duty({ bitis: '2020-01-01' })] }), 'dates-out-of-order'],
    ['1,001 duties', found({ gorevler: Array(1_001).fill({ gorevTuru: 'X' }) }), 'too-many-seats'],
    ['an unknown status', found({ durum: 'AKTIF' }), 'not-as-contracted'],
    ['an unknown member', found({ askida: 'evet' }), 'not-as-contracted'],
    [
      'registered without a day',
      found({ gorevler: [duty({ tescil: { durum: 'TESCIL_EDILDI' } })] }),
      'not-as-contracted',
    ],
    [
      'two persons in a duty',
      found({ gorevler: [{ ...legal(), gercekKisi: { kimlikNo: AYSE } }] }),
      'not-as-contracted',
    ],
    ['an empty end', found({ gorevler: [duty({ bitis: '' })] }), 'not-as-contracted'],
    ['no list of duties', found({ gorevler: null }), 'not-as-contracted'],
    ['an empty answer', {}, 'not-as-contracted'],
  ])('an answer with %s is refused as a whole', async (_name, content, problem) => {
    expect(await faultWith(good(content))).toEqual(invalid(problem));
  });

  const cut =
    (until: number): Reply =>
    (_seen, response) => {
      const whole = Buffer.from(text(found()));
      response.writeHead(200, { 'content-type': type, 'content-length': whole.length });
      response.write(whole.subarray(0, until), () => response.socket?.destroy());
    };

  it.each<[string, Reply, unknown]>([
    ['a page under 200', raw(PAGE, 'text/html'), invalid('unreadable')],
    ['a page under 403', raw(PAGE, 'text/html', 403), REFUSED],
    ['a page under 503', raw(PAGE, 'text/html', 503), unavailable('http')],
    ['401', raw('', 'text/plain', 401, { 'www-authenticate': 'Basic realm="x"' }), REFUSED],
    ['404', raw('', 'text/plain', 404), unavailable('http')],
    ['429', raw('', 'text/plain', 429), unavailable('http')],
    ['500', raw('', 'text/plain', 500), unavailable('http')],
    ['no content', raw('', type, 204), unavailable('http')],
    ['nothing under 200', raw('', type), invalid('unreadable')],
    ['bytes that are not UTF-8', raw(Buffer.from([0x7b, 0xff, 0x7d]), type), invalid('unreadable')],
    [
      'a good answer under 500',
      (seen, response) => raw(text(found()), type, 500)(seen, response),
      unavailable('http'),
    ],
    ['a good answer that is cut', raw(text(found()).slice(0, -20), type), invalid('unreadable')],
    ['a reset before an answer', (_seen, response) => response.socket?.destroy(), unavailable('connection')],
    ['a reset in the middle of an answer', cut(200), unavailable('connection')],
    ['a reset before the last byte', cut(Buffer.byteLength(text(found())) - 1), unavailable('connection')],
    [
      'something that is not HTTP',
      (_seen, response) => response.socket?.end('EHLO\r\n\r\n'),
      unavailable('connection'),
    ],
    [
      'a good answer that is compressed',
      raw(gzipSync(text(found())), type, 200, { 'content-encoding': 'gzip' }),
      invalid('unreadable'),
    ],
    [
      'a small body that would unpack to 200 MB',
      raw(gzipSync(Buffer.alloc(200_000_000)), type, 200, { 'content-encoding': 'gzip' }),
      invalid('unreadable'),
    ],
    ['compressed bytes that say nothing of it', raw(gzipSync(text(found())), type), invalid('unreadable')],
  ])('%s is no answer', async (_name, reply, fault) => {
    expect(await faultWith(reply)).toEqual(fault);
  });

  it.each([301, 302, 307, 308])(
    'a redirect (%i) is not followed, and the account goes nowhere else',
    async (status) => {
      const elsewhere = await registry();
      const fault = await faultWith(raw('', 'text/plain', status, { location: elsewhere.url }));
      expect(fault).toEqual(unavailable('http'));
      expect(elsewhere.connections()).toBe(0);
    },
  );

  it.each<[string, Reply]>([
    ['of known length', raw(`${text(found())}${' '.repeat(6_000)}`, type)],
    [
      'without end',
      (_seen, response) => {
        response.writeHead(200, { 'content-type': type });
        const flood = (): void => void (response.destroyed || response.write(' '.repeat(65_536), flood));
        flood();
      },
    ],
  ])('an answer %s beyond the limit is too large', async (_name, reply) => {
    expect(await faultWith(reply, { maxAnswerBytes: 5_000 })).toEqual(invalid('too-large'));
  });

  it('an answer of exactly the limit is read', async () => {
    const one = await registry();
    const maxAnswerBytes = Buffer.byteLength(text(found()));
    expect(await one.source({ maxAnswerBytes }).read(ASKED)).toMatchObject({ kind: 'found' });
    expect(await one.source({ maxAnswerBytes: maxAnswerBytes - 1 }).read(ASKED)).toMatchObject({
      fault: invalid('too-large'),
    });
  });

  it.each<[string, Reply]>([
    ['silence', () => {}],
    [
      'an answer that drips',
      (_seen, response) => {
        response.writeHead(200, { 'content-type': type });
        const drip = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(drip));
      },
    ],
  ])('%s ends at the limit of time', async (_name, reply) => {
    expect(await faultWith(reply, { timeoutMs: 1_000 })).toEqual(unavailable('timeout'));
  });

  it('after a failure the next read works', async () => {
    const one = await registry();
    const source = one.source();
    one.reply = (_seen, response) => response.socket?.destroy();
    expect(await source.read(ASKED)).toEqual({ kind: 'fault', fault: unavailable('connection') });
    one.reply = good(found());
    expect(await source.read(ASKED)).toMatchObject({ kind: 'found' });
  });

  it('a close lets what is in flight end, and nothing is sent after it', async () => {
    const one = await registry();
    let answer: () => void = () => {};
    const asked = new Promise<void>((resolve) => {
      one.reply = (seen, response) => {
        answer = () => good(found())(seen, response);
        resolve();
      };
    });
    const source = one.source();
    const reading = source.read(ASKED);
    await asked;
    const closing = source.close();
    expect(await source.read(ASKED)).toEqual({ kind: 'fault', fault: unavailable('connection') });
    answer();
    await closing;
    expect(await reading).toMatchObject({ kind: 'found' });
    expect(one.seen).toHaveLength(1);
  });
});

/** Neither numbers nor the account are seen, however deep one looks and whatever is hidden. */
function expectNothingPersonal(...things: unknown[]): void {
  for (const thing of things) {
    const shown = inspect(thing, { depth: 20, showHidden: true });
    for (const secret of [AYSE, NATURAL_NO, PASSWORD]) expect(shown).not.toContain(secret);
  }
}
