import { TAKE_BATCH_LOCK } from '../../src/audit/batch-lock.js';
import type { PersonTagger } from '../../src/audit/person-tags.js';
import { KimlikNo } from '../../src/person/kimlik-no.js';
import type { Database } from '../../src/storage/database.js';
import type { Duty, Population } from '../population/population.js';

/** Duties on a board that give a seat; liquidators are not known to the bridge yet. */
const SEAT_OF_DUTY: Partial<Record<Duty, string>> = { 'yönetim kurulu üyesi': 'board', denetçi: 'denetci' };
const SEATS_IN_IS = ['appointee', 'legacy-appointee', 'ministry-representative'];
const STAFF_ROLES = ['directorate', 'ministry-central', 'ministry-manager'];
/** Appointments carry no date in the sandbox file: they have stood since before anybody looks. */
const APPOINTED_ON = '2024-01-01';

/**
 * Brings the population's boards, appointments and staff roles into the bridge's database, in one transaction that
 * batches wait for: a seat that is gone from the registry gives no right from its COMMIT on. Stands in for the MERSİS
 * synchronisation.
 */
export async function loadRegistry(
  db: Database,
  tagger: PersonTagger,
  population: Population,
  now: Date,
): Promise<void> {
  const seats = [...boardSeats(population, tagger), ...seatsInIs(population, tagger)];
  const roles = staffRoles(population, tagger);
  await db.transaction(
    async (tx) => {
      const cooperatives = population.cooperatives.map(({ board: _board, ...cooperative }) => cooperative);
      await tx.query({ text: COOPERATIVES, values: [JSON.stringify(cooperatives), now] });
      await tx.query({ text: SEATS, values: [JSON.stringify(seats)] });
      await tx.query({ text: ROLES_GONE, values: [roles.map((role) => role.role_id)] });
      await tx.query({ text: ROLES, values: [JSON.stringify(roles)] });
    },
    { begin: TAKE_BATCH_LOCK },
  );
}

const COOPERATIVES = `INSERT INTO bridge.authority_cooperative AS c
    (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, read_at)
  SELECT x."mersisNo", x.unvan, x.tur, x.kanun, x.seviye, x.il, x."ilgiliBakanlik", x.durum, $2
  FROM json_to_recordset($1::json) AS x("mersisNo" text, unvan text, tur text, kanun text, seviye text, il text,
    "ilgiliBakanlik" text, durum text)
  ON CONFLICT (mersis_no) DO UPDATE SET unvan = excluded.unvan, tur = excluded.tur, kanun = excluded.kanun,
    seviye = excluded.seviye, il = excluded.il, ilgili_bakanlik = excluded.ilgili_bakanlik, durum = excluded.durum,
    read_at = excluded.read_at, version = c.version + (c.durum IS DISTINCT FROM excluded.durum)::int`;

const SEATS = `WITH n AS (SELECT * FROM json_to_recordset($1::json)
      AS x(seat_id uuid, tag text, mersis_no text, role text, starts_on date, ends_on date, registered_on date)),
  gone AS (DELETE FROM bridge.authority_seat s WHERE NOT EXISTS (SELECT 1 FROM n WHERE n.seat_id = s.seat_id) RETURNING s.mersis_no),
  changed AS (INSERT INTO bridge.authority_seat AS s (seat_id, person_tag, mersis_no, role, starts_on, ends_on, registered_on)
    SELECT n.seat_id, decode(n.tag, 'hex'), n.mersis_no, n.role, n.starts_on, n.ends_on, n.registered_on FROM n
    ON CONFLICT (seat_id) DO UPDATE SET ends_on = excluded.ends_on, registered_on = excluded.registered_on
      WHERE (s.ends_on, s.registered_on) IS DISTINCT FROM (excluded.ends_on, excluded.registered_on)
    RETURNING s.mersis_no)
  UPDATE bridge.authority_cooperative SET version = version + 1
  WHERE mersis_no IN (SELECT mersis_no FROM gone UNION SELECT mersis_no FROM changed)`;

const ROLES_GONE = 'DELETE FROM bridge.authority_role WHERE NOT role_id = ANY($1::uuid[])';
const ROLES = `INSERT INTO bridge.authority_role (role_id, person_tag, role, ministry, il)
  SELECT x.role_id, decode(x.tag, 'hex'), x.role, x.ministry, x.il
  FROM json_to_recordset($1::json) AS x(role_id uuid, tag text, role text, ministry text, il text)
  ON CONFLICT (role_id) DO NOTHING`;

function boardSeats(population: Population, tagger: PersonTagger) {
  return population.cooperatives.flatMap(({ mersisNo, board }) =>
    board.flatMap((seat) => {
      const role = SEAT_OF_DUTY[seat.gorev];
      if (role === undefined) return [];
      const row = seatRow(tagger, seat.kimlikNo, mersisNo, role, seat.baslangic);
      return [{ ...row, ends_on: seat.bitis ?? null, registered_on: seat.tescil ?? null }];
    }),
  );
}

function seatsInIs(population: Population, tagger: PersonTagger) {
  return population.people.flatMap(({ kimlikNo, is }) =>
    is.flatMap((value) => {
      const [role = '', mersisNo = ''] = value.split(':');
      if (!SEATS_IN_IS.includes(role)) return [];
      return [
        {
          ...seatRow(tagger, kimlikNo, mersisNo, role, APPOINTED_ON),
          ends_on: null,
          registered_on: APPOINTED_ON,
        },
      ];
    }),
  );
}

function seatRow(tagger: PersonTagger, kimlikNo: string, mersisNo: string, role: string, startsOn: string) {
  return {
    seat_id: stableId(tagger, [kimlikNo, mersisNo, role, startsOn]),
    tag: tagOf(tagger, kimlikNo),
    mersis_no: mersisNo,
    role,
    starts_on: startsOn,
  };
}

function staffRoles(population: Population, tagger: PersonTagger) {
  return population.people.flatMap(({ kimlikNo, is }) =>
    is.flatMap((value) => {
      const [role = '', area = ''] = value.split(':');
      if (!STAFF_ROLES.includes(role)) return [];
      const [ministry, il = null] = area.split('/');
      return [
        { role_id: stableId(tagger, [kimlikNo, value]), tag: tagOf(tagger, kimlikNo), role, ministry, il },
      ];
    }),
  );
}

function tagOf(tagger: PersonTagger, digits: string): string {
  const parsed = KimlikNo.parse(digits);
  if (!parsed.ok) throw new Error('the population holds a number that is none');
  return tagger.tag('authority', parsed.value).toString('hex');
}

/** The same seat keeps its id over restarts, so that an entry that names it stays true. */
function stableId(tagger: PersonTagger, parts: readonly string[]): string {
  const hex = tagger.digest('sandbox.seat', parts).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
