import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { KPS_SERVICES, serviceSpec } from '../../src/kps/services.js';
import {
  answerTo,
  citizen,
  envelope,
  fault,
  filled,
  item,
  knowsEverybody,
  replyHeader,
  sorgulaResponse,
} from './support/answers.js';
import { ASKED, type Bench, question, startBench } from './support/bench.js';
import type { Reply, Script, Seen } from './support/test-server.js';

let bench: Bench;
afterEach(() => bench.close());

const good = (seen: Seen): Reply => knowsEverybody(seen, {} as ServerResponse) as Reply;
const soap = (body: string | Buffer): Reply => ({ body });
const text = (reply: Reply): string => String(reply.body);

function raw(write: (response: ServerResponse, whole: string) => void): Script {
  return (seen, response) => {
    write(response, text(good(seen)));
    return null;
  };
}

async function askWith(script: Script, timeoutMs = 5_000, endpoint = {}) {
  bench = await startBench({ routing: script });
  const client = await bench.client({}, endpoint);
  const asked = question({ timeoutMs });
  const { messageIds, ...outcome } = await client.ask(asked);
  return {
    outcome,
    sent: messageIds.length,
    seen: bench.routing.seen.length,
    own: messageIds[0] === asked.messageId,
  };
}

describe('a query that was sent', () => {
  it.each<[string, Script]>([
    ['a truncated answer with status 200', (seen) => soap(text(good(seen)).slice(0, -30))],
    ['half an answer whose rest is missing without a trace', (seen) => soap(text(good(seen)).slice(0, 700))],
    ['an HTML page with status 200', () => ({ type: 'text/html', body: '<html><body/></html>' })],
    ['an HTML page that claims to be SOAP', () => soap('<html><body/></html>')],
    ['a SOAP answer that claims to be text', (seen) => ({ ...good(seen), type: 'text/xml; charset=utf-8' })],
    [
      'another character set',
      (seen) => ({ ...good(seen), type: 'application/soap+xml; charset=iso-8859-9' }),
    ],
    ['an empty answer', () => soap('')],
    ['status 202', (seen) => ({ ...good(seen), status: 202 })],
    ['a DOCTYPE', (seen) => soap(`<!DOCTYPE x>${text(good(seen))}`)],
    ['a second root', (seen) => soap(`${text(good(seen))}<x/>`)],
    [
      'bytes that are no UTF-8',
      (seen) => soap(Buffer.from(text(good(seen)).replace('YILDIZ', 'Y\u00dd'), 'latin1')),
    ],
    ['an answer of 50 MB', () => soap(Buffer.alloc(50 * 1024 * 1024, 0x20))],
    [
      'an answer without result',
      (seen) => answerTo(seen, '<SorgulaResponse xmlns="http://kps.nvi.gov.tr/2024/04/01"/>'),
    ],
    [
      'the answer of another version',
      (seen) => answerTo(seen, sorgulaResponse(item(ASKED.reveal(), ''), { version: '2023/02/01' })),
    ],
    ['an empty Body', (seen) => answerTo(seen, '')],
  ])('and got %s is unknown: unreadable', async (_name, script) => {
    const { outcome, sent, seen, own } = await askWith(script);
    expect(outcome).toEqual({ kind: 'unknown', reason: 'answer-unreadable' });
    expect([sent, seen, own]).toEqual([1, 1, true]);
  });

  it.each<[string, Script]>([
    [
      'another RelatesTo',
      (seen) => answerTo(seen, sorgulaResponse(''), { relatesTo: '00000000-0000-4000-8000-000000000000' }),
    ],
    ['no RelatesTo', (seen) => soap(text(good(seen)).replace(/<a:RelatesTo>.*<\/a:RelatesTo>/, ''))],
    ['another Action', (seen) => answerTo(seen, sorgulaResponse(''), { action: seen.action })],
    ['no header', (seen) => soap(text(good(seen)).replace(/<s:Header>.*<\/s:Header>/, '<s:Header/>'))],
    ['a fault about another message', (seen) => fault({ ...seen, messageId: 'other' }, 'InvalidSecurity')],
    [
      'another person’s record',
      (seen) =>
        answerTo(
          seen,
          sorgulaResponse(
            item('20000000046', filled('TCKisiBilgisi') + citizen({ kimlikNo: '20000000046' })),
          ),
        ),
    ],
  ])('and got %s is unknown: not ours', async (_name, script) => {
    const { outcome, sent, seen } = await askWith(script);
    expect(outcome).toEqual({ kind: 'unknown', reason: 'answer-not-ours' });
    expect([sent, seen]).toEqual([1, 1]);
  });

  it.each<[string, Script]>([
    ['a SOAP fault', (seen) => fault(seen, 'InternalServiceFault')],
    ['a SOAP fault without headers', () => fault(null, 'DeserializationFailed')],
    ['a SOAP fault with status 400', (seen) => ({ ...fault(seen, 'ActionNotSupported'), status: 400 })],
    ['a SOAP fault with status 200', (seen) => ({ ...fault(seen, 'ActionNotSupported'), status: 200 })],
  ])('and got %s was refused, not answered', async (_name, script) => {
    const { outcome, sent, seen } = await askWith(script);
    expect(outcome).toEqual({ kind: 'refused', reason: 'soap-fault', answered: false });
    expect([sent, seen]).toEqual([1, 1]);
  });

  it.each<[string, Script]>([
    ['a 403 page', () => ({ status: 403, type: 'text/html', body: '<html/>' })],
    ['a 503 page', () => ({ status: 503, type: 'text/html', body: '<html/>' })],
    ['a 500 with broken SOAP', (seen) => ({ ...fault(seen, 'InvalidSecurity'), body: '<s:Envelope' })],
    ['a 500 without fault', (seen) => ({ ...good(seen), status: 500 })],
    [
      'a redirect',
      () => ({ status: 302, type: 'text/html', body: '', headers: { location: 'https://localhost:1/' } }),
    ],
    ['a 500 of 50 MB', () => ({ status: 500, body: Buffer.alloc(50 * 1024 * 1024, 0x20) })],
  ])('and got %s was refused by HTTP', async (_name, script) => {
    const { outcome, sent, seen } = await askWith(script);
    expect(outcome).toEqual({ kind: 'refused', reason: 'http-error', answered: false });
    expect([sent, seen]).toEqual([1, 1]);
  });

  it.each<[string, Script]>([
    ['before any answer', raw((response) => response.destroy())],
    ['inside the headers', raw((response) => response.socket?.end('HTTP/1.1 200 OK\r\ncontent-ty'))],
    [
      'inside the answer',
      raw((response, whole) => {
        response.writeHead(200, {
          'content-type': 'application/soap+xml',
          'content-length': Buffer.byteLength(whole),
        });
        response.write(whole.slice(0, 100), () => response.destroy());
      }),
    ],
    ['by something that is no HTTP', raw((response) => response.socket?.end('220 mail ready\r\n'))],
  ])('and lost its connection %s is unknown', async (_name, script) => {
    const { outcome, sent, seen } = await askWith(script);
    expect(outcome).toEqual({ kind: 'unknown', reason: 'connection-lost' });
    expect([sent, seen]).toEqual([1, 1]);
  });

  it.each<[string, Script]>([
    ['at all', () => null],
    [
      'to its end',
      raw((response, whole) =>
        response.writeHead(200, { 'content-type': 'application/soap+xml' }).write(whole.slice(0, 100)),
      ),
    ],
  ])('and is not answered %s in time is unknown', async (_name, script) => {
    const { outcome, sent, seen } = await askWith(script, 400);
    expect(outcome).toEqual({ kind: 'unknown', reason: 'timeout' });
    expect([sent, seen]).toEqual([1, 1]);
  });

  it('is read where an odd but right server adds a byte order mark, charset quotes and an XML declaration', async () => {
    const { outcome } = await askWith((seen) => ({
      type: 'Application/SOAP+XML; action="x"; charset="UTF-8"',
      body: `\ufeff<?xml version="1.0" encoding="UTF-8"?>\n${text(good(seen))}\n`,
    }));
    expect(outcome).toMatchObject({ kind: 'record' });
  });

  it('keeps no trace of an answer in what a fault makes of it', async () => {
    const leaky = envelope(replyHeader('x', 'y'), '').replace(
      '<s:Body></s:Body>',
      '<s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang="tr">PLANTED AYŞE</s:Text></s:Reason><s:Detail>PLANTED</s:Detail></s:Fault></s:Body>',
    );
    const { outcome } = await askWith((seen) => ({
      status: 500,
      body: leaky.replace('urn:uuid:y', `urn:uuid:${seen.messageId}`),
    }));
    expect(outcome).toEqual({ kind: 'refused', reason: 'soap-fault', answered: false });
    expect(JSON.stringify(bench.events)).not.toContain('PLANTED');
  });
});

