import { addDays } from '../../../calendar/add-days.js';
import { istanbulMidnight } from '../../../calendar/istanbul-day.js';
import type { ExportBounds } from './ports.js';

/** The instants of a period of days: the last one is included, so it ends where the next one begins. */
export function boundsOf({
  from,
  to,
}: {
  readonly from: string | null;
  readonly to: string | null;
}): ExportBounds {
  return {
    from: from === null ? null : istanbulMidnight(from),
    to: to === null ? null : istanbulMidnight(addDays(to, 1)),
  };
}
