import { afterEach, describe, expect, it } from '@jest/globals';
import { answerTo, fault, issuing, knowsEverybody, rstr } from './support/answers.js';
import { ASKER, type Bench, endpointFor, number, PASSWORD, question, startBench } from './support/bench.js';
import type { Script } from './support/test-server.js';

let bench: Bench;
afterEach(() => bench.close());

/** Each token under its own assertion id, so that a query tells which one it carries. */
function numbered(): { script: Script; guid: (body: string) => string } {
  let n = 0;
  return {
    script: (seen) => rstr(seen, { guid: `_token-${++n}` }),
    guid: (body) => /_token-\d+/.exec(body)?.[0] ?? '',
  };
}

describe('tokens of the STS', () => {
  it('are fetched once for fifty questions at once', async () => {
    bench = await startBench();
    const client = await bench.client();
    const replies = await Promise.all(Array.from({ length: 50 }, () => client.ask(question())));
    expect(replies.filter(({ kind }) => kind === 'record')).toHaveLength(50);
    expect(bench.sts.seen).toHaveLength(1);
    expect(new Set(bench.routing.seen.map(({ messageId }) => messageId)).size).toBe(50);
  });

  it('are obeyed until their Lifetime and no longer', async () => {
    bench = await startBench({ sts: (seen) => rstr(seen, { now: clock.ms, lifetimeS: 600 }) });
    const clock = { ms: Date.now() };
    const client = await bench.client({}, {}, { now: () => clock.ms });
    await client.ask(question());
    clock.ms += 509_000;
    await client.ask(question());
    expect(bench.sts.seen).toHaveLength(1);
    clock.ms += 91_000;
    await client.ask(question());
    expect(bench.sts.seen).toHaveLength(2);
  });

  it('belong to one account: another account asks for its own', async () => {
    bench = await startBench();
    const client = await bench.client();
    await client.ask(question());
    await client.ask(question({ account: 'birlik' }));
    const users = bench.sts.seen.map(({ body }) => /<o:Username>([^<]*)</.exec(body)?.[1]);
    expect(users).toEqual(['KRM-ticaret', 'KRM-birlik']);
  });

  it.each([
    ['none', 0, 0, 1],
    ['sts', 1, 0, 2],
    ['query', 0, 1, 1],
    ['both', 1, 1, 2],
  ] as const)(
    'with Sorgulayan %s name the asking person there and are shared accordingly',
    async (place, onSts, onQuery, tokens) => {
      bench = await startBench();
      const client = await bench.client({ sorgulayan: place });
      const other = number('300000003');
      await client.ask(question());
      await client.ask(question({ asker: { kimlikNo: other, application: 'koopbis' } }));
      const named = (body: string) => /<Sorgulayan [^>]*>([^<]*)</.exec(body)?.[1];
      expect(bench.sts.seen).toHaveLength(tokens);
      const both = [ASKER.reveal(), other.reveal()];
      expect(bench.sts.seen.map(({ body }) => named(body))).toEqual(onSts ? both : [undefined]);
      expect(bench.routing.seen.map(({ body }) => named(body))).toEqual(
        onQuery ? both : [undefined, undefined],
      );
    },
  );

  it('name the account instead of the person where the setting says so', async () => {
    bench = await startBench();
    const client = await bench.client({ sorgulayan: 'both', sorgulayanValue: 'user-name' });
    await client.ask(question());
    for (const { body } of [...bench.sts.seen, ...bench.routing.seen])
      expect(body).toContain('>KRM-ticaret</Sorgulayan>');
  });
});

