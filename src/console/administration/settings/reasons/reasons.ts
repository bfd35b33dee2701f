import { ACCOUNTS } from './accounts.js';
import { AUDIT } from './audit.js';
import { AUTHORITY } from './authority.js';
import { BY_THEMSELVES } from './by-themselves.js';
import { CLIENTS } from './clients.js';
import { CONSOLE } from './console.js';
import { DATABASE } from './database.js';
import { EDEVLET } from './edevlet.js';
import { FEES } from './fees.js';
import { KPS } from './kps.js';
import { LIMITS } from './limits.js';
import { LISTENERS } from './listeners.js';
import { LOG } from './log.js';
import { MERSIS } from './mersis.js';
import { PURPOSES } from './purposes.js';
import { SIGN_IN } from './sign-in.js';

/** Reasons in Turkish by the row of the schema, items of lists as `clients[].id`; the schema itself has them in English. */
export const TURKISH_REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...BY_THEMSELVES,
    ...LISTENERS,
    ...DATABASE,
    ...AUDIT,
    ...CLIENTS,
    ...ACCOUNTS,
    ...KPS,
    ...PURPOSES,
    ...LIMITS,
    ...FEES,
    ...EDEVLET,
    ...SIGN_IN,
    ...CONSOLE,
    ...AUTHORITY,
    ...MERSIS,
    ...LOG,
  }),
);
