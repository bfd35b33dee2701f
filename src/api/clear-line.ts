import type { z } from 'zod';
import { clearLineFault } from '../person/clear-text.js';

/** No text of a request that stands in clear in an entry is longer: reasons are the longest. */
const MAX_CHARS = 500;

/** For texts that come to stand in clear in entries: one plain line, and no number typed into the wrong field. */
export function clearLine(schema: z.ZodString) {
  return schema.refine((value) => clearLineFault(value, MAX_CHARS) === null, {
    error: 'must be one plain line without an identity number',
  });
}
