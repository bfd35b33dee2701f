import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { plainLane } from '../../../src/audit/plain-lane.js';
import { lookAfterRetention } from '../../../src/audit/retention/chore.js';
import { createConfirmLane } from '../../../src/audit/retention/confirm-lane.js';
import { createRefuseLane } from '../../../src/audit/retention/refuse-lane.js';
import { numberedDraft } from '../../support/drafts.js';
import { readEntries } from '../support/log.js';
import { digitsOf, masterKeys, numberOf, personOf } from '../support/parts.js';
import { DECISION, doneOf, officerOf, REASON, Registry } from './support/registry.js';

const [A, B] = [officerOf(50), officerOf(51)];
const WHATS = ['destroy'] as const;
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

let registry: Registry;
beforeEach(async () => {
  registry = await Registry.open();
});
afterEach(async () => {
  await registry.close();
});

const proposals = async () => {
  const text = 'SELECT * FROM bridge.retention_proposal ORDER BY proposed_leaf';
  return (await registry.test.db.query<Record<string, unknown>>({ text })).rows;
};

describe('destruction on a decision', () => {
  it('takes keys and search rows of that person and these years alone; every proof still holds', async () => {
    await registry.askIn(2025, 1, 2);
    await registry.ask(1, 2);
    await registry.ask(2, 3);
    await registry.ask(1, 3);
    const { id } = doneOf(await registry.propose(A, 2));
    const done = doneOf(await registry.confirm(B, id));
    // 2026 as asker, as asked about, and once more in the proposal.
    expect(done).toMatchObject({ what: 'destroy', keys: 2, searchRows: 3, keptForRecords: 0 });
    expect(await registry.leavesOf('subject', 2)).toEqual([0n]);
    expect(await registry.leavesOf('actor', 2)).toEqual([]);
    expect(await registry.leavesOf('subject', 3)).toEqual([2n, 3n]);
    expect(await registry.reveal(0n, 'subject.number')).toBe(digitsOf(2));
    expect(await registry.reveal(1n, 'subject.number')).toBeNull();
    expect(await registry.reveal(1n, 'actor.number')).toBe(digitsOf(1));
    expect(await registry.reveal(2n, 'actor.number')).toBeNull();
    await registry.requireSound();
  });

  it('says why, under which rule and by whom; nothing personal in clear', async () => {
    await registry.ask(1, 2);
    const { id, leafIndex } = doneOf(await registry.propose(A, 2, { side: 'subject' }));
    expect(await registry.reveal(leafIndex, 'subject.number')).toBe(digitsOf(2));
    const destroyed = doneOf(await registry.confirm(B, id));
    expect((await registry.dataOf('retention.proposed'))[0]).toMatchObject({
      decision: DECISION,
      proposal: id,
      reason: REASON,
      side: 'subject',
      what: 'destroy',
      yearFrom: 2026,
      yearTo: 2026,
    });
    expect((await registry.dataOf('retention.destroyed'))[0]).toMatchObject({
      decision: DECISION,
      proposal: id,
      rule: 'decision',
      years: null,
    });
    expect(await registry.reveal(destroyed.leafIndex, 'actor.number')).toBe(digitsOf(51));
    expect(await registry.reveal(destroyed.leafIndex, 'proposer.number')).toBe(digitsOf(50));
    const lines = (await readEntries(registry.test.db)).map((row) => row.line).join();
    expect(lines).toContain(DECISION.number);
    for (const n of [2, 50, 51]) expect(lines).not.toContain(digitsOf(n));
  });

  it('is done with no key too, and recorded, for a person of whom nothing is kept', async () => {
    // The proposal itself is about the person: it makes the one key that there is.
    const { id } = doneOf(await registry.propose(A, 9, { side: 'actor' }));
    expect(doneOf(await registry.confirm(B, id))).toMatchObject({ keys: 0, searchRows: 0 });
    expect((await registry.dataOf('retention.destroyed'))[0]).toMatchObject({ keys: [], side: 'actor' });
    await registry.requireSound();
  });

  it('is confirmed by another person only, and the attempt is written down', async () => {
    await registry.ask(1, 2);
    const { id } = doneOf(await registry.propose(A, 2));
    const again = { ...officerOf(50), session: B.session };
    for (const same of [A, again])
      expect(await registry.confirm(same, id)).toMatchObject({ code: 'SECOND_PERSON_REQUIRED' });
    expect(await registry.keysOf('subject', 2)).toHaveLength(1);
    expect(await registry.dataOf('retention.refused')).toMatchObject([
      { code: 'same-person', proposal: id, ended: false },
      { code: 'same-person', proposal: id, ended: false },
    ]);
    doneOf(await registry.confirm(B, id));
  });

  it('is refused where the proposer changed the tag of the row to confirm it alone', async () => {
    const { id } = doneOf(await registry.propose(A, 2));
    const text = 'UPDATE bridge.retention_proposal SET proposer_tag = $1';
    await registry.test.db.query({ text, values: [B.tag] });
    await expect(registry.confirm(A, id)).rejects.toMatchObject({ code: 'SEALED_VALUE_INVALID' });
    expect(await registry.dataOf('retention.destroyed')).toEqual([]);
  });

  it('is done once', async () => {
    await registry.ask(1, 2);
    const { id } = doneOf(await registry.propose(A, 2));
    const verdicts = await Promise.all([registry.confirm(B, id), registry.confirm(officerOf(52), id)]);
    expect(verdicts.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    expect(verdicts.find(({ kind }) => kind === 'refused')).toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await registry.dataOf('retention.destroyed')).toHaveLength(1);
  });

  it('does not stand on a right that was taken away meanwhile', async () => {
    const { id } = doneOf(await registry.propose(A, 2));
    registry.acts = false;
    expect(await registry.confirm(B, id)).toMatchObject({ code: 'TOKEN_INVALID' });
    expect(await registry.propose(A, 3)).toMatchObject({ code: 'TOKEN_INVALID' });
    expect(await registry.hold(A, 3, 2026, 2026)).toMatchObject({ code: 'TOKEN_INVALID' });
    expect(await registry.entries()).toHaveLength(1);
  });

  it.each([
    ['the future', { yearFrom: 2026, yearTo: 2027 }],
    ['years the wrong way round', { yearFrom: 2026, yearTo: 2025 }],
  ])('is not proposed for %s', async (_, years) => {
    expect(await registry.propose(A, 2, years)).toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('of another person than the second officer names is refused', async () => {
    await registry.ask(1, 2);
    const { id: proposal } = doneOf(await registry.propose(A, 2));
    const lane = createConfirmLane(registry.tools);
    const confirm = (n: number) =>
      registry.log.appender.submit(lane, { officer: B, proposal, whats: WHATS, subject: personOf(n) });
    expect(await confirm(3)).toMatchObject({ code: 'STATE_CONFLICT' });
    doneOf(await confirm(2));
  });

  it('is not found by a command for something else, nor where there is none', async () => {
    const { id: proposal } = doneOf(await registry.propose(A, 2));
    const lane = createConfirmLane(registry.tools);
    const lifting = { officer: B, proposal, whats: ['lift-hold'] as const, subject: null };
    expect(await registry.log.appender.submit(lane, lifting)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await registry.confirm(B, UNKNOWN)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the person concerned', () => {
  it('may be the officer who confirms: who destroyed is sealed under a key made after the destruction', async () => {
    await registry.ask(51, 2);
    const { id } = doneOf(await registry.propose(A, 51));
    const before = await registry.keysOf('actor', 51);
    const { leafIndex, keys } = doneOf(await registry.confirm(B, id));
    expect(keys).toBe(2);
    const after = await registry.keysOf('actor', 51);
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
    expect(await registry.reveal(leafIndex, 'actor.number')).toBe(digitsOf(51));
    expect(await registry.reveal(0n, 'actor.number')).toBeNull();
    await registry.requireSound();
  });

  it('may be the officer who proposed: the proposal is unreadable then, the record of destruction is not', async () => {
    const { id, leafIndex: proposed } = doneOf(await registry.propose(A, 50));
    const { leafIndex } = doneOf(await registry.confirm(B, id));
    expect(await registry.reveal(proposed, 'actor.number')).toBeNull();
    expect(await registry.reveal(leafIndex, 'proposer.number')).toBe(digitsOf(50));
    await registry.requireSound();
  });

  it('who destroyed others’ data keeps the key that says so, for three years, and the entry tells of it', async () => {
    const first = doneOf(await registry.propose(A, 2));
    const { leafIndex } = doneOf(await registry.confirm(B, first.id));
    const second = doneOf(await registry.propose(A, 51));
    expect(doneOf(await registry.confirm(officerOf(52), second.id))).toMatchObject({ keptForRecords: 1 });
    expect(await registry.reveal(leafIndex, 'actor.number')).toBe(digitsOf(51));
    expect((await registry.dataOf('retention.destroyed')).at(-1)).toMatchObject({ keptForRecords: 1 });
  });
});

describe('a proposal', () => {
  it('that nobody confirms in time is void, and its numbers go with it', async () => {
    const { id, expiresAt } = doneOf(await registry.propose(A, 2));
    expect(expiresAt.toISOString()).toBe('2026-05-19T10:00:00.000Z');
    const other = doneOf(await registry.propose(A, 3));
    registry.now = new Date('2026-05-19T10:00:00Z');
    expect(await registry.confirm(B, id)).toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await lookAfterRetention(registry.runTools())).toMatchObject({ expired: 1 });
    expect(await registry.dataOf('retention.refused')).toMatchObject([
      { code: 'expired', proposal: id, ended: true },
      { code: 'expired', proposal: other.id, ended: true, actor: null },
    ]);
    for (const row of await proposals())
      expect(row).toMatchObject({ person_box: null, master_key_id: null, proposer_tag: null });
    expect(await registry.dataOf('retention.destroyed')).toEqual([]);
  });

  it('is confirmed up to the last moment', async () => {
    const { id } = doneOf(await registry.propose(A, 2));
    registry.now = new Date('2026-05-19T09:59:59.999Z');
    expect(await lookAfterRetention(registry.runTools())).toMatchObject({ expired: 0 });
    doneOf(await registry.confirm(B, id));
    const [row] = await proposals();
    expect(row).toMatchObject({ person_box: null, master_key_id: null, proposer_tag: null });
  });

  it('that an officer refuses ends, with the reason', async () => {
    const { id } = doneOf(await registry.propose(A, 2));
    const refusal = { officer: B, proposal: id, whats: WHATS, reason: 'yanlış kişi' };
    doneOf(await registry.log.appender.submit(createRefuseLane(registry.tools), refusal));
    expect(await registry.confirm(B, id)).toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await registry.dataOf('retention.refused')).toMatchObject([
      { code: 'refused', reason: 'yanlış kişi', ended: true },
    ]);
    const [row] = await proposals();
    expect(row).toMatchObject({ person_box: null, proposer_tag: null });
  });

  it('holds the numbers only sealed', async () => {
    await registry.propose(A, 2);
    const [row] = await proposals();
    const box = row?.person_box as Buffer;
    expect(row?.master_key_id).toBe(masterKeys.activeId);
    const text = JSON.stringify({ ...row, person_box: box.toString('latin1'), proposed_leaf: 0 });
    for (const n of [2, 50]) expect(text).not.toContain(digitsOf(n));
  });
});

describe('while a person is destroyed', () => {
  it('others go on sealing for the same person: what is written later opens under a key made later', async () => {
    await registry.ask(1, 2);
    const { id } = doneOf(await registry.propose(A, 2));
    const others = [registry.another(), registry.another(), registry.log];
    let stop = false;
    const writers = others.map(async ({ appender }, i) => {
      const leaves: bigint[] = [];
      while (!stop) {
        const personal = [numberOf('actor', 2), numberOf('subject', 2)];
        const work = [1, 2, 3].map((n) => appender.submit(plainLane, numberedDraft(i * 10 + n, personal)));
        leaves.push(...(await Promise.all(work)).map((receipt) => receipt.leafIndex));
      }
      return leaves;
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const { leafIndex } = doneOf(await registry.confirm(B, id));
    await new Promise((resolve) => setTimeout(resolve, 60));
    stop = true;
    const leaves = (await Promise.all(writers)).flat();
    await Promise.all(others.slice(0, 2).map((log) => log.close()));
    const [before, after] = [leaves.filter((leaf) => leaf < leafIndex), leaves.filter((l) => l > leafIndex)];
    expect(Math.min(before.length, after.length)).toBeGreaterThan(0);
    const sample = (all: bigint[]) => all.filter((_, i) => i % Math.ceil(all.length / 10) === 0);
    for (const leaf of sample(before)) expect(await registry.reveal(leaf, 'subject.number')).toBeNull();
    for (const leaf of sample(after)) {
      expect(await registry.reveal(leaf, 'actor.number')).toBe(digitsOf(2));
      expect(await registry.reveal(leaf, 'subject.number')).toBe(digitsOf(2));
    }
    expect((await registry.leavesOf('subject', 2)).every((leaf) => leaf > leafIndex)).toBe(true);
    await registry.requireSound();
  });
});
