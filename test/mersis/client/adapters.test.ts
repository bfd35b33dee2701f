import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { MersisReply } from '../../../src/mersis/port.js';
import { AYSE, found, MERSIS_NO, soapAnswer, soapFault, VKN } from './support/answers.js';
import { type Registry, type Reply, raw, soapReply, startRegistry } from './support/registry.js';

const ASKED = { mersisNo: MERSIS_NO };
const open: Registry[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((registry) => registry.close()));
});

async function started(adapter: 'soap' | 'rest'): Promise<Registry> {
  const registry = await startRegistry(adapter);
  open.push(registry);
  return registry;
}

async function replyTo(adapter: 'soap' | 'rest', reply: Reply): Promise<MersisReply> {
  const registry = await started(adapter);
  registry.reply = reply;
  const answer = await registry.source().read(ASKED);
  expect(registry.seen).toHaveLength(1);
  if (answer.kind !== 'found') expect(inspect(answer, { depth: 20, showHidden: true })).not.toContain(AYSE);
  return answer;
}

const fault = (one: object) => ({ kind: 'fault', fault: one });
const UNREADABLE = fault({ kind: 'invalid', problem: 'unreadable' });
const AGAINST_CONTRACT = fault({ kind: 'invalid', problem: 'not-as-contracted' });
const AWAY = fault({ kind: 'unavailable', cause: 'http' });
const REFUSED = fault({ kind: 'refused' });

describe('the SOAP adapter', () => {
  const xml = (body: string, status = 200) => raw(body, 'text/xml; charset=utf-8', status);
  const whole = soapAnswer(found());

  it('asks by our WSDL: SOAP 1.1, the operation’s action, one number', async () => {
    const registry = await started('soap');
    await registry.source().read(ASKED);
    const [seen] = registry.seen;
    expect(seen?.headers).toMatchObject({
      'content-type': 'text/xml; charset=utf-8',
      soapaction: '"urn:koopbis:mersis:1/SorgulaMersisNo"',
    });
    expect(seen?.body).toContain('xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"');
    expect(seen?.body).toContain(
      `<SorgulaMersisNo xmlns="urn:koopbis:mersis:1"><MersisNo>${MERSIS_NO}</MersisNo></SorgulaMersisNo>`,
    );
    registry.reply = soapReply(found(), 'SorgulaVergiNo');
    await registry.source().read({ vkn: VKN });
    expect(registry.seen[1]?.headers.soapaction).toBe('"urn:koopbis:mersis:1/SorgulaVergiNo"');
    expect(registry.seen[1]?.body).toContain(`<VergiNo>${VKN}</VergiNo>`);
  });

  it.each<[string, Reply, object]>([
    ['a fault of the client under 500', xml(soapFault('Client'), 500), REFUSED],
    ['a fault of the client under 200', xml(soapFault('Client')), REFUSED],
    ['a fault of the server under 500', xml(soapFault('Server'), 500), AWAY],
    ['a fault of the server under 200', xml(soapFault('Server')), AWAY],
    ['a fault under 401', xml(soapFault('Server'), 401), REFUSED],
    ['the answer to the other operation', soapReply(found(), 'SorgulaVergiNo'), AGAINST_CONTRACT],
    ['a DOCTYPE', xml(whole.replace('<s:Env', '<!DOCTYPE s><s:Env')), UNREADABLE],
    ['a processing instruction', xml(whole.replace('<s:Env', '<?x y?><s:Env')), UNREADABLE],
    ['depth without end', xml(whole.replace('BULUNDU', '<b>'.repeat(20_000))), UNREADABLE],
    ['a name that poisons objects', xml(whole.replaceAll('Kod>', '__proto__>')), UNREADABLE],
    [
      'a nil end',
      xml(whole.replace('<Bitis>', '<Bitis xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1">')),
      UNREADABLE,
    ],
    ['an empty end', xml(whole.replace(/<Bitis>[^<]*/, '<Bitis>')), AGAINST_CONTRACT],
    ['a blank end', xml(whole.replace(/<Bitis>[^<]*/, '<Bitis> ')), AGAINST_CONTRACT],
    ['two ends', xml(whole.replace('<Bitis>', '<Bitis>2040-01-01</Bitis><Bitis>')), AGAINST_CONTRACT],
    ['two cooperatives', xml(whole.replace('</Kooperatif>', '</Kooperatif><Kooperatif/>')), AGAINST_CONTRACT],
    ['two lists of duties', xml(whole.replace('<Gorevler>', '<Gorevler/><Gorevler>')), AGAINST_CONTRACT],
    ['no list of duties', xml(whole.replace(/<Gorevler>.*<\/Gorevler>/, '')), AGAINST_CONTRACT],
    ['something else among the duties', xml(whole.replace('<Gorev>', '<Kayit/><Gorev>')), AGAINST_CONTRACT],
    [
      'text as the list of duties',
      xml(whole.replace(/<Gorevler>.*<\/Gorevler>/, '<Gorevler>yok</Gorevler>')),
      AGAINST_CONTRACT,
    ],
    ['an empty duty', xml(whole.replace('<Gorev>', '<Gorev/><Gorev>')), AGAINST_CONTRACT],
    ['no Cevap', xml(whole.replace(/<Cevap>.*<\/Cevap>/, '')), AGAINST_CONTRACT],
    [
      'an inherited name as an element',
      xml(whole.replace('<Kod>', '<toString>x</toString><Kod>')),
      UNREADABLE,
    ],
    ['JSON', raw(JSON.stringify({ data: found() }), 'application/json'), UNREADABLE],
  ])('takes %s for no answer', async (_name, reply, expected) => {
    expect(await replyTo('soap', reply)).toEqual(expected);
  });

  it('reads a board without members as one, however it is written', async () => {
    for (const empty of ['<Gorevler/>', '<Gorevler></Gorevler>', '<Gorevler>\n</Gorevler>']) {
      const reply = await replyTo('soap', xml(whole.replace(/<Gorevler>.*<\/Gorevler>/, empty)));
      expect(reply).toMatchObject({ kind: 'found', record: { duties: [] } });
    }
  });
});

