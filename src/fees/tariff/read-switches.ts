import type { Queryable } from '../../storage/database.js';
import type { ServiceInputs, TariffBasis, TariffSwitch } from './tariff.js';

interface Row {
  row_id: string;
  from_day: string;
  amount_kurus: number;
  basis: TariffBasis;
  service: string | null;
  gazette: string;
  inputs: readonly ServiceInputs[];
}

/** Every row of the tariff that was switched on, in order of days: a handful. Read in the batch that prices by them. */
export async function readSwitches(db: Queryable): Promise<readonly TariffSwitch[]> {
  const { rows } = await db.query<Row>({
    name: 'fee-switches',
    text: 'SELECT row_id, from_day, amount_kurus, basis, service, gazette, inputs FROM bridge.fee_tariff_switch ORDER BY from_day, row_id',
  });
  return rows.map(({ amount_kurus: amountKurus, from_day: from, row_id: id, ...row }) => {
    const { basis, gazette, inputs, service } = row;
    return { id, from, amountKurus, basis, service, gazette, inputs };
  });
}