describe('a refused password', () => {
  const refusing: Script = (seen) => fault(seen, 'FailedAuthentication');

  it('opens the breaker at once: nothing is asked any more until it is reset', async () => {
    bench = await startBench({ sts: refusing });
    const client = await bench.client();
    expect(await client.ask(question())).toEqual({
      kind: 'not-sent',
      reason: 'password-refused',
      messageIds: [],
    });
    expect(await client.ask(question())).toEqual({
      kind: 'not-sent',
      reason: 'breaker-open',
      messageIds: [],
    });
    expect([client.isBreakerOpen('ticaret'), client.isBreakerOpen('birlik')]).toEqual([true, false]);
    expect(bench.sts.seen).toHaveLength(1);
    expect(bench.events).toContainEqual({ type: 'breaker-opened', account: 'ticaret' });
    client.resetBreaker('ticaret');
    bench.sts.script = issuing;
    expect(await client.ask(question())).toMatchObject({ kind: 'record' });
  });

  it('is tried once by any number of different askers at once', async () => {
    bench = await startBench({ sts: refusing });
    const client = await bench.client({ sorgulayan: 'sts' });
    const askers = Array.from({ length: 20 }, (_, n) => number(String(400000000 + n)));
    const replies = await Promise.all(
      askers.map((kimlikNo) => client.ask(question({ asker: { kimlikNo, application: 'koopbis' } }))),
    );
    expect(bench.sts.seen).toHaveLength(1);
    expect(new Set(replies.map((reply) => 'reason' in reply && reply.reason))).toEqual(
      new Set(['password-refused', 'breaker-open']),
    );
    expect(bench.routing.seen).toHaveLength(0);
  });

  it('stops an account that still holds a good token for somebody else', async () => {
    bench = await startBench();
    const client = await bench.client({ sorgulayan: 'sts' });
    await client.ask(question());
    bench.sts.script = refusing;
    await client.ask(question({ asker: { kimlikNo: number('300000003'), application: 'koopbis' } }));
    expect(await client.ask(question())).toMatchObject({ kind: 'not-sent', reason: 'breaker-open' });
  });

  it('is in no event and no reply', async () => {
    bench = await startBench({ sts: refusing });
    const client = await bench.client();
    const reply = await client.ask(question());
    expect(JSON.stringify([reply, bench.events])).not.toContain(PASSWORD.slice(0, 5));
  });
});

describe('a query whose security is refused', () => {
  it.each(['InvalidSecurity', 'FailedAuthentication'])(
    'by %s is sent once more, with a new token and a new message id',
    async (subcode) => {
      const { script, guid } = numbered();
      let refused = 0;
      bench = await startBench({
        sts: script,
        routing: (seen, response) =>
          refused++ === 0 ? fault(seen, subcode) : knowsEverybody(seen, response),
      });
      const client = await bench.client();
      const asked = question();
      const reply = await client.ask(asked);
      const [first, second] = bench.routing.seen;
      expect(reply).toMatchObject({ kind: 'record', messageIds: [asked.messageId, second?.messageId] });
      expect(first?.messageId).toBe(asked.messageId);
      expect(second?.messageId === first?.messageId).toBe(false);
      expect([guid(first?.body ?? ''), guid(second?.body ?? '')]).toEqual(['_token-1', '_token-2']);
    },
  );

  it('is given up after the second time', async () => {
    bench = await startBench({ routing: (seen) => fault(seen, 'InvalidSecurity') });
    const client = await bench.client();
    const reply = await client.ask(question());
    expect(reply).toMatchObject({ kind: 'refused', reason: 'security-refused', answered: false });
    expect(reply.messageIds).toEqual(bench.routing.seen.map(({ messageId }) => messageId));
    expect(bench.routing.seen).toHaveLength(2);
    expect(bench.sts.seen).toHaveLength(2);
  });

  it('is no unsent question where no second token can be had', async () => {
    bench = await startBench({ routing: (seen) => fault(seen, 'InvalidSecurity') });
    const client = await bench.client();
    bench.sts.script = (seen) =>
      bench.sts.seen.length === 1 ? rstr(seen) : { status: 503, type: 'text/html', body: '' };
    const asked = question();
    expect(await client.ask(asked)).toEqual({
      kind: 'refused',
      reason: 'security-refused',
      answered: false,
      messageIds: [asked.messageId],
    });
  });

  it('is unknown where the second message gets no answer', async () => {
    bench = await startBench({
      routing: (seen, response) => {
        if (bench.routing.seen.length === 1) return fault(seen, 'InvalidSecurity');
        response.destroy();
        return null;
      },
    });
    const client = await bench.client();
    const reply = await client.ask(question());
    expect(reply).toMatchObject({ kind: 'unknown', reason: 'connection-lost' });
    expect(reply.messageIds).toHaveLength(2);
  });

  it('costs one renewal, however many are refused at once', async () => {
    const { script, guid } = numbered();
    bench = await startBench({
      sts: script,
      routing: (seen, response) =>
        guid(seen.body) === '_token-1' ? fault(seen, 'InvalidSecurity') : knowsEverybody(seen, response),
    });
    const client = await bench.client();
    const replies = await Promise.all(Array.from({ length: 20 }, () => client.ask(question())));
    expect(replies.filter(({ kind }) => kind === 'record')).toHaveLength(20);
    expect(bench.sts.seen).toHaveLength(2);
  });
});

