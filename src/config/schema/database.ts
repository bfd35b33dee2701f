import { z } from 'zod';
import { directory, port, secret, whole } from './fields.js';
import { whenSound } from './when-sound.js';

const embedded = z.strictObject({
  directory: directory().describe('Where the embedded server keeps its data; only its owner may enter.'),
  port: port()
    .optional()
    .describe('Fixed port of the embedded server; without it a free one is chosen once and remembered.'),
});

/** PostgreSQL: by `url` (production), or the embedded real server (development and sandbox). */
export const databaseSchema = z
  .strictObject({
    url: secret('postgres-url')
      .optional()
      .describe(
        'postgres:// URL of the application role. A secret, because it holds a password. Exactly one of url and embedded.',
      ),
    ownerUrl: secret('postgres-url')
      .optional()
      .describe(
        'postgres:// URL of the role that owns the tables and runs migrations; not the role of the application, which cannot change entries.',
      ),
    embedded: embedded.optional().describe('The embedded server; refused in production.'),
    maxConnections: whole(2, 500)
      .default(10)
      .describe('Group commit needs few connections; ten keep two cores of a server busy.'),
    statementTimeoutMs: whole(100, 600_000)
      .default(5000)
      .describe(
        'A statement of the hot path takes milliseconds; five seconds is a database in trouble, and the caller must hear so.',
      ),
    connectTimeoutMs: whole(100, 60_000)
      .default(3000)
      .describe(
        'Below the client’s patience: a database that is down must give AUDIT_UNAVAILABLE, not a hanging request.',
      ),
    migrateOnStart: z.boolean().optional().meta({
      description: 'In production a person runs `bridge migrate`; elsewhere it is done at the start.',
      shownDefault: 'true, in production false',
    }),
  })
  .refine((value) => (value.url === undefined) !== (value.embedded === undefined), {
    when: whenSound('url', 'embedded'),
    error: 'must have exactly one of url, embedded',
  });
