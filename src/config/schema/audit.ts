import { z } from 'zod';
import { identifier, secret, whole, writtenFile } from './fields.js';
import { retentionSchema } from './retention.js';
import { signalsSchema } from './signals.js';
import { timestampsSchema } from './timestamps.js';

/** More keys than ten years of yearly rotation need; a limit, because each one is tried at the start. */
const MAX_KEYS = 64;

const masterKey = z.strictObject({
  id: identifier().describe(
    'Name of the key; stands beside everything that it wraps, so it can never be given to another key.',
  ),
  key: secret('key32').describe(
    '32 random bytes, base64 or hex. Whoever has it and the database can read what persons asked.',
  ),
});

const tagKey = z.strictObject({
  id: whole(1, 32_767).describe('Number of the key; stands in each row of the search table.'),
  key: secret('key32').describe(
    '32 random bytes, base64 or hex. Whoever has it can test a number against the search table.',
  ),
});

/** Name of the log and of its key (C2SP tlog-checkpoint: a schema-less URL; signed-note: no space, no plus). */
const origin = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,127}(?:\/[A-Za-z0-9._-]{1,64}){0,4}$/, {
  error: 'must be like audit.example.gov.tr/log',
});

/** A key that once signed, as `log.pub` of an export shows it. */
const verifierKey = z.string().regex(/^[^\s+]{1,300}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/, {
  error: 'must be a verifier key: name+8 hexadecimal digits+base64',
});

/** Keys, proofs, terms and batch sizes of the audit log. The first key of a list is the active one, the others are still read. */
export const auditSchema = z.strictObject({
  masterKeys: z
    .array(masterKey)
    .min(1)
    .max(MAX_KEYS)
    .describe(
      'Keys that wrap the keys of persons; the first is used for new ones. No default: a known key protects nothing.',
    ),
  tagKeys: z
    .array(tagKey)
    .min(1)
    .max(MAX_KEYS)
    .describe('Keys of the search table; the first is used for new rows. No default, for the same reason.'),
  origin: origin.describe(
    'Name of this log in every checkpoint. No default: two logs of one name could not be told apart. Changed only when a log is continued after a loss.',
  ),
  checkpointKey: secret('private-key').describe(
    'Ed25519 private key that signs checkpoints, PEM (PKCS#8). No default. Changing it is recorded as an entry.',
  ),
  oldCheckpointKeys: z
    .array(verifierKey)
    .max(MAX_KEYS)
    .default([])
    .describe('Verifier keys of earlier checkpoint keys: they only verify.'),
  checkpointFile: writtenFile().describe(
    'Where the last checkpoint also stands, outside the database: a restored or shortened database is found out by it. No default: it belongs on another disk than the database.',
  ),
  checkpointEveryMs: whole(50, 1000)
    .default(500)
    .describe('How often a grown log is signed; an entry must be covered within a second.'),
  timestamps: timestampsSchema.prefault({}),
  retention: retentionSchema.prefault({}),
  signals: signalsSchema,
  feedFile: writtenFile()
    .optional()
    .describe(
      'Where entries without personal values are written as NDJSON for a collector; none by default.',
    ),
  maxBatch: whole(1, 10_000)
    .default(256)
    .describe(
      'Entries in one commit; measured: beyond 256 a batch gains little and holds the head lock longer.',
    ),
  maxQueue: whole(1, 100_000)
    .default(2000)
    .describe(
      'Entries waiting for a commit: a fifth of a second of work; above it callers hear OVERLOADED at once.',
    ),
});
