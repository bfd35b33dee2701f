import { randomUUID } from 'node:crypto';
import { citizenNumbers } from '../../mocks/population/numbers.js';
import { randomStream } from '../../mocks/population/random.js';
import type { EntryDraft, PersonalValue } from '../../src/audit/entry.js';
import { KimlikNo } from '../../src/person/kimlik-no.js';

/**
 * `plain`: an outcome's data, nothing personal. `intent`: an intent's data with two sealed numbers and their rows in the
 * search table, about persons who have keys. `intent-new`: the same, each about a person who has no key yet.
 */
export const SHAPES = ['plain', 'intent', 'intent-new'] as const;
export type Shape = (typeof SHAPES)[number];

const ACTORS = 50;
const KNOWN_SUBJECTS = 2000;

/** `count` drafts of a shape, made before any clock runs. */
export function draftsOf(shape: Shape, count: number): EntryDraft[] {
  if (shape === 'plain') return Array.from({ length: count }, plainDraft);
  const actors = people('actors', ACTORS);
  const subjects = people('subjects', shape === 'intent' ? KNOWN_SUBJECTS : count);
  return Array.from({ length: count }, (_, n) => intentDraft(pick(actors, n), pick(subjects, n)));
}

/** For `intent`, one draft about each of its persons, so that all of them have keys before the clock runs. */
export function introductionsOf(shape: Shape): EntryDraft[] {
  if (shape !== 'intent') return [];
  const actors = people('actors', ACTORS);
  return people('subjects', KNOWN_SUBJECTS).map((subject, n) => intentDraft(pick(actors, n), subject));
}

function pick<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}

function people(purpose: string, count: number): KimlikNo[] {
  return citizenNumbers(randomStream('bench', purpose), count).map((digits) => {
    const parsed = KimlikNo.parse(digits);
    if (!parsed.ok) throw new Error('not a number');
    return parsed.value;
  });
}

function plainDraft(): EntryDraft {
  const query = randomUUID();
  const now = new Date();
  const fee = {
    account: 'ticaret',
    amountKurus: 0,
    feeClass: 'outside',
    quarter: '2026-Q3',
    unitPriceKurus: 0,
    units: 1,
  };
  return {
    id: randomUUID(),
    kind: 'query.outcome',
    eventAt: now,
    data: {
      code: null,
      fee,
      hataKod: null,
      instance: 'bench',
      intent: 1,
      messageIds: [randomUUID()],
      outcome: 'match',
      query,
      reason: null,
      sent: true,
      sentAt: now.toISOString(),
      state: 'answered',
    },
    personal: [],
  };
}

function intentDraft(actor: KimlikNo, subject: KimlikNo): EntryDraft {
  const now = new Date();
  const number = (side: PersonalValue['side'], person: KimlikNo): PersonalValue => {
    return { field: `${side}.number`, side, person, text: person.reveal(), indexed: true };
  };
  return {
    id: randomUUID(),
    kind: 'query.intent',
    eventAt: now,
    data: {
      account: 'ticaret',
      actor: {
        acr: 'urn:koopbis:acr:two-step',
        authTime: now.toISOString(),
        session: randomUUID(),
      },
      authority: { basis: randomUUID(), role: 'board', version: 3 },
      client: 'koopbis-core',
      cooperative: '0123456789000015',
      criteria: 1,
      deadline: now.toISOString(),
      feeClass: 'outside',
      il: 'ANKARA',
      instance: 'bench',
      institution: 'Ticaret Bakanlığı (deneme)',
      legalGround: 'Yönetmelik m.9',
      messageId: randomUUID(),
      ministry: 'ticaret',
      price: { basis: 'outside', gazette: '', unitPriceKurus: 0 },
      purpose: 'ortak-kayit',
      query: randomUUID(),
      reference: null,
      requestId: randomUUID(),
      retryOf: null,
      screen: 'bench',
      service: 'BilesikKutukSorgulaKimlikNoServis',
      serviceVersion: '2024/04/01',
    },
    personal: [number('actor', actor), number('subject', subject)],
  };
}
