import type { AskedCriteria } from '../../../audit/search/attempt.js';
import type { ShownSignal } from '../../../audit/signals/read-signal.js';
import { addDays } from '../../../calendar/add-days.js';
import { istanbulDay } from '../../../calendar/istanbul-day.js';
import { ACCESS } from '../../access.js';
import type { ConsoleCall } from '../../frame/call.js';
import { keepSearch, type WantedSearch } from '../search/kept.js';
import type { SignalPorts } from './ports.js';

const NOBODY: AskedCriteria = {
  ...{ person: null, actor: null, cooperative: null, from: null, to: null, purpose: null, outcome: null },
  ...{ screen: null, service: null, reference: null, query: null, session: null, code: null, kinds: [] },
};

/**
 * The address of what the signal's user did on the days of its window. The number stands sealed in a look of this session and on no page; the
 * search itself is written down when the address is opened, with the signal as its basis. Null where the user's number does not open.
 */
export async function userLookPath(
  ports: SignalPorts,
  call: ConsoleCall,
  signal: ShownSignal,
): Promise<string | null> {
  const user = await ports.userOf(signal);
  if (user === null) return null;
  const { id, raisedAt, windowEnd, windowStart } = signal;
  const search: WantedSearch = {
    basis: { authority: 'Güvenlik uyarısı', documentNo: id, date: istanbulDay(raisedAt) },
    criteria: {
      ...NOBODY,
      actor: user.reveal(),
      from: istanbulDay(windowStart),
      to: addDays(istanbulDay(windowEnd), 1),
    },
  };
  const look = await keepSearch(ports, call, 'user', search);
  return `${ACCESS.user.path}/${look}`;
}