describe('the REST adapter', () => {
  const json = (value: unknown, status = 200) => raw(JSON.stringify(value), 'application/json', status);

  it('posts one number as JSON, and nothing in the address', async () => {
    const registry = await started('rest');
    const source = registry.source();
    await source.read(ASKED);
    await source.read({ vkn: VKN });
    expect(registry.seen.map(({ body, path }) => [JSON.parse(body), path])).toEqual([
      [{ mersisNo: MERSIS_NO }, '/sorgu'],
      [{ vergiNo: VKN }, '/sorgu'],
    ]);
    expect(registry.seen[0]?.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it.each<[string, Reply, object]>([
    ['errors', json({ errors: [`${AYSE} bulunamadı`] }), AWAY],
    ['errors under 400', json({ errors: ['x'] }, 400), AWAY],
    ['errors under 403', json({ errors: ['x'] }, 403), REFUSED],
    ['both', json({ data: found(), errors: ['x'] }), AGAINST_CONTRACT],
    ['data and no errors, said aloud', json({ data: found(), errors: [] }), AGAINST_CONTRACT],
    ['data beside null', json({ data: found(), errors: null }), AGAINST_CONTRACT],
    ['neither', json({}), AGAINST_CONTRACT],
    ['an empty list of errors', json({ errors: [] }), AGAINST_CONTRACT],
    ['errors that are no list', json({ errors: 'x' }), AGAINST_CONTRACT],
    ['errors that are no texts', json({ errors: [{ message: 'x' }] }), AGAINST_CONTRACT],
    ['another member', json({ result: found() }), AGAINST_CONTRACT],
    ['another member beside data', json({ data: found(), next: 2 }), AGAINST_CONTRACT],
    ['the content without data', json(found()), AGAINST_CONTRACT],
    ['data that is null', json({ data: null }), AGAINST_CONTRACT],
    ['a list', json([]), AGAINST_CONTRACT],
    ['null', json(null), AGAINST_CONTRACT],
    ['a poisoned name', raw('{"__proto__":{"data":1}}', 'application/json'), AGAINST_CONTRACT],
    ['depth without end', raw('['.repeat(200_000), 'application/json'), UNREADABLE],
    ['two values', raw('{}{}', 'application/json'), UNREADABLE],
    ['XML', raw(soapAnswer(found()), 'text/xml'), UNREADABLE],
  ])('takes %s for no answer', async (_name, reply, expected) => {
    expect(await replyTo('rest', reply)).toEqual(expected);
  });

  it('reads an answer behind a byte order mark', async () => {
    const reply = raw(`\ufeff${JSON.stringify({ data: found() })}`, 'application/json');
    expect(await replyTo('rest', reply)).toMatchObject({ kind: 'found' });
  });
});
