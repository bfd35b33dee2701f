import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type System, startSystem } from '../support/system.js';
import { Asking, plain, until } from '../support/system-asking.js';

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

describe('how often', () => {
  it('about one person: after five non-matches by one user in a day the API is no guesser of birth dates', async () => {
    const subject = asking.people.subject(20);
    const guess = (day: number) => plain({ ...subject, dogumTarihi: `1923-10-0${day}` });
    for (let day = 1; day <= 5; day += 1)
      expect((await asking.ask({ about: { subject: guess(day) } })).body.outcome).toBe('not-found');
    const answer = await asking.refused(
      () => asking.ask({ about: { subject: guess(6) } }),
      429,
      'RATE_LIMITED',
      'non-matches',
    );
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(86_400);
    // Nor does the right date tell anything now; another person is another matter.
    await asking.refused(
      () => asking.ask({ about: { subject: plain(subject) } }),
      429,
      'RATE_LIMITED',
      'non-matches',
    );
    expect((await asking.ask({ about: { subject: plain(asking.people.subject(21)) } })).body.outcome).toBe(
      'match',
    );
  });

  it('matches do not count as guesses', async () => {
    const subject = plain(asking.people.subject(22));
    for (let time = 1; time <= 7; time += 1)
      expect((await asking.ask({ about: { subject } })).body.outcome).toBe('match');
  });

  it('many guesses at once are not more than five either', async () => {
    const subject = asking.people.subject(23);
    const days = Array.from({ length: 20 }, (_, i) => String(i + 1).padStart(2, '0'));
    const before = (await system.witness()).kps;
    const answers = await Promise.all(
      days.map((day) =>
        asking.ask({ about: { subject: plain({ ...subject, dogumTarihi: `1923-10-${day}` }) } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(answers.filter(({ body }) => body.code === 'RATE_LIMITED')).toHaveLength(15);
    expect((await system.witness()).kps - before).toBe(5);
  });
});

describe('a repeat', () => {
  it('gives the same id and receipt, marked, at no cost and with nothing sent', async () => {
    const headers = { 'Idempotency-Key': 'repeat-1' };
    const first = await asking.ask({ headers });
    const before = await system.witness();
    const size = await asking.entries();
    const again = await asking.ask({ headers });
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(await system.witness()).toEqual(before);
    const written = 'SELECT kind FROM bridge.entry WHERE leaf_index >= $1 AND kind LIKE $2';
    expect(await system.sql(written, [size, 'query.%'])).toEqual([{ kind: expect.any(String) }]);
  });

  it('has its rights checked again: the answer of yesterday is not for whom has no seat today', async () => {
    const headers = { 'Idempotency-Key': 'repeat-2' };
    expect((await asking.ask({ headers })).status).toBe(200);
    await asking.suspend(asking.board.cooperative, 'karar 2026/1');
    await asking.refused(() => asking.ask({ headers }), 403, 'NOT_AUTHORISED_FOR_COOPERATIVE', 'suspended');
    await asking.suspend(asking.board.cooperative, null);
  });

  it('with another body is refused, whatever differs', async () => {
    const headers = { 'Idempotency-Key': 'repeat-3' };
    expect((await asking.ask({ headers })).status).toBe(200);
    const subject = asking.people.subject(0);
    for (const about of [
      { purpose: 'ortak-guncelleme' },
      { reference: '2026/7' },
      { subject: plain({ ...subject, ad: 'BAŞKA' }) },
      { subject: plain({ ...subject, dogumTarihi: '1950-01-01' }) },
      { subject: plain(asking.people.subject(1)) },
    ]) {
      await asking.refused(() => asking.ask({ headers, about }), 422, 'IDEMPOTENCY_KEY_REUSED');
    }
  });

  it('is another call for another person or another client', async () => {
    const headers = { 'Idempotency-Key': 'repeat-4' };
    const ids = [
      await asking.ask({ headers }),
      await asking.ask({ headers, actor: asking.people.actor('board', 5) }),
      await asking.ask({ headers, client: 'union-portal' }),
    ].map(({ status, body }) => [status, body.id]);
    expect(ids.map(([status]) => status)).toEqual([200, 200, 200]);
    expect(new Set(ids.map(([, id]) => id)).size).toBe(3);
  });

  it('while the first call still runs is IDEMPOTENCY_IN_PROGRESS, and one query leaves', async () => {
    const headers = { 'Idempotency-Key': 'repeat-5' };
    const before = (await system.witness()).kps;
    await system.control.fault({ system: 'kps', kind: 'slow', ms: 1500, count: 1 });
    const first = asking.ask({ headers });
    await until(async () => (await system.control.seen('kps')).length > before);
    await asking.refused(() => asking.ask({ headers }), 409, 'IDEMPOTENCY_IN_PROGRESS');
    expect((await first).status).toBe(200);
    expect((await asking.ask({ headers })).headers['idempotency-replayed']).toBe('true');
    expect((await system.witness()).kps - before).toBe(1);
  });

  it('many times at once is one query', async () => {
    const headers = { 'Idempotency-Key': 'repeat-6' };
    const before = (await system.witness()).kps;
    const answers = await Promise.all(Array.from({ length: 12 }, () => asking.ask({ headers })));
    const kinds = new Set(answers.map(({ status, body }) => body.code ?? status));
    expect([...kinds].filter((kind) => kind !== 200 && kind !== 'IDEMPOTENCY_IN_PROGRESS')).toEqual([]);
    expect(new Set(answers.flatMap(({ body }) => (body.id === undefined ? [] : [body.id]))).size).toBe(1);
    expect((await system.witness()).kps - before).toBe(1);
  });

  it('after a refusal before sending is a new call: the key was not bound', async () => {
    const headers = { 'Idempotency-Key': 'repeat-7' };
    const about = { subject: plain({ ...asking.people.subject(0), kimlikNo: '11111111111' }) };
    await asking.refused(() => asking.ask({ headers, about }), 422, 'IDENTITY_NUMBER_INVALID', 'checksum');
    const right = await asking.ask({ headers });
    expect(right.status).toBe(200);
    expect(right.headers['idempotency-replayed']).toBeUndefined();
  });
});
