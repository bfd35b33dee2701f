import { ADMINISTRATION_ACCESS } from './administration/access.js';
import { COMMON_ACCESS } from './common/access.js';
import { DIRECTORATE_ACCESS } from './directorate/access.js';
import { FINANCE_ACCESS } from './finance/access.js';
import { SECURITY_ACCESS } from './security/access.js';

/**
 * Every page and action of the console, and who may; each room has its own part of the table. The router serves nothing that is not here and
 * asks nobody else; `docs/console.md` is written from it, and a test walks it with every role and none.
 */
export const ACCESS = {
  ...COMMON_ACCESS,
  ...SECURITY_ACCESS,
  ...FINANCE_ACCESS,
  ...DIRECTORATE_ACCESS,
  ...ADMINISTRATION_ACCESS,
} as const;

/** Name of a page or action. */
export type AccessId = keyof typeof ACCESS;
