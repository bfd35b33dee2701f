import type { HandlersOf } from '../frame/router.js';
import { showHelp } from './help.js';
import { showHome } from './home.js';
import { switchLanguage } from './language.js';
import { showOwnQueries } from './own-queries.js';
import { showParts } from './parts-page.js';
import type { OwnPagePorts } from './port.js';
import { comeBack } from './returned.js';
import { endSession, showSessions } from './sessions.js';

/** Ids of everyone's own pages. */
export type OwnPage =
  | 'home'
  | 'parts'
  | 'language'
  | 'returned'
  | 'help'
  | 'sessions'
  | 'sessions.end'
  | 'own-queries';

/** Everyone's own pages. */
export function createOwnPageHandlers(ports: OwnPagePorts): HandlersOf<OwnPage> {
  return {
    home: showHome,
    parts: showParts,
    language: switchLanguage,
    returned: comeBack,
    help: showHelp,
    sessions: (call) => showSessions(call, ports),
    'sessions.end': (call) => endSession(call, ports),
    'own-queries': (call) => showOwnQueries(call, ports),
  };
}
