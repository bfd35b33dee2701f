import type { Transaction } from '../../storage/database.js';
import type { ServiceInputs, TariffBasis, TariffSwitch } from '../tariff/tariff.js';

/** A row in force, and the leaf of its decision; null: by law. */
export interface PlacedSwitch extends TariffSwitch {
  readonly leaf: bigint | null;
}

interface Row {
  row_id: string;
  from_day: string;
  amount_kurus: number;
  basis: TariffBasis;
  service: string | null;
  gazette: string;
  inputs: readonly ServiceInputs[];
  leaf: bigint | null;
}

/** Every row of the tariff that the table has in force, with its place in the log, in order of days. */
export async function readPlacedSwitches(tx: Transaction): Promise<readonly PlacedSwitch[]> {
  const { rows } = await tx.query<Row>({
    text: `SELECT row_id, from_day::text AS from_day, amount_kurus, basis, service, gazette, inputs, leaf
      FROM bridge.fee_tariff_switch ORDER BY from_day, row_id`,
  });
  return rows.map(({ amount_kurus: amountKurus, from_day: from, row_id: id, ...row }) => {
    const { basis, gazette, inputs, leaf, service } = row;
    return { id, from, amountKurus, basis, service, gazette, inputs, leaf };
  });
}
