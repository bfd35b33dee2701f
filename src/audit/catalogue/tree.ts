import { z } from 'zod';
import type { KindRow } from './kind-row.js';

export const TREE_KINDS = {
  'log.key-changed': { when: '', data: z.strictObject({}), sealed: {} },
  'log.witness-missing': { when: '', data: z.strictObject({}), sealed: {} },
  'log.continued': { when: '', data: z.strictObject({}), sealed: {} },
} as const satisfies Record<string, KindRow>;
