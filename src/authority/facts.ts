/** A seat or appointment at one cooperative, as the registry or a recorded decision gave it. Days `YYYY-MM-DD`. */
export interface Seat {
  readonly seatId: string;
  readonly role: SeatRole;
  readonly startsOn: string;
  /** The day on which the term is over (terms are half-open). */
  readonly endsOn: string | null;
  /** Day of registration (tescil); only a registered seat is authority (Usul ve Esaslar m.5(3)). */
  readonly registeredOn: string | null;
  /** The day from which its source did not name it any longer, without saying when it ended; null while it does. */
  readonly goneOn: string | null;
}

/** `liquidator`: tasfiye memuru; `trustee`: kayyım. */
export type SeatRole =
  | 'board'
  | 'denetci'
  | 'liquidator'
  | 'trustee'
  | 'appointee'
  | 'legacy-appointee'
  | 'ministry-representative';
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

/** A cooperative on one day. */
export interface CooperativeFacts {
  readonly mersisNo: string;
  readonly il: string;
  readonly ilgiliBakanlik: Ministry;
  /** Status on that day: `faal`, `tasfiye`, `terkin`, `birleşme`; a word that is none of these gives nobody a right. */
  readonly durum: string;
  /** By a ministry's recorded decision (1163 m.90). */
  readonly suspended: boolean;
  /** True while a registered trustee (kayyım) is in office: in the place of the board and those it appointed. */
  readonly underTrustee: boolean;
  /** True while any board seat runs there. */
  readonly hasBoard: boolean;
  /** Rises with every change of a seat or of the status; stands in each intent that relied on it. */
  readonly version: number;
  readonly readAt: Date;
}

/** All that a decision about one person at one cooperative rests on. */
export interface AuthorityFacts {
  readonly cooperative: CooperativeFacts | null;
  /** Whose seats count: the cooperative itself, or the one that it went into by merger. Null where that one is not known. */
  readonly seatedAt: CooperativeFacts | null;
  /** The person's seats at `seatedAt`. */
  readonly seats: readonly Seat[];
  readonly roles: readonly StaffRole[];
}
