import { FoundDifference } from '../audit/check/difference.js';
import type { Transaction } from '../storage/database.js';
import { type HeldRole, type HolderKeys, requireHolders } from './check-holders.js';
import type { RecordedSeat } from './record.js';
import type { AuthorityEvent } from './recording/events.js';
import type { Ground, ToldGrounds } from './told-events.js';
import type { LossReason } from './transitions.js';

interface Head {
  first: bigint;
  last: bigint;
  oldest: bigint | null;
  newest: bigint | null;
  count: bigint;
  leaf: bigint | null;
  first_leaf: bigint | null;
}

interface EventRow {
  position: bigint;
  at: Date;
  kind: 'granted' | 'lost';
  tag: string;
  mersis_no: string | null;
  basis: string;
  data: AuthorityEvent['data'];
  leaf: bigint;
  seat_tag: string | null;
  seat_of: string | null;
  role_tag: string | null;
  version_leaf: bigint | null;
  il: string | null;
  ministry: string | null;
  fact: RecordedSeat | null;
}

/** The newest event of each seat and role. */
type Newest = Map<string, Pick<EventRow, 'kind' | 'leaf'>>;

/** How far the feed could be compared. */
export interface HeldEvents {
  readonly count: number;
  /** Of which only detached ranges can tell, or that began before versions were kept. */
  readonly unknown: number;
  /** Seats and roles that were told of by events that are purged. */
  readonly silent: number;
  /** Holders of roles that are gone whose keys are destroyed or not at hand. */
  readonly closed: number;
}

const CHUNK = 1_000;
const HEAD = `SELECT h.first_event AS first, h.last_event AS last, min(e.position) AS oldest, max(e.position) AS newest, count(e.*) AS count,
    min(e.leaf_index) AS leaf, (SELECT leaf_index FROM bridge.authority_event ORDER BY position LIMIT 1) AS first_leaf
  FROM bridge.authority_head h LEFT JOIN bridge.authority_event e ON true GROUP BY 1, 2`;
// With each event the version of its cooperative that held at its entry.
const EVENTS = `SELECT e.position, e.at, e.kind, encode(e.person_tag, 'hex') AS tag, e.mersis_no, e.basis, e.data, e.leaf_index AS leaf,
    encode(s.person_tag, 'hex') AS seat_tag, s.mersis_no AS seat_of, encode(r.person_tag, 'hex') AS role_tag,
    h.leaf_index AS version_leaf, h.facts->>'il' AS il, h.facts->>'ilgiliBakanlik' AS ministry,
    jsonb_path_query_first(h.facts, '$.seats[*] ? (@.seatId == $id)', jsonb_build_object('id', e.basis)) AS fact
  FROM bridge.authority_event e
  LEFT JOIN bridge.authority_seat s ON s.seat_id = e.basis LEFT JOIN bridge.authority_role r ON r.role_id = e.basis
  LEFT JOIN LATERAL (SELECT v.leaf_index, v.facts FROM bridge.authority_history v
    WHERE v.mersis_no = e.mersis_no AND v.leaf_index <= e.leaf_index ORDER BY v.leaf_index DESC LIMIT 1) h ON true
  WHERE e.position > $1 ORDER BY e.position LIMIT ${CHUNK}`;
// What is told and what was told last. Where nothing was purged ($1), what is told was told by an event.
const TOLD = `WITH newest AS (SELECT DISTINCT ON (basis) basis, kind FROM bridge.authority_event ORDER BY basis, position DESC),
    standing AS (SELECT seat_id AS id, told FROM bridge.authority_seat UNION ALL SELECT role_id, told FROM bridge.authority_role)
  SELECT min(coalesce(s.id, n.basis)::text) FILTER (WHERE coalesce(s.told, false) <>
      CASE WHEN n.kind IS NOT NULL THEN n.kind = 'granted' WHEN $1 THEN false ELSE s.told END) AS wrong,
    count(*) FILTER (WHERE s.told AND n.basis IS NULL) AS silent
  FROM standing s FULL JOIN newest n ON n.basis = s.id`;
const REASONS: readonly string[] = [
  'term-ended',
  'gone',
  'suspended',
  'status',
  'changed',
] satisfies LossReason[];

/** What entries must be remembered for `holdEvents`. Errors: those of `Transaction`. */
export async function openGrounds(tx: Transaction): Promise<ToldGrounds> {
  const { first, leaf } = await readHead(tx);
  // Where nothing was purged every ground has its events.
  return { from: first === 1n ? 0n : leaf, grounds: new Map(), roles: new Map() };
}

/**
 * The feed is whole between its ends, and each event is what its entry and the version of that entry say: about the person whose seat or
 * role it is, granted and lost in turns, the last one as the row is marked; no event of a turned day is missing. Throws `FoundDifference`.
 */
export async function holdEvents(
  tx: Transaction,
  check: string,
  keys: HolderKeys,
  told: ToldGrounds,
  isWhole: boolean,
): Promise<HeldEvents> {
  const head = await readHead(tx);
  requireNoHole(head, check);
  const newest: Newest = new Map();
  const gone: HeldRole[] = [];
  let unknown = 0;
  for (let after = 0n; ; ) {
    const { rows } = await tx.query<EventRow>({ text: EVENTS, values: [after] });
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.position;
    for (const row of rows) {
      const trouble = turnTrouble(row, newest, head.first) ?? troubleOf(row, told, isWhole);
      if (trouble === 'unknown') unknown += 1;
      else if (trouble !== null)
        throw new FoundDifference(check, `event ${row.position} of the feed ${trouble}`, row.leaf);
      const role = row.role_tag === null ? told.roles.get(row.basis) : undefined;
      if (role !== undefined)
        gone.push({ roleId: row.basis, tag: Buffer.from(row.tag, 'hex'), holders: [role.holder] });
    }
  }
  requireAllTurned(told, head, check);
  const silent = await requireLastAsTold(tx, check, head);
  const closed = await requireHolders(tx, check, keys, gone);
  return { count: Number(head.count), unknown, silent, closed };
}

