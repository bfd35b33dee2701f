import { randomUUID } from 'node:crypto';
import type { DataOf } from '../../src/audit/catalogue/catalogue.js';
import { draftOf } from '../../src/audit/draft.js';
import type { EntryDraft, PersonalValue } from '../../src/audit/entry.js';

const EVENT_AT = new Date('2026-05-05T10:00:00Z');

/** The data of an intent as the bridge writes them, but for `changes`. */
export function intentData(changes: Partial<DataOf<'query.intent'>> = {}): DataOf<'query.intent'> {
  return {
    account: 'ticaret',
    actor: {
      acr: 'urn:koopbis:acr:two-step',
      authTime: '2026-05-05T09:00:00.000Z',
      session: randomUUID(),
    },
    authority: { basis: randomUUID(), role: 'board', version: 3 },
    client: 'koopbis-core',
    cooperative: '0123456789000015',
    criteria: 1,
    deadline: '2026-05-05T10:00:15.000Z',
    feeClass: 'outside',
    il: 'Ankara',
    instance: 'test-1',
    institution: 'Deneme Kurumu',
    legalGround: 'KOOPBİS Yönetmeliği m.9(3)',
    messageId: randomUUID(),
    ministry: 'ticaret',
    price: { basis: 'per-query', gazette: 'RG 27399', unitPriceKurus: 0 },
    purpose: 'ortak-kayit',
    query: randomUUID(),
    reference: null,
    requestId: 'r-1',
    retryOf: null,
    screen: null,
    service: 'BilesikKutukSorgulaKimlikNoServis',
    serviceVersion: '2024/04/01',
    ...changes,
  };
}

/** A sound entry of the log: an intent, about whom `personal` says, with `changes`. */
export function intentDraft(
  changes: Partial<DataOf<'query.intent'>> = {},
  personal: readonly PersonalValue[] = [],
): EntryDraft {
  return draftOf('query.intent', EVENT_AT, intentData(changes), personal);
}

/** A sound entry that can be told from others by `n`. */
export function numberedDraft(n: number, personal: readonly PersonalValue[] = []): EntryDraft {
  return intentDraft({ reference: String(n) }, personal);
}
