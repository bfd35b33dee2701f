import { z } from 'zod';
import type { KindRow } from './kind-row.js';

export const SIGN_IN_KINDS = {
  'session.opened': { when: '', data: z.strictObject({}), sealed: {} },
  'session.ended': { when: '', data: z.strictObject({}), sealed: {} },
} as const satisfies Record<string, KindRow>;