async function readHead(tx: Transaction): Promise<Head> {
  return (await tx.query<Head>({ text: HEAD })).rows[0] as Head;
}

/** Positions are a key: as many as lie between the ends, and both ends among them, are all. */
function requireNoHole({ first, last, oldest, newest, count }: Head, check: string): void {
  const isWhole =
    count === last - first + 1n && (count === 0n ? first >= 1n : oldest === first && newest === last);
  if (!isWhole) throw new FoundDifference(check, `the feed of events is not whole from ${first} to ${last}`);
}

/** Of one seat or role grants and losses take turns, each by another entry; where nothing was purged, a grant is the first. */
function turnTrouble({ basis, kind, leaf }: EventRow, newest: Newest, first: bigint): string | null {
  const before = newest.get(basis);
  newest.set(basis, { kind, leaf });
  if (before?.leaf === leaf) return `tells of ${basis} a second time by one entry`;
  const kindBefore = before?.kind ?? (first === 1n ? 'lost' : undefined);
  return kindBefore === kind ? `says once more that ${basis} is ${kind}` : null;
}

function troubleOf(row: EventRow, told: ToldGrounds, isWhole: boolean): string | null {
  const ground = told.grounds.get(row.leaf);
  if (ground === undefined) return isWhole ? 'rests on no entry that tells of authority' : 'unknown';
  if (ground.at !== row.at.getTime()) return 'has another time than its entry';
  if (ground.turned !== null && !ground.turned[row.kind].delete(row.basis)) return 'is not what its day says';
  return ground.cooperative === null ? roleTrouble(row, told, ground, isWhole) : seatTrouble(row, ground);
}

function seatTrouble(row: EventRow, { cooperative, turned }: Ground): string | null {
  const { data, fact, kind, leaf, mersis_no, version_leaf } = row;
  if (mersis_no !== cooperative || row.seat_of !== cooperative) return 'is about another cooperative';
  if (row.tag !== row.seat_tag) return 'names another person than the seat';
  // Told of by the day, from before versions were kept.
  if (turned !== null && version_leaf === null) return 'unknown';
  if (turned === null && version_leaf !== leaf) return 'rests on a version that is gone';
  if (fact === null) return 'is about a seat that was not known then';
  const { role, startsOn, endsOn, registeredOn, tag } = fact;
  if (tag !== row.tag) return 'names another person than was known then';
  const said = [role, row.ministry, row.il, startsOn, endsOn, registeredOn];
  return isAsSaid(data, said) && isReason(data.reason, kind, REASONS)
    ? null
    : 'says something else than its entry';
}

function roleTrouble(row: EventRow, told: ToldGrounds, { turned }: Ground, isWhole: boolean): string | null {
  const { basis, data, kind, leaf } = row;
  const role = told.roles.get(basis);
  const brought = kind === 'granted' ? role?.granted : role?.revoked;
  // The first entry of the decision is the ground of all its events.
  const isBrought = turned !== null || (typeof brought === 'bigint' && brought >= leaf);
  if (role === undefined || !isBrought) return isWhole ? 'tells of a role that no entry tells of' : 'unknown';
  if (row.role_tag !== null && row.tag !== row.role_tag) return 'names another person than the role';
  const { role: name, ministry, il, mersisNo, from, to } = role;
  const isSame =
    row.mersis_no === mersisNo &&
    isAsSaid(data, [name, ministry, il, from, to, null]) &&
    isReason(data.reason, kind, turned === null ? ['revoked'] : ['term-ended']);
  return isSame ? null : 'says something else than its entry';
}

function isAsSaid(data: AuthorityEvent['data'], said: readonly (string | null)[]): boolean {
  const { role, ministry, il, from, to, registeredOn } = data;
  return [role, ministry, il, from, to, registeredOn].every((one, i) => one === said[i]);
}

function isReason(reason: string | null, kind: EventRow['kind'], reasons: readonly string[]): boolean {
  return kind === 'granted' ? reason === null : reason !== null && reasons.includes(reason);
}

/** Of the entry of the oldest event some may be purged, of those behind it none. */
function requireAllTurned({ grounds }: ToldGrounds, { first, first_leaf }: Head, check: string): void {
  for (const [leaf, { turned }] of grounds) {
    if (turned === null || (first !== 1n && (first_leaf === null || leaf <= first_leaf))) continue;
    if (turned.granted.size + turned.lost.size > 0)
      throw new FoundDifference(check, 'the feed does not tell what a day has turned', leaf);
  }
}

async function requireLastAsTold(tx: Transaction, check: string, { first }: Head): Promise<number> {
  const { rows } = await tx.query<{ wrong: string | null; silent: bigint }>({
    text: TOLD,
    values: [first === 1n],
  });
  const [{ wrong, silent }] = rows as [{ wrong: string | null; silent: bigint }];
  if (wrong !== null)
    throw new FoundDifference(check, `the last event about ${wrong} is not what its row is marked with`);
  return Number(silent);
}
