import { readFileSync } from 'node:fs';
import { z } from 'zod';

const KoopbisSettings = z.strictObject({
  port: z.int().min(0).max(65_535),
  /** Server certificate, its key and the CA of bridge and clients: PEM files. */
  cert: z.string().min(1),
  key: z.string().min(1),
  ca: z.string().min(1),
  /** Where browsers reach the application, as `https://…` without a path. */
  origin: z.url(),
  issuer: z.url(),
  api: z.url(),
  client: z.strictObject({ id: z.string().min(1), cert: z.string().min(1), key: z.string().min(1) }),
  /** Names of cooperatives and who sits on which board, for the choice in the member form. */
  worldFile: z.string().min(1),
});

/** The settings file of the demo application. */
export type KoopbisSettingsFile = z.infer<typeof KoopbisSettings>;

/** What the application runs on: the file with its PEM files read. */
export interface KoopbisSettings extends Omit<KoopbisSettingsFile, 'cert' | 'key' | 'ca' | 'client'> {
  /** PEM texts. */
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly client: { readonly id: string; readonly cert: string; readonly key: string };
}

/** Reads a settings file and the PEM files it names. Throws an `Error` that says what is wrong. */
export function readKoopbisSettings(path: string): KoopbisSettings {
  const parsed = KoopbisSettings.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`settings of the application: ${z.prettifyError(parsed.error)}`);
  const text = (file: string) => readFileSync(file, 'utf8');
  const { cert, key, ca, client, ...rest } = parsed.data;
  return {
    ...rest,
    cert: text(cert),
    key: text(key),
    ca: text(ca),
    client: { id: client.id, cert: text(client.cert), key: text(client.key) },
  };
}
