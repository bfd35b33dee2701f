import { randomBytes, randomUUID } from 'node:crypto';
import { canonicalJson, type JsonObject } from '../../src/audit/canonical-json.js';

/** Different lines are made so many times; then only times, ids and numbers in them change. */
const SHAPES = 64;
const START = Date.parse('2026-11-02T05:00:00.000Z');
const STEP_MS = 7;

/** Gives the lines of a log, in order: an intent of some 1,200 bytes, then its outcome of some 600, and so on. */
export function lineMaker(): (leaf: number) => string {
  const intents = Array.from({ length: SHAPES }, () => restOf('query.intent', intentData(), true));
  const outcomes = Array.from({ length: SHAPES }, () => restOf('query.outcome', outcomeData(), false));
  return (leaf) => {
    const at = new Date(START + STEP_MS * leaf).toISOString();
    const rest = (leaf % 2 === 0 ? intents : outcomes)[(leaf >> 1) % SHAPES] as string;
    return `{"at":"${at}",${rest.replace('000000000000', String(leaf).padStart(12, '0'))}`;
  };
}

/** A line behind its `at`. The id has room for the leaf's number, so that no two lines are equal. */
function restOf(kind: string, data: JsonObject, personal: boolean): string {
  const id = `${randomUUID().slice(0, 24)}000000000000`;
  const sealed = personal ? { 'actor.number': box(), 'actor.address': box(), 'subject.number': box() } : {};
  return canonicalJson({ data, eventAt: new Date(START).toISOString(), id, kind, sealed, v: 1 }).slice(1);
}

function box(): JsonObject {
  const random = (bytes: number) => randomBytes(bytes).toString('base64url');
  return { box: random(27), key: randomUUID(), nonce: random(12) };
}

function intentData(): JsonObject {
  return {
    account: 'ministry',
    actor: {
      acr: 'urn:koopbis:acr:two-step',
      authTime: new Date(START).toISOString(),
      session: randomUUID(),
    },
    authority: { basis: randomUUID(), role: 'directorate', version: 12 },
    client: 'koopbis-core',
    cooperative: '0123456789012345',
    criteria: 1,
    deadline: new Date(START).toISOString(),
    feeClass: 'outside',
    il: 'Çanakkale',
    instance: 'bridge-1',
    institution: 'ticaret',
    legalGround: 'Kooperatif Bilgi Sistemi Yönetmeliği m.9(3)',
    messageId: `urn:uuid:${randomUUID()}`,
    ministry: 'ticaret',
    price: { basis: 'per-query', gazette: '2026/33123', unitPriceKurus: 0 },
    purpose: 'member.add',
    query: randomUUID(),
    reference: 'YK-2026/118',
    requestId: randomUUID(),
    retryOf: null,
    screen: 'UYE-EKLE-01',
    service: 'BilesikKutukSorgulaKimlikNoServis',
    serviceVersion: '2024-1',
  };
}

function outcomeData(): JsonObject {
  return {
    code: null,
    fee: {
      account: 'ministry',
      amountKurus: 0,
      feeClass: 'outside',
      quarter: '2026-Q4',
      unitPriceKurus: 0,
      units: 1,
    },
    hataKod: null,
    instance: 'bridge-1',
    intent: 1,
    messageIds: [`urn:uuid:${randomUUID()}`],
    outcome: 'match',
    query: randomUUID(),
    reason: null,
    sent: true,
    sentAt: new Date(START).toISOString(),
    state: 'answered',
  };
}
