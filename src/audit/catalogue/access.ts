import { z } from 'zod';
import type { KindRow } from './kind-row.js';

export const ACCESS_KINDS = {
  'access.refused': { when: '', data: z.strictObject({}), sealed: {} },
} as const satisfies Record<string, KindRow>;
