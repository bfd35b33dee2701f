import type { PersonTagger } from '../../src/audit/person-tags.js';
import type { Ministry, SeatRole } from '../../src/authority/facts.js';
import { recordReading, type SeatReading } from '../../src/authority/record-facts.js';
import { type RoleReading, type RolesRead, recordRoles } from '../../src/authority/record-roles.js';
import type { OpenLog } from '../../src/house/open-log.js';
import { KimlikNo } from '../../src/person/kimlik-no.js';
import type { Database } from '../../src/storage/database.js';
import type { Duty, Population } from '../population/population.js';

/** Duties on a board that give a seat; liquidators are not known to the bridge yet. */
const SEAT_OF_DUTY: Partial<Record<Duty, SeatRole>> = {
  'yönetim kurulu üyesi': 'board',
  denetçi: 'denetci',
};
const SEATS_IN_IS: readonly string[] = [
  'appointee',
  'legacy-appointee',
  'ministry-representative',
] satisfies SeatRole[];
const STAFF_ROLES = [
  'directorate',
  'ministry-central',
  'ministry-manager',
  'security-officer',
  'log-inspector',
  'finance',
  'administrator',
];
/** Appointments carry no date in the sandbox file: they have stood since before anybody looks. */
const APPOINTED_ON = '2024-01-01';
const SOURCE = 'registry';

/** A seat with the cooperative that it is at. */
type PlacedSeat = SeatReading & { readonly mersisNo: string };

/**
 * Brings the population's boards, appointments and roles into the bridge's database, through its log: each real change is
 * an entry, and a seat that is gone from the registry gives no right from that COMMIT on. Stands in for the MERSİS
 * synchronisation. Tells how many roles were left out, since their person holds another that they must not meet with.
 */
export async function loadRegistry(
  log: OpenLog,
  db: Database,
  population: Population,
  now: Date,
): Promise<RolesRead> {
  const { appender, tagger } = log;
  const seats = new Map<string, PlacedSeat[]>();
  for (const seat of [...boardSeats(population, tagger), ...seatsInIs(population, tagger)])
    seats.set(seat.mersisNo, [...(seats.get(seat.mersisNo) ?? []), seat]);
  const cooperatives = population.cooperatives.map(({ board: _board, ...cooperative }) => ({
    ...cooperative,
    ilgiliBakanlik: cooperative.ilgiliBakanlik as Ministry,
    seats: seats.get(cooperative.mersisNo) ?? [],
  }));
  await recordReading(appender, db, cooperatives, SOURCE, now);
  const people = new Map(
    population.people.map(({ kimlikNo }) => {
      const person = numberOf(kimlikNo);
      return [tagger.tag('authority', person).toString('hex'), person];
    }),
  );
  const roles = staffRoles(population, tagger);
  return recordRoles(appender, { roles, people, source: SOURCE, readAt: now });
}

function boardSeats(population: Population, tagger: PersonTagger): readonly PlacedSeat[] {
  return population.cooperatives.flatMap(({ mersisNo, board }) =>
    board.flatMap((seat) => {
      const role = SEAT_OF_DUTY[seat.gorev];
      if (role === undefined) return [];
      const placed = seatOf(tagger, seat.kimlikNo, mersisNo, role, seat.baslangic);
      return [{ ...placed, endsOn: seat.bitis ?? null, registeredOn: seat.tescil ?? null }];
    }),
  );
}

function seatsInIs(population: Population, tagger: PersonTagger): readonly PlacedSeat[] {
  return population.people.flatMap(({ kimlikNo, is }) =>
    is.flatMap((value) => {
      const [role = '', mersisNo = ''] = value.split(':');
      if (!SEATS_IN_IS.includes(role)) return [];
      const placed = seatOf(tagger, kimlikNo, mersisNo, role as SeatRole, APPOINTED_ON);
      return [{ ...placed, registeredOn: APPOINTED_ON }];
    }),
  );
}

function seatOf(
  tagger: PersonTagger,
  kimlikNo: string,
  mersisNo: string,
  role: SeatRole,
  startsOn: string,
): PlacedSeat {
  return {
    seatId: stableId(tagger, [kimlikNo, mersisNo, role, startsOn]),
    personTag: tagger.tag('authority', numberOf(kimlikNo)),
    mersisNo,
    role,
    startsOn,
    endsOn: null,
    registeredOn: null,
  };
}

function staffRoles(population: Population, tagger: PersonTagger): readonly RoleReading[] {
  return population.people.flatMap(({ kimlikNo, is }) =>
    is.flatMap((value) => {
      const [role = '', area] = value.split(':');
      if (!STAFF_ROLES.includes(role)) return [];
      const [ministry = null, il = null] = area?.split('/') ?? [];
      const person = numberOf(kimlikNo);
      const roleId = stableId(tagger, [kimlikNo, value]);
      const tag = tagger.tag('authority', person);
      return [{ roleId, person, tag, role, ministry: ministry as Ministry | null, il }];
    }),
  );
}

function numberOf(digits: string): KimlikNo {
  const parsed = KimlikNo.parse(digits);
  if (!parsed.ok) throw new Error('the population holds a number that is none');
  return parsed.value;
}

/** The same seat keeps its id over restarts, so that an entry that names it stays true. */
function stableId(tagger: PersonTagger, parts: readonly string[]): string {
  const hex = tagger.digest('sandbox.seat', parts).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
