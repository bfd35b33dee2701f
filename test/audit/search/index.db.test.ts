import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { catchUp, indexEntries, indexUpToHead } from '../../../src/audit/search/index-entries.js';
import { pageStatement } from '../../../src/audit/search/page-query.js';
import { readPage, SNAPSHOT } from '../../../src/audit/search/read-page.js';
import { withConnection } from '../../../src/storage/single-connection.js';
import { TEST_POOL, type TestDatabase } from '../../support/database.js';
import { createLogDatabase, failureOf, gate, type OpenLog, openLog } from '../support/log.js';
import { personOf, tagger } from '../support/parts.js';
import { draft, NONE, rawLane, uuidOf } from './support/random-log.js';

let test: TestDatabase;
let log: OpenLog;
beforeAll(async () => {
  test = await createLogDatabase();
  log = openLog(test.appUrl);
});
afterAll(async () => {
  await log.close();
  await test.drop();
});

const write = async (...entry: Parameters<typeof draft>) =>
  (await log.appender.submit(rawLane, draft(...entry))).leafIndex;
const rowOf = async (leaf: bigint) => {
  const text = 'SELECT * FROM bridge.log_search WHERE leaf_index = $1';
  return (await log.db.query({ text, values: [leaf] })).rows[0];
};
const outcomesOf = async (leaf: bigint) => {
  const text = `SELECT outcome_leaf, outcome, state FROM bridge.log_search_outcome WHERE leaf_index = $1 ORDER BY outcome_leaf`;
  return (await log.db.query({ text, values: [leaf] })).rows;
};
const SESSION = uuidOf(1);
const QUERY = uuidOf(2);
const ACTOR = { acr: 'x', authTime: 'x', session: SESSION };
const EMPTY = {
  client: null,
  cooperative: null,
  purpose: null,
  screen: null,
  service: null,
  reference: null,
  code: null,
  query: null,
  session: null,
  ref: null,
};

