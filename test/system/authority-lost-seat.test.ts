import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Sibling, type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import {
  type Asked,
  BOARD,
  confirmedAnew,
  dataOf,
  decisionOn,
  expectSound,
  Registry,
} from '../support/system-authority.js';
import type { Answer } from '../support/system-call.js';
import { type Actor, People, question } from '../support/system-people.js';

let system: System;
let other: Sibling;
let people: People;
let registry: Registry;

beforeAll(async () => {
  system = await startSystem({ people: 400, cooperatives: 40 });
  people = new People(system.sandbox);
  registry = new Registry(system);
  other = await system.sibling(() => undefined);
});
afterAll(() => system?.stop());

const instances = () => [system.sandbox.api, other.api];
const membersOf = (mersisNo: string) => registry.board(mersisNo).filter(({ gorev }) => gorev === BOARD);

/** Somebody whose one right is a seat on a board, beside others who sit there. */
function onlyHere(place: number): Actor {
  const found = system.sandbox.people
    .filter(({ is, durum, edevletTotp }) => is.length === 1 && durum === 'açık' && edevletTotp !== null)
    .flatMap(({ is, kimlikNo }) => {
      const [role, cooperative = ''] = is[0]?.split(':') ?? [];
      const works = system.sandbox.cooperatives.some(
        (one) => one.mersisNo === cooperative && one.durum === 'faal',
      );
      return role === 'board' && works && membersOf(cooperative).length > 2
        ? [{ kimlikNo, cooperative }]
        : [];
    });
  return found[place] as Actor;
}

async function ask(actor: Actor, token: string, api: string): Promise<Answer> {
  return system.call({ token, api, body: question(actor.cooperative, people.subject()) });
}

const decisions = (asked: Asked) =>
  Promise.all(instances().map((api) => decisionOn(system, { ...asked, api })));

/** The COMMIT as anybody else sees it: not before it is whole. */
async function lostInFeed({ cooperative }: Actor, from: number): Promise<void> {
  const text =
    "SELECT 1 FROM bridge.authority_event WHERE position > $1 AND mersis_no = $2 AND kind = 'lost'";
  await until(async () => (await system.sql(text, [from, cooperative])).length > 0, 30_000);
}

const lastEvent = async (): Promise<number> =>
  Number((await system.sql('SELECT last_event FROM bridge.authority_head'))[0].last_event);

