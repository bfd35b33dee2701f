import { z } from 'zod';
import type { KindRow } from './kind-row.js';

export const RANGE_KINDS = {
  'log.range-detached': { when: '', data: z.strictObject({}), sealed: {} },
  'log.range-attached': { when: '', data: z.strictObject({}), sealed: {} },
} as const satisfies Record<string, KindRow>;
