import { z } from 'zod';
import { containsKimlikNo } from '../person/contains-kimlik-no.js';
import { KimlikNo } from '../person/kimlik-no.js';

/** Characters (code points) of a name; registers hold far less. */
const MAX_NAME = 100;
/** UTF-16 units looked at before any work. */
const MAX_NAME_UNITS = 4 * MAX_NAME;
const MAX_LEVEL = 200;
/** `amr` of a strong sign-in has three or four values. */
const MAX_AMR = 20;
/** Control, invisible (bidirectional overrides too), unpaired and unassigned characters, and the breaks between lines. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;

const name = z
  .string()
  .max(MAX_NAME_UNITS)
  .refine((text) => !UNPRINTABLE.test(text))
  .transform((text) =>
    text
      .normalize('NFC')
      .replace(/\p{Zs}+/gu, ' ')
      .trim(),
  )
  .refine((text) => [...text].length <= MAX_NAME);

/** As text, or as a JSON number, in which eleven digits lose nothing. */
const number = z.union([z.string().max(11), z.int().transform(String)]).transform((text, context) => {
  const parsed = KimlikNo.parse(text);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

/** Words that are kept as evidence, in clear: no identity number may come to stand there. */
const plainWord = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !UNPRINTABLE.test(text) && !containsKimlikNo(text));

/** Who it is. A person without a surname has `''`, null or nothing there. */
export const personAnswer = z.object({
  number,
  ad: name.refine((text) => text !== ''),
  soyad: name.nullish().transform((text) => text ?? ''),
});

/** e-Devlet's `level`, or `acr`. None, null and `''` are null, which counts as no; something else than a word is a wrong answer. */
export const levelAnswer = z
  .union([plainWord(MAX_LEVEL), z.int().transform(String)])
  .nullish()
  .transform((level) => level || null);

/** The claim `amr` (RFC 8176). */
export const amrAnswer = z
  .array(plainWord(100).min(1))
  .max(MAX_AMR)
  .nullish()
  .transform((amr) => amr ?? []);
