import { describe, expect, it } from '@jest/globals';
import { istanbulDay } from '../../../src/calendar/istanbul-day.js';
import { rebuildLine } from '../../../src/fees/book/rebuild-lines.js';
import { chargedPrice, type TariffBasis, type TariffSwitch } from '../../../src/fees/tariff/tariff.js';
import type { Conclusion } from '../../../src/verification/conclude.js';
import { type AllowedQuery, decideQuery } from '../../../src/verification/decide-query.js';
import { bookingOf, type Ending, feeLineOf, outcomeEntry } from '../../../src/verification/outcome-entry.js';
import type { AdmittedQuery } from '../../../src/verification/record-intent.js';
import {
  account,
  attemptOf,
  CLIENT,
  factsOf,
  RULES,
  SIGNED_IN,
  seat,
  TARIFF,
} from '../../verification/support/parts.js';
import { INSTANTS } from './instants.js';

const REGISTER = { name: 'BilesikKutukSorgulaKimlikNoServis', version: '2024/04/01' } as const;
const VERIFICATION = { name: 'TumKutukDogrulaServis', version: '2025/08/01' } as const;
const AGREEMENT = {
  services: [REGISTER.name, VERIFICATION.name],
  validFrom: '2025-01-01',
  validUntil: '2029-12-31',
};

const ROWS: Readonly<Record<TariffBasis, TariffSwitch>> = {
  'per-query': {
    id: 'a',
    from: '2026-01-01',
    amountKurus: 5,
    basis: 'per-query',
    service: null,
    gazette: 'RG A',
    inputs: [],
  },
  'per-input-datum': {
    id: 'b',
    from: '2026-01-01',
    amountKurus: 3,
    basis: 'per-input-datum',
    service: null,
    gazette: 'RG B',
    inputs: [],
  },
  'per-returned-record': {
    id: 'c',
    from: '2026-01-01',
    amountKurus: 7,
    basis: 'per-returned-record',
    service: null,
    gazette: 'RG C',
    inputs: [],
  },
};

const ENDS: Readonly<Record<string, Conclusion>> = {
  match: { state: 'answered', outcome: 'match', units: 1, sent: true },
  mismatch: { state: 'answered', outcome: 'mismatch', units: 1, sent: true },
  'not-found': { state: 'answered', outcome: 'not-found', units: 1, sent: true },
  'refused with an answer': {
    ...{ state: 'refused', code: 'KPS_REFUSED', reason: 'provider-error', hataKod: 2, units: 1, sent: true },
  },
  'refused without one': {
    ...{ state: 'refused', code: 'KPS_REFUSED', reason: 'soap-fault', hataKod: null, units: 0, sent: true },
  },
  'never left': {
    ...{
      state: 'refused',
      code: 'KPS_UNAVAILABLE',
      reason: 'connection-refused',
      retryAfterS: 30,
      units: 0,
      sent: false,
    },
  },
  unknown: { state: 'unknown', code: 'KPS_OUTCOME_UNKNOWN', reason: 'timeout', units: 1, sent: true },
};

interface Asked {
  readonly sentAt?: string;
  readonly service?: typeof REGISTER | typeof VERIFICATION;
  readonly tariff?: readonly TariffSwitch[];
  readonly of?: ReturnType<typeof account>;
}

/** A query that was let through at that time. */
function allowed({
  sentAt = '2026-05-04T09:00:00.000Z',
  service = REGISTER,
  tariff = TARIFF,
  of,
}: Asked): AllowedQuery {
  const now = new Date(sentAt);
  const holder = of ?? account('paying', { agreement: AGREEMENT });
  const fresh = factsOf({ seats: [seat({ endsOn: '2029-12-31' })] });
  const cooperative = fresh.cooperative === null ? null : { ...fresh.cooperative, readAt: now };
  return decideQuery(
    attemptOf({ client: { ...CLIENT, account: holder.id }, receivedAt: now }),
    { signedIn: SIGNED_IN, authority: { ...fresh, cooperative, seatedAt: cooperative }, tariff },
    { ...RULES, service, accounts: new Map([[holder.id, holder]]) },
    { now, today: istanbulDay(now) },
  ) as AllowedQuery;
}

function endingOf(
  query: AllowedQuery,
  service: { name: string; version: string },
  conclusion: Conclusion,
  sentAt: Date,
): Ending {
  const booking = bookingOf(query as AdmittedQuery, service);
  return { queryId: query.attempt.queryId, intentLeaf: 1n, conclusion, messageIds: [], sentAt, booking };
}

