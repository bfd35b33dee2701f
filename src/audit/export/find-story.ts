import { BridgeError } from '../../errors/bridge-error.js';
import type { Queryable } from '../../storage/database.js';

/** What an entry is in the story of one query (docs/audit-formats.md). */
export type StoryRole =
  | 'intent'
  | 'outcome'
  | 'late-outcome'
  | 'replayed'
  | 'read'
  | 'sign-in'
  | 'authority'
  | 'tariff';

export interface StoryEntry {
  readonly leaf: bigint;
  readonly role: StoryRole;
  readonly line: string;
}

/** The story of a query, and the parts of it that the log does not hold (a session opened before the log kept them). */
export interface Story {
  readonly entries: readonly StoryEntry[];
  readonly missing: readonly StoryRole[];
}

const ROLES: Readonly<Record<string, StoryRole>> = {
  'query.intent': 'intent',
  'query.outcome': 'outcome',
  'query.unknown': 'outcome',
  'query.late-outcome': 'late-outcome',
  'query.replayed': 'replayed',
  'query.read': 'read',
};

/** Repeats and readings of one query beyond this are in an export, not in its evidence. */
const MAX_OF_QUERY = 200;
/** Starts looked through for the last one of the instance that asked: a restart a day for over half a year. */
const MAX_STARTS = 200;

interface Row {
  leaf_index: bigint;
  kind: string;
  line: string;
}

interface Intent {
  readonly cooperative: string;
  readonly instance: string;
  readonly actor: { readonly session: string };
  readonly authority: { readonly basis: string };
}

const SELECT =
  'SELECT s.leaf_index, s.kind, e.line FROM bridge.log_search s JOIN bridge.entry e USING (leaf_index)';

/** Everything that the log says about query `id`: itself, its sign-in, its right, its tariff. Errors: `NOT_FOUND`. */
export async function findStory(db: Queryable, id: string): Promise<Story> {
  const { rows } = await db.query<Row>({
    text: `${SELECT} WHERE s.query = $1 ORDER BY s.leaf_index LIMIT ${MAX_OF_QUERY}`,
    values: [id],
  });
  const intent = rows.find((row) => row.kind === 'query.intent');
  if (intent === undefined) throw new BridgeError('NOT_FOUND', 'the log holds no query with this id');
  const { data } = JSON.parse(intent.line) as { data: Intent };
  const own = rows.flatMap((row): StoryEntry[] => {
    const role = ROLES[row.kind];
    return role === undefined ? [] : [{ leaf: row.leaf_index, role, line: row.line }];
  });
  const around = {
    'sign-in': await lastBefore(db, intent, "s.kind = 'session.opened' AND s.session = $2", [
      data.actor.session,
    ]),
    authority: await authorityOf(db, intent, data),
    tariff: await startOf(db, intent, data.instance),
  };
  const found = Object.entries(around).flatMap(([role, row]): StoryEntry[] =>
    row === null ? [] : [{ leaf: row.leaf_index, role: role as StoryRole, line: row.line }],
  );
  const roles = new Set([...own, ...found].map((entry) => entry.role));
  const wanted: readonly StoryRole[] = ['outcome', 'sign-in', 'authority', 'tariff'];
  return {
    entries: [...own, ...found].sort((a, b) => (a.leaf < b.leaf ? -1 : 1)),
    missing: wanted.filter((role) => !roles.has(role)),
  };
}

/** A right rests on a role that was granted to the person, else on what MERSİS says about the cooperative. */
async function authorityOf(db: Queryable, intent: Row, data: Intent): Promise<Row | null> {
  return (
    (await lastBefore(db, intent, "s.kind = 'role.granted' AND s.ref = $2", [data.authority.basis])) ??
    (await lastBefore(db, intent, "s.kind = 'authority.changed' AND s.cooperative = $2", [data.cooperative]))
  );
}

async function startOf(db: Queryable, intent: Row, instance: string): Promise<Row | null> {
  const { rows } = await db.query<Row>({
    text: `${SELECT} WHERE s.kind = 'bridge.started' AND s.leaf_index < $1 ORDER BY s.leaf_index DESC LIMIT ${MAX_STARTS}`,
    values: [intent.leaf_index],
  });
  return (
    rows.find((row) => (JSON.parse(row.line) as { data: { instance: string } }).data.instance === instance) ??
    null
  );
}

async function lastBefore(
  db: Queryable,
  intent: Row,
  condition: string,
  values: readonly string[],
): Promise<Row | null> {
  const { rows } = await db.query<Row>({
    text: `${SELECT} WHERE s.leaf_index < $1 AND ${condition} ORDER BY s.leaf_index DESC LIMIT 1`,
    values: [intent.leaf_index, ...values],
  });
  return rows[0] ?? null;
}
