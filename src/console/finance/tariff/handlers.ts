import type { BothLanguages } from '../../../pages/views.js';
import { doneValue } from '../../../proposals/verdict.js';
import type { Answer, ConsoleCall } from '../../frame/call.js';
import type { Page } from '../../frame/parts.js';
import type { HandlersOf } from '../../frame/router.js';
import type { TariffPorts } from '../settling-port.js';
import { CHOOSE, DAY_WRONG, dayOf } from '../settling-words.js';
import { reasonError, type TypedWrongly } from '../two-persons.js';
import { TARIFF_PATH, tariffPage } from './page.js';

/** Rows of the tariff, and proposals to switch one on. */
export function tariffHandlers(ports: TariffPorts): HandlersOf<'tariff' | 'tariff.propose'> {
  return {
    tariff: async ({ at }) => ({ kind: 'page', page: await pageOf(ports, at, null) }),
    'tariff.propose': (call) => propose(ports, call),
  };
}

async function pageOf(ports: TariffPorts, at: Date, typed: TypedWrongly): Promise<Page> {
  const [rows, switches, waiting] = [await ports.rows(at), await ports.switches(), await ports.waiting()];
  return tariffPage({ rows, switches, waiting, at, typed });
}

async function propose(ports: TariffPorts, { at, fields, person }: ConsoleCall): Promise<Answer> {
  const [row, from, reason] = [fields.get('satir'), dayOf(fields.get('gun')), fields.get('gerekce')];
  const errors: Record<string, BothLanguages> = {};
  const rows = await ports.rows(at);
  const isKnown = rows.some(({ id, loaded }) => loaded && id === row);
  if (!isKnown) errors.satir = CHOOSE;
  if (from === null) errors.gun = DAY_WRONG;
  const text = reasonError(fields);
  if (text !== null) errors.gerekce = text;
  if (isKnown && from !== null) {
    const obstacle = await ports.obstacle(row, from, at);
    if (obstacle !== null && obstacle !== 'unknown')
      errors[obstacle.about === 'day' ? 'gun' : 'satir'] = {
        tr: `${obstacle.tr}.`,
        en: `${obstacle.message}.`,
      };
  }
  if (from === null || Object.keys(errors).length > 0)
    return { kind: 'page', status: 422, page: await pageOf(ports, at, { fields, errors }) };
  doneValue(await ports.propose({ row, from, reason, officer: person.officer }));
  return { kind: 'see-other', to: TARIFF_PATH, told: 'proposed' };
}