describe('a price that was worked by hand', () => {
  // Two input data for the register, four for the verification; 5, 3 and 7 kuruş for one query, one datum, one record.
  it.each<[TariffBasis, keyof typeof ENDS, number, number]>([
    ['per-query', 'match', 5, 5],
    ['per-query', 'mismatch', 5, 5],
    ['per-query', 'not-found', 5, 5],
    ['per-query', 'refused with an answer', 5, 5],
    ['per-query', 'refused without one', 0, 0],
    ['per-query', 'never left', 0, 0],
    ['per-query', 'unknown', 5, 5],
    ['per-input-datum', 'match', 6, 12],
    ['per-input-datum', 'not-found', 6, 12],
    ['per-input-datum', 'refused with an answer', 6, 12],
    ['per-input-datum', 'never left', 0, 0],
    ['per-input-datum', 'unknown', 6, 12],
    ['per-returned-record', 'match', 7, 7],
    ['per-returned-record', 'mismatch', 7, 7],
    ['per-returned-record', 'not-found', 0, 0],
    ['per-returned-record', 'refused with an answer', 0, 0],
    ['per-returned-record', 'never left', 0, 0],
    ['per-returned-record', 'unknown', 7, 7],
  ])('%s, %s: %i kuruş at the register, %i at the verification', (basis, end, register, verification) => {
    const amounts = ([REGISTER, VERIFICATION] as const).map((service) => {
      const query = allowed({ service, tariff: [...TARIFF, ROWS[basis]] });
      const ending = endingOf(query, service, ENDS[end] as Conclusion, new Date('2026-05-04T09:00:00.000Z'));
      const line = feeLineOf(ending, Buffer.alloc(16));
      const { data } = outcomeEntry(
        'query.outcome',
        ending,
        new Date('2026-05-04T09:00:01.000Z'),
        'bridge-1',
      );
      const amount = line.units * chargedPrice(line.basis, line.unitPriceKurus, line.result);
      // The outcome's own word, and the book that is reckoned anew from it.
      expect((data.fee as { amountKurus: number }).amountKurus).toBe(amount);
      expect(rebuildLine({ leaf: 2n, data }, ending.booking).amountKurus).toBe(BigInt(amount));
      return amount;
    });
    expect(amounts).toEqual([register, verification]);
  });

  it.each([
    ['2026-05-04T09:00:00.000Z', 2],
    ['2026-12-31T20:59:59.999Z', 2],
    ['2026-12-31T21:00:00.000Z', 6],
    ['2028-02-28T20:59:59.999Z', 6],
    ['2028-02-28T21:00:00.000Z', 1],
    ['2028-02-29T20:59:59.999Z', 1],
    ['2028-02-29T21:00:00.000Z', 4],
  ])(
    'at %s is %i kuruş, with rows from 1 January 2027, from the leap day of 2028 and from the day after',
    (sentAt, kurus) => {
      const row = (from: string, amountKurus: number, basis: TariffBasis): TariffSwitch => {
        return { id: from, from, amountKurus, basis, service: null, gazette: 'RG', inputs: [] };
      };
      const tariff = [
        ...TARIFF,
        row('2027-01-01', 3, 'per-input-datum'),
        row('2028-02-29', 1, 'per-query'),
        row('2028-03-01', 2, 'per-input-datum'),
      ];
      expect(allowed({ sentAt, tariff }).price.unitPriceKurus).toBe(kurus);
    },
  );
});

describe('the quarter of a line', () => {
  it.each(INSTANTS)('sent at %s, on %s in Istanbul, is %s', (sentAt, day, quarter) => {
    const query = allowed({});
    const ending = endingOf(query, REGISTER, ENDS.match as Conclusion, new Date(sentAt));
    expect(istanbulDay(new Date(sentAt))).toBe(day);
    expect(feeLineOf(ending, Buffer.alloc(16)).quarter).toBe(quarter);
    // An answer that comes in the next quarter changes nothing of it.
    const entry = outcomeEntry('query.outcome', ending, new Date(Date.parse(sentAt) + 15_000), 'bridge-1');
    expect((entry.data.fee as { quarter: string }).quarter).toBe(quarter);
    expect(rebuildLine({ leaf: 2n, data: entry.data }, ending.booking).quarter).toBe(quarter);
  });
});

describe('an account that changes its class in mid-quarter', () => {
  const changing = account('outside', {
    id: 'changing',
    agreement: AGREEMENT,
    feeClassChanges: [
      { from: '2026-05-16', feeClass: 'paying' },
      { from: '2026-06-01', feeClass: 'outside' },
    ],
  });

  it.each([
    ['2026-04-01T00:00:00.000Z', 'outside', 0],
    ['2026-05-15T20:59:59.999Z', 'outside', 0],
    ['2026-05-15T21:00:00.000Z', 'paying', 2],
    ['2026-05-31T20:59:59.999Z', 'paying', 2],
    ['2026-05-31T21:00:00.000Z', 'outside', 0],
    ['2026-06-30T20:59:59.999Z', 'outside', 0],
  ])('at %s is %s and pays %i kuruş, and its line says so for ever', (sentAt, feeClass, kurus) => {
    const query = allowed({ sentAt, of: changing });
    expect(query.price).toEqual({ unitPriceKurus: kurus, basis: 'per-query', gazette: 'RG 27399' });
    const line = feeLineOf(
      endingOf(query, REGISTER, ENDS.match as Conclusion, new Date(sentAt)),
      Buffer.alloc(16),
    );
    expect(line).toMatchObject({
      account: 'changing',
      feeClass,
      unitPriceKurus: kurus,
      quarter: '2026-Q2',
      units: 1,
    });
  });
});
