import { z } from 'zod';
import { BridgeError } from '../errors/bridge-error.js';
import { STEP_UP_APPLIERS } from '../sign-in/step-up/appliers.js';
import { removeDevice } from '../sign-in/step-up/remove-device.js';
import { actorOf } from './actor.js';
import {
  parseBody,
  parsePerson,
  personSchema,
  readParts,
  reasonSchema,
  stillActsAs,
} from './audit/retention-desk.js';
import { type Command, EXIT, parseCommand } from './command.js';
import { actingOfficer, inHouse } from './house.js';

const resetSchema = z.strictObject({ person: personSchema, reason: reasonSchema });
const ROLES = ['administrator'];

/** `bridge step-up reset`: takes a second step away that its person has lost; they set up a new one after a fresh sign-in. */
export const stepUpCommand: Command = {
  usage: 'step-up reset [--token-file FILE] [--json]',
  summary:
    'take the lost second step of a person away (administrator): reads {"person","reason"} from standard input, behind the token where it has no file',
  run: async (args, terminal) => {
    const options = { 'token-file': { type: 'string' } } as const;
    const { positionals, values } = parseCommand(stepUpCommand, args, options, 1);
    if (positionals[0] !== 'reset')
      throw new BridgeError('WRONG_USE', `usage: bridge ${stepUpCommand.usage}`);
    const file = values['token-file'];
    const parts = await readParts(terminal, file);
    const { person: digits, reason } = parseBody(parts.body, resetSchema);
    const person = parsePerson(digits);
    await inHouse(parts.terminal, 'step-up reset', STEP_UP_APPLIERS, async (house) => {
      const officer = await actingOfficer(house, parts.terminal, { file }, ROLES, {
        operation: 'sessions.end',
      });
      const tag = house.log.tagger.tag('authority', person);
      // Whoever sits at an open session of an administrator could otherwise put an own device in the place of theirs.
      if (tag.equals(officer.tag))
        throw new BridgeError(
          'STATE_CONFLICT',
          'nobody takes the own second step away: another administrator does',
          {
            fields: { reason: 'own-person' },
          },
        );
      const { data: actor, personal: actorNumber } = actorOf(officer);
      const { person: who, tag: officerTag } = officer;
      const stillActs = stillActsAs(officer);
      const removal = {
        actor,
        actorNumber,
        person,
        tag,
        reason,
        stillActs: (tx: Parameters<typeof stillActs>[0], now: Date) =>
          stillActs(tx, { person: who, tag: officerTag, session: actor }, now),
      };
      if (!(await removeDevice(house.log.appender, removal, new Date())))
        throw new BridgeError('NOT_FOUND', 'this person has set up no second step');
    });
    terminal.out(values.json ? JSON.stringify({ removed: true }) : 'the second step is taken away');
    return EXIT.ok;
  },
};
