import { z } from 'zod';
import type { KindRow } from './kind-row.js';

export const START_KINDS = {
  'bridge.started': { when: '', data: z.strictObject({}), sealed: {} },
  'bridge.stopped': { when: '', data: z.strictObject({}), sealed: {} },
  'certificate.changed': { when: '', data: z.strictObject({}), sealed: {} },
  'command.run': { when: '', data: z.strictObject({}), sealed: {} },
} as const satisfies Record<string, KindRow>;
