import { addDays } from '../../../calendar/add-days.js';
import { istanbulDay } from '../../../calendar/istanbul-day.js';
import type { HandlersOf } from '../../frame/router.js';
import type { StartPorts } from './ports.js';
import { DAYS_SHOWN, startPage } from './start-page.js';

/** The start page of security. */
export function createStartHandlers(ports: StartPorts): HandlersOf<'security'> {
  return {
    security: async ({ at }) => {
      const today = istanbulDay(at);
      const counted = await ports.days(addDays(today, 1 - DAYS_SHOWN), today);
      const [openSignals, log] = await Promise.all([ports.openSignals(), ports.logState(at)]);
      return { kind: 'page', page: startPage({ today, counted, openSignals, log }) };
    },
  };
}
