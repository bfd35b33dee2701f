import { COMPETENCE } from '../competence.js';
import { ACTIONS } from './actions.js';
import { REASON_TEXTS } from './reasons.js';
import { RIGHTS } from './rights.js';

/** Every table of rights, for `docs/rights.md`, which is written from it. */
export function rightsTables() {
  return {
    actions: [...ACTIONS.values()],
    rights: RIGHTS,
    reasons: Object.entries(REASON_TEXTS).map(([code, texts]) => ({ code, ...texts })),
    competence: COMPETENCE,
  };
}
