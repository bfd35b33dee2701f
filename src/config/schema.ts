import { hostname } from 'node:os';
import { z } from 'zod';
import type { Resolved } from './references.js';
import { accountsSchema } from './schema/accounts.js';
import { auditSchema } from './schema/audit.js';
import { authoritySchema } from './schema/authority.js';
import { clientsSchema } from './schema/clients.js';
import { consoleSchema } from './schema/console.js';
import { databaseSchema } from './schema/database.js';
import { edevletSchema } from './schema/edevlet.js';
import { feesSchema } from './schema/fees.js';
import { identifier } from './schema/fields.js';
import { kpsSchema } from './schema/kps.js';
import { limitsSchema } from './schema/limits.js';
import { listenersSchema } from './schema/listeners.js';
import { mersisSchema } from './schema/mersis.js';
import { purposesSchema } from './schema/purposes.js';
import { signInSchema } from './schema/sign-in.js';

/** Every setting of bridge.yaml with its limits, its default and the reason for it (`settings-table` prints them). */
export const settingsSchema = z.strictObject({
  environment: z
    .enum(['development', 'sandbox', 'production'])
    .default('production')
    .describe('The strictest one: whoever forgets the line gets no relaxation.'),
  instance: identifier()
    .prefault(() => hostname())
    .meta({
      description: 'Which process wrote an entry; the host name tells instances apart without any setting.',
      shownDefault: 'the host name',
    }),
  listeners: listenersSchema.prefault({} as never),
  database: databaseSchema.prefault({}),
  audit: auditSchema.prefault({} as never),
  clients: clientsSchema,
  accounts: accountsSchema,
  kps: kpsSchema.prefault({} as never),
  purposes: purposesSchema,
  limits: limitsSchema.prefault({}),
  fees: feesSchema.prefault({}),
  edevlet: edevletSchema
    .optional()
    .describe('Who says who a person is; needed by signIn. Without both nobody can sign in.'),
  signIn: signInSchema
    .optional()
    .describe('The OpenID provider for KOOPBİS applications; none where absent: then there are no tokens.'),
  console: consoleSchema.prefault({}),
  authority: authoritySchema.prefault({}),
  mersis: mersisSchema
    .optional()
    .describe('Who sits on which board. Without it nothing is read, and what was read grows stale.'),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error'])
        .default('info')
        .describe('One line for each request and each change of state.'),
    })
    .prefault({}),
});

/** The checked settings before secrets are read and paths made absolute. */
export type CheckedSettings = z.output<typeof settingsSchema>;

/** The settings in force: secrets as `Secret`, paths absolute, every default filled in. */
export type BridgeSettings = Omit<Resolved<CheckedSettings>, 'database'> & {
  database: Omit<Resolved<CheckedSettings['database']>, 'migrateOnStart'> & { migrateOnStart: boolean };
};

/** What `loadConfig` gives: the settings, and how they came about. */
export type BridgeConfig = BridgeSettings & {
  /** The settings file, absolute. */
  readonly file: string;
  /** What should be mended but does not prevent a start, as `path: what`. */
  readonly warnings: readonly string[];
  /** Path of each setting that was given → `file`, or the name of the environment variable that overrode it. */
  readonly sources: ReadonlyMap<string, string>;
};
