import { describe, expect, it } from '@jest/globals';
import { askChunk } from '../../../src/mersis/poll/ask-chunk.js';
import { createPace } from '../../../src/mersis/poll/pace.js';
import type { MersisReply } from '../../../src/mersis/port.js';

const NOW = new Date('2026-05-04T09:00:00Z');
const NOT_FOUND: MersisReply = { kind: 'not-found', asOf: NOW };
const DOWN: MersisReply = { kind: 'fault', fault: { kind: 'unavailable', cause: 'timeout' } };
const REFUSED: MersisReply = { kind: 'fault', fault: { kind: 'refused' } };
const BUSY: MersisReply = { kind: 'fault', fault: { kind: 'unavailable', cause: 'overloaded' } };
const numbers = (count: number) => Array.from({ length: count }, (_, i) => `0${String(i).padStart(15, '0')}`);

async function ask(
  count: number,
  reply: (asked: number) => MersisReply | Promise<MersisReply>,
  changes: { stopAfter?: number; until?: Date; pace?: ReturnType<typeof createPace> } = {},
) {
  const sent: string[] = [];
  const asked = await askChunk(
    numbers(count),
    { runId: 'run', until: changes.until ?? new Date(NOW.getTime() + 60_000) },
    {
      source: {
        read: async (question) => {
          sent.push('mersisNo' in question ? question.mersisNo : '');
          return reply(sent.length);
        },
      },
      pace: changes.pace ?? { run: (work) => work() },
      now: () => NOW,
      isStopping: () => sent.length >= (changes.stopAfter ?? Number.POSITIVE_INFINITY),
    },
  );
  return { ...asked, sent };
}

describe('a chunk that is asked about', () => {
  it('is asked about once each', async () => {
    const { answers, pause, sent, unasked } = await ask(20, () => NOT_FOUND);
    expect([...sent].sort()).toEqual(numbers(20));
    expect(answers.map(({ mersisNo }) => mersisNo).sort()).toEqual(numbers(20));
    expect([unasked, pause]).toEqual([[], null]);
  });

  it('is left at the first answer that refuses our credentials, and no cooperative is blamed', async () => {
    const serial = createPace({ concurrent: 1, requestsPerSecond: 1000 });
    const { answers, pause, sent, unasked } = await ask(20, (n) => (n === 3 ? REFUSED : NOT_FOUND), {
      pace: serial,
    });
    expect([sent.length, answers.length, unasked.length, pause]).toEqual([3, 2, 18, 'refused']);
  });

  it('is left after ten calls in a row without an answer; one answer begins the count anew', async () => {
    const serial = () => createPace({ concurrent: 1, requestsPerSecond: 1000 });
    const silent = await ask(50, () => DOWN, { pace: serial() });
    expect([silent.sent.length, silent.pause]).toEqual([10, 'unavailable']);
    const some = await ask(50, (n) => (n % 9 === 0 ? NOT_FOUND : DOWN), { pace: serial() });
    expect([some.sent.length, some.pause]).toEqual([50, null]);
    expect((await ask(3, () => DOWN, { pace: serial() })).pause).toBe('unavailable');
  });

  it('is not blamed for our own limit of calls at once', async () => {
    const { answers, pause, unasked } = await ask(20, () => BUSY);
    expect([answers.length, unasked.length, pause]).toEqual([0, 20, null]);
  });

  it('goes no further once the process stops, or once the claim is over', async () => {
    const serial = createPace({ concurrent: 1, requestsPerSecond: 1000 });
    const stopped = await ask(20, () => NOT_FOUND, { stopAfter: 4, pace: serial });
    expect([stopped.sent.length, stopped.unasked.length]).toEqual([4, 16]);
    expect((await ask(20, () => NOT_FOUND, { until: NOW })).sent).toEqual([]);
  });

  it('survives a source that rejects: that is no answer', async () => {
    const { answers } = await ask(1, () => Promise.reject(new Error('broken')));
    expect(answers[0]?.reply).toMatchObject({ kind: 'fault', fault: { kind: 'unavailable' } });
  });
});

it('the pace lets no more through at once than it may', async () => {
  const pace = createPace({ concurrent: 3, requestsPerSecond: 1000 });
  let [now, most] = [0, 0];
  await Promise.all(
    Array.from({ length: 30 }, () =>
      pace.run(async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, 10));
        now -= 1;
      }),
    ),
  );
  expect(most).toBe(3);
});
