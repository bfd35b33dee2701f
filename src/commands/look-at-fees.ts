import type { BridgeConfig } from '../config/schema.js';
import { readSwitches } from '../fees/tariff/read-switches.js';
import type { Database } from '../storage/database.js';
import type { Finding } from './finding.js';

/** What somebody who looks after the fee book has to know. */
export async function lookAtFees(config: BridgeConfig, db: Database): Promise<readonly Finding[]> {
  const switches = await readSwitches(db);
  return config.fees.tariff
    .filter((row) => !switches.some(({ id }) => id === row.id))
    .map(({ amountKurus, basis, from, gazette, id }): Finding => {
      const text = `${amountKurus} kuruş ${basis} from ${from} (${gazette}) is loaded, not active: two persons switch it on (bridge fees tariff propose ${id} --from DAY)`;
      return { name: 'tariff', ok: true, text };
    });
}
