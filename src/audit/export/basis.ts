import { z } from 'zod';
import { containsKimlikNo } from '../../person/contains-kimlik-no.js';

/** Texts that stand in the log in clear: a number typed there would stand there for ever. */
const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((value) => !containsKimlikNo(value), { error: 'must not hold an identity number' });

/** By what authority evidence or an export is made, and why. */
export const basisSchema = z.strictObject({
  basis: z.strictObject({ authority: text(200), documentNo: text(100), date: z.iso.date() }),
  reason: text(500),
});

export type GivenBasis = z.output<typeof basisSchema>;
