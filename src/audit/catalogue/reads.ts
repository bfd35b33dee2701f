import { z } from 'zod';
import type { KindRow } from './kind-row.js';

export const READ_KINDS = {
  'log.searched': { when: '', data: z.strictObject({}), sealed: {} },
  'log.exported': { when: '', data: z.strictObject({}), sealed: {} },
  'log.evidence': { when: '', data: z.strictObject({}), sealed: {} },
} as const satisfies Record<string, KindRow>;
