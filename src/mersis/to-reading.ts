import type { Ministry } from '../authority/facts.js';
import type { CooperativeReading, SeatReading } from '../authority/recording/reading.js';
import type { KimlikNo } from '../person/kimlik-no.js';
import type { Duty, RegisteredDuty, RegistryRecord } from './port.js';

/** What a reading needs from outside. */
export interface ReadingTools {
  /** The person's tag in the domain `authority`, hex. */
  tag(person: KimlikNo): string;
  /** Which ministry is competent for a kind of cooperative (m.3). */
  ministryOf(kind: { readonly tur: string; readonly kanun: string }): Ministry;
}

const ROLE_OF: Readonly<Record<Duty, SeatReading['role']>> = {
  'yönetim kurulu üyesi': 'board',
  denetçi: 'denetci',
  'tasfiye memuru': 'liquidator',
  kayyım: 'trustee',
};

/**
 * What the registry said, as authority takes it in. A duty without a person (a legal person that has named no representative) is left
 * out: nobody acts by it. A day of registration counts with `tescil-edildi` alone (Usul ve Esaslar m.5(3)). Pure.
 */
export function toReading(record: RegistryRecord, tools: ReadingTools): CooperativeReading {
  const { mersisNo, vkn, unvan, tur, kanun, seviye, il, durum, durumSince, successor } = record;
  return {
    mersisNo,
    vkn,
    unvan,
    tur,
    kanun,
    seviye,
    il,
    ilgiliBakanlik: tools.ministryOf({ tur, kanun }),
    durum,
    durumSince,
    successor,
    seats: record.duties.flatMap((duty) => seatOf(duty, tools)),
  };
}

function seatOf(duty: RegisteredDuty, tools: ReadingTools): readonly SeatReading[] {
  const { person, startsOn, endsOn, state, representation, gazette, actsFor } = duty;
  if (person === null) return [];
  return [
    {
      role: ROLE_OF[duty.duty],
      person,
      tag: tools.tag(person),
      startsOn,
      endsOn,
      registeredOn: state === 'tescil-edildi' ? duty.registeredOn : null,
      state,
      representation,
      gazette,
      actsFor,
    },
  ];
}
