import type { HoldReason } from '../../../mersis/guard.js';
import type { Progress } from '../../../mersis/poll/progress.js';
import type { BothLanguages } from '../../../pages/views.js';

/** Why a reading that takes seats away waits. */
export const WHY_WORDS: Readonly<Record<HoldReason, BothLanguages>> = {
  'empty-board': { tr: 'Kurul boş geldi', en: 'The board came empty' },
  'large-loss': { tr: 'Kurulun çoğu düşüyor', en: 'Most of the board is lost' },
  'run-stopped': { tr: 'Tur durduktan sonra okundu', en: 'Read after the run had stopped' },
};

/** States of a run. */
export const RUN_STATES: Readonly<Record<NonNullable<Progress['run']>['state'], BothLanguages>> = {
  running: { tr: 'Sürüyor', en: 'Running' },
  done: { tr: 'Bitti', en: 'Done' },
  stopped: { tr: 'Durdu: iki görevliyi bekliyor', en: 'Stopped: waits for two officers' },
  released: { tr: 'Serbest bırakıldı', en: 'Released' },
  rejected: { tr: 'Reddedildi', en: 'Rejected' },
};

/** Seats of a cooperative; an unknown word stands as it is. */
export const SEAT_WORDS: Readonly<Record<string, BothLanguages>> = {
  board: { tr: 'Yönetim kurulu üyesi', en: 'Board member' },
  denetci: { tr: 'Denetçi', en: 'Auditor' },
  liquidator: { tr: 'Tasfiye memuru', en: 'Liquidator' },
  trustee: { tr: 'Kayyım', en: 'Trustee' },
};
