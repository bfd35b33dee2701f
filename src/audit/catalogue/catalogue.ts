import { ACCESS_KINDS } from './access.js';
import { AUTHORITY_KINDS } from './authority.js';
import { AUTHORITY_RECORD_KINDS } from './authority-record.js';
import { CONSOLE_KINDS } from './console.js';
import { FEE_KINDS } from './fees.js';
import type { KindRow } from './kind-row.js';
import { MERSIS_KINDS } from './mersis.js';
import { PROPOSAL_KINDS } from './proposals.js';
import { QUERY_KINDS } from './query.js';
import { RANGE_KINDS } from './ranges.js';
import { READ_KINDS } from './reads.js';
import { RETENTION_KINDS } from './retention.js';
import { SIGN_IN_KINDS } from './sign-in.js';
import { SIGNAL_KINDS } from './signals.js';
import { START_KINDS } from './start.js';
import { TIMESTAMP_KINDS } from './timestamp.js';
import { TREE_KINDS } from './tree.js';

const ROWS = {
  ...QUERY_KINDS,
  ...ACCESS_KINDS,
  ...SIGN_IN_KINDS,
  ...AUTHORITY_KINDS,
  ...AUTHORITY_RECORD_KINDS,
  ...MERSIS_KINDS,
  ...START_KINDS,
  ...READ_KINDS,
  ...RETENTION_KINDS,
  ...SIGNAL_KINDS,
  ...TREE_KINDS,
  ...TIMESTAMP_KINDS,
  ...RANGE_KINDS,
  ...PROPOSAL_KINDS,
  ...FEE_KINDS,
  ...CONSOLE_KINDS,
} as const;

/** The kinds of entry there are. Closed: a new kind is a new row in a file beside this one. */
export type EntryKind = keyof typeof ROWS;

/** Every kind with its schema; `docs/audit-entries.md` is made from it. */
export const CATALOGUE: Readonly<Record<EntryKind, KindRow>> = ROWS;

/** What `data` of a kind holds. */
export type DataOf<K extends EntryKind> = (typeof ROWS)[K]['data']['_zod']['output'];