describe('the search rows', () => {
  it('hold what an entry can be searched by, and nothing else', async () => {
    const whole = {
      client: 'c',
      cooperative: '0000000000000017',
      purpose: 'ortak-kayit',
      screen: 'S',
      service: 's',
      reference: '2026/17',
      query: QUERY,
    };
    const intent = await write(
      'query.intent',
      { ...whole, actor: ACTOR, account: 'a' },
      { actor: 1, person: 2 },
    );
    const refused = await write('query.refused', { code: 'ROLE_REQUIRED' });
    const read = await write('query.read', { of: QUERY, actor: ACTOR });
    const opened = await write('session.opened', { session: SESSION });
    await indexUpToHead(log.db);
    expect(await rowOf(intent)).toEqual({
      leaf_index: intent,
      kind: 'query.intent',
      ...EMPTY,
      ...whole,
      session: SESSION,
    });
    expect(await rowOf(refused)).toMatchObject({ ...EMPTY, kind: 'query.refused', code: 'ROLE_REQUIRED' });
    expect(await rowOf(read)).toMatchObject({ ...EMPTY, kind: 'query.read', query: QUERY, session: SESSION });
    expect(await rowOf(opened)).toMatchObject({ ...EMPTY, kind: 'session.opened', session: SESSION });
  });

  it('stand for every entry, also of a kind without anything to be searched by', async () => {
    const leaf = await write('access.refused', {});
    await indexUpToHead(log.db);
    expect(await rowOf(leaf)).toEqual({ leaf_index: leaf, kind: 'access.refused', ...EMPTY });
  });

  it('name what a role or a hold is about, and of a destruction the proposal', async () => {
    const granted = await write('role.granted', { roleId: uuidOf(7) });
    const lifted = await write('hold.lifted', { hold: uuidOf(8), proposal: uuidOf(9) });
    const destroyed = await write('retention.refused', { proposal: uuidOf(9) });
    await indexUpToHead(log.db);
    expect(await Promise.all([granted, lifted, destroyed].map(rowOf))).toMatchObject([
      { ref: uuidOf(7) },
      { ref: uuidOf(8) },
      { ref: uuidOf(9) },
    ]);
  });

  it('have each outcome at the leaf of its intent', async () => {
    const intent = await write('query.intent', { query: QUERY });
    const unknown = await write('query.unknown', { intent: Number(intent), query: QUERY, state: 'unknown' });
    const late = await write('query.late-outcome', {
      intent: Number(intent),
      outcome: 'match',
      state: 'answered',
    });
    await indexUpToHead(log.db);
    expect(await outcomesOf(intent)).toEqual([
      { outcome_leaf: unknown, outcome: null, state: 'unknown' },
      { outcome_leaf: late, outcome: 'match', state: 'answered' },
    ]);
  });

  it.each([
    ['a NUL in a text', { reference: 'a\u0000b', cooperative: 'c' }, { cooperative: 'c' }],
    ['a text without end', { reference: 'x'.repeat(20_000) }, { reference: 'x'.repeat(256) }],
    ['an id that is none', { query: 'not-an-id', actor: { session: 'nor this' } }, EMPTY],
    ['members of other types', { query: 5, reference: ['a'], actor: 'nobody', client: true }, EMPTY],
  ])('are made of an entry with %s, and of all that follow', async (_what, data, expected) => {
    const odd = await write('query.intent', data as never);
    const next = await write('query.refused', { code: 'NEXT' });
    await indexUpToHead(log.db);
    expect(await rowOf(odd)).toMatchObject(expected);
    expect(await rowOf(next)).toMatchObject({ code: 'NEXT' });
  });

  it.each([
    ['that is no intent', 1],
    ['that does not exist yet', 900_000],
    ['without a partition', 1 << 30],
    ['that is no number', 'x'],
  ])('have no outcome at a leaf %s, and go on', async (_what, intent) => {
    await write('query.outcome', { intent, outcome: 'match', state: 'answered' });
    const next = await write('query.refused', { code: 'NEXT' });
    await indexUpToHead(log.db);
    expect(await rowOf(next)).toBeDefined();
    expect(typeof intent === 'number' ? await outcomesOf(BigInt(intent)) : []).toEqual([]);
  });
});

describe('the indexer', () => {
  it('goes in steps of a bounded number of leaves, each wholly or not at all', async () => {
    await indexUpToHead(log.db);
    const first = await write('query.refused', {});
    for (let i = 0; i < 9; i += 1) await write('query.refused', {});
    expect(await indexEntries(log.db, { limit: 4 })).toEqual({ size: first + 4n, head: first + 10n });
    expect(await rowOf(first + 3n)).toBeDefined();
    expect(await rowOf(first + 4n)).toBeUndefined();
    expect(await catchUp(log.db)).toBe(first + 10n);
    expect(await indexEntries(log.db)).toEqual({ size: first + 10n, head: first + 10n });
  });

  it('leaves the work to another that is at it, unless it must wait, and then sees what that one did', async () => {
    const leaf = await write('query.refused', {});
    const taken = gate();
    const release = gate();
    const other = log.db.transaction(async (tx) => {
      await tx.query({ text: 'SELECT pg_advisory_xact_lock(7202, 6)' });
      taken.open();
      await release.opened;
    });
    await taken.opened;
    expect(await indexEntries(log.db)).toBeNull();
    expect(await catchUp(log.db)).toBeNull();
    const waiting = indexUpToHead(log.db);
    release.open();
    await Promise.all([other, waiting]);
    expect(await rowOf(leaf)).toBeDefined();
  });

  it('makes one row for each entry however many are at it at once', async () => {
    const writes = Array.from({ length: 60 }, () => write('query.refused', {}));
    await Promise.all([...writes, ...Array.from({ length: 20 }, () => indexUpToHead(log.db))]);
    await indexUpToHead(log.db);
    const text = `SELECT (SELECT count(*) FROM bridge.log_search) AS rows, (SELECT size FROM bridge.log_head) AS size,
      (SELECT size FROM bridge.log_indexed) AS indexed`;
    const [counted] = (await log.db.query<{ rows: bigint; size: bigint; indexed: bigint }>({ text })).rows;
    expect(counted?.rows).toBe(counted?.size);
    expect(counted?.indexed).toBe(counted?.size);
  });

  it('is told by an error where it cannot work, and has then moved nothing', async () => {
    const leaf = await write('query.refused', {});
    const owner = (sql: string) => withConnection({ url: test.ownerUrl, ...TEST_POOL }, (ask) => ask(sql));
    await owner('REVOKE INSERT ON bridge.log_search FROM bridge_app');
    expect(await failureOf(indexUpToHead(log.db))).toMatchObject({ code: '42501' });
    await owner('GRANT INSERT ON bridge.log_search TO bridge_app');
    await indexUpToHead(log.db);
    expect(await rowOf(leaf)).toBeDefined();
  });
});