describe('a clock that differs', () => {
  const behind =
    (seconds: number): Script =>
    (seen) =>
      fault(seen, 'InvalidSecurity', new Date(Date.now() + seconds * 1000));

  it('is named as the cause where the STS refuses, with its size', async () => {
    bench = await startBench({ sts: behind(600) });
    const client = await bench.client();
    expect(await client.ask(question())).toMatchObject({ kind: 'not-sent', reason: 'clock-skew' });
    const skews = bench.events.flatMap((event) => (event.type === 'clock-skew' ? [event.seconds] : []));
    expect(skews).toHaveLength(1);
    expect(Math.abs((skews[0] ?? 0) - 600)).toBeLessThanOrEqual(2);
  });

  it('is read from the Date header where the fault has no Timestamp', async () => {
    bench = await startBench({
      sts: () => ({
        ...fault(null, 'InvalidSecurity'),
        headers: { date: new Date(Date.now() - 900_000).toUTCString() },
      }),
    });
    const client = await bench.client();
    expect(await client.ask(question())).toMatchObject({ kind: 'not-sent', reason: 'clock-skew' });
  });

  it('is not blamed where it differs little', async () => {
    bench = await startBench({ sts: behind(20) });
    const client = await bench.client();
    expect(await client.ask(question())).toMatchObject({ kind: 'not-sent', reason: 'sts-refused' });
  });
});

const cut: Script = (_seen, response) => {
  response.destroy();
  return null;
};

describe('an STS in trouble', () => {
  it.each<[string, Script, string, string]>([
    [
      '503 page',
      () => ({ status: 503, type: 'text/html', body: '<html/>' }),
      'sts-unavailable',
      'http-error',
    ],
    ['403 page', () => ({ status: 403, type: 'text/html', body: '<html/>' }), 'sts-refused', 'http-error'],
    ['page with status 200', () => ({ type: 'text/html', body: '<html/>' }), 'sts-unavailable', 'unreadable'],
    [
      'truncated answer',
      (seen) => ({ body: String(rstr(seen).body).slice(0, -20) }),
      'sts-unavailable',
      'unreadable',
    ],
    ['answer to another message', (seen) => rstr({ ...seen, messageId: 'x' }), 'sts-unavailable', 'not-ours'],
    ['answer of another kind', (seen) => answerTo(seen, '<x xmlns="urn:x"/>'), 'sts-unavailable', 'not-ours'],
    ['fault of another kind', (seen) => fault(seen, 'InvalidRequest'), 'sts-refused', 'fault'],
    [
      'computed key',
      (seen) => rstr(seen, { proof: '<trust:ComputedKey>x</trust:ComputedKey>' }),
      'sts-refused',
      'unsupported-proof-token',
    ],
    ['token that has ended', (seen) => rstr(seen, { lifetimeS: -1 }), 'sts-refused', 'already-expired'],
    ['cut connection', cut, 'sts-unavailable', 'connection'],
  ])('by a %s means that nothing was sent', async (_name, script, reason, problem) => {
    bench = await startBench({ sts: script });
    const client = await bench.client();
    expect(await client.ask(question())).toEqual({ kind: 'not-sent', reason, messageIds: [] });
    expect(bench.events).toContainEqual(expect.objectContaining({ type: 'token-refused', problem }));
    expect(bench.routing.seen).toHaveLength(0);
  });

  it('that does not answer ends with the question, unsent', async () => {
    bench = await startBench({ sts: () => null });
    const sts = { ...endpointFor(bench.sts.url), timeoutMs: 400 };
    const client = await bench.client({ sts });
    expect(await client.ask(question({ timeoutMs: 100 }))).toEqual({
      kind: 'not-sent',
      reason: 'deadline-passed',
      messageIds: [],
    });
    expect(bench.routing.seen).toHaveLength(0);
  });
});
