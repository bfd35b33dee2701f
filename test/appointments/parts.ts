import type { CooperativeRecord, RecordedSeat } from '../../src/authority/record.js';

export const TODAY = '2026-05-05';
export const VKN = '1234567890';

/** A board seat that runs, unless `changes` say something else. `tag`: any word that stands for a person. */
export const seatOf = (seatId: string, tag: string, changes: Partial<RecordedSeat> = {}): RecordedSeat => ({
  seatId,
  tag,
  role: 'board',
  startsOn: '2025-01-01',
  endsOn: null,
  registeredOn: '2025-01-05',
  goneOn: null,
  source: 'mersis',
  state: null,
  representation: null,
  gazette: null,
  actsFor: null,
  appointment: null,
  ...changes,
});

/** The seat of an appointment that was accepted on the first of May. */
export const appointeeOf = (seatId: string, tag: string, changes: Partial<RecordedSeat> = {}): RecordedSeat =>
  seatOf(seatId, tag, {
    role: 'appointee',
    source: 'decision',
    startsOn: '2026-05-01',
    registeredOn: '2026-05-01',
    appointment: `of-${seatId}`,
    ...changes,
  });

/** A working cooperative with these seats. */
export const recordOf = (
  seats: readonly RecordedSeat[],
  changes: Partial<CooperativeRecord> = {},
): CooperativeRecord => ({
  mersisNo: '0123456789000015',
  vkn: VKN,
  unvan: 'Örnek',
  tur: 't',
  kanun: '1163',
  seviye: 'birim',
  il: 'Ankara',
  ilgiliBakanlik: 'ticaret',
  statuses: [{ durum: 'faal', since: '2020-01-01' }],
  successor: null,
  suspensions: [],
  seats,
  ...changes,
});
