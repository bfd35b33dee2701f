import { isIP } from 'node:net';
import { z } from 'zod';
import { PathReference, type SecretForm, SecretReference } from '../references.js';

/** Longest text that any setting may have: names and paths are far shorter, and nobody can fill memory with one. */
const MAX_TEXT = 1024;

export const text = (max = MAX_TEXT) => z.string().trim().min(1).max(max);

/** A whole number between `min` and `max`; settings carry their unit at the end of their name. */
export const whole = (min: number, max: number) => z.int().min(min).max(max);

/** 0 lets the system choose a free port (tests). */
export const port = () => whole(0, 65_535);

/** A short name that can stand in URLs of ours, metrics and audit entries. */
export const identifier = () =>
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
    error: 'must be 1 to 64 letters, digits, dots, hyphens or underscores, and start with a letter or digit',
  });

export const host = () =>
  z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/, { error: 'must be a host name or an IP address' });

export const ipAddress = () =>
  z.string().refine((value) => isIP(value) !== 0, { error: 'must be an IP address' });

export const email = () => z.email({ error: 'must be an e-mail address' }).max(254);

export const isoDate = () => z.iso.date({ error: 'must be a date, YYYY-MM-DD' });

function urlWith(protocols: readonly string[], value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  // A password inside a URL would be a secret in plain sight, and would be shown by `config show`.
  return protocols.includes(url.protocol) && url.username === '' && url.password === '' && url.hash === '';
}

export const httpsUrl = () =>
  text().refine((value) => urlWith(['https:'], value), {
    error: 'must be an https URL without user name, password or fragment',
  });

export const httpUrl = () =>
  text().refine((value) => urlWith(['https:', 'http:'], value), {
    error: 'must be an http or https URL without user name, password or fragment',
  });

/**
 * A secret: `{ file: … }` or `{ env: … }`, nothing else. No message of this schema repeats what was written there,
 * because what is wrongly written there is often the secret itself.
 */
export const secret = (form: SecretForm = 'text') =>
  z
    .strictObject({
      file: z.string().min(1).max(MAX_TEXT).optional(),
      env: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, { error: 'must be the name of an environment variable' })
        .optional(),
    })
    .refine((value) => (value.file === undefined) !== (value.env === undefined), {
      error: 'must have exactly one of file, env',
    })
    .transform(
      (value) =>
        new SecretReference(value.file === undefined ? { env: value.env ?? '' } : { file: value.file }),
    )
    .meta({ kind: 'secret', form });

/** A file of PEM certificates that must exist; relative to the folder of the settings file. */
export const certificateFile = () =>
  text()
    .transform((value) => new PathReference(value, 'file'))
    .meta({ kind: 'file', form: 'certificates' });

/** A file that must exist; relative to the folder of the settings file. */
export const file = () =>
  text()
    .transform((value) => new PathReference(value, 'file'))
    .meta({ kind: 'file' });

/** A folder that may be made later; relative to the folder of the settings file. */
export const directory = () =>
  text()
    .transform((value) => new PathReference(value, 'directory'))
    .meta({ kind: 'directory' });

/** A file that is written later; relative to the folder of the settings file. */
export const writtenFile = () =>
  text()
    .transform((value) => new PathReference(value, 'directory'))
    .meta({ kind: 'directory' });
