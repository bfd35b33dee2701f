import type { SignalDecision } from '../../../audit/signals/decide-lane.js';
import type { SignalPlace } from '../../../audit/signals/list-signals.js';
import { parseSignalPlace } from '../../../audit/signals/place.js';
import type { ShownSignal } from '../../../audit/signals/read-signal.js';
import type { ConsoleCall } from '../../frame/call.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import type { HandlersOf } from '../../frame/router.js';
import { allRight, clearText, oneOf } from '../evidence/typed.js';
import { SHOWN, type Shown, SIGNALS_PATH, signalsPage } from './list-page.js';
import type { SignalPorts } from './ports.js';
import { MAX_NOTE, signalPage, type TypedDecision } from './signal-page.js';
import { userLookPath } from './user-look.js';
import { DECISIONS } from './words.js';

/** Signals on one page. */
const PAGE_SIZE = 50;
/** In front of all decided ones: behind it comes no open one. */
const DECIDED: SignalPlace = { open: false, raisedLeaf: 2n ** 62n };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NOTHING_TYPED: TypedDecision = {
  decision: { text: '', value: null, error: undefined },
  note: { text: '', value: null, error: undefined },
};

/** Signals: the list, one of them, an officer's decision. */
export function createSignalHandlers(ports: SignalPorts): HandlersOf<'signals' | 'signal' | 'signal.decide'> {
  return {
    signals: async ({ query }) => {
      const wanted = query.get('durum') ?? '';
      const shown: Shown = Object.hasOwn(SHOWN, wanted) ? (wanted as Shown) : 'hepsi';
      const after = parseSignalPlace(query.get('sonra') ?? '');
      const [page, open] = await Promise.all([
        ports.list({
          after: after ?? (shown === 'karar' ? DECIDED : null),
          limit: PAGE_SIZE,
          openOnly: shown === 'acik',
        }),
        ports.countOpen(),
      ]);
      return { kind: 'page', page: signalsPage({ shown, isFirst: after === null, open, page }) };
    },
    signal: async (call) => {
      const signal = await requireSignal(ports, call);
      const path = await userLookPath(ports, call, signal);
      const form = mayDecide(call, signal) ? NOTHING_TYPED : null;
      return { kind: 'page', page: signalPage(signal, path, form) };
    },
    'signal.decide': async (call) => {
      const signal = await requireSignal(ports, call);
      const typed: TypedDecision = {
        decision: oneOf(call.fields.get('decision'), Object.keys(DECISIONS) as SignalDecision[]),
        note: clearText(call.fields.get('note'), MAX_NOTE),
      };
      const { decision, note } = typed;
      if (!allRight({ decision, note }) || decision.value === null || note.value === null)
        return {
          kind: 'page',
          status: 422,
          page: signalPage(signal, await userLookPath(ports, call, signal), typed),
        };
      await ports.decide(call.person.officer, signal.id, decision.value, note.value);
      return { kind: 'see-other', to: `${SIGNALS_PATH}/${signal.id}`, told: 'done' };
    },
  };
}

async function requireSignal(ports: SignalPorts, { params }: ConsoleCall): Promise<ShownSignal> {
  const id = params.signal ?? '';
  const found = UUID.test(id) ? await ports.find(id) : null;
  if (found === null) throw new ConsoleRefusal('NOT_FOUND');
  return found;
}

/** An inspector looks and decides nothing. */
function mayDecide({ person }: ConsoleCall, { decision }: ShownSignal): boolean {
  return decision === null && person.officer.role === 'security-officer';
}
