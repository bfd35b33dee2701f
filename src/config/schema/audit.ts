import { z } from 'zod';
import { identifier, secret, whole } from './fields.js';

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

/** Keys and batch sizes of the audit log. The first key of a list is the active one, the others are still read. */
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
