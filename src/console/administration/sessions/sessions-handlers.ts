import { BridgeError } from '../../../errors/bridge-error.js';
import type { Answer, ConsoleCall } from '../../frame/call.js';
import type { Text } from '../../frame/parts.js';
import type { HandlersOf } from '../../frame/router.js';
import { clearTextFault, NOT_A_NUMBER, typedPerson, withQuery } from '../staff-fields.js';
import type { SessionPorts } from '../staff-port.js';
import {
  COUNTED,
  NOTHING_TYPED,
  SESSIONS_PATH,
  type SessionsView,
  sessionsPage,
  type TypedSessions,
} from './sessions-page.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Pages about everybody's sessions. */
export function createSessionHandlers(
  ports: SessionPorts,
): HandlersOf<'all-sessions' | 'all-sessions.find' | 'all-sessions.end' | 'step-up.reset'> {
  return {
    'all-sessions': async (call) => {
      const { query } = call;
      const asked = { look: idOf(query.get('bakis')), ending: idOf(query.get('kapat')) };
      return show(call, ports, asked, NOTHING_TYPED, 200);
    },
    'all-sessions.find': (call) => find(call, ports),
    'all-sessions.end': (call) => end(call, ports),
    'step-up.reset': (call) => reset(call, ports),
  };
}

/** What we put into addresses and hidden fields; null for anything else. */
function idOf(text: string | null): string | null {
  return text !== null && UUID.test(text) ? text : null;
}

interface Asked {
  readonly look: string | null;
  readonly ending: string | null;
}

const NOBODY: Asked = { look: null, ending: null };

/** The entry is written before anything is read: about the person whose sessions are shown, where there is one. An action has its own. */
async function show(
  call: ConsoleCall,
  ports: SessionPorts,
  { ending, look }: Asked,
  typed: TypedSessions,
  status: number,
): Promise<Answer> {
  const person = look === null ? null : await ports.kept(call, look);
  if (person !== null || typed.form === null) await ports.opened(call, person);
  const sessions = person === null ? null : await ports.of(person, call.at);
  const view: SessionsView = {
    living: await ports.count(call.at, COUNTED),
    found: look === null ? null : { look, sessions },
    ending: sessions?.some(({ sessionId }) => sessionId === ending) === true ? ending : null,
    mayEnd: call.person.roles.some(({ role }) => role === 'administrator'),
    typed,
  };
  return { kind: 'page', status, page: sessionsPage(view) };
}

async function find(call: ConsoleCall, ports: SessionPorts): Promise<Answer> {
  const kimlikNo = call.fields.get('kimlikNo');
  const person = typedPerson(kimlikNo);
  if (person === null) {
    const errors = { kimlikNo: NOT_A_NUMBER };
    return show(call, ports, NOBODY, { ...NOTHING_TYPED, form: 'find', kimlikNo, errors }, 422);
  }
  return { kind: 'see-other', to: withQuery(SESSIONS_PATH, { bakis: await ports.keep(call, person) }) };
}

async function end(call: ConsoleCall, ports: SessionPorts): Promise<Answer> {
  const { at, fields, params, person } = call;
  const session = params.session ?? '';
  const look = idOf(fields.get('bakis'));
  const reason = fields.get('neden');
  const fault = clearTextFault(reason, 500);
  if (fault !== null) {
    const typed = { ...NOTHING_TYPED, form: 'end', reason, errors: { neden: fault } } as const;
    return show(call, ports, { look, ending: session }, typed, 422);
  }
  if (!UUID.test(session) || !(await ports.end(person.officer, session, reason, at)))
    throw new BridgeError('STATE_CONFLICT', 'no session with this id lives: nothing has been ended');
  return { kind: 'see-other', to: withQuery(SESSIONS_PATH, { bakis: look ?? '' }), told: 'ended' };
}

async function reset(call: ConsoleCall, ports: SessionPorts): Promise<Answer> {
  const { at, fields, person } = call;
  const [kimlikNo, reason] = [fields.get('kimlikNo'), fields.get('neden')];
  const whose = typedPerson(kimlikNo);
  const fault = clearTextFault(reason, 500);
  const again = (errors: Readonly<Record<string, Text>>) =>
    show(call, ports, NOBODY, { form: 'reset', kimlikNo, reason, errors }, 422);
  if (whose === null || fault !== null)
    return again({
      ...(whose === null ? { kimlikNo: NOT_A_NUMBER } : {}),
      ...(fault === null ? {} : { neden: fault }),
    });
  if (!(await ports.resetStepUp(person.officer, whose, reason, at))) return again({ kimlikNo: NONE_SET_UP });
  return { kind: 'see-other', to: SESSIONS_PATH, told: 'done' };
}

const NONE_SET_UP: Text = {
  tr: 'Bu kişinin kurulmuş bir ikinci adımı yok.',
  en: 'This person has set up no second step.',
};
