import { z } from 'zod';
import { createErasureLane, erasureTexts } from '../../audit/retention/erasure-answer.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import {
  atDesk,
  daySchema,
  numberSchema,
  parseBody,
  parsePerson,
  personSchema,
  readParts,
} from './retention-desk.js';

const requestSchema = z.strictObject({
  person: personSchema,
  requestNo: numberSchema,
  receivedOn: daySchema,
});

/** `bridge audit erasure-request`: answers a person's wish inside the term with the legal ground; destroys nothing. */
export const erasureRequestCommand: Command = {
  usage: 'audit erasure-request [--token-file FILE] [--json]',
  summary:
    'answer a person who asks for erasure, in Turkish and English: {"person","requestNo","receivedOn"} from standard input, behind the token where it has no file',
  run: async (args, terminal) => {
    const options = { 'token-file': { type: 'string' } } as const;
    const { values } = parseCommand(erasureRequestCommand, args, options, 0);
    const tokenFile = values['token-file'];
    const parts = await readParts(terminal, tokenFile);
    const answer = await atDesk(
      parts.terminal,
      { command: 'audit erasure-request', tokenFile, role: 'security-officer' },
      async (desk) => {
        const { person, requestNo, receivedOn } = parseBody(parts.body, requestSchema);
        if (receivedOn > istanbulDay(new Date()))
          throw new BridgeError('REQUEST_INVALID', 'receivedOn lies in the future');
        const request = { officer: desk.officer, subject: parsePerson(person), requestNo, receivedOn };
        return desk.submit(createErasureLane(desk.tools), request);
      },
    );
    const text = erasureTexts(answer);
    const { leafIndex, ...facts } = answer;
    terminal.out(
      values.json
        ? JSON.stringify({ ...facts, leafIndex: Number(leafIndex), text })
        : `${text.tr}\n\n${text.en}`,
    );
    return EXIT.ok;
  },
};
