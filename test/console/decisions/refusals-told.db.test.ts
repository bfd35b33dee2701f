import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { FrameServer, madePerson } from '../frame/support/frame-server.js';
import { Inbox } from './support.js';

let inbox: Inbox;
let server: FrameServer;
let first: ConsolePerson;
let second: ConsolePerson;
let percent = 200;

beforeAll(async () => {
  [inbox, server] = [await Inbox.open(), await FrameServer.open()];
  [first, second] = [await inbox.finance(1), await inbox.finance(2)];
  server.seat('officer', madePerson(3, ['finance'], true));
});
afterAll(async () => {
  server.close();
  await inbox.close();
});
beforeEach(() => {
  server.clear();
});

async function propose(): Promise<string> {
  percent += 10;
  return inbox.proposeLift(first, { toPercent: percent });
}

/** Sends the form as a browser does; the handler is the real one, for `person`. */
async function send(person: ConsolePerson, id: string, reason = '') {
  server.answers.set('decision.decide', () => inbox.decide(person, id, 'approve', { reason }));
  const response = await server.post(`/konsol/kararlar/${id}`, 'officer', [['karar', 'approve']]);
  const refusals = server.entries.filter(({ kind }) => kind === 'console.refused').map(({ data }) => data);
  return { status: response.status, html: await response.text(), refusals };
}

describe('what is refused in the inbox', () => {
  it('is told by a page and by an entry: one’s own proposal, and the same approval again', async () => {
    const id = await propose();
    const own = await send(first, id);
    expect(own.status).toBe(409);
    expect(own.html).toContain('SECOND_PERSON_REQUIRED');
    expect(own.refusals).toEqual([
      expect.objectContaining({ action: 'decision.decide', code: 'SECOND_PERSON_REQUIRED', about: id }),
    ]);
    server.clear();
    expect(await send(second, id)).toMatchObject({ status: 303, refusals: [] });
    const again = await send(second, id);
    expect(again.status).toBe(409);
    expect(again.refusals).toEqual([
      expect.objectContaining({ action: 'decision.decide', code: 'STATE_CONFLICT', about: id }),
    ]);
  });

  it('asks for the second step with what was typed kept, and tells that too', async () => {
    const without = await inbox.desk.person(4, [{ role: 'finance' }], { steppedUp: false });
    const id = await propose();
    const asked = await send(without, id);
    expect(asked.status).toBe(403);
    expect(asked.html).toContain('<textarea class="unseen" name="karar" hidden>approve</textarea>');
    expect(asked.refusals).toEqual([expect.objectContaining({ code: 'STEP_UP_REQUIRED', about: id })]);
    expect((await inbox.listed(second))[0]).toEqual([id, 'Karar bekliyor']);
  });
});
