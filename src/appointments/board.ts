import { type CooperativeRecord, type RecordedSeat, runsOn } from '../authority/record.js';

/** Who decides for the cooperative as its organ, by the registry's word. */
const DECIDING = ['board', 'liquidator', 'trustee'] as const;

function isBoardSeat({ role, source }: Pick<RecordedSeat, 'role' | 'source'>): boolean {
  return DECIDING.some((one) => one === role) && (source === 'mersis' || source === 'registry');
}

/** Tags (hex) of those who sit on the board, or in its place, on `day`. Pure. */
export function boardAt({ seats }: Pick<CooperativeRecord, 'seats'>, day: string): ReadonlySet<string> {
  return new Set(seats.filter((seat) => isBoardSeat(seat) && runsOn(seat, day)).map(({ tag }) => tag));
}
