import { z } from 'zod';
import type { KindRow } from './kind-row.js';

export const QUERY_KINDS = {
  'query.intent': { when: '', data: z.strictObject({}), sealed: {} },
  'query.outcome': { when: '', data: z.strictObject({}), sealed: {} },
  'query.late-outcome': { when: '', data: z.strictObject({}), sealed: {} },
  'query.unknown': { when: '', data: z.strictObject({}), sealed: {} },
  'query.refused': { when: '', data: z.strictObject({}), sealed: {} },
  'query.replayed': { when: '', data: z.strictObject({}), sealed: {} },
  'query.read': { when: '', data: z.strictObject({}), sealed: {} },
} as const satisfies Record<string, KindRow>;
