import type { Effect, EffectApplier, PlacedEffect } from '../../audit/lane.js';
import type { Transaction } from '../../storage/database.js';
import type { CooperativeRecord, RecordedSeat } from '../record.js';
import { type AuthorityEvent, raiseVersion } from './events.js';

/** The rows of one cooperative. `isNew` false: nothing but the day has changed, so that there is no new version. */
export interface RecordedAuthority extends Effect {
  readonly kind: 'authority-recorded';
  /** `authority.recorded`, or `authority.turned` where only the day has changed. */
  readonly entryId: string;
  readonly record: CooperativeRecord;
  readonly isNew: boolean;
  /** Status of today. */
  readonly durum: string;
  readonly suspendedBy: string | null;
  readonly version: number;
  readonly source: string;
  readonly asOf: Date | null;
  readonly readAt: Date;
  /** Seats to be written; `entryId` null: only what the feed was told has changed. */
  readonly seats: readonly {
    readonly seat: RecordedSeat;
    readonly told: boolean;
    readonly entryId: string | null;
  }[];
  readonly persons: readonly { readonly tag: string; readonly box: Buffer; readonly masterKeyId: string }[];
  readonly events: readonly AuthorityEvent[];
}

const COOPERATIVES = `INSERT INTO bridge.authority_cooperative AS c (mersis_no, vkn, unvan, tur, kanun, seviye, il, ilgili_bakanlik,
    durum, statuses, successor, suspended_by, suspensions, version, read_at, as_of, changed_at_version, leaf_index)
  SELECT x."mersisNo", x.vkn, x.unvan, x.tur, x.kanun, x.seviye, x.il, x."ilgiliBakanlik", x.durum, x.statuses, x.successor,
    x."suspendedBy", x.suspensions, x.version, x."readAt", x."asOf", $2, x.leaf
  FROM json_to_recordset($1::json) AS x("mersisNo" text, vkn text, unvan text, tur text, kanun text, seviye text, il text,
    "ilgiliBakanlik" text, durum text, statuses jsonb, successor text, "suspendedBy" text, suspensions jsonb, version bigint,
    "readAt" timestamptz, "asOf" timestamptz, leaf bigint) ORDER BY 1
  ON CONFLICT (mersis_no) DO UPDATE SET vkn = excluded.vkn, unvan = excluded.unvan, tur = excluded.tur, kanun = excluded.kanun,
    seviye = excluded.seviye, il = excluded.il, ilgili_bakanlik = excluded.ilgili_bakanlik, durum = excluded.durum,
    statuses = excluded.statuses, successor = excluded.successor, suspended_by = excluded.suspended_by,
    suspensions = excluded.suspensions, version = excluded.version, read_at = greatest(c.read_at, excluded.read_at),
    as_of = greatest(c.as_of, excluded.as_of), changed_at_version = excluded.changed_at_version,
    leaf_index = coalesce(excluded.leaf_index, c.leaf_index)`;
const SEATS = `INSERT INTO bridge.authority_seat AS s (seat_id, person_tag, mersis_no, role, starts_on, ends_on, registered_on, source,
    gone_on, state, representation, gazette, acts_for, appointment_id, leaf_index, told)
  SELECT x."seatId", decode(x.tag, 'hex'), x."mersisNo", x.role, x."startsOn", x."endsOn", x."registeredOn", x.source, x."goneOn",
    x.state, x.representation, x.gazette, x."actsFor", x.appointment, x.leaf, x.told
  FROM json_to_recordset($1::json) AS x("seatId" uuid, tag text, "mersisNo" text, role text, "startsOn" date, "endsOn" date,
    "registeredOn" date, source text, "goneOn" date, state text, representation text, gazette text, "actsFor" text,
    appointment uuid, leaf bigint, told boolean) ORDER BY 1
  ON CONFLICT (seat_id) DO UPDATE SET person_tag = excluded.person_tag, mersis_no = excluded.mersis_no, role = excluded.role,
    starts_on = excluded.starts_on, ends_on = excluded.ends_on, registered_on = excluded.registered_on, source = excluded.source,
    gone_on = excluded.gone_on, state = excluded.state, representation = excluded.representation, gazette = excluded.gazette,
    acts_for = excluded.acts_for, appointment_id = excluded.appointment_id,
    leaf_index = coalesce(excluded.leaf_index, s.leaf_index), told = excluded.told`;
const PERSONS = `INSERT INTO bridge.authority_person (person_tag, person_box, master_key_id)
  SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::text[]) ORDER BY 1 ON CONFLICT (person_tag) DO NOTHING`;
const HISTORY = `INSERT INTO bridge.authority_history (mersis_no, leaf_index, version, recorded_at, facts)
  SELECT x."mersisNo", x.leaf, x.version, x.at, x.facts
  FROM json_to_recordset($1::json) AS x("mersisNo" text, leaf bigint, version bigint, at timestamptz, facts jsonb)`;

/** Writes the cooperatives of a batch with seats, persons, history and events; the lane has locked head and cooperatives. */
export const recordApplier: EffectApplier<RecordedAuthority> = {
  kind: 'authority-recorded',
  apply: async (tx, placed) => {
    const known = placed.map((one) => ({ ...one, leaf: one.leafOf(one.effect.entryId) }));
    const events = known.flatMap(({ effect, leaf, receipt: { at } }) =>
      effect.events.map((event) => ({ event, leaf, at })),
    );
    const version = await raiseVersion(tx, events, { roles: false });
    await tx.query({
      name: 'authority-cooperatives',
      text: COOPERATIVES,
      values: [JSON.stringify(known.map(cooperativeRow)), version],
    });
    await tx.query({
      name: 'authority-seats',
      text: SEATS,
      values: [JSON.stringify(placed.flatMap(seatRows))],
    });
    await writePersons(tx, placed);
    const history = known.filter(({ effect }) => effect.isNew).map(historyRow);
    if (history.length > 0)
      await tx.query({ name: 'authority-history', text: HISTORY, values: [JSON.stringify(history)] });
  },
};

type Placed = PlacedEffect<RecordedAuthority>;

function cooperativeRow({ effect, leaf }: Placed & { readonly leaf: bigint }) {
  const { record, durum, suspendedBy, version, asOf, readAt, isNew } = effect;
  const { seats: _seats, ...columns } = record;
  return { ...columns, durum, suspendedBy, version, asOf, readAt, leaf: isNew ? String(leaf) : null };
}

function seatRows({ effect: { record, seats }, leafOf }: Placed) {
  return seats.map(({ seat, told, entryId }) => {
    const leaf = entryId === null ? null : String(leafOf(entryId));
    return { ...seat, mersisNo: record.mersisNo, told, leaf };
  });
}

function historyRow({ effect, leaf, receipt }: Placed & { readonly leaf: bigint }) {
  const { record, version } = effect;
  return {
    mersisNo: record.mersisNo,
    leaf: String(leaf),
    version,
    at: receipt.at.toISOString(),
    facts: record,
  };
}

async function writePersons(tx: Transaction, placed: readonly Placed[]): Promise<void> {
  const persons = placed.flatMap(({ effect }) => effect.persons);
  if (persons.length === 0) return;
  const byTag = [...new Map(persons.map((one) => [one.tag, one])).values()];
  const values = [
    byTag.map(({ tag }) => Buffer.from(tag, 'hex')),
    byTag.map(({ box }) => box),
    byTag.map(({ masterKeyId }) => masterKeyId),
  ];
  await tx.query({ name: 'authority-persons', text: PERSONS, values });
}
