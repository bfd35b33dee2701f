import { z } from 'zod';
import { type KindRow, member } from './kind-row.js';

const since = member.instant.describe('when the first try of this outage failed');
const size = z.int().min(1).describe('leaves covered by the checkpoint that was to be stamped');

export const TIMESTAMP_KINDS = {
  'timestamp.outage': {
    when: 'no configured authority gave a valid time stamp; once, when that begins',
    data: z.strictObject({
      authorities: z
        .array(
          z.strictObject({
            authority: z.string().max(64).describe('its id in the settings'),
            reason: z.string().max(32).describe('why it gave none'),
          }),
        )
        .max(8)
        .describe('who was asked, in this order'),
      instance: member.instance,
      lastGenTime: member.instant
        .nullable()
        .describe('time in the last time stamp; null where there is none'),
      since,
      size,
    }),
    sealed: {},
  },
  'timestamp.restored': {
    when: 'an authority gave a valid time stamp again; once for each outage',
    data: z.strictObject({
      authority: z.string().max(64).describe('whose time stamp ended the outage'),
      genTime: member.instant.describe('time in that time stamp'),
      instance: member.instance,
      outage: member.leaf.nullable().describe('leaf of the entry that told of the outage'),
      since,
      size: size.describe('leaves covered by the checkpoint that was stamped'),
    }),
    sealed: {},
  },
} as const satisfies Record<string, KindRow>;
