import { randomUUID } from 'node:crypto';
import { draftOf } from '../../src/audit/draft.js';
import type { PersonalValue, Receipt } from '../../src/audit/entry.js';
import type { Lane } from '../../src/audit/lane.js';
import { PROVINCES } from '../../src/authority/roles/provinces.js';
import type { Booking } from '../../src/fees/book/fee-line.js';
import { unitOf } from '../../src/fees/book/unit.js';
import type { KimlikNo } from '../../src/person/kimlik-no.js';
import type { Conclusion } from '../../src/verification/conclude.js';
import { type Ending, feeLineOf, outcomeEntry } from '../../src/verification/outcome-entry.js';
import { KEYS } from './officers.js';

const PATIENCE_MS = 30_000;
const INSTANCE = 'bench';

/** A query as the bench makes it up. */
export interface MadeQuery {
  readonly queryId: string;
  readonly actor: KimlikNo;
  readonly subject: KimlikNo;
  readonly role: string;
  readonly booking: Booking;
  readonly conclusion: Conclusion;
  readonly at: Date;
}

/** The `n`th query: two accounts, all iller, every way in which a query ends. */
export function madeQuery(n: number, actor: KimlikNo, subject: KimlikNo): MadeQuery {
  const paying = n % 2 === 1;
  const il = PROVINCES[n % PROVINCES.length] as string;
  const ministry = ['ticaret', 'tarim', 'cevre'][n % 3] as string;
  const role = n % 10 === 0 ? 'directorate' : 'board';
  return {
    queryId: randomUUID(),
    actor,
    subject,
    role,
    booking: {
      account: paying ? 'birlik' : 'ticaret',
      feeClass: paying ? 'paying' : 'outside',
      client: paying ? 'union-portal' : 'koopbis-core',
      service: 'BilesikKutukSorgulaKimlikNoServis',
      serviceVersion: '2024/04/01',
      purpose: 'ortak-kayit',
      cooperative: `0${String(n % 3000).padStart(15, '0')}`,
      il,
      ministry,
      unit: unitOf(role, ministry, il),
      basis: 'per-query',
      unitPriceKurus: paying ? 2 : 0,
    },
    conclusion: concluded(n % 50),
    at: new Date(),
  };
}

function concluded(n: number): Conclusion {
  if (n === 48)
    return { state: 'unknown', code: 'KPS_OUTCOME_UNKNOWN', reason: 'timeout', units: 1, sent: true };
  const outcome = n < 43 ? 'match' : n < 46 ? 'mismatch' : 'not-found';
  return { state: 'answered', outcome, units: 1, sent: true };
}

/** The intent, as `intentEntry` writes it; the answer is its leaf. */
export const intentLane: Lane<MadeQuery, bigint> = {
  name: '2-query',
  patienceMs: PATIENCE_MS,
  settle: async (_tx, items) =>
    items.map((item) => ({ entries: [intentOf(item)], effects: [], answer: ([receipt]) => leafOf(receipt) })),
};

/** The outcome with its line of the book. */
export const outcomeLane: Lane<{ readonly made: MadeQuery; readonly intentLeaf: bigint }, bigint> = {
  name: '1-outcome',
  patienceMs: PATIENCE_MS,
  settle: async (_tx, items, now) =>
    items.map(({ intentLeaf, made }) => {
      const { actor, at: sentAt, booking, conclusion, queryId } = made;
      const ending: Ending = { queryId, intentLeaf, conclusion, messageIds: [queryId], sentAt, booking };
      return {
        entries: [outcomeEntry('query.outcome', ending, now, INSTANCE)],
        effects: [feeLineOf(ending, KEYS.tagger.tag('log.actor', actor))],
        answer: ([receipt]) => leafOf(receipt),
      };
    }),
};

function leafOf(receipt: Receipt | undefined): bigint {
  if (receipt === undefined) throw new Error('an entry has no receipt');
  return receipt.leafIndex;
}

function intentOf({ actor, at, booking, queryId, role, subject }: MadeQuery) {
  const { account, basis, client, cooperative, feeClass, il, ministry, purpose, service, serviceVersion } =
    booking;
  const now = at.toISOString();
  return draftOf(
    'query.intent',
    at,
    {
      account,
      actor: { acr: 'urn:koopbis:acr:two-step', authTime: now, session: randomUUID() },
      authority: { basis: randomUUID(), role, version: 3 },
      client,
      cooperative,
      criteria: 1,
      deadline: now,
      feeClass,
      il,
      instance: INSTANCE,
      institution: 'Ticaret Bakanlığı (deneme)',
      legalGround: 'Yönetmelik m.9',
      messageId: queryId,
      ministry,
      price: { basis, gazette: 'RG 27399', unitPriceKurus: booking.unitPriceKurus },
      purpose,
      query: queryId,
      reference: null,
      requestId: queryId,
      retryOf: null,
      screen: 'ORT-01',
      service,
      serviceVersion,
    },
    [numberOf('actor', actor), numberOf('subject', subject)],
  );
}

function numberOf(side: PersonalValue['side'], person: KimlikNo): PersonalValue {
  return { field: `${side}.number`, side, person, text: person.reveal(), indexed: true };
}