describe('the work of a page', () => {
  const HEAVY = 3000;
  const plan = async (criteria: Partial<typeof NONE>, values: { tag?: Buffer } = {}) => {
    const statement = pageStatement({
      criteria: { ...NONE, ...criteria },
      personTags: values.tag === undefined ? [] : [values.tag],
      actorTags: values.tag === undefined ? [] : [values.tag],
      low: 0n,
      high: 1n << 40n,
      limit: 51,
      maxCandidates: 20_000,
    });
    return log.db.transaction(
      async (tx) => {
        const { rows } = await tx.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>({
          ...statement,
          text: `EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text}`,
        });
        return nodesOf((rows[0] as (typeof rows)[0])['QUERY PLAN'][0].Plan);
      },
      {
        begin: SNAPSHOT,
      },
    );
  };

  beforeAll(async () => {
    const drafts = Array.from({ length: HEAVY }, (_, i) =>
      draft(
        'query.intent',
        { cooperative: 'heavy', reference: `${i % 3}`, query: uuidOf(i), actor: ACTOR },
        { actor: 77, person: 1000 + (i % 50) },
      ),
    );
    await Promise.all(drafts.map((one) => log.appender.submit(rawLane, one)));
    await indexUpToHead(log.db);
  }, 120_000);

  it.each<[string, Partial<typeof NONE>]>([
    ['a person', { person: personOf(1001) }],
    ['a user who did thousands of things', { actor: personOf(77) }],
    ['a cooperative', { cooperative: 'heavy' }],
    ['a reference', { reference: '1' }],
    ['a session', { session: SESSION }],
    ['a kind', { kinds: ['query.intent'] }],
    ['nothing', {}],
  ])(
    'asked for by %s reads by indexes alone, and hardly more rows than it shows',
    async (_what, criteria) => {
      const tag =
        criteria.person !== undefined
          ? tagger.tag('log.subject', personOf(1001))
          : criteria.actor !== undefined
            ? tagger.tag('log.actor', personOf(77))
            : undefined;
      const nodes = await plan(criteria, tag === undefined ? {} : { tag });
      expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan');
      expect(nodes.map((node) => node['Node Type'])).not.toContain('Sort');
      const walked = nodes.filter((node) => /Index/.test(node['Node Type']));
      expect(walked.length).toBeGreaterThan(1);
      for (const node of walked) expect(node['Actual Rows']).toBeLessThanOrEqual(60);
    },
  );

  it('is bounded where nothing fits: no more candidates than allowed, and the page says where it stopped', async () => {
    const criteria = { ...NONE, cooperative: 'heavy', screen: 'nowhere' };
    const page = await readPage(log.db, { criteria, before: null, pageSize: 50 }, [tagger], 100);
    expect(page).toMatchObject({ rows: [], more: true });
    const { rows } = await log.db.query<{ leaf: bigint }>({
      text: `SELECT leaf_index AS leaf FROM bridge.log_search WHERE cooperative = 'heavy' ORDER BY leaf_index DESC OFFSET 99 LIMIT 1`,
    });
    expect(page.lookedTo).toBe(rows[0]?.leaf);
  });
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly Plans?: readonly PlanNode[];
}

function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
