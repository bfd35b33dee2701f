import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listHolds } from '../../../src/audit/retention/holds.js';
import { digitsOf } from '../support/parts.js';
import { DOCUMENT, doneOf, officerOf, REASON, Registry } from './support/registry.js';

const [A, B] = [officerOf(50), officerOf(51)];

let registry: Registry;
beforeEach(async () => {
  registry = await Registry.open();
  await registry.ask(1, 2);
});
afterEach(async () => {
  await registry.close();
});

const lift = (hold: string) =>
  registry.submitProposal({
    officer: A,
    terms: { what: 'lift-hold', hold, reason: REASON },
    subject: null,
    reason: REASON,
  });

describe('a legal hold', () => {
  it('stops a decision where it is proposed, and the refusal is written down', async () => {
    doneOf(await registry.hold(A, 2, 2026, 2026));
    expect(await registry.propose(A, 2)).toMatchObject({ kind: 'refused', code: 'LEGAL_HOLD' });
    expect(await registry.dataOf('retention.refused')).toMatchObject([
      { code: 'legal-hold', proposal: null },
    ]);
    expect(await registry.dataOf('retention.proposed')).toEqual([]);
  });

  it('that is placed between proposal and confirmation stops that too', async () => {
    const { id } = doneOf(await registry.propose(A, 2));
    doneOf(await registry.hold(A, 2, 2020, 2030));
    expect(await registry.confirm(B, id)).toMatchObject({ kind: 'refused', code: 'LEGAL_HOLD' });
    expect(await registry.dataOf('retention.refused')).toMatchObject([
      { code: 'legal-hold', proposal: id, ended: false },
    ]);
    expect(await registry.reveal(0n, 'subject.number')).toBe(digitsOf(2));
  });

  it('keeps its years and its person only', async () => {
    doneOf(await registry.hold(A, 2, 2024, 2025));
    doneOf(await registry.hold(A, 3, 2026, 2026));
    const { id } = doneOf(await registry.propose(A, 2));
    expect(doneOf(await registry.confirm(B, id)).keys).toBe(1);
  });

  it('is lifted by two officers, never by one, and then destruction goes on', async () => {
    const { id: hold } = doneOf(await registry.hold(A, 2, 2026, 2026));
    const { id } = doneOf(await lift(hold));
    expect(await registry.propose(A, 2)).toMatchObject({ code: 'LEGAL_HOLD' });
    expect(await registry.confirm(A, id)).toMatchObject({ code: 'SECOND_PERSON_REQUIRED' });
    const { leafIndex } = doneOf(await registry.confirm(B, id));
    expect(await registry.dataOf('hold.lifted')).toMatchObject([{ hold, proposal: id, reason: REASON }]);
    expect(await registry.reveal(leafIndex, 'proposer.number')).toBe(digitsOf(50));
    const decision = doneOf(await registry.propose(A, 2));
    expect(doneOf(await registry.confirm(B, decision.id)).keys).toBe(1);
    await registry.requireSound();
  });

  it('that was lifted leads to nobody any more, and cannot be lifted again', async () => {
    const { id: hold } = doneOf(await registry.hold(A, 2, 2026, 2026));
    doneOf(await registry.confirm(B, doneOf(await lift(hold)).id));
    expect(await lift(hold)).toMatchObject({ code: 'NOT_FOUND' });
    const { rows } = await registry.test.db.query({
      text: 'SELECT actor_tag, subject_tag FROM bridge.legal_hold',
    });
    expect(rows).toEqual([{ actor_tag: null, subject_tag: null }]);
  });

  it('is placed once by one document: the same again is refused while it stands', async () => {
    const { id: hold } = doneOf(await registry.hold(A, 2, 2026, 2026));
    expect(await registry.hold(B, 2, 2026, 2026)).toMatchObject({ kind: 'refused', code: 'STATE_CONFLICT' });
    expect(await registry.dataOf('hold.placed')).toHaveLength(1);
    // Another person, or other years, are another hold.
    doneOf(await registry.hold(A, 3, 2026, 2026));
    doneOf(await registry.hold(A, 2, 2025, 2026));
    doneOf(await registry.confirm(B, doneOf(await lift(hold)).id));
    doneOf(await registry.hold(A, 2, 2026, 2026));
  });

  it('has one open proposal to lift it: a second one waits until the first has ended or lapsed', async () => {
    const { id: hold } = doneOf(await registry.hold(A, 2, 2026, 2026));
    doneOf(await lift(hold));
    expect(await lift(hold)).toMatchObject({ kind: 'refused', code: 'STATE_CONFLICT' });
    expect(await registry.dataOf('retention.proposed')).toHaveLength(1);
    registry.now = new Date(registry.now.getTime() + 15 * 86_400_000);
    doneOf(await lift(hold));
  });

  it('of two that overlap, the other one goes on keeping', async () => {
    const { id: hold } = doneOf(await registry.hold(A, 2, 2026, 2026));
    doneOf(await registry.hold(B, 2, 2026, 2027));
    doneOf(await registry.confirm(B, doneOf(await lift(hold)).id));
    expect(await registry.propose(A, 2)).toMatchObject({ code: 'LEGAL_HOLD' });
  });

  it('tells of its paper and its years, and of the person only sealed', async () => {
    const { id, leafIndex } = doneOf(await registry.hold(A, 2, 2025, 2026));
    expect(await registry.dataOf('hold.placed')).toMatchObject([
      { document: DOCUMENT, hold: id, reason: REASON, yearFrom: 2025, yearTo: 2026 },
    ]);
    expect(await registry.reveal(leafIndex, 'subject.number')).toBe(digitsOf(2));
    expect(await listHolds(registry.test.db, 10)).toEqual([
      { id, yearFrom: 2025, yearTo: 2026, document: DOCUMENT, placedLeaf: leafIndex, liftedLeaf: null },
    ]);
  });

  it('is not placed on years the wrong way round', async () => {
    expect(await registry.hold(A, 2, 2026, 2025)).toMatchObject({ code: 'REQUEST_INVALID' });
  });
});
