import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Criteria } from '../../../src/audit/search/criteria.js';
import { indexUpToHead } from '../../../src/audit/search/index-entries.js';
import { type Page, readPage } from '../../../src/audit/search/read-page.js';
import type { TestDatabase } from '../../support/database.js';
import { asOwner, createLogDatabase, type OpenLog, openLog } from '../support/log.js';
import { personOf, tagger } from '../support/parts.js';
import {
  anyCriteria,
  draft,
  logOf,
  type ModelEntry,
  modelEntry,
  NONE,
  naiveSearch,
  rawLane,
  START,
} from './support/random-log.js';

let test: TestDatabase;
let log: OpenLog;
let now = new Date(START);

beforeAll(async () => {
  test = await createLogDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  // Entries cannot be taken away by the application; the owner may, in a test's own database.
  await asOwner(test, 'TRUNCATE bridge.entry, bridge.log_tag, bridge.log_search, bridge.log_search_outcome');
  await asOwner(test, `UPDATE bridge.log_head SET size = 0, compact_range = '', last_at = 'epoch'`);
  await asOwner(test, 'UPDATE bridge.log_indexed SET size = 0');
  now = new Date(START);
  log = openLog(test.appUrl, { deps: { now: () => now }, settings: { maxBatch: 1 } });
});
afterEach(() => log.close());

async function write(entries: ReturnType<typeof logOf>): Promise<void> {
  for (const entry of entries) {
    now = entry.at;
    await log.appender.submit(rawLane, entry.draft);
  }
  await indexUpToHead(log.db);
}

const pageOf = (criteria: Criteria, before: bigint | null, pageSize: number, most?: number) =>
  readPage(log.db, { criteria, before, pageSize }, [tagger], most);

/** Every page until there is none; `between` happens before each further one. */
async function allPages(
  criteria: Criteria,
  { pageSize = 7, most = 20_000, between = async () => undefined as unknown } = {},
): Promise<Page[]> {
  const pages: Page[] = [];
  for (let before: bigint | null = null; ; ) {
    const page = await pageOf(criteria, before, pageSize, most);
    pages.push(page);
    expect(page.rows.length).toBeLessThanOrEqual(pageSize);
    if (!page.more) return pages;
    if (before !== null) expect(page.lookedTo).toBeLessThan(before);
    before = page.lookedTo;
    await between();
  }
}

const leavesOf = (pages: readonly Page[]) =>
  pages.flatMap((page) => page.rows.map((row) => Number(row.leafIndex)));
const someEntries = fc.array(modelEntry, { minLength: 120, maxLength: 120 });
const [sample] = fc.sample(someEntries, { numRuns: 1, seed: 7 }) as [ModelEntry[]];

