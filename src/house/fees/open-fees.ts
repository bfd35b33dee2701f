import { feesRoutes } from '../../api/fees/fees-routes.js';
import type { BroughtRoutes } from '../../api/service-route.js';
import type { LogGate } from '../../audit/log-gate.js';
import { indexUpToHead } from '../../audit/search/index-entries.js';
import { readAuthority } from '../../authority/read-authority.js';
import type { BridgeConfig } from '../../config/schema.js';
import { readUsage } from '../../fees/ahead/read-usage.js';
import { usageDocument } from '../../fees/ahead/usage-document.js';
import { foldLines } from '../../fees/book/fold.js';
import { quarterFile } from '../../fees/export/quarter-file.js';
import { quarterDocument } from '../../fees/quarter/quarter-document.js';
import { readQuarter } from '../../fees/quarter/read-quarter.js';
import { createAllowReading } from '../../fees/reading/allow-reading.js';
import { explainRefusedTokens, readAccessTokens } from '../../sign-in/access-tokens.js';
import type { Database } from '../../storage/database.js';
import type { Log } from '../../telemetry/log.js';
import { startChore } from '../chore.js';
import type { OpenLog } from '../open-log.js';
import { quarterSettings } from './quarter-settings.js';
import { usageSettings } from './usage-settings.js';

/** What the fee book needs of the house. Its entries have no effects: `log` needs no applier for them. */
export interface FeesParts {
  readonly config: BridgeConfig;
  readonly db: Database;
  readonly log: Pick<OpenLog, 'appender' | 'masterKeys'>;
  /** Nothing is shown while it is closed: the entry could not be written. */
  readonly gate: Pick<LogGate, 'requireSound'>;
  readonly told: Log;
  now?(): Date;
}

/** The calls about the fee book, and the chore that adds its lines up. */
export interface OpenFees extends BroughtRoutes {
  /** Safe on all instances at once; stopping waits for what is under way. */
  startChores(): () => Promise<void>;
}

/** Whoever reads adds up what is new first; the chore keeps that from being much. */
const FOLD_MS = 1_000;

/** The fee book over this house, as listener and start know it. */
export function openFees(parts: FeesParts): OpenFees {
  const { config, db, gate, log, told, now = () => new Date() } = parts;
  const view = (quarter: string) => readQuarter(db, quarterSettings(config, quarter), quarter, now());
  const brought = feesRoutes({
    now,
    allow: createAllowReading({
      log: log.appender,
      instance: config.instance,
      accounts: config.accounts.map(({ id }) => id),
      requireSound: () => gate.requireSound(),
      readTokens: (tx, presented, at) => readAccessTokens(tx, log.masterKeys, presented, at),
      explainTokens: explainRefusedTokens,
      rolesOf: async (tx, tag, day) => {
        const [facts] = await readAuthority(tx, [{ tag, mersisNo: '' }], day);
        const isOn = ({ endsOn, startsOn }: { startsOn: string | null; endsOn: string | null }) =>
          (startsOn === null || startsOn <= day) && (endsOn === null || endsOn > day);
        return facts?.roles.filter(isOn).map(({ role }) => role) ?? [];
      },
    }),
    quarterDocument: async (quarter) => quarterDocument(await view(quarter)),
    quarterFile: (quarter, format) =>
      quarterFile({ db, settings: quarterSettings(config, quarter), now }, quarter, format),
    usageDocument: async (wish) => {
      // What was spared is counted from the search rows.
      await indexUpToHead(db);
      return usageDocument(await readUsage(db, usageSettings(config), wish, now()));
    },
  });
  return {
    ...brought,
    startChores: () => startChore('fees.fold', FOLD_MS, told, () => foldLines(db)),
  };
}
