import { createHash } from 'node:crypto';
import { BridgeError } from '../../errors/bridge-error.js';
import { osUser } from '../../house/os-user.js';
import { POLL_APPLIERS } from '../../mersis/poll/appliers.js';
import { type BadLine, parseList } from '../../mersis/poll/parse-list.js';
import { registerCooperatives } from '../../mersis/poll/register.js';
import { actorOf } from '../actor.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import { actingOfficer, inHouse } from '../house.js';
import { readListFile, textOfList } from '../read-list-file.js';
import { recordRefusal } from '../record-refusal.js';
import { MERSIS_OFFICERS } from './mersis-house.js';

/** The whole register of 50,078 is a fifth of it. */
const MAX_BYTES = 4_194_304;
/** Lines that are told one by one; more of them are a file of another form. */
const MAX_TOLD = 200;

/** `bridge mersis register FILE`: the cooperatives that are polled from now on. All lines, or none. */
export const mersisRegisterCommand: Command = {
  usage: 'mersis register FILE [--token-file F] [--json]',
  summary:
    'takes up the cooperatives of a file (MERSİS numbers of legal persons, one a line, # comments), all of it or nothing; known ones stay. An administrator or a security officer',
  run: async (args, terminal) => {
    const options = { 'token-file': { type: 'string' } } as const;
    const { positionals, values } = parseCommand(mersisRegisterCommand, args, options, 1);
    const [path = ''] = positionals;
    const result = await inHouse(terminal, 'mersis register', POLL_APPLIERS, async (house) => {
      const file = values['token-file'];
      const officer = await actingOfficer(house, terminal, { file }, MERSIS_OFFICERS, { operation: null });
      const bytes = await readListFile(path, MAX_BYTES);
      const { bad, mersisNos } = parseList(textOfList(bytes));
      if (bad.length > 0) {
        await recordRefusal(house, refusalOf(bad));
        return { bad };
      }
      if (mersisNos.length === 0) throw new BridgeError('REQUEST_INVALID', 'the file holds no number');
      const { data: actor, personal } = actorOf(officer);
      const fileSha256 = createHash('sha256').update(bytes).digest('hex');
      const registering = { mersisNos, by: { actor, personal }, fileSha256, osUser: osUser() };
      return registerCooperatives(house.log.appender, registering);
    });
    if ('bad' in result) return tellBad(result.bad, values.json, terminal);
    const { added, known, leafIndex } = result;
    terminal.out(
      values.json
        ? JSON.stringify({ added, known, leafIndex: Number(leafIndex) })
        : `taken up: ${added}, known before: ${known} (leaf ${leafIndex})`,
    );
    return EXIT.ok;
  },
};

/** The first line stands for the file: it is refused as a whole. */
function refusalOf([first]: readonly BadLine[]): BridgeError {
  return new BridgeError('REQUEST_INVALID', 'the file is refused', {
    fields: { reason: first?.problem ?? null },
  });
}

/** Everything that is wrong, so that a file need not be mended line by line. */
function tellBad(bad: readonly BadLine[], json: boolean, terminal: Terminal): number {
  if (json) terminal.out(JSON.stringify({ added: 0, refused: bad.slice(0, MAX_TOLD) }));
  for (const { line, problem } of bad.slice(0, MAX_TOLD)) terminal.err(`line ${line}: ${problem}`);
  if (bad.length > MAX_TOLD) terminal.err(`and ${bad.length - MAX_TOLD} more lines`);
  terminal.err('nothing was taken up');
  return EXIT.failed;
}
