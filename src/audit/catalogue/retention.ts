import { z } from 'zod';
import type { KindRow } from './kind-row.js';

export const RETENTION_KINDS = {
  'retention.proposed': { when: '', data: z.strictObject({}), sealed: {} },
  'retention.confirmed': { when: '', data: z.strictObject({}), sealed: {} },
  'retention.refused': { when: '', data: z.strictObject({}), sealed: {} },
  'retention.destroyed': { when: '', data: z.strictObject({}), sealed: {} },
  'hold.placed': { when: '', data: z.strictObject({}), sealed: {} },
  'hold.lifted': { when: '', data: z.strictObject({}), sealed: {} },
  'keys.rewrapped': { when: '', data: z.strictObject({}), sealed: {} },
  'erasure.answered': { when: '', data: z.strictObject({}), sealed: {} },
} as const satisfies Record<string, KindRow>;
