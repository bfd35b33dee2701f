import { z } from 'zod';
import type { KindRow } from './kind-row.js';

export const SIGNAL_KINDS = {
  'signal.raised': { when: '', data: z.strictObject({}), sealed: {} },
  'signal.decided': { when: '', data: z.strictObject({}), sealed: {} },
} as const satisfies Record<string, KindRow>;
