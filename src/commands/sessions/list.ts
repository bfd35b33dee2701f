import { z } from 'zod';
import { BridgeError } from '../../errors/bridge-error.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import { type ListedSession, listLivingSessions, listSessions } from '../../sign-in/list-sessions.js';
import { isSessionId } from '../../sign-in/session-id.js';
import { parseBody, parsePerson, personSchema, readParts } from '../audit/retention-desk.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { actingOfficer, inHouse } from '../house.js';

/** Sessions shown at once: some screens. */
const PAGE = 100;
const ROLES = ['administrator', 'security-officer'];

const personOnly = z.strictObject({ person: personSchema });

/** `bridge sessions list`: the living sessions, nobody's number with them. */
export const listCommand: Command = {
  usage: 'sessions list [--person | --after ID] [--token-file FILE] [--json]',
  summary:
    'living sessions, a hundred at a time (--after: behind this one); --person: those of {"person"}, JSON on standard input behind the token where it has no file. An administrator or a security officer',
  run: async (args, terminal) => {
    const options = {
      person: { type: 'boolean', default: false },
      after: { type: 'string' },
      'token-file': { type: 'string' },
    } as const;
    const { values } = parseCommand(listCommand, args, options, 0);
    const after = values.after ?? null;
    if ((after !== null && !isSessionId(after)) || (after !== null && values.person))
      throw new BridgeError('WRONG_USE', `usage: bridge ${listCommand.usage}`);
    const file = values['token-file'];
    const parts = values.person ? await readParts(terminal, file) : { terminal, body: '' };
    const person: KimlikNo | null = values.person
      ? parsePerson(parseBody(parts.body, personOnly).person)
      : null;
    const sessions = await inHouse(parts.terminal, 'sessions list', [], async (house) => {
      await actingOfficer(house, parts.terminal, { file }, ROLES, { operation: null, subject: person });
      const now = new Date();
      if (person === null) return listLivingSessions(house.db, now, { after, limit: PAGE });
      return listSessions(house.db, house.log.tagger.tag('authority', person), now);
    });
    terminal.out(values.json ? JSON.stringify({ sessions }) : tableOf(sessions));
    if (person === null && sessions.length === PAGE)
      terminal.err(`there may be more: --after ${sessions.at(-1)?.sessionId}`);
    return EXIT.ok;
  },
};

function tableOf(sessions: readonly ListedSession[]): string {
  if (sessions.length === 0) return 'no living sessions';
  return sessions.map(lineOf).join('\n');
}

function lineOf({ sessionId, openedAt, idleUntil, expiresAt, acr, clients }: ListedSession): string {
  const [opened, idle, end] = [openedAt, idleUntil, expiresAt].map((at) => at.toISOString());
  const used = clients.length === 0 ? '-' : clients.join(',');
  return `${sessionId}  since ${opened}  idle ${idle}  end ${end}  ${acr.split(':').at(-1)}  ${used}`;
}
