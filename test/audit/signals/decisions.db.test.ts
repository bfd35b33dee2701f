import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import { createPersonTagger } from '../../../src/audit/person-tags.js';
import { valueFrom } from '../../../src/audit/retention/exclusive-lane.js';
import { createDecideLane, type NewDecision } from '../../../src/audit/signals/decide-lane.js';
import { countOpenSignals, listSignals, type SignalPlace } from '../../../src/audit/signals/list-signals.js';
import type { SignalRule } from '../../../src/audit/signals/rule.js';
import { readEntries } from '../support/log.js';
import { digitsOf, personOf, tagger } from '../support/parts.js';
import { SESSION, SignalLog } from './support/signal-log.js';

const RULE: SignalRule = { code: 'many', measure: 'people-asked-about', threshold: 2, windowMinutes: 10 };
const OFFICER = 90;
const NOON = '2026-05-04T09:00:00.000Z';

let log: SignalLog;
let acts = true;
beforeAll(async () => {
  log = await SignalLog.open();
}, 60_000);
afterAll(() => log.close());
beforeEach(async () => {
  acts = true;
  await log.clear(NOON);
  await log.look([]);
});

const older = createPersonTagger({ id: 0, key: randomBytes(32) });
const lane = createDecideLane({
  instance: 'test-1',
  taggers: [older, tagger],
  stillActs: async () => acts,
});

function decide(signal: string, over: Partial<NewDecision> & { by?: number } = {}): Promise<bigint> {
  const { by = OFFICER, ...rest } = over;
  const officer = { person: personOf(by), tag: tagger.tag('authority', personOf(by)), session: SESSION };
  const decision = { officer, signal, decision: 'justified', note: 'Toplu üye kaydı', ...rest } as const;
  return log.log.appender.submit(lane, decision).then(valueFrom);
}

/** Raises one signal about each of these users; their ids, the newest first. */
async function raise(...users: number[]): Promise<string[]> {
  for (const user of users) {
    await log.askMany(user, 2);
    await log.look([RULE]);
  }
  return (await page(null, 200)).signals.map(({ id }) => id);
}

const page = (after: SignalPlace | null, limit: number, openOnly = false) =>
  listSignals(log.log.db, { after, limit, openOnly });
const decided = async () => (await readEntries(log.log.db)).filter(({ kind }) => kind === 'signal.decided');

describe('a decision', () => {
  it('is an entry as the catalogue has it, and closes the signal', async () => {
    const [signal = ''] = await raise(1);
    const leaf = await decide(signal, { decision: 'reported' });
    const [entry] = await decided();
    expect(entry?.leaf_index).toBe(leaf);
    expect(JSON.parse(entry?.line ?? '').data).toEqual({
      actor: SESSION,
      decision: 'reported',
      instance: 'test-1',
      note: 'Toplu üye kaydı',
      signal,
    });
    expect(entry?.line).not.toContain(digitsOf(OFFICER));
    const [raisedLine] = (await readEntries(log.log.db)).filter(({ kind }) => kind === 'signal.raised');
    for (const row of [entry, raisedLine]) expect(checkLine(row?.line ?? '').kind).toBe(row?.kind);
    expect((await page(null, 10)).signals[0]).toMatchObject({
      id: signal,
      decision: 'reported',
      decidedLeaf: leaf,
    });
    expect(await countOpenSignals(log.log.db)).toBe(0);
  });

  it('is not the user’s own, under whichever tag key the signal stands', async () => {
    const [signal = ''] = await raise(1);
    await expect(decide(signal, { by: 1 })).rejects.toMatchObject({ code: 'SECOND_PERSON_REQUIRED' });
    expect(await decided()).toEqual([]);
    expect(await countOpenSignals(log.log.db)).toBe(1);
  });

  it('is made once', async () => {
    const [signal = ''] = await raise(1);
    await decide(signal);
    await expect(decide(signal, { decision: 'reported' })).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await decided()).toHaveLength(1);
  });

  it('is made once where two officers decide in the same moment', async () => {
    const [signal = ''] = await raise(1);
    const both = await Promise.allSettled([decide(signal), decide(signal, { by: 91 })]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await decided()).toHaveLength(1);
  });

  it('about no signal is refused', async () => {
    await raise(1);
    await expect(decide(randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('needs a session and a role that still stand', async () => {
    const [signal = ''] = await raise(1);
    acts = false;
    await expect(decide(signal)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    expect(await countOpenSignals(log.log.db)).toBe(1);
  });

  it.each([
    ['nothing', ''],
    ['blanks', '  '],
    ['too much', 'x'.repeat(501)],
    ['an identity number', `kişi ${digitsOf(7)} için`],
  ])('is refused with a note of %s', async (_what, note) => {
    const [signal = ''] = await raise(1);
    await expect(decide(signal, { note })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    expect(await decided()).toEqual([]);
  });

  it('may have a note of five hundred characters', async () => {
    const [signal = ''] = await raise(1);
    await expect(decide(signal, { note: 'x'.repeat(500) })).resolves.toBeGreaterThan(0n);
  });

  it('can still be made when the user’s key is destroyed', async () => {
    const [signal = ''] = await raise(1);
    await log.log.db.query({ text: "DELETE FROM bridge.person_key WHERE side = 'actor'" });
    await decide(signal);
    expect(await countOpenSignals(log.log.db)).toBe(0);
  });
});

describe('the list', () => {
  it('shows open signals first, the newest first in each part, page by page', async () => {
    const newestFirst = await raise(1, 2, 3, 4, 5, 6, 7);
    for (const i of [0, 3, 6]) await decide(newestFirst[i] ?? '');
    const wanted = [1, 2, 4, 5, 0, 3, 6].map((i) => newestFirst[i]);
    for (const limit of [1, 2, 3, 4, 6, 7, 8]) {
      const seen: string[] = [];
      let after: SignalPlace | null = null;
      do {
        const { signals, next } = await page(after, limit);
        expect(signals.length).toBeLessThanOrEqual(limit);
        seen.push(...signals.map(({ id }) => id));
        after = next;
      } while (after !== null && seen.length < 20);
      expect(seen).toEqual(wanted);
    }
  });

  it('shows open signals alone where only those are wanted', async () => {
    const [first = '', second = ''] = await raise(1, 2);
    await decide(first);
    const { signals, next } = await page(null, 10, true);
    expect([signals.map(({ id }) => id), next]).toEqual([[second], null]);
  });

  it('leaves none out where one is decided between two pages', async () => {
    const all = await raise(1, 2, 3);
    const first = await page(null, 1);
    await decide(all[1] ?? '');
    const second = await page(first.next, 10);
    expect([...first.signals, ...second.signals].map(({ id }) => id).sort()).toEqual([...all].sort());
  });

  it('holds nobody’s number', async () => {
    await raise(1, 2);
    const { signals } = await page(null, 10);
    const text = JSON.stringify(signals, (_key, value) => (typeof value === 'bigint' ? `${value}` : value));
    expect(signals).toHaveLength(2);
    for (const n of [1, 2, 1000, 1001]) expect(text).not.toContain(digitsOf(n));
  });
});
