import { beforeAll, describe, expect, test } from '@jest/globals';
import { evidenceFolder, type Part, STORY, switched, switchedBy, told } from './support/evidence-folder.js';
import { type House, newHouse } from './support/export-folder.js';
import { resultOf, verifyBytes } from './support/verify.js';

let house: House;
beforeAll(async () => {
  house = await newHouse();
});

const resultOfStory = async (parts: readonly Part[]) =>
  resultOf(await verifyBytes(await evidenceFolder(house, parts)));
const price = (unitPriceKurus: number, change: object = {}) => ({
  price: { basis: 'per-input-datum', gazette: '33123', unitPriceKurus, ...change },
});
/** Without its end, so that nothing but the tariff says what the price is. */
const ofPrice = (change: Record<string, unknown>, intent: Record<string, unknown> = {}) =>
  switched(change, intent).filter(({ role }) => role !== 'outcome');
const inputs = (count: unknown, change: object = {}) => ({
  inputs: [{ inputs: count, service: 'KutukServis', version: '2024/04/01', ...change }],
});
const ofStart = (change: object) =>
  told(
    'tariff',
    {},
    {
      tariff: [
        {
          ...{
            active: true,
            amountKurus: 30,
            basis: 'per-input-datum',
            from: '2026-01-01',
            gazette: '33123',
          },
          ...change,
        },
      ],
    },
  );

describe('a price that follows from the switch that is named holds', () => {
  test.each<[string, () => readonly Part[]]>([
    ['by the input data that the decision fixed, made at another instance', () => switched()],
    ['by a switch of the very service', () => switched({ service: 'KutukServis' })],
    ['from an earlier day on', () => switched({ from: '2026-10-31' })],
    ['by a version that the decision did not know: whole input data', () => switched({ inputs: [] })],
    ['of such a version, twenty at the most', () => ofPrice({ inputs: [] }, price(600))],
    ['outside the fee: nothing', () => ofPrice({}, { feeClass: 'outside', ...price(0) })],
    ['by query', () => switchedBy('per-query')],
    ['by query, where no record came back', () => switchedBy('per-query', { outcome: 'not-found' })],
    ['by returned record', () => switchedBy('per-returned-record')],
    [
      'by returned record, none of them back',
      () => switchedBy('per-returned-record', { outcome: 'not-found' }, 0),
    ],
    [
      'by returned record, refused',
      () => switchedBy('per-returned-record', { outcome: null, state: 'refused' }, 0),
    ],
    [
      'by returned record, unknown',
      () => switchedBy('per-returned-record', { outcome: null, state: 'unknown' }),
    ],
    ['of a row that costs nothing', () => ofPrice({ amountKurus: 0 }, price(0))],
  ])('%s', async (_, parts) => {
    expect(await resultOfStory(parts())).toBe('ok');
  });
});

describe('a price that does not follow from the switch that is named is found', () => {
  test.each<[string, () => readonly Part[]]>([
    ['a switch of another service', () => switched({ service: 'TumServis' })],
    ['a switch of no service at all', () => switched({ service: undefined })],
    ['a switch from the next day on', () => switched({ from: '2026-11-02' })],
    ['a switch without a day', () => switched({ from: undefined })],
    ['a switch from a day that is none', () => switched({ from: '2026-11' })],
    [
      'a switch behind the intent',
      () => switched().map((p) => (p.role === 'tariff' ? { ...p, leaf: 7 } : p)),
    ],
    ['a row of another gazette', () => switched({ gazette: '33124' })],
    ['a row of another basis', () => switched({ basis: 'per-query', amountKurus: 60 })],
    ['another amount', () => switched({ amountKurus: 31 })],
    ['an amount below zero', () => ofPrice({ amountKurus: -30, ...inputs(-2) })],
    ['an amount that is a text', () => switched({ amountKurus: '30' })],
    ['other input data than the decision fixed', () => switched(inputs(3))],
    ['input data that are no number', () => switched(inputs('2'))],
    ['a decision without a list of input data', () => switched({ inputs: undefined })],
    ['a broken number of input data', () => ofPrice({ inputs: [] }, price(61))],
    ['no input data at all', () => ofPrice({ inputs: [] }, price(0))],
    ['more input data than any version takes', () => ofPrice({ inputs: [] }, price(630))],
    [
      'input data of another version, and a price that is none of theirs',
      () => ofPrice(inputs(2, { version: '2019' }), price(45)),
    ],
    ['a price outside the fee', () => switched({}, { feeClass: 'outside' })],
    ['no price for who pays', () => ofPrice({}, price(0))],
    ['a class of the fee that is none', () => ofPrice({}, { feeClass: 'x', ...price(0) })],
    ['a basis that is none', () => switchedBy('per-moon')],
    ['by query, another amount', () => ofPrice({ basis: 'per-query' }, price(60, { basis: 'per-query' }))],
    [
      'by returned record, another amount',
      () => ofPrice({ basis: 'per-returned-record' }, price(60, { basis: 'per-returned-record' })),
    ],
    ['by query, nothing charged', () => switchedBy('per-query', { outcome: 'not-found' }, 0)],
    [
      'by returned record, charged although none came back',
      () => switchedBy('per-returned-record', { outcome: 'not-found' }),
    ],
    ['by returned record, nothing charged although one came', () => switchedBy('per-returned-record', {}, 0)],
    [
      'by returned record, nothing charged although it is not known',
      () => switchedBy('per-returned-record', { outcome: null, state: 'unknown' }, 0),
    ],
    ['a start and a switch', () => [...switched(), { ...(STORY[0] as Part), leaf: 2 }]],
    [
      'a proposal in place of the switch',
      () => switched().map((p) => (p.role === 'tariff' ? { ...p, kind: 'proposal.made' } : p)),
    ],
  ])('%s', async (_, parts) => {
    expect(await resultOfStory(parts())).toBe('story');
  });
});

describe('a start as what the price rests on', () => {
  test('holds, as in folders made before rows were switched on', async () => {
    expect(await resultOfStory(STORY)).toBe('ok');
  });

  test.each([
    ['a row that is not active', { active: false }],
    ['a row of another gazette', { gazette: '33124' }],
    ['a row whose basis is none', { basis: 'per-moon' }],
    ['more input data than any version takes', { amountKurus: 1 }],
  ])('is found where it has %s', async (_, change) => {
    expect(await resultOfStory(ofStart(change))).toBe('story');
  });
});
