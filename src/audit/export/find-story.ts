import { BridgeError } from '../../errors/bridge-error.js';
import type { Queryable } from '../../storage/database.js';
import { findTariff } from './find-tariff.js';
import { type LogRow, SELECT_ROWS } from './log-rows.js';

/** What an entry is in the story of one query (docs/audit-formats.md). */
export type StoryRole =
  | 'intent'
  | 'outcome'
  | 'late-outcome'
  | 'replayed'
  | 'read'
  | 'sign-in'
  | 'authority'
  | 'seat'
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
  /** Detached ranges before the query, where some part is missing: it may stand there. */
  readonly detached: readonly bigint[];
}

const ROLES: Readonly<Record<string, StoryRole>> = {
  'query.intent': 'intent',
  'query.outcome': 'outcome',
  'query.unknown': 'outcome',
  'query.late-outcome': 'late-outcome',
  'query.replayed': 'replayed',
  'query.read': 'read',
};

/** What every story should have. */
const WANTED: readonly StoryRole[] = ['outcome', 'sign-in', 'authority', 'tariff'];
const ABOUT_COOPERATIVES = "'authority.recorded', 'authority.changed'";
/** Repeats and readings of one query beyond this are in an export, not in its evidence. */
const MAX_OF_QUERY = 200;

interface Intent {
  readonly cooperative: string;
  readonly actor: { readonly session: string };
  readonly authority: { readonly basis: string; readonly version: number };
}

/** Seats by id, or of the older form with everything about them. */
interface Told {
  readonly version: number;
  readonly seats: readonly (string | { readonly seat: string })[];
}

/**
 * Everything that the log says about query `id`: itself, its sign-in, its right, its tariff. Errors: `NOT_FOUND`, which names
 * the detached ranges where the query may stand.
 */
export async function findStory(db: Queryable, id: string): Promise<Story> {
  const { rows } = await db.query<LogRow>({
    text: `${SELECT_ROWS} WHERE s.query = $1 ORDER BY s.leaf_index LIMIT ${MAX_OF_QUERY}`,
    values: [id],
  });
  const intent = rows.find((row) => row.kind === 'query.intent');
  if (intent === undefined) throw await notFound(db);
  const { data } = JSON.parse(intent.line) as { data: Intent };
  const own = rows.flatMap((row): StoryEntry[] => {
    const role = ROLES[row.kind];
    return role === undefined ? [] : [{ leaf: row.leaf_index, role, line: row.line }];
  });
  const around = {
    'sign-in': await lastBefore(db, intent, "s.kind = 'session.opened' AND s.session = $2", [
      data.actor.session,
    ]),
    ...(await authorityOf(db, intent, data)),
    tariff: await findTariff(db, intent),
  };
  const found = Object.entries(around).flatMap(([role, row]): StoryEntry[] =>
    row === null ? [] : [{ leaf: row.leaf_index, role: role as StoryRole, line: row.line }],
  );
  const roles = new Set([...own, ...found].map((entry) => entry.role));
  const missing = [
    ...WANTED.filter((role) => !roles.has(role)),
    ...(around.authority?.kind === 'authority.recorded' && around.seat === null ? (['seat'] as const) : []),
  ];
  return {
    entries: [...own, ...found].sort((a, b) => (a.leaf < b.leaf ? -1 : 1)),
    missing,
    detached: missing.length === 0 ? [] : await detachedBefore(db, intent.leaf_index),
  };
}

async function notFound(db: Queryable): Promise<BridgeError> {
  const parts = await detachedBefore(db, null);
  const where = parts.length === 0 ? '' : ` (ranges ${parts.join(', ')} are detached: it may stand there)`;
  return new BridgeError('NOT_FOUND', `the log holds no query with this id${where}`);
}

async function detachedBefore(db: Queryable, leaf: bigint | null): Promise<readonly bigint[]> {
  const { rows } = await db.query<{ part: bigint }>({
    text: 'SELECT part FROM bridge.log_detached WHERE $1::bigint IS NULL OR part <= $1::bigint >> 20 ORDER BY part',
    values: [leaf],
  });
  return rows.map(({ part }) => part);
}

/**
 * A right rests on a role that was granted to the person, else on a seat that the cooperative's last entry lists, and on what the seat's
 * own last entry in front of that one says of it. An entry of another version, or without the seat, is not what the right rested on:
 * then it is missing.
 */
async function authorityOf(
  db: Queryable,
  intent: LogRow,
  data: Intent,
): Promise<{ readonly authority: LogRow | null; readonly seat: LogRow | null }> {
  const { basis } = data.authority;
  const granted = await lastBefore(db, intent, "s.kind = 'role.granted' AND s.ref = $2", [basis]);
  if (granted !== null) return { authority: granted, seat: null };
  const told = await lastBefore(db, intent, `s.kind IN (${ABOUT_COOPERATIVES}) AND s.cooperative = $2`, [
    data.cooperative,
  ]);
  if (told === null || !restsOn(told, data)) return { authority: null, seat: null };
  // Of the older form the entry itself says what the seats are.
  if (told.kind !== 'authority.recorded') return { authority: told, seat: null };
  return {
    authority: told,
    seat: await lastBefore(db, told, "s.kind = 'seat.recorded' AND s.ref = $2", [basis]),
  };
}

function restsOn(told: LogRow, { authority: { basis, version } }: Intent): boolean {
  const { data } = JSON.parse(told.line) as { data: Told };
  return (
    data.version === version &&
    data.seats.some((seat) => (typeof seat === 'string' ? seat : seat.seat) === basis)
  );
}

async function lastBefore(
  db: Queryable,
  { leaf_index: leaf }: LogRow,
  condition: string,
  values: readonly string[],
): Promise<LogRow | null> {
  const { rows } = await db.query<LogRow>({
    text: `${SELECT_ROWS} WHERE s.leaf_index < $1 AND ${condition} ORDER BY s.leaf_index DESC LIMIT 1`,
    values: [leaf, ...values],
  });
  return rows[0] ?? null;
}
