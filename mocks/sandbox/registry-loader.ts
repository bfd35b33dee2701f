import type { PersonTagger } from '../../src/audit/person-tags.js';
import type { Ministry } from '../../src/authority/facts.js';
import { type RoleReading, type RolesRead, recordRoles } from '../../src/authority/record-roles.js';
import { type TakenOverSeat, type TakeOver, takeOver } from '../../src/authority/recording/take-over.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { recordPortsOf } from '../../src/house/authority/record-ports.js';
import type { OpenLog } from '../../src/house/open-log.js';
import { KimlikNo } from '../../src/person/kimlik-no.js';
import type { Population } from '../population/population.js';

/** Appointments that no board gives: in a real house they stood before the bridge was there. */
const APPOINTMENTS: readonly string[] = [
  'appointee',
  'legacy-appointee',
  'ministry-representative',
] satisfies TakenOverSeat['role'][];
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

/**
 * Brings the population's appointments and roles into the bridge's database, through its log: each real change is an entry. Boards
 * come from MERSİS, as they do in a real house. Tells how many roles were left out, since their person holds another that they must
 * not meet with.
 */
export async function loadRegistry(
  config: Pick<BridgeConfig, 'authority'>,
  log: OpenLog,
  population: Population,
  now: Date,
): Promise<RolesRead> {
  const { appender, tagger } = log;
  const ports = recordPortsOf(config, log);
  await takeOver(appender, ports, appointmentsOf(population, tagger));
  const people = new Map(
    population.people.map(({ kimlikNo }) => {
      const person = numberOf(kimlikNo);
      return [tagger.tag('authority', person).toString('hex'), person];
    }),
  );
  const roles = staffRoles(population, tagger);
  return recordRoles(appender, { roles, people, source: SOURCE, readAt: now }, ports);
}

/** Of every cooperative, those without any included: what is not named any longer is gone. */
function appointmentsOf(population: Population, tagger: PersonTagger): readonly TakeOver[] {
  const seats = new Map(population.cooperatives.map(({ mersisNo }) => [mersisNo, [] as TakenOverSeat[]]));
  for (const { kimlikNo, is } of population.people) {
    for (const value of is) {
      const [role = '', mersisNo = ''] = value.split(':');
      if (!APPOINTMENTS.includes(role)) continue;
      const person = numberOf(kimlikNo);
      const tag = tagger.tag('authority', person).toString('hex');
      seats.get(mersisNo)?.push({
        role: role as TakenOverSeat['role'],
        person,
        tag,
        startsOn: APPOINTED_ON,
        endsOn: null,
      });
    }
  }
  return [...seats].map(([mersisNo, held]) => ({ mersisNo, seats: held }));
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

/** The same role keeps its id over restarts, so that an entry that names it stays true. */
function stableId(tagger: PersonTagger, parts: readonly string[]): string {
  const hex = tagger.digest('sandbox.seat', parts).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