describe('a board member whom the registry no longer names', () => {
  it('is refused on every instance: by identity checks from the COMMIT on, by evaluation within a second', async () => {
    const actor = onlyHere(0);
    const token = await system.token(actor.kimlikNo);
    const asked = { person: actor.kimlikNo, cooperative: actor.cooperative };
    for (const api of instances()) expect((await ask(actor, token, api)).body.outcome).toBe('match');
    expect(await decisions(asked)).toEqual(['granted', 'granted']);
    const [from, before] = [await lastEvent(), await system.witness()];

    await registry.patch(actor.cooperative, { board: registry.without(actor.cooperative, actor.kimlikNo) });
    await lostInFeed(actor, from);
    const answers = await Promise.all(instances().map((api) => ask(actor, token, api)));
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [401, 'TOKEN_INVALID'],
      [401, 'TOKEN_INVALID'],
    ]);
    await confirmedAnew();
    expect(await decisions(asked)).toEqual(['no-seat', 'no-seat']);
    expect(await system.witness()).toEqual(before);
  });

  it('is told in the feed, once, with the entry that it rests on', async () => {
    const actor = onlyHere(1);
    const from = await lastEvent();
    await registry.patch(actor.cooperative, { board: registry.without(actor.cooperative, actor.kimlikNo) });
    await lostInFeed(actor, from);
    const path = `/v1/authority-events?after=${from}`;
    const feeds = await Promise.all(
      instances().map((api) => system.call({ client: 'koopbis-reports', path, api })),
    );
    expect(feeds[0]?.body).toEqual(feeds[1]?.body);
    const events = feeds[0]?.body.events;
    expect(events).toMatchObject([
      {
        id: `ae-${from + 1}`,
        type: 'tr.gov.koopbis.authority.lost.v1',
        subject: actor.cooperative,
        data: { role: 'board', reason: 'gone', person: { pseudonym: expect.any(String) } },
      },
    ]);
    expect(feeds[0]?.text).not.toContain(actor.kimlikNo);
    const { leafIndex } = events[0].data.receipt;
    const [{ line }] = await system.sql('SELECT line FROM bridge.entry WHERE leaf_index = $1', [leafIndex]);
    expect(JSON.parse(line).data.cooperative).toBe(actor.cooperative);
  });

  it('has no session left when that was the last right, and the log says why', async () => {
    const actor = onlyHere(2);
    const token = await system.token(actor.kimlikNo);
    expect((await ask(actor, token, other.api)).status).toBe(200);
    const [from, ended] = [await lastEvent(), (await dataOf(system, 'session.ended')).length];
    await registry.patch(actor.cooperative, { board: registry.without(actor.cooperative, actor.kimlikNo) });
    await lostInFeed(actor, from);
    expect((await ask(actor, token, other.api)).body.code).toBe('TOKEN_INVALID');
    expect((await dataOf(system, 'session.ended')).slice(ended)).toEqual([
      { reason: 'authority-lost', session: expect.any(String) },
    ]);
  });

  it('keeps the session and what else there is: a seat elsewhere goes on', async () => {
    const { kimlikNo, is } = people.person(
      (one) => one.edevletTotp !== null && one.durum === 'açık' && workingBoards(one.is).length > 1,
    );
    const [lost = '', kept = ''] = workingBoards(is);
    const token = await system.token(kimlikNo);
    const from = await lastEvent();
    await registry.patch(lost, { board: registry.without(lost, kimlikNo) });
    await lostInFeed({ kimlikNo, cooperative: lost }, from);
    for (const api of instances()) {
      const gone = await ask({ kimlikNo, cooperative: lost }, token, api);
      expect([gone.status, gone.body.code, gone.body.reason]).toEqual([
        403,
        'NOT_AUTHORISED_FOR_COOPERATIVE',
        'no-seat',
      ]);
      expect((await ask({ kimlikNo, cooperative: kept }, token, api)).status).toBe(200);
    }
    await confirmedAnew();
    expect(await decisions({ person: kimlikNo, cooperative: lost })).toEqual(['no-seat', 'no-seat']);
    expect(await decisions({ person: kimlikNo, cooperative: kept })).toEqual(['granted', 'granted']);
  });

  it('takes nothing from those who sit beside, and comes back with the registry', async () => {
    const actor = onlyHere(3);
    const seats = registry.board(actor.cooperative);
    const beside =
      membersOf(actor.cooperative).find(({ kimlikNo }) => kimlikNo !== actor.kimlikNo)?.kimlikNo ?? '';
    await registry.patchAndRead(actor.cooperative, {
      board: registry.without(actor.cooperative, actor.kimlikNo),
    });
    await confirmedAnew();
    const at = { cooperative: actor.cooperative };
    expect(await decisions({ ...at, person: actor.kimlikNo })).toEqual(['no-seat', 'no-seat']);
    expect(await decisions({ ...at, person: beside })).toEqual(['granted', 'granted']);
    await registry.patchAndRead(actor.cooperative, { board: seats });
    await confirmedAnew();
    expect(await decisions({ ...at, person: actor.kimlikNo })).toEqual(['granted', 'granted']);
    const token = await system.freshToken(actor.kimlikNo);
    for (const api of instances()) expect((await ask(actor, token, api)).status).toBe(200);
  });
});

describe('instances', () => {
  it('are told of a loss by nobody: none of them listens, each looks itself', async () => {
    const listening = await system.sql(
      "SELECT query FROM pg_stat_activity WHERE query ~* '^\\s*(un)?listen\\M'",
    );
    expect(listening).toEqual([]);
  });

  it('leave a log and tables that hold against each other', () => expectSound(system));
});

function workingBoards(is: readonly string[]): string[] {
  return is.flatMap((value) => {
    const [role, mersisNo = ''] = value.split(':');
    const works = system.sandbox.cooperatives.some(
      (one) => one.mersisNo === mersisNo && one.durum === 'faal',
    );
    const alone = is.filter((one) => one.endsWith(mersisNo)).length === 1;
    return role === 'board' && works && alone && membersOf(mersisNo).length > 2 ? [mersisNo] : [];
  });
}
