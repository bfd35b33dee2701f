import { z } from 'zod';
import type { KindRow } from './kind-row.js';

export const TIMESTAMP_KINDS = {
  'timestamp.outage': { when: '', data: z.strictObject({}), sealed: {} },
  'timestamp.restored': { when: '', data: z.strictObject({}), sealed: {} },
} as const satisfies Record<string, KindRow>;
