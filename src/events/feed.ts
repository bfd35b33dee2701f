import { BridgeError } from '../errors/bridge-error.js';
import type { Queryable } from '../storage/database.js';

/** A grant or a loss, as the transaction that brought it wrote it. `tag`: the person's in the domain `authority`. */
export interface FeedEvent {
  readonly position: bigint;
  readonly at: Date;
  readonly kind: 'granted' | 'lost';
  readonly tag: Buffer;
  readonly mersisNo: string | null;
  /** Seat or role. */
  readonly basis: string;
  readonly data: GrantData & { readonly reason: string | null };
  /** The entry that it rests on. */
  readonly leaf: bigint;
}

/** What is told of a seat or role; days `YYYY-MM-DD`. */
export interface GrantData {
  readonly role: string;
  readonly ministry: string | null;
  readonly il: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly registeredOn: string | null;
}

/** The feed's ends: `first` is the oldest event that is kept, `last` the newest; `first` = `last` + 1 where none is. */
export interface FeedEnds {
  readonly first: bigint;
  readonly last: bigint;
}

/** Some events in their order, and the ends at the same moment. */
export interface FeedPage extends FeedEnds {
  readonly events: readonly FeedEvent[];
}

/** As a row; shared with the claim of a webhook. */
export const EVENT_COLUMNS = `e.position, e.at, e.kind, e.person_tag AS tag, e.mersis_no AS "mersisNo", e.basis, e.data, e.leaf_index AS leaf`;

// One statement, one snapshot: ends and events belong together. No event can come to stand behind one that was seen: whoever writes
// events gives their positions under the row lock of authority_head and holds it until COMMIT, so that the next positions cannot even
// be given before these are visible. A sequence would give them before COMMIT, in whatever order the transactions end.
const SELECT = `SELECT h.first_event AS first, h.last_event AS last, ${EVENT_COLUMNS}
  FROM bridge.authority_head h LEFT JOIN LATERAL (
    SELECT * FROM bridge.authority_event WHERE position > coalesce($1::bigint, h.first_event - 1) ORDER BY position LIMIT $2
  ) e ON true ORDER BY e.position`;

type Row = FeedEnds & { readonly [K in keyof FeedEvent]: FeedEvent[K] | null };

/**
 * At most `limit` events behind the position `after`; null: from the oldest that is kept. Whether `after` is a place to go on from
 * tells `cursorFault`. Errors: `LOG_INCONSISTENT` where an event is missing, since whoever read on over a hole would never hear of what was
 * there; those of `Queryable`.
 */
export async function readEvents(db: Queryable, after: bigint | null, limit: number): Promise<FeedPage> {
  const values = [after, limit];
  const { rows } = await db.query<Row>({ name: 'authority-feed', text: SELECT, values });
  const { first, last } = rows[0] as Row;
  const page = { events: rows.flatMap(eventOf), first, last };
  requireNoHole(after, limit, page);
  return page;
}

/** A page is every event from its beginning on, as many as were asked for or up to the last. */
function requireNoHole(after: bigint | null, limit: number, { events, first, last }: FeedPage): void {
  // A cursor in front of the first event that is kept is told to its caller.
  if (after !== null && after < first - 1n) return;
  const begin = (after ?? first - 1n) + 1n;
  const due = last - begin + 1n;
  const wanted = due < 0n ? 0n : due < BigInt(limit) ? due : BigInt(limit);
  const hole = events.findIndex(({ position }, i) => position !== begin + BigInt(i));
  if (hole === -1 && BigInt(events.length) === wanted) return;
  const at = begin + BigInt(hole === -1 ? events.length : hole);
  throw new BridgeError('LOG_INCONSISTENT', `the feed of authority events has a hole at ${at}`);
}

function eventOf({ first: _first, last: _last, ...event }: Row): FeedEvent[] {
  return event.position === null ? [] : [event as FeedEvent];
}

const ENDS = 'SELECT first_event AS first, last_event AS last FROM bridge.authority_head';

/** The ends alone. Errors: those of `Queryable`. */
export async function readEnds(db: Queryable): Promise<FeedEnds> {
  const { rows } = await db.query<FeedEnds>({ text: ENDS });
  return rows[0] as FeedEnds;
}

/**
 * Why nobody can go on behind `after`: events behind it were purged, or it was given by a database that knew more than this one (a
 * restored backup). Null where all that follows is there. Pure.
 */
export function cursorFault(after: bigint, { first, last }: FeedEnds): 'too-old' | 'ahead' | null {
  if (after < first - 1n) return 'too-old';
  return after > last ? 'ahead' : null;
}
