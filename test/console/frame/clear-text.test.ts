import { describe, expect, it } from '@jest/globals';
import { clearTextFault as staffFault } from '../../../src/console/administration/staff-fields.js';
import { REASON_FIELDS, readDecision } from '../../../src/console/decisions/read-decision.js';
import { typedVerdict } from '../../../src/console/directorate/decision-form.js';
import { clearTextError } from '../../../src/console/finance/steps/typed-text.js';
import type { FormFields } from '../../../src/console/frame/call.js';
import { clearTextFault } from '../../../src/console/frame/clear-text.js';
import { clearText } from '../../../src/console/security/evidence/typed.js';
import { digitsOf } from '../../audit/support/parts.js';

/** A form with one field; the desk of a whole console is not needed for it. */
const form = (values: Readonly<Record<string, string>>): FormFields => ({
  get: (name) => values[name] ?? '',
  all: (name) => (values[name] === undefined ? [] : [values[name]]),
  file: () => null,
  entries: Object.entries(values),
});

/** What each room says of a text that will stand in the log in clear. */
const ROOMS = {
  finance: (text: string) => clearTextError(text, 500, true),
  administration: (text: string) => staffFault(text, 500),
  security: (text: string) => clearText(text, 500).error ?? null,
  directorate: (text: string) =>
    typedVerdict(form({ karar: 'kabul', gerekce: text })).typed.errors.gerekce ?? null,
  decisions: (text: string) =>
    readDecision(form({ karar: 'refuse', [REASON_FIELDS.refuse]: text })).error ?? null,
};

describe.each(Object.entries(ROOMS))('a text for the log, typed in the room of %s', (_, faultOf) => {
  it.each([
    '\0',
    '\u0007',
    '\u001b',
    '\u009b',
    '\u200b',
    '\u200f',
    '\u202a',
    '\u202e',
    '\u2066',
    '\u2069',
    '\ud800',
  ])('is refused with words where it holds %j', (hidden) => {
    expect(faultOf(`yaz${hidden}ı 12`)).toMatchObject({
      tr: expect.stringContaining('görünmeyen karakter'),
    });
  });

  it('is refused with a number of a person, and taken as plain Turkish', () => {
    expect(faultOf(`kişi ${digitsOf(5)}`)).toMatchObject({ tr: expect.stringContaining('kimlik numarası') });
    expect(faultOf('a'.repeat(501))).toMatchObject({ tr: 'En çok 500 karakter yazın.' });
    expect(faultOf('Müfettişin 12/3 sayılı yazısı — İĞŞ')).toBeNull();
  });
});

it('may have several lines where its field has', () => {
  expect(clearTextFault('bir\r\niki\nüç', 500)).toBeNull();
  expect(clearTextFault('bir\riki', 500)).not.toBeNull();
});
