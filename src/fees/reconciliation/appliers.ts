import type { EffectApplier } from '../../audit/lane.js';
import { differenceDecidedApplier } from './decide-difference.js';
import { figuresImportedApplier } from './import-figures.js';
import { noticeRecordedApplier } from './record-notice.js';
import { paymentRecordedApplier } from './record-payment.js';
import { unknownsSettledApplier } from './settle-unknowns.js';

/** For whoever takes figures in, decides differences, and records notices and payments. */
export const RECONCILIATION_APPLIERS = [
  figuresImportedApplier,
  differenceDecidedApplier,
  unknownsSettledApplier,
  noticeRecordedApplier,
  paymentRecordedApplier,
] as readonly EffectApplier[];
