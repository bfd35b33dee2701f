import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import {
  BOARD,
  confirmedAnew,
  dataOf,
  decisionOn,
  expectSound,
  Registry,
} from '../support/system-authority.js';
import type { Answer } from '../support/system-call.js';
import { People, question } from '../support/system-people.js';

type Person = ReturnType<People['nobody']>;

let system: System;
let people: People;
let registry: Registry;
let today: string;
/** A cooperative in the area of an official, two of its board, and the official of another il. */
let cooperative: string;
let vkn: string;
let applicant: string;
let official: string;
let stranger: string;
let appointee: Person;
const tokens = new Map<string, string>();

beforeAll(async () => {
  system = await startSystem({ people: 400, cooperatives: 40 });
  people = new People(system.sandbox);
  registry = new Registry(system);
  today = istanbulDay(new Date());
  const directorates = system.sandbox.people.flatMap(({ is, kimlikNo, edevletTotp, durum }) => {
    const [ministry, il] = is[0]?.startsWith('directorate:') ? (is[0].split(':')[1]?.split('/') ?? []) : [];
    const able = edevletTotp !== null && durum === 'açık' && is.length === 1;
    return able && ministry !== undefined && il !== undefined ? [{ kimlikNo, ministry, il }] : [];
  });
  const boards = [0, 1, 2, 3, 4, 5, 6, 7].map((place) => people.actor('board', place));
  const pair = boards.flatMap((actor) => {
    const one = people.cooperative(({ mersisNo }) => mersisNo === actor.cooperative);
    const held = system.sandbox.people.some(({ is }) => is.includes(`appointee:${actor.cooperative}`));
    const own = directorates.find(({ ministry }) => ministry === one.ilgiliBakanlik);
    return own === undefined || held ? [] : [{ actor, own, one }];
  })[0];
  if (pair === undefined) throw new Error('the population has no such pair');
  cooperative = pair.actor.cooperative;
  applicant = pair.actor.kimlikNo;
  official = pair.own.kimlikNo;
  vkn = pair.one.vkn;
  // Into the official's area, if it is not there.
  await registry.patchAndRead(cooperative, { il: pair.own.il });
  stranger = (
    directorates.find(({ il, ministry }) => il !== pair.own.il || ministry !== pair.own.ministry) as {
      kimlikNo: string;
    }
  ).kimlikNo;
  appointee = people.person(
    (one) =>
      one.is.includes('nobody') && one.edevletTotp !== null && one.durum === 'açık' && plainPerson(one),
  );
});
afterAll(() => system?.stop());

const plainPerson = ({ dogumTarihi, kimlikNo, soyad }: Person) =>
  soyad !== '' && !kimlikNo.startsWith('9') && !dogumTarihi.includes('-00');

async function tokenOf(kimlikNo: string): Promise<string> {
  const known = tokens.get(kimlikNo) ?? (await system.freshToken(kimlikNo));
  tokens.set(kimlikNo, known);
  return known;
}

let decisions = 0;

async function apply(by: string, about: Person, over: object = {}): Promise<Answer> {
  decisions += 1;
  const { ad, dogumTarihi, kimlikNo, soyad } = about;
  return system.call({
    token: await tokenOf(by),
    path: '/v1/appointments',
    body: {
      cooperative,
      vkn,
      decision: {
        no: `2026/${decisions}`,
        date: today,
        documentSha256: createHash('sha256').update(`karar ${decisions}`).digest('hex'),
      },
      from: today,
      subject: { kimlikNo, ad, soyad, dogumTarihi },
      ...over,
    },
  });
}

async function decide(by: string, id: string, body: object = { decision: 'accept' }): Promise<Answer> {
  return system.call({ token: await tokenOf(by), path: `/v1/appointments/${id}/decision`, body });
}

const outcome = ({ status, body }: Answer) => [status, body.code, body.reason];
const ask = async (kimlikNo: string) =>
  system.call({ token: await tokenOf(kimlikNo), body: question(cooperative, people.subject(7)) });
const decision = (person: string) => decisionOn(system, { cooperative, person });

describe('an application for a KOOPBİS yetkilisi', () => {
  it('is made by no one who is not on the board, and nobody is asked about then', async () => {
    const before = await system.witness();
    for (const by of [people.nobody().kimlikNo, official]) {
      const { status, body } = await apply(by, appointee);
      expect([status, body.code]).toEqual([
        403,
        by === official ? 'ROLE_REQUIRED' : 'NOT_AUTHORISED_FOR_COOPERATIVE',
      ]);
    }
    expect(await system.witness()).toEqual(before);
  });

  it('about somebody who is dead, or not who the board says, is refused as not matching', async () => {
    const dead = people.person((one) => one.durum === 'ölüm' && plainPerson(one));
    expect(outcome(await apply(applicant, dead))).toEqual([409, 'STATE_CONFLICT', 'person-not-matching']);
    const other = { ...appointee, ad: 'BAŞKABİRİ' };
    expect(outcome(await apply(applicant, other))).toEqual([409, 'STATE_CONFLICT', 'person-not-matching']);
    expect(await dataOf(system, 'appointment.applied')).toEqual([]);
  });

  it('with a day before its decision, or a decision of tomorrow, is refused before anybody is asked about', async () => {
    const before = await system.witness();
    const decision = { no: '9', date: '2999-01-01', documentSha256: 'a'.repeat(64) };
    const late = await apply(applicant, appointee, { decision, from: '2999-01-02' });
    expect(outcome(late)).toEqual([400, 'REQUEST_INVALID', 'decision-in-future']);
    const early = await apply(applicant, appointee, { from: '2020-01-01' });
    expect(outcome(early)).toEqual([400, 'REQUEST_INVALID', 'from-before-decision']);
    expect(await system.witness()).toEqual(before);
  });
});

