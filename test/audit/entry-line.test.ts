import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../src/audit/canonical-json.js';
import type { EntryDraft } from '../../src/audit/entry.js';
import { closeLine, openLine } from '../../src/audit/entry-line.js';
import type { SealedValue } from '../../src/audit/seal.js';
import { canonicalize } from './support/oracle.js';

const instant = fc.date({ min: new Date(0), max: new Date('2400-01-01T00:00:00Z'), noInvalidDate: true });
const word = fc.string({ unit: 'binary', maxLength: 12 });
const data = fc.dictionary(word, fc.oneof(word, fc.integer(), fc.constant(null), fc.array(word)));
const sealed = fc.dictionary(word, fc.record({ box: word, key: word, nonce: word }));
const draftWith = (content: JsonObject, eventAt = new Date(0)): EntryDraft => ({
  id: randomUUID(),
  kind: 'query.outcome',
  eventAt,
  data: content,
  personal: [],
});

describe('the line of an entry', () => {
  it('is the canonical form of itself, begins with `at` and holds no line end', () => {
    fc.assert(
      fc.property(data, sealed, instant, instant, (content, boxes, eventAt, at) => {
        const values = new Map<string, SealedValue>(Object.entries(boxes));
        const line = closeLine(openLine(draftWith(content, eventAt), values), at);
        expect(line).toBe(canonicalize(JSON.parse(line)));
        expect(line.startsWith(`{"at":"${at.toISOString()}",`)).toBe(true);
        expect(line).not.toMatch(/[\n\r]/);
      }),
    );
  });

  it('says what happened, when, and under which id, kind and version', () => {
    const draft = draftWith({ units: 1, 'a"b': ['İ', null] }, new Date('2026-05-05T10:00:00.123Z'));
    const box = { box: 'AA', key: 'k', nonce: 'BB' };
    const line = closeLine(
      openLine(draft, new Map([['actor.number', box]])),
      new Date('2026-05-05T10:00:01Z'),
    );
    expect(JSON.parse(line)).toEqual({
      at: '2026-05-05T10:00:01.000Z',
      data: { units: 1, 'a"b': ['İ', null] },
      eventAt: '2026-05-05T10:00:00.123Z',
      id: draft.id,
      kind: 'query.outcome',
      sealed: { 'actor.number': box },
      v: 1,
    });
  });

  it('has the same bytes as in the first release', () => {
    const draft = { ...draftWith({ z: 1, a: 'ğ' }), id: '00000000-0000-4000-8000-000000000000' };
    const sealedNumber = new Map([['subject.number', { box: 'Ym94', key: 'k1', nonce: 'bm9uY2U' }]]);
    expect(closeLine(openLine(draft, sealedNumber), new Date(1_000))).toBe(
      '{"at":"1970-01-01T00:00:01.000Z","data":{"a":"ğ","z":1},"eventAt":"1970-01-01T00:00:00.000Z",' +
        '"id":"00000000-0000-4000-8000-000000000000","kind":"query.outcome",' +
        '"sealed":{"subject.number":{"box":"Ym94","key":"k1","nonce":"bm9uY2U"}},"v":1}',
    );
  });

  it('is not made of data without canonical form', () => {
    expect(() => openLine(draftWith({ price: 0.1 }), new Map())).toThrow(TypeError);
    expect(() => openLine(draftWith({ name: '\ud800' }), new Map())).toThrow(TypeError);
  });
});
