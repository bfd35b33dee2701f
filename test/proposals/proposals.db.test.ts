import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Appender } from '../../src/audit/appender.js';
import { PROPOSAL_APPLIERS } from '../../src/proposals/appliers.js';
import { type DecisionWish, settleDecision } from '../../src/proposals/decide.js';
import { settleExpiry } from '../../src/proposals/expire.js';
import { listProposals } from '../../src/proposals/list.js';
import type { ActingOfficer } from '../../src/proposals/officer.js';
import type { ProposalWhat } from '../../src/proposals/proposal.js';
import { type ProposalWish, settleProposal } from '../../src/proposals/propose.js';
import { termsSha256 } from '../../src/proposals/terms-hash.js';
import { deedLane, done, refused, type Verdict } from '../../src/proposals/verdict.js';
import { asOwner } from '../audit/support/log.js';
import { digitsOf } from '../audit/support/parts.js';
import { type Desk, openDesk } from './support/desk.js';

const START = '2026-11-22T09:00:00.000Z';
const [FIRST, SECOND, THIRD] = [70, 71, 72] as const;
const MATTER = { what: 'fees.stop', subject: 'ticaret/2026-Q4' } as const;

let desk: Desk;
let first: ActingOfficer;
let second: ActingOfficer;
beforeEach(async () => {
  desk = await openDesk(START, PROPOSAL_APPLIERS);
  [first, second] = [await desk.officer(FIRST), await desk.officer(SECOND)];
});
afterEach(() => desk.close());

/** Proposes; the id, or the code of the refusal. */
async function propose(change: Partial<ProposalWish> = {}, log: Appender = desk.log): Promise<string> {
  const lane = deedLane<ProposalWish, string>('5-test-propose', async (tx, wish, now) => {
    const settled = await settleProposal(tx, wish, desk.ports, now);
    return settled.ok
      ? done(settled.entries, settled.effects, () => settled.id)
      : refused(settled.code, settled.message);
  });
  const changes = [{ field: 'stop', before: '100 %', after: '120 %' }];
  const wish = { ...MATTER, terms: { toPercent: 120 }, changes, reason: null, hours: 72, officer: first };
  return told(await log.submit(lane, { ...wish, ...change }));
}

/** Decides; the decision, or the code of the refusal. */
async function decide(
  proposal: string,
  change: Partial<DecisionWish> = {},
  log: Appender = desk.log,
): Promise<string> {
  const lane = deedLane<DecisionWish, string>('5-test-decide', async (tx, wish, now) => {
    const settled = await settleDecision(tx, wish, desk.ports, now);
    return settled.ok
      ? done(settled.entries, settled.effects, () => wish.decision)
      : refused(settled.code, settled.message);
  });
  const wish = { proposal, what: MATTER.what, decision: 'approved', reason: null, officer: second } as const;
  return told(await log.submit(lane, { ...wish, ...change }));
}

async function expire(proposal: string): Promise<string> {
  const lane = deedLane<string, string>('5-test-expire', async (tx, id, now) => {
    const settled = await settleExpiry(tx, { proposal: id, what: MATTER.what }, desk.ports, now);
    return settled.ok
      ? done(settled.entries, settled.effects, () => 'expired')
      : refused(settled.code, settled.message);
  });
  return told(await desk.log.submit(lane, proposal));
}

const told = (verdict: Verdict<string>): string => (verdict.kind === 'done' ? verdict.value : verdict.code);
const size = async () => (await desk.sql<{ size: bigint }>('SELECT size FROM bridge.log_head'))[0]?.size;
const rows = async () =>
  (await listProposals(desk.test.db, { limit: 50 })).map(({ decision, id }) => [id, decision]);
/** Refused, and neither log nor table has changed by it. */
async function unmoved(work: () => Promise<string>, code: string): Promise<void> {
  const before = [await size(), await rows()];
  expect(await work()).toBe(code);
  expect([await size(), await rows()]).toEqual(before);
}