describe('the pages of a search', () => {
  it('together are exactly what a look at every single entry finds, in order, whatever the criteria', async () => {
    const entries = logOf(sample);
    await write(entries);
    const found: number[] = [];
    await fc.assert(
      fc.asyncProperty(anyCriteria, fc.integer({ min: 1, max: 30 }), async (criteria, pageSize) => {
        const leaves = leavesOf(await allPages(criteria, { pageSize }));
        expect(leaves).toEqual(naiveSearch(entries, criteria));
        found.push(leaves.length);
      }),
      { numRuns: 200, seed: 7 },
    );
    // The criteria do meet: a test that finds nothing shows nothing.
    expect(found.filter((count) => count > 0).length).toBeGreaterThan(50);
  });

  it('are the same where a page may look at few candidates only, and then some are short or empty', async () => {
    const entries = logOf(sample);
    await write(entries);
    let short = 0;
    await fc.assert(
      fc.asyncProperty(anyCriteria, fc.integer({ min: 1, max: 9 }), async (criteria, most) => {
        const pages = await allPages(criteria, { pageSize: 5, most });
        expect(leavesOf(pages)).toEqual(naiveSearch(entries, criteria));
        short += pages.filter((page) => page.more && page.rows.length < 5).length;
      }),
      { numRuns: 100 },
    );
    expect(short).toBeGreaterThan(0);
  });

  it('neither jump nor repeat while entries that fit are appended between them', async () => {
    const entries = logOf(sample);
    await write(entries);
    const criteria: Criteria = { ...NONE, person: personOf(1) };
    const expected = naiveSearch(entries, criteria);
    expect(expected.length).toBeGreaterThan(6);
    const between = async () => {
      await log.appender.submit(rawLane, draft('query.intent', {}, { actor: 0, person: 1 }));
      await indexUpToHead(log.db);
    };
    expect(leavesOf(await allPages(criteria, { pageSize: 2, between }))).toEqual(expected);
  });

  it('show with a query what became of it, the last that is known', async () => {
    await write(logOf([{ ...(sample[0] as ModelEntry), kind: 'query.intent' }]));
    const end = (state: string, outcome: string | null) =>
      log.appender.submit(
        rawLane,
        draft(outcome === null ? 'query.unknown' : 'query.late-outcome', { intent: 0, outcome, state }),
      );
    await end('unknown', null);
    await end('answered', 'match');
    await indexUpToHead(log.db);
    for (const outcome of ['unknown', 'match']) {
      const { rows } = await pageOf({ ...NONE, outcome }, null, 10);
      expect(rows).toMatchObject([
        { leafIndex: 0n, outcome: { outcome: 'match', state: 'answered', leafIndex: 2n } },
      ]);
    }
    expect((await pageOf({ ...NONE, outcome: 'mismatch' }, null, 10)).rows).toEqual([]);
  });

  it('find rows made under an earlier tag key, and each entry once', async () => {
    const { createPersonTagger } = await import('../../../src/audit/person-tags.js');
    const newer = createPersonTagger({ id: 2, key: Buffer.alloc(32, 5) });
    const entries = logOf(sample.slice(0, 40));
    await write(entries);
    const rotated = openLog(test.appUrl, { deps: { now: () => now, tagger: newer } });
    await rotated.appender.submit(rawLane, draft('query.intent', {}, { person: 1 }));
    await rotated.close();
    await indexUpToHead(log.db);
    const criteria = { ...NONE, person: personOf(1) };
    const { rows } = await readPage(log.db, { criteria, before: null, pageSize: 100 }, [newer, tagger]);
    expect(rows.map((row) => Number(row.leafIndex))).toEqual([40, ...naiveSearch(entries, criteria)]);
  });

  it('no longer find a person whose search rows went with the key', async () => {
    await write(logOf(sample));
    const criteria = { ...NONE, person: personOf(1) };
    expect((await pageOf(criteria, null, 5)).rows).toHaveLength(5);
    await log.db.query({
      text: 'DELETE FROM bridge.log_tag WHERE tag = $1',
      values: [tagger.tag('log.subject', personOf(1))],
    });
    expect(await pageOf(criteria, null, 5)).toMatchObject({ rows: [], more: false, lookedTo: 0n });
  });

  it('say how far was looked and how far the rows reach, for an empty log too', async () => {
    expect(await pageOf(NONE, null, 5)).toEqual({
      rows: [],
      lookedTo: 0n,
      more: false,
      indexedTo: 0n,
      detached: [],
    });
    await write(logOf(sample.slice(0, 10)));
    expect(await pageOf(NONE, null, 5)).toMatchObject({ lookedTo: 5n, more: true, indexedTo: 10n });
    expect(await pageOf(NONE, null, 10)).toMatchObject({ lookedTo: 0n, more: false });
  });

  it('tell of a detached range that the period touches, and only then', async () => {
    await write(logOf(sample.slice(0, 10)));
    await asOwner(test, `INSERT INTO bridge.log_detached VALUES (3, '\\x${'00'.repeat(32)}', 1)`);
    expect((await pageOf(NONE, null, 5)).detached).toEqual([]);
    await asOwner(test, 'UPDATE bridge.log_detached SET part = 0');
    expect((await pageOf(NONE, null, 5)).detached).toEqual([{ first: 0n, count: 1n << 20n }]);
    // Entries of part 0 are at hand here, so that a period behind the first of them lies behind the range's beginning.
    expect((await pageOf({ ...NONE, from: now }, null, 5)).detached).toEqual([]);
    await asOwner(test, 'DELETE FROM bridge.log_detached');
  });
});
