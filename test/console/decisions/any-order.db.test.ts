import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Decision } from '../../../src/console/decisions/port.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { Inbox } from './support.js';

/** What two officers and the clock do to one proposal. */
type Step = readonly [who: 0 | 1, decision: Decision] | 'expire';

const STEPS: readonly Step[] = [
  [0, 'approve'],
  [0, 'refuse'],
  [0, 'withdraw'],
  [1, 'approve'],
  [1, 'refuse'],
  [1, 'withdraw'],
  'expire',
];
/** What ends a proposal that is open and in time, and how. */
const ENDS: ReadonlyMap<string, string> = new Map([
  ['0 withdraw', 'withdrawn'],
  ['1 approve', 'approved'],
  ['1 refuse', 'refused'],
]);

let inbox: Inbox;
let people: readonly [ConsolePerson, ConsolePerson];
let percent = 100;

beforeAll(async () => {
  inbox = await Inbox.open();
  people = [await inbox.finance(1), await inbox.finance(2)];
});
afterAll(async () => {
  await inbox.close();
});

/** Every order of three of the steps, the same one twice among them. */
function orders(): readonly (readonly Step[])[] {
  return STEPS.flatMap((a) => STEPS.flatMap((b) => STEPS.map((c) => [a, b, c])));
}

/** How it must end, by the rules alone. */
function endOf(order: readonly Step[]): string | null {
  for (const step of order) {
    if (step === 'expire') return null;
    const end = ENDS.get(step.join(' '));
    if (end !== undefined) return end;
  }
  return null;
}

const endsOf = async (id: string) =>
  (
    await inbox.desk.sql<{ line: string }>(
      `SELECT line FROM bridge.entry WHERE kind = 'proposal.ended' AND line LIKE $1`,
      [`%"proposal":"${id}"%`],
    )
  ).map(({ line }) => (JSON.parse(line) as { data: { decision: string } }).data.decision);
const lifts = async () => (await inbox.desk.sql('SELECT 1 FROM bridge.fee_stop_lift')).length;

async function propose(): Promise<string> {
  percent += 1;
  return inbox.proposeLift(people[0], { toPercent: percent });
}

const take = (id: string, step: Step) =>
  step === 'expire' ? inbox.expire(id) : inbox.outcome(people[step[0]], id, step[1], { reason: 'neden' });

describe('whatever the order in which two officers and the clock come', () => {
  it('there is one end at the most, it is the one that the rules name, and the deed is done exactly when another approved', async () => {
    for (const order of orders()) {
      const [before, id] = [await lifts(), await propose()];
      for (const step of order) await take(id, step);
      const expected = endOf(order);
      const told = `${JSON.stringify(order)}: `;
      expect(told + JSON.stringify(await endsOf(id))).toBe(
        told + JSON.stringify(expected === null ? [] : [expected]),
      );
      expect(told + String((await lifts()) - before)).toBe(told + String(expected === 'approved' ? 1 : 0));
      // What nobody ended is ended by the next proposal.
      if (expected === null) await inbox.expire(id);
    }
  }, 300_000);

  it('holds where all of it comes at once', async () => {
    for (let i = 0; i < 40; i += 1) {
      const [before, id] = [await lifts(), await propose()];
      const steps = STEPS.filter((_step, n) => (i * 37 + n * 11) % 5 > 0);
      await Promise.all([...steps, ...steps].map((step) => take(id, step)));
      const ends = await endsOf(id);
      expect(ends.length).toBeLessThanOrEqual(1);
      expect((await lifts()) - before).toBe(ends[0] === 'approved' ? 1 : 0);
      if (ends.length === 0) await inbox.expire(id);
    }
  }, 120_000);
});
