import { describe, expect, it } from '@jest/globals';
import { checkData } from '../../../src/audit/catalogue/check-data.js';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import { closeLine, openLine } from '../../../src/audit/entry-line.js';
import { intentData, intentDraft } from '../../support/drafts.js';

const BOX = { box: 'Ym94', key: '00000000-0000-4000-8000-000000000001', nonce: 'bm9uY2U' };
const AT = new Date('2026-05-05T10:00:01Z');
const line = (sealed: Record<string, typeof BOX> = {}) =>
  closeLine(openLine(intentDraft(), new Map(Object.entries(sealed))), AT);
const changed = (change: (entry: Record<string, unknown>) => void) => {
  const entry = JSON.parse(line()) as Record<string, unknown>;
  change(entry);
  return JSON.stringify(entry);
};
const INVALID = expect.objectContaining({ code: 'ENTRY_INVALID' });

describe('the data of an entry', () => {
  it('are what the schema of the kind says', () => {
    expect(() => checkData('query.intent', intentData())).not.toThrow();
    expect(() =>
      checkData('query.intent', intentData({ screen: 'ORT-01', reference: '2026/17' })),
    ).not.toThrow();
  });

  it.each([
    ['nothing', null],
    ['a list', []],
    ['a member of another type', { ...intentData(), criteria: '1' }],
    ['an instant without zone', { ...intentData(), deadline: '2026-05-05T10:00:15' }],
    ['an instant without milliseconds', { ...intentData(), deadline: '2026-05-05T10:00:15Z' }],
    ['a UUID that is none', { ...intentData(), query: 'q' }],
    ['null where something must stand', { ...intentData(), account: null }],
    ['a member inside a member', { ...intentData(), price: { ...intentData().price, ad: 'AYŞE' } }],
    ['money that is a fraction', { ...intentData(), price: { ...intentData().price, unitPriceKurus: 0.5 } }],
    ['money below zero', { ...intentData(), price: { ...intentData().price, unitPriceKurus: -1 } }],
  ])('are refused: %s', (_, data) => {
    expect(() => checkData('query.intent', data)).toThrow(INVALID);
  });

  it.each(['query.guessed', '', '__proto__', 'toString'])('are those of no kind: %j', (kind) => {
    expect(() => checkData(kind, {})).toThrow(INVALID);
  });

  it('are never repeated in the error', () => {
    const secret = '10000000146';
    const caught: unknown[] = [];
    try {
      checkData('query.intent', { ...intentData(), reference: Number(secret), [`x${secret}`]: secret });
    } catch (error) {
      caught.push((error as Error).message, (error as { fields: unknown }).fields);
    }
    expect(caught).toHaveLength(2);
    expect(JSON.stringify(caught)).not.toContain(secret);
  });
});

describe('a line of the log', () => {
  it('is taken apart where it is an entry of its kind', () => {
    expect(checkLine(line({ 'actor.number': BOX, 'subject.number': BOX }))).toMatchObject({
      at: AT.toISOString(),
      kind: 'query.intent',
      sealed: { 'actor.number': BOX, 'subject.number': BOX },
    });
  });

  it.each([
    ['no JSON', '{'],
    ['another version', changed((entry) => Object.assign(entry, { v: 2 }))],
    ['a further member', changed((entry) => Object.assign(entry, { note: '' }))],
    ['a member too few', changed((entry) => delete entry.eventAt)],
    ['another kind with these data', changed((entry) => Object.assign(entry, { kind: 'query.read' }))],
    ['a sealed field that the kind has not', line({ 'subject.name': BOX })],
    ['a sealed field named as every object’s', line({ constructor: BOX })],
    [
      'a value that is not sealed',
      changed((entry) => Object.assign(entry, { sealed: { 'actor.number': '1' } })),
    ],
  ])('is refused: %s', (_, bad) => {
    expect(() => checkLine(bad)).toThrow(INVALID);
  });
});
