import type { ShownApplication } from '../../appointments/list-applications.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import { Refusal } from '../../errors/refusal.js';
import type { Answer, ConsoleCall } from '../frame/call.js';
import type { HandlersOf } from '../frame/router.js';
import { applicationPage } from './application-page.js';
import { applicationsPage } from './applications-page.js';
import { NO_VERDICT, type TypedVerdict, typedVerdict } from './decision-form.js';
import { type ConflictWord, conflictWord } from './decision-words.js';
import { decidesThere, ownAreas, requireOwn } from './own-area.js';
import type { AreaPorts } from './ports.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Applications for a KOOPBİS yetkilisi of the own area: list, one of them, its decision. */
export function createApplicationHandlers(
  ports: AreaPorts,
): HandlersOf<'applications' | 'application' | 'application.decide'> {
  return {
    applications: async (call) => {
      const after = call.query.get('sonra') ?? '';
      const place = UUID.test(after) ? after : null;
      const found = await ports.applications(ownAreas(call), place);
      return { kind: 'page', page: applicationsPage(found, place === null) };
    },
    application: async (call) => {
      const application = await ownApplication(ports, call);
      await ports.opened(call, 'application');
      return show(ports, call, application, { typed: NO_VERDICT, conflict: null, status: 200 });
    },
    'application.decide': async (call) => {
      const application = await ownApplication(ports, call);
      const { typed, verdict } = typedVerdict(call.fields);
      if (verdict === null) return show(ports, call, application, { typed, conflict: null, status: 422 });
      const { appointment } = application;
      try {
        const { officer } = call.person;
        await ports.decide({ officer, appointment, verdict, requestId: call.requestId });
      } catch (error) {
        const conflict = conflictOf(error);
        if (conflict === null) throw error;
        const now = (await ports.application(appointment)) ?? application;
        return show(ports, call, now, { typed, conflict, status: 409 });
      }
      return { kind: 'see-other', to: `/konsol/mudurluk/basvurular/${appointment}`, told: 'done' };
    },
  };
}

/** The application of the address, where its cooperative lies in the own area. Throws `ConsoleRefusal` (`OUTSIDE_OWN_AREA`). */
async function ownApplication(ports: AreaPorts, call: ConsoleCall): Promise<ShownApplication> {
  const id = call.params.application ?? '';
  return requireOwn(UUID.test(id) ? await ports.application(id) : null, call);
}

/** What the page shows beside the application. */
interface Showing {
  readonly typed: TypedVerdict;
  readonly conflict: ConflictWord | null;
  readonly status: number;
}

async function show(
  ports: AreaPorts,
  call: ConsoleCall,
  application: ShownApplication,
  { conflict, status, typed }: Showing,
): Promise<Answer> {
  const held = await ports.record(application.mersisNo);
  if (held === null) throw new Refusal('NOT_FOUND');
  const own = ownPart(application, call);
  const decides = own === null && decidesThere(call, application);
  const page = applicationPage({
    ...{ application, held, policy: ports.policy, now: call.at },
    form: decides ? typed : null,
    conflict: conflict ?? own,
  });
  return { kind: 'page', page, status };
}

/** Nobody decides on what they asked for, or on themselves. */
function ownPart(application: ShownApplication, { person: { officer } }: ConsoleCall): ConflictWord | null {
  if (application.state !== 'applied') return null;
  const tag = officer.tag.toString('hex');
  if (application.applicantTag === tag) return 'own-application';
  return application.personTag === tag ? 'own-person' : null;
}

function conflictOf(error: unknown): ConflictWord | null {
  if (!isBridgeError(error, 'STATE_CONFLICT') || !(error instanceof Refusal)) return null;
  return conflictWord(error.detail.reason);
}
