import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Ministry } from '../facts.js';

/** A seat as the registry gives it. `tag`: the person's tag in the domain `authority`, hex. */
export interface SeatReading {
  readonly role: 'board' | 'denetci' | 'liquidator' | 'trustee';
  readonly person: KimlikNo;
  readonly tag: string;
  readonly startsOn: string;
  readonly endsOn: string | null;
  /** Day of registration; null where it is not registered yet. */
  readonly registeredOn: string | null;
  readonly state: string;
  readonly representation: string | null;
  readonly gazette: string | null;
  readonly actsFor: string | null;
}

/** What the registry says about one cooperative: everything, so that a seat of its own that is not in it is gone. */
export interface CooperativeReading {
  readonly mersisNo: string;
  readonly vkn: string | null;
  readonly unvan: string;
  readonly tur: string;
  readonly kanun: string;
  readonly seviye: string;
  readonly il: string;
  readonly ilgiliBakanlik: Ministry;
  readonly durum: string;
  readonly durumSince: string;
  readonly successor: string | null;
  /** No two of the same role, tag and first day. */
  readonly seats: readonly SeatReading[];
}
