import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readLookUps } from '../../../src/audit/kvkk/look-ups.js';
import { createPersonTagger } from '../../../src/audit/person-tags.js';
import { indexUpToHead } from '../../../src/audit/search/index-entries.js';
import { SignalLog } from '../signals/support/signal-log.js';
import { personOf, tagger } from '../support/parts.js';

let log: SignalLog;
const older = createPersonTagger({ id: 0, key: randomBytes(32) });
const SUBJECT = 700;

beforeAll(async () => {
  log = await SignalLog.open();
  await log.clear('2026-05-04T09:00:00.000Z');
}, 60_000);
afterAll(() => log.close());

const read = async (changes: object = {}) => {
  await indexUpToHead(log.log.db);
  const wanted = { person: personOf(SUBJECT), from: null, to: null, limit: 20_000, ...changes };
  return readLookUps(log.log.db, [older, tagger], wanted);
};

describe('look-ups about a person', () => {
  it('are none for whom nobody asked about', async () => {
    expect(await read()).toMatchObject({ lookUps: [], total: 0, looks: 0, detached: [] });
  });

  it('stand newest first with the last that is known of each; what the person asked stands elsewhere', async () => {
    const [first, second] = [await log.ask(1, SUBJECT), await log.ask(2, SUBJECT)];
    await log.ask(SUBJECT, 1);
    await log.end(first, null, 'query.unknown');
    await log.end(first, 'match', 'query.late-outcome');
    await log.end(second, 'mismatch');
    const { lookUps, total } = await read();
    expect(total).toBe(2);
    expect(lookUps.map(({ leaf, result }) => [leaf, result])).toEqual([
      [second.leaf, 'mismatch'],
      [first.leaf, 'match'],
    ]);
    expect(lookUps[0]?.userKey).not.toBe(lookUps[1]?.userKey);
  });

  it('come whole and each once, however many pieces they are read in, up to the limit; the rest is counted', async () => {
    const before = (await read()).total;
    await Promise.all(Array.from({ length: 2_500 }, () => log.ask(3, SUBJECT)));
    const { lookUps, total } = await read();
    expect(total).toBe(before + 2_500);
    expect(new Set(lookUps.map(({ leaf }) => leaf)).size).toBe(total);
    expect([...lookUps].sort((a, b) => Number(b.leaf - a.leaf))).toEqual(lookUps);
    const some = await read({ limit: 1_200 });
    expect(some.total).toBe(total);
    expect(some.lookUps).toEqual(lookUps.slice(0, 1_200));
  }, 60_000);

  it('are those of the period alone, its start with them and its end not', async () => {
    await log.at('2026-06-01T00:00:00.000Z').ask(1, SUBJECT);
    await log.at('2026-06-02T00:00:00.000Z').ask(1, SUBJECT);
    const of = async (from: string, to: string) =>
      (await read({ from: new Date(from), to: new Date(to) })).total;
    expect(await of('2026-06-01T00:00:00Z', '2026-06-02T00:00:00Z')).toBe(1);
    expect(await of('2026-06-01T00:00:00Z', '2026-06-03T00:00:00Z')).toBe(2);
    expect(await of('2026-07-01T00:00:00Z', '2026-08-01T00:00:00Z')).toBe(0);
  });

  it('are counted apart from how often the log was looked into for this person', async () => {
    const before = await read();
    await log.read(90, SUBJECT);
    await log.read(90, 701);
    const after = await read();
    expect({ total: after.total, looks: after.looks }).toEqual({
      total: before.total,
      looks: before.looks + 1,
    });
  });
});
