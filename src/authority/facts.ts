/** A seat or appointment at one cooperative, as the registry or a recorded decision gave it. Days `YYYY-MM-DD`. */
export interface Seat {
  readonly seatId: string;
  readonly role: SeatRole;
  readonly startsOn: string;
  /** The day on which the term is over (terms are half-open). */
  readonly endsOn: string | null;
  /** Day of registration (tescil); only a registered seat is authority (Usul ve Esaslar m.5(3)). */
  readonly registeredOn: string | null;
}

export type SeatRole = 'board' | 'denetci' | 'appointee' | 'legacy-appointee' | 'ministry-representative';
export type Ministry = 'ticaret' | 'tarim' | 'cevre';

/**
 * A role that does not rest on a seat. `il` null = the whole country. A ministry representative's stands for one cooperative and the
 * days of one assembly, half-open; all others have neither.
 */
export interface StaffRole {
  readonly roleId: string;
  readonly role: string;
  readonly ministry: Ministry | null;
  readonly il: string | null;
  readonly mersisNo: string | null;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
}

export interface CooperativeFacts {
  readonly mersisNo: string;
  readonly il: string;
  readonly ilgiliBakanlik: Ministry;
  readonly durum: string;
  readonly suspended: boolean;
  /** Rises with every change of a seat or of the status; stands in each intent that relied on it. */
  readonly version: number;
  readonly readAt: Date;
}

/** All that a decision about one person at one cooperative rests on. */
export interface AuthorityFacts {
  readonly cooperative: CooperativeFacts | null;
  readonly seats: readonly Seat[];
  readonly roles: readonly StaffRole[];
}
