import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Sibling, type System, startSystem } from '../support/system.js';
import { Asking, plain, until } from '../support/system-asking.js';
import type { Answer } from '../support/system-call.js';

let system: System;
let asking: Asking;

beforeAll(async () => {
  system = await startSystem({
    settings: (yaml) => {
      yaml.limits = { queriesPerUserPerMinute: 2000 };
    },
  });
  asking = new Asking(system);
  // The first query fetches a token; from here on the witness of the STS moves for nobody.
  expect((await asking.ask()).status).toBe(200);
});
afterAll(() => system?.stop());

describe('with other settings', () => {
  let limited: Sibling;
  let agreement: Sibling;
  let narrow: Sibling;
  beforeAll(async () => {
    [limited, agreement, narrow] = await Promise.all([
      system.sibling((yaml) => {
        yaml.limits = { queriesPerUserPerMinute: 1 };
      }),
      system.sibling((yaml) => {
        yaml.accounts[0].agreement.services = ['TumKutukDogrulaServis'];
        yaml.accounts[1].agreement.validUntil = '2024-12-31';
      }),
      system.sibling((yaml) => {
        yaml.listeners.service.maxInFlight = 1;
      }),
    ]);
  });

  it('a user who asks more than the limit in a minute waits', async () => {
    const actor = asking.people.actor('board', 6);
    await awayFromTheEndOfAMinute();
    expect((await asking.ask({ actor, api: limited.api })).status).toBe(200);
    const answer = await asking.refused(
      () => asking.ask({ actor, api: limited.api }),
      429,
      'RATE_LIMITED',
      'user-minute',
    );
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60);
  });

  it('a service that the agreement does not name is not asked', async () => {
    await asking.refused(
      () => asking.ask({ api: agreement.api }),
      403,
      'SERVICE_NOT_IN_AGREEMENT',
      'service',
    );
  });

  it('nothing is asked on an agreement that has ended', async () => {
    await asking.refused(
      () => asking.ask({ client: 'union-portal', api: agreement.api }),
      403,
      'SERVICE_NOT_IN_AGREEMENT',
      'not-in-force',
    );
  });

  it('beyond what is answered at once, a caller is told OVERLOADED instead of waiting', async () => {
    const mark = (await system.control.seen('kps')).length;
    await system.control.fault({ system: 'kps', kind: 'slow', ms: 2000, count: 1 });
    const first = asking.ask({ api: narrow.api });
    await until(async () => (await system.control.seen('kps')).length > mark);
    await asking.refused(() => asking.ask({ api: narrow.api }), 503, 'OVERLOADED');
    expect((await first).status).toBe(200);
    expect((await asking.ask({ api: narrow.api })).status).toBe(200);
  });

  it('of several things wrong at once, the first in the order of checks is told', async () => {
    const wrong = asking.people.nobody();
    const subject = plain({ ...asking.people.subject(0), kimlikNo: '11111111111', ad: '' });
    const bad = { purpose: 'merak', subject };
    const api = agreement.api;
    const nobodyHere = { kimlikNo: wrong.kimlikNo, cooperative: asking.board.cooperative };
    const token = await system.token(wrong.kimlikNo);
    const steps: [string, () => Promise<Answer>][] = [
      [
        'CLIENT_CERTIFICATE_UNKNOWN',
        () => asking.ask({ api, client: 'stranger', from: '127.0.0.2', token: 'x', raw: '{' }),
      ],
      [
        'SOURCE_ADDRESS_NOT_ALLOWED',
        () => asking.ask({ api, client: 'koopbis-reports', from: '127.0.0.2', token: 'x', raw: '{' }),
      ],
      ['CLIENT_NOT_PERMITTED', () => asking.ask({ api, client: 'koopbis-reports', token: 'x', raw: '{' })],
      ['TOKEN_INVALID', () => asking.ask({ api, token: 'x', raw: '{' })],
      ['TOKEN_INVALID', () => asking.ask({ api, token: 'x', raw: 'x'.repeat(20_000) })],
      ['BODY_TOO_LARGE', () => asking.ask({ api, token, raw: 'x'.repeat(20_000) })],
      ['REQUEST_INVALID', () => asking.ask({ api, token, raw: '{' })],
      ['NOT_AUTHORISED_FOR_COOPERATIVE', () => asking.ask({ api, actor: nobodyHere, about: bad })],
      ['PURPOSE_NOT_ALLOWED', () => asking.ask({ api, about: bad })],
      ['SERVICE_NOT_IN_AGREEMENT', () => asking.ask({ api, about: { subject } })],
      ['IDENTITY_NUMBER_INVALID', () => asking.ask({ about: { subject } })],
    ];
    for (const [code, call] of steps) {
      const before = await system.witness();
      expect([code, (await call()).body.code]).toEqual([code, code]);
      expect(await system.witness()).toEqual(before);
    }
  });

  it('numbers are checked before the quota: what is bad spends nothing', async () => {
    const actor = asking.people.actor('board', 7);
    await awayFromTheEndOfAMinute();
    const about = { subject: plain({ ...asking.people.subject(0), kimlikNo: '11111111111' }) };
    for (let i = 0; i < 3; i += 1)
      await asking.refused(
        () => asking.ask({ api: limited.api, actor, about }),
        422,
        'IDENTITY_NUMBER_INVALID',
        'checksum',
      );
    expect((await asking.ask({ api: limited.api, actor })).status).toBe(200);
    await asking.refused(
      () => asking.ask({ api: limited.api, actor, about }),
      422,
      'IDENTITY_NUMBER_INVALID',
      'checksum',
    );
  });
});

describe('a fault of our own', () => {
  it('is INTERNAL and tells nothing but that; what it was stands in our log, by the request’s id', async () => {
    const about = { subject: plain(asking.people.subject(40)) };
    expect((await asking.ask({ about })).status).toBe(200);
    // The key of the person asked about last is damaged: nothing about that person can be written down any more.
    const newest = `(SELECT key_id FROM bridge.person_key WHERE side = 'subject' ORDER BY created_at DESC LIMIT 1)`;
    await system.sql(`UPDATE bridge.person_key SET wrapped = sha512(wrapped) WHERE key_id = ${newest}`);
    const answer = await asking.refused(() => asking.ask({ about }), 500, 'INTERNAL');
    expect(Object.keys(answer.body).sort()).toEqual(['code', 'status', 'text', 'title', 'type']);
    expect(system.bridge.log()).toContain(String(answer.headers['x-request-id']));
    // Only that person’s: everybody else is served, also in the same moment.
    const others = [41, 42, 43].map((place) =>
      asking.ask({ about: { subject: plain(asking.people.subject(place)) } }),
    );
    await asking.ask({ about });
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

/** A window of a minute must not end between two calls of one test. */
async function awayFromTheEndOfAMinute(): Promise<void> {
  const left = 60_000 - (Date.now() % 60_000);
  if (left < 6000) await sleep(left + 50);
}
