import { listSecrets } from '../../config/list-secrets.js';
import { createOperationHandlers } from '../../console/administration/operation-handlers.js';
import type { EndingThing } from '../../console/administration/operation-port.js';
import type { HandlersOf } from '../../console/frame/router.js';
import { closeWindow } from '../../maintenance/close-window.js';
import { listWindows, readCurrentWindows } from '../../maintenance/list-windows.js';
import { openWindow } from '../../maintenance/open-window.js';
import { doneValue } from '../../proposals/verdict.js';
import type { Database } from '../../storage/database.js';
import { deedPortsOf } from '../deed-ports.js';
import { keepStates, readStates } from '../health/keep-states.js';
import { ownCertificates } from '../own-certificates.js';
import { openedBy } from './opened.js';
import type { BroughtWork, RoomParts } from './parts.js';

/** What an instance sees is old after a minute; this is often enough. */
const KEEP_MS = 10_000;

type Pages = 'operation' | 'operation.file' | 'maintenance' | 'maintenance.open' | 'maintenance.close';

const STAMPS = `SELECT authority, max(gen_time) AS at FROM (
    SELECT authority, gen_time FROM bridge.log_timestamp ORDER BY size DESC LIMIT 100) AS newest
  GROUP BY authority ORDER BY authority`;
const KEYS = `SELECT kid AS name, signs_until AS "endsAt" FROM bridge.sign_in_key WHERE signs_until > now() ORDER BY signs_until LIMIT 20`;

/** The pages of this part of the console, joined from the rooms. */
export function openOperation(parts: RoomParts): { readonly handlers: HandlersOf<Pages> } & BroughtWork {
  const { config, db, health, log, now } = parts;
  const deeds = deedPortsOf(config.instance, null, ['administrator']);
  return {
    chores: [
      {
        event: 'systems.keep',
        everyMs: KEEP_MS,
        work: () => keepStates(db, config.instance, health.seen(now()), now()),
      },
    ],
    handlers: createOperationHandlers({
      opened: openedBy(parts),
      secretDays: config.console.secretDays,
      warnDays: config.console.warnDays,
      secrets: listSecrets(config),
      states: () => readStates(db),
      endings: async () => [...(await certificatesOf(parts)), ...(await keysOf(db))],
      stamps: async () => (await db.query<{ authority: string; at: Date }>({ text: STAMPS })).rows,
      current: (at) => readCurrentWindows(db, at),
      windows: (at) => listWindows(db, at),
      open: async (officer, wish) => {
        doneValue(await openWindow(log.appender, deeds, { ...wish, officer }));
      },
      close: async (officer, window) => {
        doneValue(await closeWindow(log.appender, deeds, { window, officer }));
      },
    }),
  };
}

async function certificatesOf({ config }: RoomParts): Promise<readonly EndingThing[]> {
  const certificates = await ownCertificates(config);
  return certificates.map(({ fingerprintSha256, name, notAfter }) => ({
    ...{ kind: 'certificate' as const, name, endsAt: notAfter },
    fingerprint: fingerprintSha256,
  }));
}

async function keysOf(db: Database): Promise<readonly EndingThing[]> {
  const { rows } = await db.query<{ name: string; endsAt: Date }>({ text: KEYS });
  return rows.map((row) => ({ ...row, kind: 'signing-key', fingerprint: null }));
}
