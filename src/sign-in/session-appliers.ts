import type { EffectApplier } from '../audit/lane.js';
import { endSessionApplier } from './end-session.js';
import { joinSessionApplier } from './join-session.js';
import { noticeApplier } from './notice/notice.js';
import { openSessionApplier } from './open-session.js';
import { undeliveredLogoutApplier } from './undelivered-logout.js';

/** Whatever sessions bring into the log besides entries; `STEP_UP_APPLIERS` are those of the second step. */
export const SESSION_APPLIERS = [
  openSessionApplier,
  joinSessionApplier,
  endSessionApplier,
  undeliveredLogoutApplier,
  noticeApplier,
] as readonly EffectApplier[];