describe('a question that must not go out', () => {
  it.each([
    ['an unknown account', { account: 'nobody' }, 'account'],
    [
      'a version without WSDL',
      { service: { name: 'TumKutukDogrulaServis', version: '2011/01/01' } },
      'service',
    ],
    ['a message id that is no UUID', { messageId: 'x"/><a' }, 'message-id'],
  ] as const)('with %s is not sent, and the program is told', async (_name, change, what) => {
    bench = await startBench();
    const client = await bench.client();
    expect(await client.ask(question(change))).toEqual({
      kind: 'not-sent',
      reason: 'sts-refused',
      messageIds: [],
    });
    expect(bench.events).toContainEqual({ type: 'question-refused', what });
    expect([bench.sts.seen.length, bench.routing.seen.length]).toEqual([0, 0]);
  });

  it('with a control character in a name is not sent', async () => {
    bench = await startBench();
    const client = await bench.client();
    const service = { name: 'TumKutukDogrulaServis', version: '2025/08/01' } as const;
    const reply = await client.ask(question({ service, ad: 'A\u0000B' }));
    expect(reply).toMatchObject({ kind: 'not-sent', messageIds: [] });
    expect(bench.routing.seen).toHaveLength(0);
  });

  it('because its time is over is not sent', async () => {
    bench = await startBench();
    const client = await bench.client();
    await client.ask(question());
    expect(await client.ask(question({ timeoutMs: 0 }))).toEqual({
      kind: 'not-sent',
      reason: 'deadline-passed',
      messageIds: [],
    });
    expect(bench.routing.seen).toHaveLength(1);
  });

  it('because too many are under way is not sent, and says when to come again', async () => {
    bench = await startBench();
    const client = await bench.client({}, { maxConcurrent: 2 });
    await client.ask(question());
    bench.routing.script = () => null;
    const replies = await Promise.all([1, 2, 3].map(() => client.ask(question({ timeoutMs: 300 }))));
    expect(replies.map(({ kind }) => kind).sort()).toEqual(['not-sent', 'unknown', 'unknown']);
    expect(replies).toContainEqual({
      kind: 'not-sent',
      reason: 'deadline-passed',
      retryAfterS: 1,
      messageIds: [],
    });
    expect(bench.routing.seen).toHaveLength(3);
  });

  it('because it found no free connection in its time is not sent, later neither', async () => {
    bench = await startBench();
    const client = await bench.client({}, { connections: 1 });
    await client.ask(question());
    let release = (): void => {};
    bench.routing.script = (seen) => new Promise((resolve) => (release = () => resolve(good(seen))));
    const first = client.ask(question({ timeoutMs: 5_000 }));
    const second = await client.ask(question({ timeoutMs: 200 }));
    expect(second).toEqual({ kind: 'not-sent', reason: 'deadline-passed', messageIds: [] });
    release();
    expect(await first).toMatchObject({ kind: 'record' });
    bench.routing.script = knowsEverybody;
    await client.ask(question());
    expect(bench.routing.seen.map(({ messageId }) => messageId)).not.toContain(
      second.messageIds[0] ?? 'none',
    );
    expect(bench.routing.seen).toHaveLength(3);
  });
});

