import { z } from 'zod';
import { type KindRow, member } from './kind-row.js';

/** Calls that end without an entry of their own. */
export const ACCESS_KINDS = {
  'access.refused': {
    when: 'some seconds after the end of a minute in which calls were refused or failed without an entry of their own: nobody’s name was known yet, or the log could not take one',
    data: z.strictObject({
      code: z.string().max(40).describe('problem code'),
      count: z.int().min(1).describe('how many in that minute'),
      instance: member.instance,
      minute: member.instant.describe('start of the minute'),
      source: z.string().max(64).describe('address, or `other` beyond 200 sources in a minute'),
    }),
    sealed: {},
  },
} as const satisfies Record<string, KindRow>;