describe('the whole way of an appointee', () => {
  let id: string;

  it('a board member applies: MERSİS and KPS are asked, and nobody may act yet', async () => {
    const answer = await apply(applicant, appointee);
    expect([answer.status, answer.body.state, answer.body.registry]).toEqual([201, 'applied', 'match']);
    id = answer.body.id;
    const entry = 'SELECT line FROM bridge.entry WHERE leaf_index = $1';
    const [{ line }] = await system.sql(entry, [answer.body.receipt.leafIndex]);
    expect(JSON.parse(line)).toMatchObject({ kind: 'appointment.applied', data: { appointment: id, vkn } });
    expect(line).not.toContain(appointee.kimlikNo);
    expect((await dataOf(system, 'query.intent')).at(-1)).toMatchObject({ purpose: 'yetkili-atama' });
    await confirmedAnew();
    expect(await decision(appointee.kimlikNo)).toBe('no-seat');
    expect((await ask(appointee.kimlikNo)).body.reason).toBe('no-seat');
  });

  it('is applied for once', async () => {
    expect(outcome(await apply(applicant, appointee))).toEqual([409, 'STATE_CONFLICT', 'application-open']);
  });

  it('is decided by nobody but the competent directorate: not by another one, the applicant, or the appointee', async () => {
    const elsewhere = await decide(stranger, id);
    expect([elsewhere.status, elsewhere.body.code]).toEqual([403, 'OUTSIDE_OWN_AREA']);
    const own = await decide(applicant, id);
    expect([own.status, own.body.code]).toEqual([403, 'ROLE_REQUIRED']);
    const self = await decide(appointee.kimlikNo, id);
    expect([self.status, self.body.code]).toEqual([403, 'NOT_AUTHORISED_FOR_COOPERATIVE']);
    expect((await decide(official, '00000000-0000-4000-8000-000000000000')).body.code).toBe('NOT_FOUND');
    expect(await dataOf(system, 'appointment.decided')).toEqual([]);
  });

  it('accepted by the competent one, the appointee acts at once, and within a second in evaluation', async () => {
    const answer = await decide(official, id);
    expect([answer.status, answer.body.state, answer.body.disagreements]).toEqual([200, 'accepted', []]);
    expect((await ask(appointee.kimlikNo)).body.outcome).toBe('match');
    await confirmedAnew();
    expect(await decision(appointee.kimlikNo)).toBe('granted');
    expect(outcome(await decide(official, id))).toEqual([409, 'STATE_CONFLICT', 'already-decided']);
  });

  it('a second one at the same time is one too many', async () => {
    const second = people.person(
      (one) =>
        one.is.includes('nobody') &&
        one.kimlikNo !== appointee.kimlikNo &&
        one.durum === 'açık' &&
        plainPerson(one),
    );
    const { body } = await apply(applicant, second);
    expect(outcome(await decide(official, body.id))).toEqual([409, 'STATE_CONFLICT', 'too-many-appointees']);
    const refused = await decide(official, body.id, { decision: 'refuse', reason: 'Bir yetkili vardır.' });
    expect([refused.status, refused.body.state, refused.body.seat]).toEqual([200, 'refused', null]);
    await confirmedAnew();
    expect(await decision(second.kimlikNo)).toBe('no-seat');
  });

  it('a change of the registry leaves it alone while one of that board still sits', async () => {
    await registry.patchAndRead(cooperative, { board: registry.without(cooperative, applicant) });
    await confirmedAnew();
    expect(await decision(applicant)).toBe('no-seat');
    expect(await decision(appointee.kimlikNo)).toBe('granted');
  });

  it('when that board is gone, so is the appointee: right, session and seat in one', async () => {
    const feed = Number((await system.sql('SELECT last_event FROM bridge.authority_head'))[0].last_event);
    const chosen = system.sandbox.people
      .filter((one) => one.is.includes('nobody') && one.durum === 'açık' && plainPerson(one))
      .filter(({ kimlikNo }) => kimlikNo !== appointee.kimlikNo)
      .slice(0, 3);
    const elected = chosen.map(({ kimlikNo }) => {
      return { kimlikNo, gorev: BOARD, baslangic: today, tescil: today };
    });
    await registry.patch(cooperative, { board: elected });
    const text = "SELECT 1 FROM bridge.appointment WHERE appointment_id = $1 AND state = 'ended'";
    await until(async () => (await system.sql(text, [id])).length > 0, 30_000);
    expect((await ask(appointee.kimlikNo)).body.code).toBe('TOKEN_INVALID');
    await confirmedAnew();
    expect(await decision(appointee.kimlikNo)).not.toBe('granted');
    expect(await decision(chosen[0]?.kimlikNo ?? '')).toBe('granted');
    expect(await dataOf(system, 'appointment.ended')).toEqual([
      { appointment: id, cooperative, reason: 'board-gone' },
    ]);
    const { body } = await system.call({
      client: 'koopbis-reports',
      path: `/v1/authority-events?after=${feed}`,
    });
    const lost = body.events.filter((one: { type: string }) => one.type.includes('.lost.'));
    expect(lost.map((one: { data: { role: string } }) => one.data.role)).toContain('appointee');
  });

  it('leaves a log that holds against its tables', () => expectSound(system));
});
