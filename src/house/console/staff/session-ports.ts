import type { SessionPorts } from '../../../console/administration/staff-port.js';
import { BridgeError } from '../../../errors/bridge-error.js';
import { KimlikNo } from '../../../person/kimlik-no.js';
import type { ActingOfficer } from '../../../proposals/officer.js';
import { actedBy } from '../../../proposals/verdict.js';
import { endSessionBy } from '../../../sign-in/end-session.js';
import { countLivingSessions, listSessions } from '../../../sign-in/list-sessions.js';
import { removeDevice } from '../../../sign-in/step-up/remove-device.js';
import { stillActs } from '../../still-acts.js';
import { openedBy } from '../opened.js';
import type { RoomParts } from '../parts.js';

/** What the page about everybody's sessions asks. */
export function sessionPortsOf({ config, db, log, looks }: RoomParts): SessionPorts {
  const opened = openedBy({ config, log });
  const { appender, tagger } = log;
  const tagOf = (person: KimlikNo) => tagger.tag('authority', person);
  return {
    count: (at, most) => countLivingSessions(db, at, most),
    of: (person, at) => listSessions(db, tagOf(person), at),
    keep: ({ person: { session } }, person) => looks.keep(session, 'sessions', Buffer.from(person.reveal())),
    kept: async ({ person: { session } }, look) => {
      const kept = await looks.find(session, 'sessions', look);
      const parsed = KimlikNo.parse(kept?.toString('utf8'));
      return parsed.ok ? parsed.value : null;
    },
    opened: (call, subject) => opened(call, 'all-sessions', subject ?? undefined),
    end: (officer, sessionId, reason, at) => {
      const { actor, number } = orderedBy(officer);
      return endSessionBy(appender, { sessionId, actor, number, reason, by: 'administrator' }, at);
    },
    resetStepUp: (officer, person, reason, at) => {
      const tag = tagOf(person);
      // Whoever sits at an open session of an administrator could otherwise put an own device in the place of theirs.
      if (tag.equals(officer.tag))
        throw new BridgeError('STATE_CONFLICT', 'nobody takes the own second step away', {
          fields: { reason: 'own-person' },
        });
      const { actor, number } = orderedBy(officer);
      const { role, sessionId: session } = officer;
      const removal = {
        ...{ actor, actorNumber: number, person, tag, reason },
        stillActs: (tx: Parameters<typeof stillActs>[0], now: Date) =>
          stillActs(tx, { role, session, tag: officer.tag }, now),
      };
      return removeDevice(appender, removal, at);
    },
  };
}

function orderedBy(officer: ActingOfficer) {
  const { actor, personal } = actedBy(officer);
  const [number] = personal;
  if (number === undefined) throw new BridgeError('INTERNAL', 'nobody acts');
  return { actor, number };
}
