import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { istanbulDay } from '../../../src/calendar/istanbul-day.js';
import {
  decideTariff,
  type TariffDecided,
  type TariffDecision,
} from '../../../src/fees/tariff/decide-tariff.js';
import { type Proposed, proposeTariff, type TariffWish } from '../../../src/fees/tariff/propose-tariff.js';
import { readSwitches } from '../../../src/fees/tariff/read-switches.js';
import type { TariffTools } from '../../../src/fees/tariff/switch-terms.js';
import { type TariffRow, unitPriceOn } from '../../../src/fees/tariff/tariff.js';
import type { ActingOfficer } from '../../../src/proposals/officer.js';
import type { Verdict } from '../../../src/proposals/verdict.js';
import { asOwner } from '../../audit/support/log.js';
import { type Desk, openDesk } from '../../proposals/support/desk.js';

const SERVICE = { name: 'BilesikKutukSorgulaKimlikNoServis', version: '2024/04/01' };
const VERIFICATION = 'TumKutukDogrulaServis';
const row = (change: Partial<TariffRow> = {}): TariffRow => ({
  id: 'rg-31168',
  from: '2020-06-27',
  amountKurus: 3,
  basis: 'per-input-datum',
  service: null,
  gazette: 'RG 31168',
  ...change,
});

let desk: Desk;
let first: ActingOfficer;
let second: ActingOfficer;
let tools: TariffTools;
beforeEach(async () => {
  // 12:00 in Istanbul.
  desk = await openDesk('2026-11-22T09:00:00.000Z');
  [first, second] = [await desk.officer(80), await desk.officer(81)];
  tools = {
    tariff: [
      row({ id: 'rg-27399', from: '2009-11-07', amountKurus: 2, basis: 'per-query', gazette: 'RG 27399' }),
      row(),
      row({ id: 'rg-x', amountKurus: 9, basis: 'per-query' }),
    ],
    inputs: [{ service: SERVICE.name, version: SERVICE.version, inputs: 2 }],
    agreed: [SERVICE],
    hours: 72,
    ports: desk.ports,
  };
});
afterEach(() => desk.close());

const answer = <T>(verdict: Verdict<T>): T | string =>
  verdict.kind === 'done' ? verdict.value : verdict.code;
const propose = async (change: Partial<TariffWish> = {}, over: Partial<TariffTools> = {}) =>
  answer(
    await proposeTariff(
      desk.log,
      { ...tools, ...over },
      { row: 'rg-31168', from: '2027-01-01', reason: null, officer: first, ...change },
    ),
  );
/** The proposal's id. */
const proposed = async (change: Partial<TariffWish> = {}, over: Partial<TariffTools> = {}) =>
  ((await propose(change, over)) as Proposed).proposal;
const decide = async (
  proposal: string,
  change: Partial<TariffDecision> = {},
  over: Partial<TariffTools> = {},
) =>
  answer(
    await decideTariff(
      desk.log,
      { ...tools, ...over },
      { proposal, decision: 'approved', reason: null, officer: second, ...change },
    ),
  );
const priceOn = async (day: string, settings = tools.inputs) =>
  unitPriceOn(await readSwitches(desk.test.db), settings, 'paying', SERVICE, day).unitPriceKurus;
const ids = async () => (await readSwitches(desk.test.db)).map(({ from, id }) => `${id} ${from}`);
const BY_LAW = ['rg-26296 2006-09-21', 'rg-27399 2009-11-07'];

