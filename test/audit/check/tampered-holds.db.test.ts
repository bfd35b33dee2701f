import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FoundDifference } from '../../../src/audit/check/difference.js';
import { readPiece } from '../../../src/audit/check/read-entries.js';
import { checkHolds } from '../../../src/audit/retention/check-holds.js';
import { withConnection } from '../../../src/storage/single-connection.js';
import { TEST_POOL } from '../../support/database.js';
import { doneOf, officerOf, REASON, Registry } from '../retention/support/registry.js';
import { readHead } from '../support/log.js';

const [A, B] = [officerOf(50), officerOf(51)];

let registry: Registry;
/** A hold that stands and one that was lifted; the leaves that tell of them. */
let standing: { readonly id: string; readonly leafIndex: bigint };
let ended: { readonly id: string; readonly leafIndex: bigint };
let lifted = 0n;

const tamper = (sql: string) =>
  withConnection({ url: registry.test.adminUrl, ...TEST_POOL }, async (ask) => {
    await ask('SET session_replication_role = replica');
    await ask(sql);
  });

beforeAll(async () => {
  registry = await Registry.open();
  standing = doneOf(await registry.hold(A, 2, 2025, 2026));
  ended = doneOf(await registry.hold(A, 3, 2026, 2026));
  const lift = (hold: string) =>
    registry.submitProposal({
      officer: A,
      terms: { what: 'lift-hold', hold, reason: REASON },
      subject: null,
      reason: REASON,
    });
  // Only proposed: lifts nothing.
  doneOf(await lift(standing.id));
  lifted = doneOf(await registry.confirm(B, doneOf(await lift(ended.id)).id)).leafIndex;
  await tamper('CREATE TABLE kept_hold AS TABLE bridge.legal_hold');
});
afterEach(() =>
  tamper('DELETE FROM bridge.legal_hold; INSERT INTO bridge.legal_hold SELECT * FROM kept_hold'),
);
afterAll(() => registry.close());

/** What the check says: its sentence, or its name and the leaf. */
function found(): Promise<string> {
  const { db } = registry.test;
  return db.transaction(async (tx) => {
    const { size } = await readHead(db);
    const check = await checkHolds(tx);
    await check.take(await readPiece(tx, () => null, 0n, size, ''));
    return check.finish(size).catch((error: unknown) => {
      if (!(error instanceof FoundDifference)) throw error;
      return `${error.difference.check} ${error.difference.leaf}`;
    });
  });
}

describe('legal holds against the log', () => {
  it('pass as they were placed and lifted', async () => {
    expect(await found()).toBe('1 legal holds stand and 1 were lifted, as the log says');
  });

  it.each([
    [
      'a hold deleted',
      () => `DELETE FROM bridge.legal_hold WHERE hold_id = '${standing.id}'`,
      () => standing.leafIndex,
    ],
    [
      'a lifted hold deleted',
      () => `DELETE FROM bridge.legal_hold WHERE hold_id = '${ended.id}'`,
      () => ended.leafIndex,
    ],
    [
      'a hold invented',
      () =>
        `INSERT INTO bridge.legal_hold SELECT gen_random_uuid(), actor_tag, subject_tag, year_from, year_to, document, placed_leaf, NULL FROM kept_hold WHERE hold_id = '${standing.id}'`,
      () => standing.leafIndex,
    ],
    [
      'a hold lifted on a proposal alone',
      () =>
        `UPDATE bridge.legal_hold SET lifted_leaf = ${lifted}, actor_tag = NULL, subject_tag = NULL WHERE hold_id = '${standing.id}'`,
      () => standing.leafIndex,
    ],
    [
      'a lifted hold that stands again',
      () =>
        `UPDATE bridge.legal_hold h SET lifted_leaf = NULL, actor_tag = k.actor_tag, subject_tag = k.subject_tag FROM kept_hold k WHERE h.hold_id = '${ended.id}' AND k.hold_id = '${standing.id}'`,
      () => lifted,
    ],
    [
      'fewer years',
      () => `UPDATE bridge.legal_hold SET year_from = 2026 WHERE hold_id = '${standing.id}'`,
      () => standing.leafIndex,
    ],
    [
      'another paper',
      () =>
        `UPDATE bridge.legal_hold SET document = document || '{"number":"x"}' WHERE hold_id = '${standing.id}'`,
      () => standing.leafIndex,
    ],
  ])('find %s', async (_name, sql, leaf) => {
    await tamper(sql());
    expect(await found()).toBe(`legal-holds ${leaf()}`);
  });
});
