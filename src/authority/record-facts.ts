import type { Appender } from '../audit/appender.js';
import type { DataOf } from '../audit/catalogue/catalogue.js';
import { draftOf } from '../audit/draft.js';
import type { Effect, EffectApplier, Lane, Settled } from '../audit/lane.js';
import type { Database, Transaction } from '../storage/database.js';
import type { Ministry, Seat } from './facts.js';

/** A seat as a reading gives it. `personTag`: the person's tag in the domain `authority`. */
export interface SeatReading extends Seat {
  readonly personTag: Buffer;
}

/** What a source says about one cooperative: everything, so that a seat that is not in it is gone. */
export interface CooperativeReading {
  readonly mersisNo: string;
  readonly unvan: string;
  readonly tur: string;
  readonly kanun: string;
  readonly seviye: string;
  readonly il: string;
  readonly ilgiliBakanlik: Ministry;
  readonly durum: string;
  readonly seats: readonly SeatReading[];
}

/** What stands in the tables. */
interface Held {
  readonly version: number;
  readonly suspended: boolean;
  readonly facts: string;
}

/** The rows of one cooperative, its seats replaced by those of the reading. */
export interface RecordedCooperative extends Effect {
  readonly kind: 'authority-recorded';
  readonly cooperative: CooperativeReading;
  readonly version: number;
  readonly readAt: Date;
}

interface Reading {
  readonly cooperatives: readonly CooperativeReading[];
  readonly source: string;
  readonly readAt: Date;
}

/** Cooperatives in one transaction, for which every query waits: a first load of 50,000 is 500 short waits. */
const MAX_AT_ONCE = 100;
/** Nobody waits for it; the next reading comes anyway. */
const PATIENCE_MS = 30_000;

/**
 * Exclusive: a reading may take a right away, and from its COMMIT on no intent rests on it. What has not changed gets no
 * entry; the answer names it.
 */
const readingLane: Lane<Reading, readonly string[]> = {
  name: '5-authority',
  patienceMs: PATIENCE_MS,
  exclusive: true,
  settle: async (tx, readings) => {
    const numbers = readings.flatMap(({ cooperatives }) => cooperatives.map((one) => one.mersisNo));
    const held = await lockHeld(tx, numbers);
    return readings.map((reading) => settleReading(reading, held));
  },
};

function settleReading(
  { cooperatives, source, readAt }: Reading,
  held: ReadonlyMap<string, Held>,
): Settled<readonly string[]> {
  const isSame = (one: CooperativeReading) => held.get(one.mersisNo)?.facts === factsOf(one);
  const changed = cooperatives
    .filter((one) => !isSame(one))
    .map((cooperative) => {
      const before = held.get(cooperative.mersisNo);
      return { cooperative, before, version: (before?.version ?? 0) + 1 };
    });
  return {
    entries: changed.map(({ cooperative, before, version }) =>
      draftOf('authority.changed', readAt, {
        before: before?.version ?? null,
        cooperative: cooperative.mersisNo,
        durum: cooperative.durum,
        il: cooperative.il,
        ministry: cooperative.ilgiliBakanlik,
        seats: inOrder(cooperative.seats).map(shownSeat),
        source,
        suspended: before?.suspended ?? false,
        version,
      }),
    ),
    effects: changed.map(
      ({ cooperative, version }): RecordedCooperative => ({
        kind: 'authority-recorded',
        cooperative,
        version,
        readAt,
      }),
    ),
    answer: () => cooperatives.filter(isSame).map((one) => one.mersisNo),
  };
}

/**
 * Brings in what `source` (a closed word, such as `registry`) says about cooperatives: one `authority.changed` for each whose
 * facts have changed, its rows in the same transaction; for the others only the time of the reading, and what decides
 * nothing. `log` needs `authorityApplier`. Returns how many have changed. Errors: those of `Appender` and `Database`.
 */
export async function recordReading(
  log: Appender,
  db: Database,
  cooperatives: readonly CooperativeReading[],
  source: string,
  readAt: Date,
): Promise<number> {
  let changed = 0;
  for (let first = 0; first < cooperatives.length; first += MAX_AT_ONCE) {
    const some = cooperatives.slice(first, first + MAX_AT_ONCE);
    const same = new Set(await log.submit(readingLane, { cooperatives: some, source, readAt }));
    changed += some.length - same.size;
    await renew(
      db,
      some.filter((one) => same.has(one.mersisNo)),
      readAt,
    );
  }
  return changed;
}

interface HeldRow {
  mersis_no: string;
  version: bigint;
  suspended: boolean;
  durum: string;
  il: string;
  ilgili_bakanlik: Ministry;
  seats:
    | {
        id: string;
        tag: string;
        role: Seat['role'];
        starts: string;
        ends: string | null;
        registered: string | null;
      }[]
    | null;
}

// In key order, as whatever else locks cooperatives must. Seats are locked by their cooperative's row.
const LOCK = `SELECT c.mersis_no, c.version, c.suspended_by IS NOT NULL AS suspended, c.durum, c.il, c.ilgili_bakanlik,
    (SELECT json_agg(json_build_object('id', s.seat_id, 'tag', encode(s.person_tag, 'hex'), 'role', s.role,
        'starts', s.starts_on, 'ends', s.ends_on, 'registered', s.registered_on))
      FROM bridge.authority_seat s WHERE s.mersis_no = c.mersis_no) AS seats
  FROM bridge.authority_cooperative c WHERE c.mersis_no = ANY($1::text[]) ORDER BY c.mersis_no FOR UPDATE OF c`;

