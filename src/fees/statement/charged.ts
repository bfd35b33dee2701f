import type { ServiceInputs, TariffSwitch } from '../tariff/tariff.js';
import type { Period, StatedRules } from './statement.js';

/** How units are counted (CONTRACT §4), as it stands in every statement. Changes with the code that counts, never alone. */
export const CHARGED =
  'answered by KPS, HataBilgisi included: 1; sent without an answer: 1; SOAP fault, HTTP error, refused connection, STS call, refused before sending, replay: 0';

/** The rules that a period was priced by: the rows in force on some day of it, with the input data they fix. `inputs`: of the settings. Pure. */
export function statedRules(
  switches: readonly TariffSwitch[],
  inputs: readonly ServiceInputs[],
  { from, to }: Pick<Period, 'from' | 'to'>,
): StatedRules {
  const services = [...new Set(switches.map(({ service }) => service))];
  const ofService = (service: string | null) => {
    const rows = switches.filter((one) => one.service === service && one.from < to);
    const before = rows.filter((one) => one.from <= from).at(-1);
    return rows.filter((one) => one === before || one.from > from);
  };
  const tariff = services.flatMap(ofService).sort((a, b) => (a.from < b.from ? -1 : 1));
  return { tariff, inputs, charged: CHARGED };
}
