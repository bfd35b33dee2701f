import { z } from 'zod';
import type { KindRow } from './kind-row.js';

export const AUTHORITY_KINDS = {
  'authority.changed': { when: '', data: z.strictObject({}), sealed: {} },
  'role.granted': { when: '', data: z.strictObject({}), sealed: {} },
  'role.revoked': { when: '', data: z.strictObject({}), sealed: {} },
} as const satisfies Record<string, KindRow>;
