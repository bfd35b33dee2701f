import { z } from 'zod';
import { clearTextSchema } from '../clear-text-schema.js';

/** By what authority evidence or an export is made, and why. */
export const basisSchema = z.strictObject({
  basis: z.strictObject({
    authority: clearTextSchema(200),
    documentNo: clearTextSchema(100),
    date: z.iso.date(),
  }),
  reason: clearTextSchema(500),
});

export type GivenBasis = z.output<typeof basisSchema>;
