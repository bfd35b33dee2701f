import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openApiDocument } from '../../src/api/openapi.js';
import { checkQuestion } from '../../src/api/verification-schema.js';
import { digitsOf, MERSIS, QUESTION, SUBJECT } from '../verification/support/parts.js';
import { accepts, type JsonSchema } from './support/json-schema.js';

const NUMBER = digitsOf(SUBJECT);
const { reference: _reference, retryOf: _retryOf, ...NEEDED } = QUESTION;
const BODY = { ...NEEDED, reference: '2026/17 sayılı', retryOf: '11111111-1111-4111-8111-111111111111' };

const reasonOf = (body: unknown): string | null => {
  const checked = checkQuestion(body);
  return checked.ok ? null : checked.reason;
};

/** The request's schema as callers read it in the OpenAPI document, run by another reader than the one that checks. */
const published = (body: unknown): boolean => {
  const { components } = openApiDocument({ routes: [], schemas: {} }) as {
    components: { schemas: { VerificationRequest: JsonSchema } };
  };
  return accepts(components.schemas.VerificationRequest, body);
};

const BAD: readonly [string, unknown, string][] = [
  ['nothing', undefined, 'body'],
  ['null', null, 'body'],
  ['a list', [BODY], 'body'],
  ['a text', 'x', 'body'],
  ['no members', {}, 'body.purpose'],
  ['an unknown member', { ...BODY, extra: 1 }, 'body: unknown member'],
  [
    'an unknown member of the person',
    { ...BODY, subject: { ...BODY.subject, anneAdi: 'x' } },
    'body: unknown member',
  ],
  [
    'a member of every object',
    JSON.parse(`{"__proto__":{},"purpose":"a","cooperative":"${MERSIS}"}`),
    'body.subject',
  ],
  ['a number as number', { ...BODY, subject: { ...BODY.subject, kimlikNo: 123 } }, 'body.subject.kimlikNo'],
  [
    'a date as number',
    { ...BODY, subject: { ...BODY.subject, dogumTarihi: 1980 } },
    'body.subject.dogumTarihi',
  ],
  ['a name as list', { ...BODY, subject: { ...BODY.subject, ad: ['A'] } }, 'body.subject.ad'],
  [
    'a missing surname',
    { ...BODY, subject: { kimlikNo: 'x', ad: 'x', dogumTarihi: 'x' } },
    'body.subject.soyad',
  ],
  ['a null surname', { ...BODY, subject: { ...BODY.subject, soyad: null } }, 'body.subject.soyad'],
  ['a person as text', { ...BODY, subject: NUMBER }, 'body.subject'],
  ['a name without end', { ...BODY, subject: { ...BODY.subject, ad: 'A'.repeat(401) } }, 'body.subject.ad'],
  ['a short cooperative', { ...BODY, cooperative: MERSIS.slice(1) }, 'body.cooperative'],
  ['a cooperative with a line end', { ...BODY, cooperative: `${MERSIS}\n` }, 'body.cooperative'],
  ['a purpose in capitals', { ...BODY, purpose: 'Ortak-Kayit' }, 'body.purpose'],
  ['an empty purpose', { ...BODY, purpose: '' }, 'body.purpose'],
  ['an empty reference', { ...BODY, reference: '' }, 'body.reference'],
  ['a reference of several lines', { ...BODY, reference: 'a\nb' }, 'body.reference'],
  ['a reference without end', { ...BODY, reference: 'a'.repeat(65) }, 'body.reference'],
  ['a reference in digits that we cannot read', { ...BODY, reference: '٣٠٠٠٠٠٠٠٢' }, 'body.reference'],
  ['a reference that is null', { ...BODY, reference: null }, 'body.reference'],
  ['a retry of something that is no id', { ...BODY, retryOf: NUMBER }, 'body.retryOf'],
];

/** What the published schema cannot say: digits of a number in a text. */
const NUMBERS: readonly [string, string][] = [
  ['alone', NUMBER],
  ['among words', `dosya ${NUMBER} sayılı`],
  ['beside letters', `TC${NUMBER}`],
  ['between strokes', `2026/${NUMBER}-1`],
];

describe('the body of an identity check', () => {
  it('with and without the optional members is a question', () => {
    expect(checkQuestion(BODY)).toEqual({ ok: true, value: BODY });
    expect(checkQuestion(NEEDED)).toEqual({ ok: true, value: { ...NEEDED, reference: null, retryOf: null } });
  });

  it.each(BAD)('of %s is refused with the place only', (_name, body, reason) => {
    expect(reasonOf(body)).toBe(reason);
  });

  it.each(NUMBERS)(
    'whose reference holds an identity number %s is refused: it would stand in clear',
    (_name, reference) => {
      expect(reasonOf({ ...BODY, reference })).toBe('body.reference');
    },
  );

  it('may name files and decisions as people write them', () => {
    for (const reference of ['2026/17', 'E-1.2_3', 'Karar No 12', 'ÇŞ 4', '12345678901234']) {
      expect(reasonOf({ ...BODY, reference })).toBeNull();
    }
  });

  it('never comes back in the reason, whatever it is', () => {
    const word = fc
      .string({ minLength: 6, maxLength: 30 })
      .filter((text) => !'body.subject.kimlikNo'.includes(text));
    const ours =
      /^body(: unknown member|(\.(purpose|cooperative|reference|retryOf|subject))?(\.(kimlikNo|ad|soyad|dogumTarihi))?)$/;
    const value = fc.oneof(word, fc.jsonValue(), fc.constant(NUMBER));
    const body = fc.oneof(
      fc.dictionary(word, value),
      fc.record({
        purpose: value,
        cooperative: value,
        reference: value,
        subject: fc.dictionary(word, value),
      }),
      fc.record(
        { ...Object.fromEntries(Object.keys(BODY).map((name) => [name, value])) },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(body, (sent) => {
        const reason = reasonOf(sent);
        if (reason !== null) expect(reason).toMatch(ours);
      }),
    );
  });
});

describe('the published schema of the request', () => {
  it('accepts what the checker accepts', () => {
    for (const body of [BODY, NEEDED]) expect(published(body)).toBe(true);
  });

  it.each(BAD)('refuses as the checker does: %s', (_name, body) => {
    expect(published(body)).toBe(false);
  });

  it('agrees with the checker on bodies that differ in one place', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 70 }),
      fc.constantFrom('', 'ortak-kayit', MERSIS, '2026/17', 'ğ', '11111111-1111-4111-8111-111111111111'),
    );
    const place = fc.constantFrom(
      'purpose',
      'cooperative',
      'reference',
      'retryOf',
      'ad',
      'kimlikNo',
      'unknown',
    );
    fc.assert(
      fc.property(place, text, (name, value) => {
        const inPerson = name === 'ad' || name === 'kimlikNo';
        const body = inPerson
          ? { ...BODY, subject: { ...BODY.subject, [name]: value } }
          : { ...BODY, [name]: value };
        fc.pre(!/\d{11}/.test(value));
        expect(published(body)).toBe(checkQuestion(body).ok);
      }),
    );
  });
});
