import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { HandlersOf } from '../frame/router.js';
import { createApplicationHandlers } from './application-handlers.js';
import { areaPage } from './area-page.js';
import { createCooperativeHandlers } from './cooperative-handlers.js';
import { createDisagreementHandlers } from './disagreement-handlers.js';
import { ownAreas } from './own-area.js';
import type { AreaPorts } from './ports.js';

/** The pages of a directorate. */
export type AreaPages =
  | 'area'
  | 'cooperatives'
  | 'cooperatives.file'
  | 'cooperative'
  | 'cooperative.refresh'
  | 'applications'
  | 'application'
  | 'application.decide'
  | 'disagreements'
  | 'disagreement.settle';

/** Whatever a directorate sees and does: its own area's, and nothing beyond. */
export function createAreaHandlers(ports: AreaPorts): HandlersOf<AreaPages> {
  return {
    area: async (call) => {
      const areas = ownAreas(call);
      const state = await ports.state(areas, istanbulDay(call.at));
      return { kind: 'page', page: areaPage(areas, state) };
    },
    ...createCooperativeHandlers(ports),
    ...createApplicationHandlers(ports),
    ...createDisagreementHandlers(ports),
  };
}
