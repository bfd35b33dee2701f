import type { Transaction } from '../../storage/database.js';

/** What the feed tells of one seat or role; days `YYYY-MM-DD`. `reason`: closed word of what brought a loss, null for grants. */
export interface AuthorityEvent {
  readonly kind: 'granted' | 'lost';
  /** Hex, domain `authority`. */
  readonly tag: string;
  readonly mersisNo: string | null;
  /** Seat or role. */
  readonly basis: string;
  readonly data: {
    readonly role: string;
    readonly ministry: string | null;
    readonly il: string | null;
    readonly from: string | null;
    readonly to: string | null;
    readonly registeredOn: string | null;
    readonly reason: string | null;
  };
}

/** An event with the entry that it rests on. */
export interface PlacedEvent {
  readonly event: AuthorityEvent;
  readonly leaf: bigint;
  readonly at: Date;
}

const RISE = `UPDATE bridge.authority_head SET version = version + 1, last_event = last_event + $1,
    roles_version = CASE WHEN $2 THEN version + 1 ELSE roles_version END
  RETURNING version, last_event`;
const INSERT = `INSERT INTO bridge.authority_event (position, at, kind, person_tag, mersis_no, basis, data, leaf_index)
  SELECT x.position, x.at, x.kind, decode(x.tag, 'hex'), x."mersisNo", x.basis, x.data, x.leaf
  FROM json_to_recordset($1::json) AS x(position bigint, at timestamptz, kind text, tag text, "mersisNo" text, basis uuid, data jsonb,
    leaf bigint)`;

/**
 * The version after this change, and its events in the feed. The row of the head stays locked until COMMIT: positions become visible
 * in their order and without a gap. `roles`: true where roles have changed. Returns the version.
 */
export async function raiseVersion(
  tx: Transaction,
  placed: readonly PlacedEvent[],
  { roles }: { readonly roles: boolean },
): Promise<bigint> {
  const { rows } = await tx.query<{ version: bigint; last_event: bigint }>({
    name: 'authority-rise',
    text: RISE,
    values: [placed.length, roles],
  });
  const [head] = rows as [{ version: bigint; last_event: bigint }];
  const first = head.last_event - BigInt(placed.length) + 1n;
  const events = placed.map(({ event, leaf, at }, i) => ({
    ...event,
    at: at.toISOString(),
    position: String(first + BigInt(i)),
    leaf: String(leaf),
  }));
  if (events.length > 0)
    await tx.query({ name: 'authority-events', text: INSERT, values: [JSON.stringify(events)] });
  return head.version;
}
