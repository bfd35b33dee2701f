import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/calendar/add-days.js';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { type System, startSystem } from '../support/system.js';
import { confirmedAnew, decisionOn, evaluate, expectSound, Registry } from '../support/system-authority.js';
import { type Actor, People, question } from '../support/system-people.js';

let system: System;
let people: People;
let registry: Registry;

beforeAll(async () => {
  system = await startSystem({ people: 300, cooperatives: 20 });
  people = new People(system.sandbox);
  registry = new Registry(system);
});
afterAll(() => system?.stop());

/** The board with another end of this person's term. */
const ending = ({ cooperative, kimlikNo }: Actor, bitis: string) =>
  registry.board(cooperative).map((seat) => (seat.kimlikNo === kimlikNo ? { ...seat, bitis } : seat));
const ask = async ({ cooperative, kimlikNo }: Actor) =>
  (
    await system.call({
      token: await system.freshToken(kimlikNo),
      body: question(cooperative, people.subject()),
    })
  ).body;
const decision = ({ cooperative, kimlikNo }: Actor, action: string) =>
  decisionOn(system, { cooperative, person: kimlikNo, action });

describe('a term', () => {
  it('that ends tomorrow gives every right today', async () => {
    const actor = people.actor('board', 1);
    const tomorrow = addDays(istanbulDay(new Date()), 1);
    await registry.patchAndRead(actor.cooperative, { board: ending(actor, tomorrow) });
    await confirmedAnew();
    const { body } = await evaluate(system, { cooperative: actor.cooperative, person: actor.kimlikNo });
    expect([body.decision, body.context.reason.seat.to]).toEqual([true, tomorrow]);
    expect((await ask(actor)).outcome).toBe('match');
  });

  it('that ends today, in Europe/Istanbul, gives nothing: neither to change nor to read', async () => {
    const actor = people.actor('board');
    expect(await decision(actor, 'member.add')).toBe('granted');
    const today = istanbulDay(new Date());
    await registry.patchAndRead(actor.cooperative, { board: ending(actor, today) });
    await confirmedAnew();
    for (const action of [
      'member.add',
      'document.read',
      'assembly.call',
      'assembly.record',
      'mersis.refresh',
    ])
      expect(await decision(actor, action)).toBe('term-ended');
    expect(await ask(actor)).toMatchObject({ code: 'NOT_AUTHORISED_FOR_COOPERATIVE', reason: 'term-ended' });
  });

  it('that is over is told as lost, with the reason', async () => {
    const { cooperative } = people.actor('board');
    const text =
      "SELECT data->>'reason' AS reason FROM bridge.authority_event WHERE mersis_no = $1 AND kind = 'lost'";
    expect(await system.sql(text, [cooperative])).toEqual([{ reason: 'term-ended' }]);
  });

  it('leaves a log that holds against its tables', () => expectSound(system));
});