describe('a row of the tariff', () => {
  it('that is proposed changes no price, and says to the kuruş what will change', async () => {
    await propose();
    expect(await ids()).toEqual(BY_LAW);
    const [made] = await desk.told('proposal.made');
    expect(made?.data).toMatchObject({ what: 'fees.tariff', subject: 'rg-31168' });
    expect(made?.data.changes).toEqual([
      { field: 'from', before: '2009-11-07', after: '2027-01-01' },
      { field: 'row', before: 'rg-27399', after: 'rg-31168' },
      { field: 'amountKurus', before: '2', after: '3' },
      { field: 'basis', before: 'per-query', after: 'per-input-datum' },
      { field: 'service', before: null, after: null },
      { field: 'gazette', before: 'RG 27399', after: 'RG 31168' },
      { field: 'inputs', before: null, after: `${SERVICE.name} ${SERVICE.version}: 2 input data: 6 kuruş` },
    ]);
  });

  it('is in force from its day on once a second officer approves it, and before it nothing has changed', async () => {
    const proposal = await proposed();
    expect(await decide(proposal)).toMatchObject({
      decision: 'approved',
      row: 'rg-31168',
      from: '2027-01-01',
    });
    expect(await ids()).toEqual([...BY_LAW, 'rg-31168 2027-01-01']);
    expect([await priceOn('2026-12-31'), await priceOn('2027-01-01')]).toEqual([2, 6]);
    const story = await desk.told('proposal.ended', 'fees.tariff-switched');
    expect(story.map(({ kind }) => kind)).toEqual(['proposal.ended', 'fees.tariff-switched']);
    expect(story[1]?.data).toEqual({
      actor: { acr: second.acr, authTime: second.authTime.toISOString(), session: second.sessionId },
      amountKurus: 3,
      basis: 'per-input-datum',
      from: '2027-01-01',
      gazette: 'RG 31168',
      inputs: [{ inputs: 2, service: SERVICE.name, version: SERVICE.version }],
      instance: 'bridge-1',
      osUser: expect.any(String),
      proposal,
      row: 'rg-31168',
      service: null,
    });
    const [switched] = await desk.sql<{ leaf: bigint }>(
      `SELECT leaf FROM bridge.fee_tariff_switch WHERE row_id = 'rg-31168'`,
    );
    expect(switched?.leaf).toBe(story[1]?.leaf);
  });

  it('keeps the input data that it was approved with: settings edited since change no price', async () => {
    await decide(await proposed());
    for (const settings of [[], tools.inputs.map((one) => ({ ...one, inputs: 20 }))])
      expect([await priceOn('2026-12-31', settings), await priceOn('2027-01-01', settings)]).toEqual([2, 6]);
  });

  it('whose terms were changed in the table is not approved, and can be refused', async () => {
    const proposal = await proposed();
    await asOwner(
      desk.test,
      `UPDATE bridge.proposal SET terms = jsonb_set(terms, '{inputs,0,inputs}', '20')`,
    );
    const inputs = tools.inputs.map((one) => ({ ...one, inputs: 20 }));
    expect(await decide(proposal, {}, { inputs })).toBe('STATE_CONFLICT');
    expect(await ids()).toEqual(BY_LAW);
    expect(await decide(proposal, { decision: 'refused' })).toMatchObject({ decision: 'refused' });
  });

  it.each(['{}', 'null', '[1.5]', '{"row":"x","from":"2027-01-01","inputs":[]}'])(
    'whose terms were changed into %s, which are none, is not approved, and can be refused and withdrawn',
    async (terms) => {
      for (const [decision, officer] of [
        ['refused', second],
        ['withdrawn', first],
      ] as const) {
        const proposal = await proposed();
        await desk.sql('UPDATE bridge.proposal SET terms = $1::jsonb WHERE decision IS NULL', [terms]);
        expect(await decide(proposal)).toBe('STATE_CONFLICT');
        expect(await decide(proposal, { decision, officer })).toMatchObject({
          decision,
          row: null,
          from: null,
        });
      }
      expect(await ids()).toEqual(BY_LAW);
    },
  );

  it.each(['refused', 'withdrawn'] as const)('that is %s is never in force', async (decision) => {
    const proposal = await proposed();
    const officer = decision === 'withdrawn' ? first : second;
    expect(await decide(proposal, { decision, officer })).toMatchObject({ decision });
    expect(await ids()).toEqual(BY_LAW);
    expect(await desk.told('fees.tariff-switched')).toEqual([]);
  });

  it.each([
    ['by the one who proposed it', (id: string) => decide(id, { officer: first }), 'SECOND_PERSON_REQUIRED'],
    ['that nobody proposed', () => decide(randomUUID()), 'NOT_FOUND'],
  ])('is not switched on %s', async (_name, work, code) => {
    expect(await work(await proposed())).toBe(code);
    expect(await ids()).toEqual(BY_LAW);
  });

  it('is switched on once, whatever is repeated', async () => {
    const proposal = await proposed();
    await decide(proposal);
    expect(await decide(proposal)).toBe('STATE_CONFLICT');
    expect(await propose()).toBe('STATE_CONFLICT');
    expect(await propose({ from: '2027-05-01' })).toBe('STATE_CONFLICT');
    expect(await ids()).toHaveLength(3);
  });

  it.each([
    ['one that the settings do not have', { row: 'rg-0' }, 'NOT_FOUND'],
    ['from today', { from: '2026-11-22' }, 'REQUEST_INVALID'],
    ['from a day that is over', { from: '2020-06-27' }, 'REQUEST_INVALID'],
    ['from beyond two years', { from: '2028-11-23' }, 'REQUEST_INVALID'],
    ['in force already', { row: 'rg-27399' }, 'STATE_CONFLICT'],
  ])('is not proposed: %s', async (_name, change, code) => {
    expect(await propose(change)).toBe(code);
    expect(await desk.told('proposal.made')).toEqual([]);
  });

  it('is not proposed without the input data of every agreed version', async () => {
    const agreed = [SERVICE, { ...SERVICE, version: '2023/02/01' }];
    expect(await propose({}, { agreed })).toBe('STATE_CONFLICT');
    expect(await propose({ row: 'rg-x' }, { agreed })).toMatchObject({ proposal: expect.any(String) });
  });
});

