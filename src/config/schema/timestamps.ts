import { z } from 'zod';
import { certificateFile, httpUrl, identifier, secret, text, whole } from './fields.js';

const MAX_AUTHORITIES = 8;
const MAX_POLICIES = 16;

const authority = z.strictObject({
  id: identifier().describe('Name of the authority; stands beside each of its time stamps.'),
  url: httpUrl().describe(
    'Where requests go. Kamu SM’s is plain HTTP: only a digest leaves, and the answer is signed.',
  ),
  authentication: z
    .enum(['none', 'basic', 'kamusm'])
    .default('none')
    .describe('`kamusm`: the `identity` header of TÜBİTAK Kamu SM (facts/fees-and-records.md §3).'),
  userName: text(100).optional().describe('User name for `basic`.'),
  customerNo: whole(1, 2_147_483_647).optional().describe('Customer number for `kamusm`.'),
  password: secret().optional().describe('Password for `basic` and `kamusm`.'),
  policies: z
    .array(z.string().regex(/^[0-2](?:\.\d{1,18}){1,30}$/, { error: 'must be an object identifier' }))
    .max(MAX_POLICIES)
    .default([])
    .describe('Policies that its time stamps may stand under; empty: whichever it names.'),
  ca: certificateFile().describe(
    'Certificates that its signer must chain to, PEM. The system store is not used: a web CA makes no time stamps.',
  ),
  timeoutMs: whole(100, 120_000).default(10_000).describe('For one request; nobody waits for it.'),
});

/** Time stamps of third parties over checkpoints (RFC 3161). */
export const timestampsSchema = z.strictObject({
  authorities: z
    .array(authority)
    .max(MAX_AUTHORITIES)
    .default([])
    .describe('Asked in this order until one answers rightly. Production needs one.'),
  everyMinutes: whole(1, 1440)
    .default(60)
    .describe(
      'An hour is what could at worst be back-dated by whoever has the bridge, its key and its database.',
    ),
  budgetHours: whole(1, 720)
    .default(24)
    .describe(
      'So long the service goes on without a time stamp; after it nothing more is asked, because its record would be worth less.',
    ),
  maxClockDifferenceS: whole(1, 3600)
    .default(300)
    .describe('Beyond it one of the two clocks is wrong, and the time stamp is not taken.'),
});
