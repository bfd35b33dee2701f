import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';

const range = {
  actor: member.actor,
  count: z.int().min(1).describe('entries of the range'),
  entriesSha256: member.sha256.describe('SHA-256 of `entries.ndjson` of the sealed export'),
  first: member.leaf.describe('first leaf of the range'),
  instance: member.instance,
};

export const RANGE_KINDS = {
  'log.range-detached': {
    when: 'an old range was written out as a sealed export and taken out of the database',
    data: z.strictObject(range),
    sealed: ACTOR,
  },
  'log.range-attached': {
    when: 'a detached range was brought back from its sealed export',
    data: z.strictObject(range),
    sealed: ACTOR,
  },
} as const satisfies Record<string, KindRow>;