describe('between proposal and approval', () => {
  it.each([
    ['the amount', { amountKurus: 4 }],
    ['the basis', { basis: 'per-query' }],
    ['the service', { service: SERVICE.name }],
    ['the gazette', { gazette: 'RG 1' }],
    ['the day of the gazette', { from: '2020-06-28' }],
    ['the row’s name', { id: 'rg-other' }],
  ] as const)('settings in which %s was edited are noticed', async (_name, change) => {
    const proposal = await proposed();
    const tariff = tools.tariff.map((one) => (one.id === 'rg-31168' ? row(change) : one));
    expect(await decide(proposal, {}, { tariff })).toBe('STATE_CONFLICT');
    expect(await ids()).toEqual(BY_LAW);
    expect(await decide(proposal)).toMatchObject({ decision: 'approved' });
  });

  it('input data that were edited are noticed: they are half of the price', async () => {
    const proposal = await proposed();
    const inputs = tools.inputs.map((one) => ({ ...one, inputs: 3 }));
    expect(await decide(proposal, {}, { inputs })).toBe('STATE_CONFLICT');
    expect(await decide(proposal, {}, { inputs: [] })).toBe('STATE_CONFLICT');
    expect(await ids()).toEqual(BY_LAW);
  });

  it('an edited row can still be refused: nobody is held to it', async () => {
    const proposal = await proposed();
    expect(await decide(proposal, { decision: 'refused' }, { tariff: [] })).toMatchObject({
      decision: 'refused',
    });
  });

  it('the day must not come: approved until 23:59:59.999 Istanbul time of the day before, and not at 00:00', async () => {
    desk.setNow('2026-12-30T09:00:00.000Z');
    const proposal = await proposed();
    desk.setNow('2026-12-31T21:00:00.000Z');
    expect(istanbulDay(desk.now())).toBe('2027-01-01');
    expect(await decide(proposal)).toBe('STATE_CONFLICT');
    desk.setNow('2026-12-31T20:59:59.999Z');
    expect(await decide(proposal)).toMatchObject({ decision: 'approved' });
  });

  it('another row from the same day may be approved first: then this one no longer is', async () => {
    const [one, other] = [await proposed(), await proposed({ row: 'rg-x' })];
    expect(await decide(other)).toMatchObject({ row: 'rg-x' });
    expect(await decide(one)).toBe('STATE_CONFLICT');
    expect(await ids()).toEqual([...BY_LAW, 'rg-x 2027-01-01']);
  });

  it('of rows for different services both are switched on from one day', async () => {
    const tariff = [
      ...tools.tariff,
      row({ id: 'a', service: SERVICE.name }),
      row({ id: 'b', service: VERIFICATION }),
    ];
    for (const id of ['a', 'b'])
      expect(await decide(await proposed({ row: id }, { tariff }), {}, { tariff })).toMatchObject({
        row: id,
      });
    const switches = await readSwitches(desk.test.db);
    expect(switches.slice(2).map(({ id, service }) => [id, service])).toEqual([
      ['a', SERVICE.name],
      ['b', VERIFICATION],
    ]);
  });

  it('of two approvals at once on two instances one switches it on', async () => {
    const proposal = await proposed();
    const third = await desk.officer(82);
    const wish = { proposal, decision: 'approved', reason: null } as const;
    const verdicts: Verdict<TariffDecided>[] = await Promise.all([
      decideTariff(desk.log, tools, { ...wish, officer: second }),
      decideTariff(desk.other, tools, { ...wish, officer: third }),
    ]);
    expect(verdicts.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    expect(await ids()).toHaveLength(3);
  });
});