describe('a proposal', () => {
  it('is an entry that says what will change, and a row without anybody’s number', async () => {
    const id = await propose({ reason: 'Yıl sonu' });
    const [made] = await desk.told('proposal.made');
    expect(made?.data).toEqual({
      actor: { acr: first.acr, authTime: START, session: first.sessionId },
      changes: [{ after: '120 %', before: '100 %', field: 'stop' }],
      expiresAt: '2026-11-25T09:00:00.000Z',
      instance: 'bridge-1',
      osUser: expect.any(String),
      proposal: id,
      reason: 'Yıl sonu',
      termsSha256: termsSha256({ toPercent: 120 }),
      ...MATTER,
    });
    expect(await listProposals(desk.test.db, { limit: 50 })).toEqual([
      {
        id,
        ...MATTER,
        terms: { toPercent: 120 },
        proposerTag: first.tag,
        proposedAt: new Date(START),
        proposedLeaf: made?.leaf,
        expiresAt: new Date('2026-11-25T09:00:00.000Z'),
        decision: null,
        endedLeaf: null,
      },
    ]);
    const text = 'SELECT p::text AS text FROM bridge.proposal p UNION ALL SELECT line FROM bridge.entry';
    for (const { text: row } of await desk.sql<{ text: string }>(text))
      expect(row).not.toContain(digitsOf(FIRST));
  });

  it('is approved by another officer, by an entry and in the row', async () => {
    const id = await propose();
    expect(await decide(id, { reason: 'uygun' })).toBe('approved');
    const [ended] = await desk.told('proposal.ended');
    expect(ended?.data).toMatchObject({
      actor: { session: second.sessionId },
      decision: 'approved',
      proposal: id,
      reason: 'uygun',
      ...MATTER,
    });
    expect(await listProposals(desk.test.db, { limit: 1 })).toMatchObject([
      { decision: 'approved', endedLeaf: ended?.leaf },
    ]);
  });

  it('has the id that is wished, where one is', async () => {
    const id = randomUUID();
    expect(await propose({ id })).toBe(id);
  });

  it('is one at a time about one subject; others, and the next one once it has ended, are free', async () => {
    const id = await propose();
    await unmoved(() => propose(), 'STATE_CONFLICT');
    await unmoved(() => propose({ officer: second }), 'STATE_CONFLICT');
    await propose({ subject: 'tarim/2026-Q4' });
    await propose({ what: 'fees.quarter' });
    expect(await decide(id, { decision: 'refused' })).toBe('refused');
    await propose();
    expect((await rows()).filter(([, decision]) => decision === null)).toHaveLength(3);
  });

  it('made twice at once by two instances stands once', async () => {
    const verdicts = await Promise.all([propose({}, desk.log), propose({ officer: second }, desk.other)]);
    expect(verdicts.filter((one) => one === 'STATE_CONFLICT')).toHaveLength(1);
    expect(await rows()).toHaveLength(1);
  });
});

describe('nobody decides alone', () => {
  it.each(['approved', 'refused'] as const)(
    'one’s own is not %s by oneself, in another session neither',
    async (decision) => {
      const id = await propose();
      await unmoved(() => decide(id, { decision, officer: first }), 'SECOND_PERSON_REQUIRED');
      const again = await desk.officer(FIRST);
      await unmoved(() => decide(id, { decision, officer: again }), 'SECOND_PERSON_REQUIRED');
    },
  );

  it('one’s own is withdrawn by oneself, and by nobody else', async () => {
    const id = await propose();
    await unmoved(() => decide(id, { decision: 'withdrawn' }), 'STATE_CONFLICT');
    expect(await decide(id, { decision: 'withdrawn', officer: await desk.officer(FIRST) })).toBe('withdrawn');
  });

  it('whose role or session has ended meanwhile neither proposes nor decides', async () => {
    const id = await propose();
    await desk.takeRole(second);
    await unmoved(() => decide(id), 'TOKEN_INVALID');
    await unmoved(() => propose({ subject: 'x', officer: second }), 'TOKEN_INVALID');
    const third = await desk.officer(THIRD);
    await desk.endSession(third);
    await unmoved(() => decide(id, { officer: third }), 'TOKEN_INVALID');
  });

  it('a proposal of somebody who lost the role since is not approved, but refused', async () => {
    const id = await propose();
    await desk.takeRole(first);
    await unmoved(() => decide(id), 'SECOND_PERSON_REQUIRED');
    expect(await decide(id, { decision: 'refused' })).toBe('refused');
  });

  it.each(['approved', 'refused', 'withdrawn'] as const)(
    'after it was %s nothing is decided again',
    async (decision) => {
      const id = await propose();
      expect(await decide(id, { decision, officer: decision === 'withdrawn' ? first : second })).toBe(
        decision,
      );
      for (const next of ['approved', 'refused'] as const)
        await unmoved(() => decide(id, { decision: next }), 'STATE_CONFLICT');
      await unmoved(() => decide(id, { decision: 'withdrawn', officer: first }), 'STATE_CONFLICT');
    },
  );

  it('of two who decide at once on two instances the second finds it decided', async () => {
    const third = await desk.officer(THIRD);
    const id = await propose();
    const verdicts = await Promise.all([
      decide(id, {}, desk.log),
      decide(id, { decision: 'refused', officer: third }, desk.other),
    ]);
    expect(verdicts.filter((one) => one === 'STATE_CONFLICT')).toHaveLength(1);
    expect(await desk.told('proposal.ended')).toHaveLength(1);
  });

  it.each([
    ['an id that is none', 'x', {}],
    ['an unknown one', randomUUID(), {}],
    ['one about another matter', null, { what: 'fees.tariff' as ProposalWhat }],
  ])('does not find %s', async (_name, id, change) => {
    const proposal = await propose();
    await unmoved(() => decide(id ?? proposal, change), 'NOT_FOUND');
  });
});