async function lockHeld(tx: Transaction, numbers: readonly string[]): Promise<ReadonlyMap<string, Held>> {
  const { rows } = await tx.query<HeldRow>({ name: 'authority-lock', text: LOCK, values: [numbers] });
  return new Map(
    rows.map((row) => {
      const { durum, il, ilgili_bakanlik: ilgiliBakanlik, suspended } = row;
      const seats = (row.seats ?? []).map(
        (one): SeatReading => ({
          seatId: one.id,
          personTag: Buffer.from(one.tag, 'hex'),
          role: one.role,
          startsOn: one.starts,
          endsOn: one.ends,
          registeredOn: one.registered,
        }),
      );
      const facts = factsOf({ durum, il, ilgiliBakanlik, seats });
      return [row.mersis_no, { version: Number(row.version), suspended, facts }];
    }),
  );
}

/** What decides, as one text. The person of a seat counts: a seat given to somebody else under its old id is a change. */
function factsOf(one: Pick<CooperativeReading, 'durum' | 'il' | 'ilgiliBakanlik' | 'seats'>): string {
  const seats = inOrder(one.seats).map((seat) => [
    ...Object.values(shownSeat(seat)),
    seat.personTag.toString('hex'),
  ]);
  return JSON.stringify([one.durum, one.il, one.ilgiliBakanlik, seats]);
}

function shownSeat(seat: Seat): DataOf<'authority.changed'>['seats'][number] {
  const { endsOn, registeredOn, role, seatId, startsOn } = seat;
  return { endsOn, registeredOn, role, seat: seatId, startsOn };
}

function inOrder(seats: readonly SeatReading[]): readonly SeatReading[] {
  return [...seats].sort((a, b) => (a.seatId < b.seatId ? -1 : 1));
}

const RENEW = `WITH n AS (SELECT * FROM json_to_recordset($1::json)
    AS x("mersisNo" text, unvan text, tur text, kanun text, seviye text)),
  locked AS (SELECT mersis_no FROM bridge.authority_cooperative WHERE mersis_no IN (SELECT "mersisNo" FROM n)
    ORDER BY mersis_no FOR UPDATE)
  UPDATE bridge.authority_cooperative c SET read_at = greatest(c.read_at, $2), unvan = n.unvan, tur = n.tur, kanun = n.kanun,
    seviye = n.seviye
  FROM n JOIN locked ON locked.mersis_no = n."mersisNo" WHERE c.mersis_no = n."mersisNo"`;

/** Gives time to rights, never takes one: no lock of the batches, no entry. */
async function renew(db: Database, cooperatives: readonly CooperativeReading[], readAt: Date): Promise<void> {
  if (cooperatives.length === 0) return;
  await db.query({ text: RENEW, values: [jsonOf(cooperatives), readAt] });
}

const COOPERATIVES = `INSERT INTO bridge.authority_cooperative AS c
    (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, version, read_at)
  SELECT x."mersisNo", x.unvan, x.tur, x.kanun, x.seviye, x.il, x."ilgiliBakanlik", x.durum, x.version, x."readAt"
  FROM json_to_recordset($1::json) AS x("mersisNo" text, unvan text, tur text, kanun text, seviye text, il text,
    "ilgiliBakanlik" text, durum text, version bigint, "readAt" timestamptz) ORDER BY 1
  ON CONFLICT (mersis_no) DO UPDATE SET unvan = excluded.unvan, tur = excluded.tur, kanun = excluded.kanun,
    seviye = excluded.seviye, il = excluded.il, ilgili_bakanlik = excluded.ilgili_bakanlik, durum = excluded.durum,
    version = excluded.version, read_at = greatest(c.read_at, excluded.read_at)`;
const SEATS_GONE = `DELETE FROM bridge.authority_seat WHERE mersis_no = ANY($1::text[]) AND NOT seat_id = ANY($2::uuid[])`;
const SEATS = `INSERT INTO bridge.authority_seat AS s (seat_id, person_tag, mersis_no, role, starts_on, ends_on, registered_on)
  SELECT x."seatId", decode(x.tag, 'hex'), x."mersisNo", x.role, x."startsOn", x."endsOn", x."registeredOn"
  FROM json_to_recordset($1::json) AS x("seatId" uuid, tag text, "mersisNo" text, role text, "startsOn" date, "endsOn" date,
    "registeredOn" date) ORDER BY 1
  ON CONFLICT (seat_id) DO UPDATE SET person_tag = excluded.person_tag, mersis_no = excluded.mersis_no, role = excluded.role,
    starts_on = excluded.starts_on, ends_on = excluded.ends_on, registered_on = excluded.registered_on`;

/** Writes the cooperatives of a batch and their seats; the lane has locked those that were there. */
export const authorityApplier: EffectApplier<RecordedCooperative> = {
  kind: 'authority-recorded',
  apply: async (tx, placed) => {
    const all = placed.map(({ effect }) => ({
      ...effect.cooperative,
      version: effect.version,
      readAt: effect.readAt,
    }));
    const seats = all.flatMap(({ mersisNo, seats: held }) =>
      held.map((seat) => ({ ...seat, mersisNo, tag: seat.personTag.toString('hex') })),
    );
    await tx.query({ name: 'authority-cooperatives', text: COOPERATIVES, values: [jsonOf(all)] });
    const gone = [all.map((one) => one.mersisNo), seats.map((seat) => seat.seatId)];
    await tx.query({ name: 'authority-seats-gone', text: SEATS_GONE, values: gone });
    await tx.query({ name: 'authority-seats', text: SEATS, values: [jsonOf(seats)] });
  },
};

/** Rows for `json_to_recordset`; seats and tags of a cooperative are not its columns. */
function jsonOf(rows: readonly object[]): string {
  return JSON.stringify(rows, (name, value: unknown) =>
    name === 'seats' || name === 'personTag' ? undefined : value,
  );
}
