import type { DecisionTime } from '../../../../src/authority/decide.js';
import type { AuthorityFacts, CooperativeFacts, Seat, StaffRole } from '../../../../src/authority/facts.js';

export const MERSIS = '0000000000000017';
export const SEAT_ID = '22222222-2222-4222-8222-222222222222';
export const ROLE_ID = '33333333-3333-4333-8333-333333333333';
export const TWO_STEP = 'urn:koopbis:acr:two-step';
export const STEP_UP = 'urn:koopbis:acr:step-up';
const HOUR_MS = 3_600_000;

export const TIME: DecisionTime = {
  now: new Date('2026-05-04T09:00:00.000Z'),
  today: '2026-05-04',
  staleAfterHours: 24,
  nothingAfterHours: 72,
  afterTermDays: 90,
};

/** The reading of so many hours ago. */
export const readBefore = (hours: number): Date => new Date(TIME.now.getTime() - hours * HOUR_MS);

export const cooperative = (changes: Partial<CooperativeFacts> = {}): CooperativeFacts => ({
  mersisNo: MERSIS,
  il: 'Ankara',
  ilgiliBakanlik: 'ticaret',
  durum: 'faal',
  suspended: false,
  underTrustee: false,
  hasBoard: true,
  version: 7,
  readAt: TIME.now,
  ...changes,
});

export const seat = (changes: Partial<Seat> = {}): Seat => ({
  seatId: SEAT_ID,
  role: 'board',
  startsOn: '2024-01-01',
  endsOn: '2028-01-01',
  registeredOn: '2024-01-05',
  goneOn: null,
  ...changes,
});

export const staff = (role: string, changes: Partial<StaffRole> = {}): StaffRole => ({
  roleId: ROLE_ID,
  role,
  ministry: 'ticaret',
  il: 'Ankara',
  mersisNo: null,
  startsOn: null,
  endsOn: null,
  ...changes,
});

/** Facts about one person at one cooperative that stands for itself. */
export function factsOf(
  given: { readonly seats?: readonly Seat[]; readonly roles?: readonly StaffRole[] } = {},
  changes: Partial<CooperativeFacts> = {},
): AuthorityFacts {
  const here = cooperative(changes);
  return { cooperative: here, seatedAt: here, seats: given.seats ?? [], roles: given.roles ?? [] };
}
