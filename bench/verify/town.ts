import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePortRow } from '../../mocks/sandbox/free-ports.js';
import { type Layout, layoutOf, PORT_COUNT } from '../../mocks/sandbox/layout.js';
import { type Prepared, prepareSandbox } from '../../mocks/sandbox/prepare.js';
import { processesOf } from '../../mocks/sandbox/processes.js';
import { type SandboxFile, sandboxFileOf } from '../../mocks/sandbox/sandbox-file.js';
import { attachEmbedded } from '../../src/storage/embedded/attach.js';
import { removeEmbedded } from '../../src/storage/embedded/remove.js';
import type { Cleanup } from '../common/cleanup.js';
import { makeWorkplace } from '../common/workplace.js';
import { lengthenTokens, liftQuotas } from './settings.js';

/** The bridge drains for 20 s, then its database writes a checkpoint. */
const STOP_MS = 60_000;
const COOPERATIVES = 300;
/** The compiled programs, `dist/`: two folders above this one. */
const BUILT = fileURLToPath(new URL('../..', import.meta.url));

/** A sandbox of the bench's own: stand-ins, bridge with its database, and who signs people in. */
export interface Town {
  readonly layout: Layout;
  readonly prepared: Prepared;
  readonly sandbox: SandboxFile;
  /** Process ids; `postgres` is the postmaster's. */
  readonly pids: { readonly bridge: number; readonly standIns: number; readonly postgres: number };
  /** Ends the process that signs people in, once nobody has to sign in any more: it must take no part in the measurement. */
  stopSigningIn(): Promise<void>;
}

/** Makes and starts everything on free ports; `cleanup` stops and removes it. Throws where something does not start. */
export async function startTown(
  people: number,
  cleanup: Cleanup,
  say: (text: string) => void,
): Promise<Town> {
  const layout = layoutOf(makeWorkplace(cleanup), await freePortRow(PORT_COUNT));
  say(`population of ${people} and certificates …`);
  const prepared = await prepareSandbox(layout, { people, cooperatives: COOPERATIVES, seed: 'bench' });
  liftQuotas(layout.configFile);
  lengthenTokens(layout.standInsFile);
  say('stand-ins, database and bridge …');
  cleanup.add(async () => {
    if (existsSync(layout.database)) await removeEmbedded({ directory: layout.database });
  });
  const processes = processesOf(layout, BUILT, (child) => cleanup.add(() => child.stop(STOP_MS)));
  const standIns = await processes.standIns();
  const bridge = await processes.bridge();
  const rights = await processes.rights();
  const { adminUrl, pid } = await attachEmbedded({ directory: layout.database });
  return {
    layout,
    prepared,
    sandbox: sandboxFileOf(layout, prepared.certificates, adminUrl, prepared.population),
    pids: { bridge: bridge.pid, standIns: standIns.pid, postgres: pid },
    stopSigningIn: () => rights.stop(STOP_MS),
  };
}