describe('what a version says', () => {
  it('stands in Action and body: a new version of the same shape is a row and a WSDL', async () => {
    bench = await startBench();
    const client = await bench.client();
    for (const { name, version } of KPS_SERVICES) await client.ask(question({ service: { name, version } }));
    expect(bench.routing.seen.map(({ action }) => action)).toEqual([
      'http://kps.nvi.gov.tr/2023/02/01/BilesikKutukSorgulaKimlikNoServis/Sorgula',
      'http://kps.nvi.gov.tr/2024/04/01/BilesikKutukSorgulaKimlikNoServis/Sorgula',
      'http://kps.nvi.gov.tr/2025/08/01/TumKutukDogrulaServis/Sorgula',
    ]);
    expect(bench.routing.seen[0]?.body).toContain('<Sorgula xmlns="http://kps.nvi.gov.tr/2023/02/01">');
  });

  it('sends names as text and unknown parts of a date as 0 to TumKutukDogrula, members in ordinal order', async () => {
    bench = await startBench();
    const client = await bench.client();
    const service = { name: 'TumKutukDogrulaServis', version: '2025/08/01' } as const;
    await client.ask(
      question({
        service,
        ad: '<![CDATA[A]]><x>',
        soyad: 'Ö & "Ç"',
        dogumTarihi: { year: 1950, month: null, day: null },
      }),
    );
    const criterion = /<TumKutukDogrulamaSorguKriteri>(.*)<\/TumKutukDogrulamaSorguKriteri>/.exec(
      bench.routing.seen[0]?.body ?? '',
    );
    expect(criterion?.[1]).toBe(
      '<Ad>&lt;![CDATA[A]]&gt;&lt;x&gt;</Ad><DogumAy>0</DogumAy><DogumGun>0</DogumGun><DogumYil>1950</DogumYil>' +
        `<KimlikNo>${ASKED.reveal()}</KimlikNo><Soyad>Ö &amp; &quot;Ç&quot;</Soyad>`,
    );
  });

  it.each([
    ['omit', ''],
    ['nil', '<DogumAy xsi:nil="true"></DogumAy><DogumGun xsi:nil="true"></DogumGun>'],
  ] as const)('may have unknown parts go as %s', async (unknownDatePart, expected) => {
    bench = await startBench();
    const services = KPS_SERVICES.map((spec) => ({ ...spec, unknownDatePart }));
    const client = await bench.client({}, {}, { services });
    await client.ask(question({ dogumTarihi: { year: 1950, month: null, day: null } }));
    expect(bench.routing.seen[0]?.body).toContain(
      `<BilesikKutukSorgulaKimlikNoSorguKriteri>${expected}<DogumYil>1950</DogumYil>`,
    );
  });

  it('that has no WSDL stops the start, naming the file', async () => {
    bench = await startBench();
    const { criterionElement, criterion, unknownDatePart, answer } = KPS_SERVICES[0] ?? fail();
    const spec = serviceSpec('BilesikKutukSorgulaKimlikNoServis', '2030/01/01', {
      criterionElement,
      criterion,
      unknownDatePart,
      answer,
    });
    await expect(bench.client({}, {}, { services: [spec] })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      fields: { wsdl: 'BilesikKutukSorgulaKimlikNoServis-2030-01-01.wsdl' },
    });
  });
});

function fail(): never {
  throw new Error('there is a service');
}
