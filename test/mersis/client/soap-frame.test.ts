import { describe, expect, it } from '@jest/globals';
import { readFrame } from '../../../src/mersis/soap-frame.js';
import { envelope, found, SOAP_1_1, soapAnswer, soapFault } from './support/answers.js';

const ELEMENT = 'SorgulaMersisNoResponse';
const read = (xml: string) => readFrame(xml, ELEMENT);
const whole = soapAnswer(found());
const swap = (from: string | RegExp, to: string): string => {
  const changed = whole.replace(from, to);
  if (changed === whole) throw new Error('nothing was changed');
  return changed;
};
const SOAP_1_2 = 'http://www.w3.org/2003/05/soap-envelope';
const XSI = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"';

describe('an answer before soap parses it', () => {
  it.each([
    ['as it is', whole],
    [
      'with a prefix for our namespace',
      envelope(`<m:${ELEMENT} xmlns:m="urn:koopbis:mersis:1"><m:Cevap/></m:${ELEMENT}>`),
    ],
    [
      'with blanks between elements',
      whole.replaceAll('><', '>\n  <').replace('\n  <s:Envelope', '<s:Envelope'),
    ],
    [
      'with headers of others',
      swap('<s:Body>', '<s:Header><w:S xmlns:w="urn:w" w:u="1">x</w:S></s:Header><s:Body>'),
    ],
    ['with a comment in front', swap('<s:Envelope', '<!-- 1 --><s:Envelope')],
    ['with a byte more of escaping', swap('BULUNDU', '&#66;ULUNDU')],
  ])('is one %s', (_name, xml) => {
    expect(read(xml)).toBe('answer');
  });

  it.each([
    ['a DOCTYPE', swap('<s:Envelope', '<!DOCTYPE s><s:Envelope')],
    [
      'an external entity',
      swap('<s:Envelope', '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><s:Envelope'),
    ],
    ['a processing instruction', swap('<s:Envelope', '<?php x?><s:Envelope')],
    ['depth without end', swap('BULUNDU', '<b>'.repeat(100_000))],
    ['elements without end', swap('</Gorevler>', `${'<Gorev/>'.repeat(30_000)}</Gorevler>`)],
    ['a name that reaches into prototypes', swap('<Kod>BULUNDU</Kod>', '<__proto__>x</__proto__>')],
    ['a multi-reference', swap('<Kod>', '<Kod href="#a">')],
    ['a namespace of others', swap('<Kod>', '<Kod xmlns="urn:other">')],
    ['an element of no namespace', swap('<Kod>', '<Kod xmlns="">')],
    ['a nil end of a term', swap(/<Bitis>[^<]*<\/Bitis>/, `<Bitis ${XSI} i:nil="true"/>`)],
    ['a nil end with a day in it', swap('<Bitis>', `<Bitis ${XSI} i:nil="true">`)],
    ['another type of the schema', swap('<Unvan>', `<Unvan ${XSI} i:type="Kooperatif">`)],
    ['any other attribute', swap('<Kod>', '<Kod a="1">')],
    ['CDATA', swap('BULUNDU', '<![CDATA[BULUNDU]]>')],
    ['a comment inside a day', swap('2028-06-01', '2028-06-01<!-- -->2048-06-01')],
    ['an element inside a number', swap('<KimlikNo>', '<KimlikNo><x/>')],
    ['an element behind a text', swap('BULUNDU', 'BULUNDU<x/>')],
    ['text between elements', swap('<Kod>', 'x<Kod>')],
    ['a text of 2,001 characters', swap('BULUNDU', 'B'.repeat(2_001))],
    ['two Bodies', swap('</s:Envelope>', '<s:Body/></s:Envelope>')],
    ['two elements in Body', swap('</s:Body>', `<${ELEMENT} xmlns="urn:koopbis:mersis:1"/></s:Body>`)],
    ['an answer and a fault', swap('</s:Body>', '<s:Fault/></s:Body>')],
    ['no Body', `<s:Envelope xmlns:s="${SOAP_1_1}"/>`],
    ['an empty Body', envelope('')],
    ['SOAP 1.2', whole.replaceAll(SOAP_1_1, SOAP_1_2)],
    ['a Body that is not SOAP’s', swap('<s:Body>', '<Body xmlns="urn:x">').replace('</s:Body>', '</Body>')],
    ['another root', '<html><body>403</body></html>'],
    ['nothing', ''],
  ])('is unreadable with %s', (_name, xml) => {
    expect(read(xml)).toBe('unreadable');
  });

  it('is unreadable cut off at any place', () => {
    const passed = [];
    for (let length = 0; length < whole.length; length += 1) {
      if (read(whole.slice(0, length)) !== 'unreadable') passed.push(length);
    }
    expect(passed).toEqual([]);
  });

  it.each([
    ['of the other operation', soapAnswer(found(), 'SorgulaVergiNo')],
    ['that is our own question', envelope('<SorgulaMersisNo xmlns="urn:koopbis:mersis:1"/>')],
  ])('is another element where it is one %s', (_name, xml) => {
    expect(read(xml)).toBe('other-element');
  });
});

describe('a fault', () => {
  it.each([
    ['Client', 'client-fault'],
    ['Client.Authentication', 'client-fault'],
    ['Server', 'server-fault'],
    ['Server.Client', 'server-fault'],
    ['Clients', 'server-fault'],
    ['MustUnderstand', 'server-fault'],
    ['', 'server-fault'],
  ])('with the code %s is a %s', (code, kind) => {
    expect(read(soapFault(code))).toBe(kind);
  });

  it('has its code in its own place only', () => {
    const xml = envelope('<s:Fault><detail><faultcode>s:Client</faultcode></detail></s:Fault>');
    expect(read(xml)).toBe('server-fault');
  });

  it('of another namespace is none', () => {
    expect(read(envelope('<Fault xmlns="urn:f"><faultcode>Client</faultcode></Fault>'))).toBe('unreadable');
  });
});