describe('what is approved is what was recorded', () => {
  const TERMS = { z: 1, a: [{ y: null, b: 'İğne' }], Ç: { toPercent: 120 }, empty: [] };

  it('in whatever order the table gives its members back', async () => {
    expect(await decide(await propose({ terms: TERMS }))).toBe('approved');
  });

  const third = `(SELECT person_tag FROM bridge.authority_role WHERE person_tag <> proposer_tag LIMIT 1)`;
  it.each([
    ['a term', `terms = jsonb_set(terms, '{Ç,toPercent}', '900')`],
    ['a fraction, which no terms have', `terms = jsonb_set(terms, '{z}', '1.5')`],
    ['a term more', `terms = terms || '{"more": null}'`],
    ['terms that are none', `terms = 'null'`],
    ['the subject', `subject = 'tarim/2026-Q4'`],
    ['the time', `expires_at = expires_at + interval '1 hour'`],
    ['the entry', 'proposed_leaf = proposed_leaf - 1'],
    ['an entry that is not there', 'proposed_leaf = proposed_leaf + 100'],
    ['who proposed it', `proposer_tag = ${third}`],
  ])('a row changed in the table is not approved, but refused: %s', async (_name, change) => {
    const id = await propose({ terms: TERMS });
    const other = await desk.officer(THIRD);
    await asOwner(desk.test, `UPDATE bridge.proposal SET ${change}`);
    const [row] = await listProposals(desk.test.db, { limit: 1 });
    const officer = row?.proposerTag.equals(second.tag) ? other : second;
    await unmoved(() => decide(id, { officer }), 'STATE_CONFLICT');
    expect(await decide(id, { officer, decision: 'refused' })).toBe('refused');
  });

  it('one’s own made another’s in the table is not approved by oneself', async () => {
    const id = await propose();
    await asOwner(desk.test, `UPDATE bridge.proposal SET proposer_tag = ${third}`);
    await unmoved(() => decide(id, { officer: first }), 'STATE_CONFLICT');
  });

  it('a row moved to another proposal’s entry is not approved', async () => {
    await propose({ subject: 'other' });
    const id = await propose();
    await asOwner(
      desk.test,
      `UPDATE bridge.proposal SET proposed_leaf = proposed_leaf - 1 WHERE proposal_id = '${id}'`,
    );
    await unmoved(() => decide(id), 'STATE_CONFLICT');
  });

  it('a changed one is withdrawn by its own', async () => {
    const id = await propose();
    await asOwner(desk.test, `UPDATE bridge.proposal SET terms = '{}'`);
    expect(await decide(id, { decision: 'withdrawn', officer: first })).toBe('withdrawn');
  });
});

describe('a proposal whose time is over', () => {
  it('is decided until its last millisecond and never after', async () => {
    const [id, late] = [await propose(), await propose({ subject: 'y' })];
    desk.setNow('2026-11-25T08:59:59.999Z');
    expect(await decide(id)).toBe('approved');
    desk.setNow('2026-11-25T09:00:00.000Z');
    for (const decision of ['approved', 'refused'] as const)
      await unmoved(() => decide(late, { decision }), 'STATE_CONFLICT');
    await unmoved(() => decide(late, { decision: 'withdrawn', officer: first }), 'STATE_CONFLICT');
  });

  it('makes room for the next one about its subject, by an end of its own that nobody decided', async () => {
    const old = await propose();
    desk.setNow('2026-11-25T09:00:00.000Z');
    const next = await propose({ officer: second });
    const story = await desk.told('proposal.made', 'proposal.ended');
    expect(story.map(({ data, kind }) => [kind, data.proposal])).toEqual([
      ['proposal.made', old],
      ['proposal.ended', old],
      ['proposal.made', next],
    ]);
    expect(story[1]?.data).toMatchObject({ actor: null, decision: 'expired', reason: null });
    expect(await listProposals(desk.test.db, { limit: 2 })).toMatchObject([
      { id: next, decision: null, proposedLeaf: story[2]?.leaf },
      { id: old, decision: 'expired', endedLeaf: story[1]?.leaf },
    ]);
  });

  it('is ended by a deed that must go on without it, once, and not before its time', async () => {
    const id = await propose();
    await unmoved(() => expire(id), 'STATE_CONFLICT');
    desk.setNow('2026-11-25T09:00:00.000Z');
    expect(await expire(id)).toBe('expired');
    await unmoved(() => expire(id), 'STATE_CONFLICT');
    await unmoved(() => expire(randomUUID()), 'NOT_FOUND');
  });
});

describe('a list of proposals', () => {
  it('is of one matter, of those open or ended, the newest first, no longer than asked', async () => {
    const [a, b, c] = [
      await propose(),
      await propose({ subject: 'b' }),
      await propose({ what: 'fees.tariff' }),
    ];
    await decide(a);
    const ids = async (filter: Omit<Parameters<typeof listProposals>[1], 'limit'>, limit = 50) =>
      (await listProposals(desk.test.db, { ...filter, limit })).map(({ id }) => id);
    expect(await ids({})).toEqual([c, b, a]);
    expect(await ids({ what: 'fees.stop' })).toEqual([b, a]);
    expect(await ids({ what: 'fees.stop', open: true })).toEqual([b]);
    expect(await ids({ open: false })).toEqual([a]);
    expect(await ids({}, 1)).toEqual([c]);
  });
});
