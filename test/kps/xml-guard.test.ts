import { describe, expect, it } from '@jest/globals';
import { inspectSoap } from '../../src/kps/xml-guard.js';
import { A, envelope, O, replyHeader, S } from './support/answers.js';

const problemOf = (xml: string) => {
  const inspected = inspectSoap(xml);
  return inspected.ok ? null : inspected.problem;
};
const whole = envelope(replyHeader('urn:x', 'id', new Date(0)), '<r xmlns="urn:r">1</r>');
const LAUGHS = `<!DOCTYPE lolz [<!ENTITY a "ha">${Array.from({ length: 30 }, (_, n) => `<!ENTITY a${n} "&a${n - 1};&a${n - 1};">`).join('')}]>`;

describe('the guard before any other parser', () => {
  it('tells action, RelatesTo, the other clock and Body of a whole envelope', () => {
    expect(inspectSoap(whole)).toEqual({
      ok: true,
      facts: {
        action: 'urn:x',
        relatesTo: 'urn:uuid:id',
        createdMs: 0,
        body: { uri: 'urn:r', local: 'r' },
        fault: null,
      },
    });
  });

  it.each([
    ['a DOCTYPE', `<!DOCTYPE s>${whole}`, 'doctype'],
    ['an entity bomb', LAUGHS + whole.replace('>1<', '>&a29;<'), 'doctype'],
    ['an external entity', `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${whole}`, 'doctype'],
    ['an undeclared entity', whole.replace('>1<', '>&x;<'), 'not-well-formed'],
    ['a processing instruction', `<?php x?>${whole}`, 'forbidden-construct'],
    ['another encoding', `<?xml version="1.0" encoding="utf-16"?>${whole}`, 'not-utf8'],
    ['a blank before the XML declaration', ` <?xml version="1.0"?>${whole}`, 'not-well-formed'],
    ['a second root', `${whole}<s/>`, 'not-well-formed'],
    ['text behind the root', `${whole}x`, 'not-well-formed'],
    [
      'a name that reaches into prototypes',
      whole.replaceAll('r xmlns', '__proto__ xmlns').replace('</r>', '</__proto__>'),
      'forbidden-construct',
    ],
    ['a multi-reference id', whole.replace('<r ', '<r id="__proto__" '), 'forbidden-construct'],
    ['a multi-reference href', whole.replace('<r ', '<r href="#x" '), 'forbidden-construct'],
    [
      'XML inside CDATA',
      whole.replace('>1<', '><![CDATA[<?xml version="1.0"?><a/>]]><'),
      'forbidden-construct',
    ],
    ['an undeclared prefix', whole.replace('<r xmlns="urn:r">1</r>', '<q:r>1</q:r>'), 'not-well-formed'],
    ['depth without end', whole.replace('>1<', `>${'<b>'.repeat(100_000)}<`), 'too-deep'],
    ['elements without end', whole.replace('>1<', `>${'<b/>'.repeat(30_000)}<`), 'too-many-elements'],
    ['HTML', '<html><body>403</body></html>', 'not-soap'],
    ['SOAP 1.1', whole.replaceAll(S, 'http://schemas.xmlsoap.org/soap/envelope/'), 'not-soap'],
    ['two Bodies', whole.replace('</s:Envelope>', '<s:Body/></s:Envelope>'), 'not-soap'],
    ['no Body', envelope('', '').replace('<s:Body></s:Body>', ''), 'not-soap'],
    ['two elements in Body', envelope('', '<a/><b/>'), 'not-soap'],
    ['two RelatesTo', envelope(replyHeader('urn:x', 'a') + replyHeader('urn:x', 'b'), '<a/>'), 'not-soap'],
    ['nothing', '', 'not-well-formed'],
  ])('refuses %s', (_name, xml, problem) => {
    expect(problemOf(xml)).toBe(problem);
  });

  it('refuses a document cut off at any place', () => {
    const passed = [];
    for (let length = 0; length < whole.length; length += 1) {
      if (problemOf(whole.slice(0, length)) === null) passed.push(length);
    }
    expect(passed).toEqual([]);
  });

  it('does not take a Body or a header of another namespace for the real one', () => {
    const xml =
      `<s:Envelope xmlns:s="${S}" xmlns:a="${A}" xmlns:f="urn:f"><s:Header><f:RelatesTo>x</f:RelatesTo>` +
      '<f:Wrap><a:RelatesTo>y</a:RelatesTo></f:Wrap></s:Header><s:Body><r xmlns="urn:r"><a:RelatesTo>z</a:RelatesTo></r></s:Body></s:Envelope>';
    expect(inspectSoap(xml)).toMatchObject({ ok: true, facts: { relatesTo: null, action: null } });
  });

  it('gives the codes of a fault, and never its text', () => {
    const xml = envelope(
      '',
      `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:o="${O}">o:InvalidSecurity</s:Value></s:Subcode></s:Code>` +
        '<s:Reason><s:Text xml:lang="tr">AYŞE 12345678901</s:Text></s:Reason></s:Fault>',
    );
    const inspected = inspectSoap(xml);
    expect(inspected).toMatchObject({
      ok: true,
      facts: { fault: { code: 'Sender', subcodes: ['InvalidSecurity'] } },
    });
    expect(JSON.stringify(inspected)).not.toContain('AYŞE');
  });

  it('takes no fault from a Fault that is not of SOAP 1.2', () => {
    expect(inspectSoap(envelope('', '<Fault xmlns="urn:f"/>'))).toMatchObject({
      ok: true,
      facts: { fault: null },
    });
  });
});
