import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ProposalMatter, proposalDesk } from '../../../src/console/decisions/proposal-desk.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { proposalDeskPorts } from '../../../src/house/console/desks/proposal-ports.js';
import { deedPortsOf } from '../../../src/house/deed-ports.js';
import { settleDecision } from '../../../src/proposals/decide.js';
import type { Proposal } from '../../../src/proposals/proposal.js';
import { type ProposalWish, settleProposal } from '../../../src/proposals/propose.js';
import { deedLane, done, doneValue, refused } from '../../../src/proposals/verdict.js';
import { ConsoleDesk } from '../support/console-desk.js';

const ROLES = ['administrator', 'security-officer'] as const;

let desk: ConsoleDesk;
let people: readonly [ConsolePerson, ConsolePerson];
const decided: Proposal[] = [];

beforeAll(async () => {
  desk = await ConsoleDesk.open();
  people = [
    await desk.person(1, [{ role: 'administrator' }]),
    await desk.person(2, [{ role: 'administrator' }]),
  ];
});
afterAll(async () => {
  await desk.close();
});

const ports = () => deedPortsOf(desk.config.instance, null, ROLES);

/** A matter without a deed: what the desk itself does. */
function deskOf(given: Partial<ProposalMatter> = {}) {
  return proposalDesk(proposalDeskPorts(desk.parts()), {
    what: 'mersis.release',
    name: { tr: 'MERSİS', en: 'MERSİS' },
    roles: ROLES,
    operation: 'mersis.release',
    subjectText: ({ subject }) => subject,
    decide: async ({ person: { officer } }, proposal, decision, reason) => {
      decided.push(proposal);
      const lane = deedLane('5-test-decide', async (tx, _item: null, now) => {
        const wish = { proposal: proposal.id, what: 'mersis.release', decision, reason, officer } as const;
        const settled = await settleDecision(tx, wish, ports(), now);
        return settled.ok
          ? done(settled.entries, settled.effects, () => null)
          : refused(settled.code, settled.message);
      });
      return doneValue(await desk.log.appender.submit(lane, null));
    },
    ...given,
  });
}

async function propose(person: ConsolePerson, subject: string = randomUUID()): Promise<string> {
  const officer = { ...person.officer, role: 'administrator' };
  const lane = deedLane('5-test-propose', async (tx, _item: null, now) => {
    const wish: ProposalWish = {
      ...{ what: 'mersis.release', subject, terms: {}, reason: 'neden', hours: 2, officer },
      changes: [{ field: 'x', before: null, after: 'y' }],
    };
    const settled = await settleProposal(tx, wish, ports(), now);
    return settled.ok
      ? done(settled.entries, settled.effects, () => settled.id)
      : refused<string>(settled.code, settled.message);
  });
  return doneValue(await desk.log.appender.submit(lane, null));
}

const call = (person: ConsolePerson) => {
  const made = desk.call('decision.decide', person);
  return { ...made, person: { ...made.person, officer: { ...made.person.officer, role: 'administrator' } } };
};

describe('a desk of proposals', () => {
  it('knows only its own matter', async () => {
    const id = await propose(people[0]);
    const other = deskOf({ what: 'roles.decide' });
    expect(await other.find(people[1], id)).toBeNull();
    expect((await other.waiting(people[1])).map((one) => one.id)).not.toContain(id);
    await expect(other.decide(call(people[1]), id, 'approve', null)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await deskOf().waiting(people[1])).map((one) => one.id)).toContain(id);
  });

  it('shows and decides nothing that is not for the person’s eyes', async () => {
    const id = await propose(people[0], 'ticaret');
    const blind = deskOf({ concerns: (_person, { subject }) => subject !== 'ticaret' });
    expect(await blind.find(people[1], id)).toBeNull();
    expect((await blind.waiting(people[1])).map((one) => one.id)).not.toContain(id);
    await expect(blind.decide(call(people[1]), id, 'approve', null)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(decided).toEqual([]);
  });

  it('shows changes as the log has them where the room says nothing more, and how it ended', async () => {
    const [id, own] = [await propose(people[0]), deskOf()];
    expect(await own.find(people[1], id)).toMatchObject({
      ...{ id, state: 'open', isOwn: false, reason: 'neden', ended: null, parts: [] },
      changes: [{ field: 'x', before: null, after: 'y' }],
    });
    expect(await own.find(people[0], id)).toMatchObject({ isOwn: true });
    await own.decide(call(people[1]), id, 'refuse', 'olmaz');
    expect(await own.find(people[0], id)).toMatchObject({
      state: 'refused',
      ended: { reason: 'olmaz', at: expect.any(Date) },
    });
    expect((await own.waiting(people[0])).map((one) => one.id)).not.toContain(id);
  });
});
