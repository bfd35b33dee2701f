import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeCertificates, type TestCertificates } from '../support/certificates.js';
import {
  ACCOUNT,
  basic,
  envelope,
  MERSIS,
  type MersisAsk,
  type MersisHarness,
  OTHER_ACCOUNT,
  operation,
  startMersisHarness,
  working,
} from '../support/mersis-harness.js';

const { mersisNo, vkn } = working;
const OWN = 'SorgulaMersisNo';
let certificates: TestCertificates;
let stand: MersisHarness;

beforeAll(async () => {
  certificates = await makeCertificates();
  stand = await startMersisHarness(certificates);
});
afterAll(() => stand.stop());

/** Code of a client that shows this certificate, or `answered`. */
function handshake(shown: { cert?: string; key?: string }): Promise<string> {
  const { port } = new URL(stand.running.urls.mersis);
  return new Promise((resolve) => {
    const socket = connect({ host: 'localhost', port: Number(port), ca: certificates.ca, ...shown }, () =>
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    );
    socket
      .once('data', () => resolve('answered'))
      .once('error', (e: NodeJS.ErrnoException) => resolve(`${e.code}`));
    socket.once('close', () => resolve('closed'));
  });
}

describe('who may reach MERSİS', () => {
  it('only clients with a certificate of its CA, and others leave no trace', async () => {
    const before = await stand.seen('mersis');
    expect(await handshake({})).not.toBe('answered');
    const { certPem, keyPem } = certificates.foreign;
    expect(await handshake({ cert: certPem, key: keyPem })).not.toBe('answered');
    expect(await stand.seen('mersis')).toEqual(before);
    const { client } = certificates;
    expect(await handshake({ cert: client.certPem, key: client.keyPem })).toBe('answered');
  });

  it.each<[string, string | undefined, string]>([
    ['no credentials', undefined, 'basic-missing'],
    ['another scheme', 'Bearer abc', 'basic-missing'],
    ['no base64', 'Basic ???', 'basic-missing'],
    ['no colon', `Basic ${Buffer.from('KOOPBIS-MERSIS').toString('base64')}`, 'basic-missing'],
    ['a wrong password', basic(ACCOUNT.userName, 'p'), 'basic'],
    ['a password cut at its colon', basic(ACCOUNT.userName, ACCOUNT.password.split(':')[0] ?? ''), 'basic'],
    ['an unknown user', basic('NOBODY', ACCOUNT.password), 'basic'],
    [
      'a password in Latin-1',
      `Basic ${Buffer.from(`${ACCOUNT.userName}:p:&<\xf0"`, 'latin1').toString('base64')}`,
      'basic',
    ],
  ])('%s gets 401 with a challenge, in both protocols', async (_what, authorization, refused) => {
    for (const reply of [
      await stand.soap(OWN, mersisNo, { headers: { authorization } }),
      await stand.rest({ mersisNo }, { headers: { authorization } }),
      await stand.ask({ method: 'GET', path: '/SicilSorguServisi?wsdl', headers: { authorization } }),
    ]) {
      expect(reply.status).toBe(401);
      expect(reply.headers['www-authenticate']).toBe('Basic realm="mersis", charset="UTF-8"');
      expect(reply.text).not.toContain(mersisNo);
    }
    expect((await stand.seen('mersis')).requests.slice(-3).map((one) => one.refused)).toEqual([
      refused,
      refused,
      refused,
    ]);
  });

  it('an address on no list, or not on that of its account, gets the page of an IIS, not a cut', async () => {
    const unknown = await stand.soap(OWN, mersisNo, { localAddress: '127.0.0.3' });
    expect([unknown.status, unknown.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8']);
    expect(await stand.lastSeen('mersis')).toMatchObject({ action: OWN, refused: 'source-address' });
    const authorization = basic(OTHER_ACCOUNT.userName, OTHER_ACCOUNT.password);
    const other = await stand.rest({ mersisNo }, { headers: { authorization } });
    expect([other.status, other.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8']);
    expect(await stand.lastSeen('mersis')).toMatchObject({ refused: 'account-address' });
    const listed = await stand.rest({ mersisNo }, { headers: { authorization }, localAddress: '127.0.0.2' });
    expect(listed.status).toBe(200);
  });

  it.each<[string, MersisAsk, number]>([
    ['another path', { path: '/SicilSorguServisi/' }, 404],
    ['another query', { path: '/SicilSorguServisi?x' }, 404],
    ['the WSDL of the other path', { method: 'GET', path: '/api/sicil/sorgula?wsdl' }, 404],
    ['GET of the service', { method: 'GET' }, 405],
    ['GET of the other service', { method: 'GET', path: '/api/sicil/sorgula' }, 405],
    ['a number in the address', { method: 'GET', path: `/api/sicil/sorgula?mersisNo=${mersisNo}` }, 404],
    ['SOAP 1.2', { headers: { 'content-type': 'application/soap+xml; charset=utf-8' } }, 415],
    ['another charset', { headers: { 'content-type': 'text/xml; charset=iso-8859-9' } }, 415],
    ['SOAP at the other path', { path: '/api/sicil/sorgula' }, 415],
    ['a body that is too large', { body: ' '.repeat(20_000) }, 413],
  ])('%s is refused by HTTP', async (_what, parts, status) => {
    expect((await stand.soap(OWN, mersisNo, parts)).status).toBe(status);
    expect((await stand.lastSeen('mersis'))?.refused).toEqual(expect.any(String));
  });
});

describe('a SOAP question that is not as the WSDL has it', () => {
  const right = operation(OWN, mersisNo);
  const soap12 = 'http://www.w3.org/2003/05/soap-envelope';
  const mandatory = (value: string) =>
    `<s:Header><x:Y xmlns:x="urn:x" s:mustUnderstand="${value}"/></s:Header>`;
  const inner = (content: string, attributes = '') =>
    envelope(`<${OWN} xmlns="${MERSIS}"${attributes}>${content}</${OWN}>`);
  const number = `<MersisNo>${mersisNo}</MersisNo>`;

  it.each<[string, string | Buffer, string, string?]>([
    ['no body', '', 'xml-before-declaration'],
    ['no XML', 'hello', 'xml-before-declaration'],
    ['half an envelope', envelope(right).slice(0, 200), 'xml-not-well-formed'],
    ['a DOCTYPE', `<!DOCTYPE x [<!ENTITY e "1">]>${envelope(right).slice(21)}`, 'xml-dtd'],
    ['a processing instruction', `<?x y?>${envelope(right).slice(21)}`, 'xml-processing-instruction'],
    [
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from(envelope(right)), Buffer.from([0xff])]),
      'xml-not-utf-8',
    ],
    ['another encoding', envelope(right).replace('?>', ' encoding="iso-8859-9"?>'), 'xml-not-utf-8'],
    ['no envelope', right, 'not-an-envelope'],
    ['SOAP 1.2', envelope(right, { soap: soap12 }), 'not-soap-1.1', 'VersionMismatch'],
    [
      'a header to be understood',
      envelope(right, { header: mandatory('1') }),
      'header-not-understood',
      'MustUnderstand',
    ],
    ['a second Body', envelope(`${right}</s:Body><s:Body>`), 'envelope-parts'],
    ['text in the Body', envelope(`${right}x`), 'body-parts'],
    ['an empty Body', envelope(''), 'body-parts'],
    ['two operations', envelope(right + right), 'body-parts'],
    ['another namespace', envelope(right.replace(MERSIS, 'urn:koopbis:mersis:2')), 'operation'],
    ['no namespace', envelope(`<${OWN}>${number}</${OWN}>`), 'operation'],
    ['a parameter of another namespace', inner(`<MersisNo xmlns="">${mersisNo}</MersisNo>`), 'elements'],
    ['no parameter', inner(''), 'elements'],
    ['a parameter twice', inner(number + number), 'elements'],
    ['one more parameter', inner(`${number}<VergiNo>${vkn}</VergiNo>`), 'elements'],
    ['the parameter of the other', inner(`<VergiNo>${vkn}</VergiNo>`), 'elements'],
    ['text beside the parameter', inner(`${number}x`), 'elements'],
    ['an attribute', inner(number, ' id="1"'), 'attributes'],
    ['an attribute of the number', inner(number.replace('<MersisNo', '<MersisNo a="1"')), 'attributes'],
    ['an element in the number', inner(`<MersisNo><b>${mersisNo}</b></MersisNo>`), 'number'],
    ['an empty number', inner('<MersisNo/>'), 'number'],
    ['a short number', inner(number.replace(mersisNo, mersisNo.slice(1))), 'number'],
    ['a long number', inner(number.replace(mersisNo, `${mersisNo}0`)), 'number'],
    ['a letter', inner(number.replace(mersisNo, `${mersisNo.slice(1)}A`)), 'number'],
    ['digits of another script', inner(number.replace(mersisNo, '٠'.repeat(16))), 'number'],
    ['space around the number', inner(number.replace(mersisNo, ` ${mersisNo}`)), 'number'],
    ['an entity that nobody declared', inner('<MersisNo>&e;</MersisNo>'), 'xml-not-well-formed'],
  ])('with %s is a fault and is written down', async (_what, body, refused, code = 'Client') => {
    const reply = await stand.soap(OWN, mersisNo, { body });
    expect([reply.status, reply.headers['content-type']]).toEqual([500, 'text/xml; charset=utf-8']);
    expect(/<faultcode>s:(\w+)<\/faultcode>/.exec(reply.text)?.[1]).toBe(code);
    expect(reply.text).not.toContain(mersisNo);
    expect(await stand.lastSeen('mersis')).toMatchObject({ refused, answered: true });
  });

  it.each<[string, string | undefined, string]>([
    ['none', undefined, 'soap-action-missing'],
    ['an empty one', '""', 'soap-action'],
    ['one without quotation marks', `${MERSIS}/${OWN}`, 'soap-action'],
    ['that of the other operation', `"${MERSIS}/SorgulaVergiNo"`, 'soap-action'],
  ])('with this SOAPAction is a fault: %s', async (_what, soapaction, refused) => {
    const reply = await stand.soap(OWN, mersisNo, { headers: { soapaction } });
    expect([reply.status, reply.text.includes('<faultcode>s:Client</faultcode>')]).toEqual([500, true]);
    expect(await stand.lastSeen('mersis')).toMatchObject({ action: OWN, mersisNo, refused });
  });

  it('of an unknown operation is a fault, also under its own SOAPAction', async () => {
    const reply = await stand.soap('SorgulaUnvan', 'X');
    expect([reply.status, reply.text.includes('<faultcode>s:Client</faultcode>')]).toEqual([500, true]);
    expect(await stand.lastSeen('mersis')).toMatchObject({ action: '', refused: 'operation' });
  });

  it('with headers that need not be understood, comments and other prefixes is answered', async () => {
    const bodies = [
      envelope(right, { header: mandatory('0') }),
      envelope(right.replace('>', '><!-- x -->')),
      inner(`\n  ${number}\n`),
    ];
    for (const body of bodies) expect((await stand.soap(OWN, mersisNo, { body })).status).toBe(200);
  });
});

describe('a REST question that is not as agreed', () => {
  it.each<[string, string | Buffer, string]>([
    ['nothing', '', 'not-json'],
    ['half an object', `{"mersisNo":"${mersisNo}"`, 'not-json'],
    ['a list', `["${mersisNo}"]`, 'not-json'],
    ['null', 'null', 'not-json'],
    ['a text', `"${mersisNo}"`, 'not-json'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not-json'],
    ['an empty object', '{}', 'members'],
    ['both numbers', JSON.stringify({ mersisNo, vergiNo: vkn }), 'members'],
    ['one more member', JSON.stringify({ mersisNo, x: 1 }), 'members'],
    ['another member', JSON.stringify({ kimlikNo: '10000000146' }), 'members'],
    ['the name of the WSDL', JSON.stringify({ MersisNo: mersisNo }), 'members'],
    ['a member of every object', '{"__proto__":"x"}', 'members'],
    ['a number that is none', `{"mersisNo":${Number(mersisNo)}}`, 'number'],
    ['a list of numbers', JSON.stringify({ mersisNo: [mersisNo] }), 'number'],
    ['null for a number', '{"mersisNo":null}', 'number'],
    ['a short number', JSON.stringify({ mersisNo: mersisNo.slice(1) }), 'number'],
    ['a VKN of nine digits', JSON.stringify({ vergiNo: vkn.slice(1) }), 'number'],
    ['space around a number', JSON.stringify({ vergiNo: `${vkn} ` }), 'number'],
    ['one member twice', `{"mersisNo":"x","mersisNo":"${mersisNo}"}`, 'member-twice'],
  ])('is answered with errors alone: %s', async (_what, body, refused) => {
    const reply = await stand.rest(null, { body });
    expect([reply.status, reply.headers['content-type']]).toEqual([400, 'application/json; charset=utf-8']);
    const answer = JSON.parse(reply.text);
    expect(answer).toEqual({ errors: [expect.any(String)] });
    expect(reply.text).not.toContain(mersisNo);
    expect(await stand.lastSeen('mersis')).toMatchObject({ refused, answered: true });
  });
});
