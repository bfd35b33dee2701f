import type { ListedDisagreement } from '../../appointments/disagreements/list-disagreements.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { Refusal } from '../../errors/refusal.js';
import type { BothLanguages } from '../../pages/views.js';
import type { Answer, ConsoleCall } from '../frame/call.js';
import type { HandlersOf } from '../frame/router.js';
import {
  disagreementsPage,
  type LookedAt,
  NOTHING_SETTLED,
  type TypedSettlement,
} from './disagreements-page.js';
import { decidesThere, ownAreas, requireOwn } from './own-area.js';
import type { AreaPorts } from './ports.js';
import { leafOf, settleRefusal, typedSettlement } from './settle-disagreement.js';

/** Contradictions between seats and appointments of the own area: list with one of them looked at, and settling it. */
export function createDisagreementHandlers(
  ports: AreaPorts,
): HandlersOf<'disagreements' | 'disagreement.settle'> {
  return {
    disagreements: async (call) => {
      const wanted = call.query.get('kayit');
      if (wanted === null) return show(ports, call, null, 200);
      const found = await ownDisagreement(ports, call, wanted);
      return show(ports, call, await lookAt(ports, call, found, NOTHING_SETTLED, null), 200);
    },
    'disagreement.settle': async (call) => {
      const found = await ownDisagreement(ports, call, call.fields.get('kayit'));
      const { typed, wish } = typedSettlement(call.fields);
      if (wish === null) return show(ports, call, await lookAt(ports, call, found, typed, null), 422);
      try {
        await ports.settle({ ...wish, disagreement: found.leaf, officer: call.person.officer });
      } catch (error) {
        const refused = settleRefusal(error);
        if (refused === null) throw error;
        const now = (await ports.disagreement(found.leaf)) ?? found;
        return show(ports, call, await lookAt(ports, call, now, typed, refused), 409);
      }
      return { kind: 'see-other', to: '/konsol/mudurluk/uyusmazliklar', told: 'done' };
    },
  };
}

/** One of the own area. Throws `ConsoleRefusal` (`OUTSIDE_OWN_AREA`). */
async function ownDisagreement(
  ports: AreaPorts,
  call: ConsoleCall,
  text: string,
): Promise<ListedDisagreement> {
  const leaf = leafOf(text);
  return requireOwn(leaf === null ? null : await ports.disagreement(leaf), call);
}

async function lookAt(
  ports: AreaPorts,
  call: ConsoleCall,
  disagreement: ListedDisagreement,
  typed: TypedSettlement,
  refused: BothLanguages | null,
): Promise<LookedAt> {
  const held = await ports.record(disagreement.mersisNo);
  if (held === null) throw new Refusal('NOT_FOUND');
  const application = await ports.application(disagreement.appointment);
  const { record } = held;
  const decides = disagreement.decision === null && decidesThere(call, disagreement);
  const sides = { disagreement, record, application, today: istanbulDay(call.at) };
  return { sides, typed: decides ? typed : null, refused };
}

async function show(
  ports: AreaPorts,
  call: ConsoleCall,
  looked: LookedAt | null,
  status: number,
): Promise<Answer> {
  const after = leafOf(call.query.get('sonra') ?? '');
  const found = await ports.disagreements(ownAreas(call), after);
  return { kind: 'page', page: disagreementsPage(found, after === null, looked), status };
}
