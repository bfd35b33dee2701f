import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { SeenLog } from './seen-log.js';
import { SYSTEMS, type SystemName } from './systems.js';

/** The witnesses of all systems: `seen-<system>.ndjson` in the data directory. */
export class SeenLogs {
  readonly #logs: ReadonlyMap<SystemName, SeenLog>;

  constructor(directory: string, now: () => Date) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#logs = new Map(
      SYSTEMS.map((name) => [name, new SeenLog(join(directory, `seen-${name}.ndjson`), now)]),
    );
  }

  of(system: SystemName): SeenLog {
    const log = this.#logs.get(system);
    if (log === undefined) throw new Error(`no such system: ${system}`);
    return log;
  }

  close(): void {
    for (const log of this.#logs.values()) log.close();
  }
}
