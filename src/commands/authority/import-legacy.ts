import { createHash } from 'node:crypto';
import { importLegacy, type LegacyImported } from '../../appointments/legacy/import-legacy.js';
import {
  type LegacyFile,
  MAX_LEGACY_LINES,
  readLegacyFile,
} from '../../appointments/legacy/read-legacy-file.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { osUser } from '../../house/os-user.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import { readListFile, textOfList } from '../read-list-file.js';
import { recordRefusal } from '../record-refusal.js';
import { atOfficerDesk, type OfficerDesk } from './officer-desk.js';

/** 100,000 lines of sixty characters, with room for quotes. */
const MAX_BYTES = 16_777_216;
/** Lines that are told one by one; more of them are a file of another form. */
const MAX_TOLD = 200;

type Refused = Extract<LegacyImported, { kind: 'refused' }>;

/** `bridge authority import-legacy`: appointees of koopbis.gtb.gov.tr, as ended (m.15(2)). */
export const importLegacyCommand: Command = {
  usage: 'authority import-legacy FILE [--token-file F] [--json]',
  summary:
    'bring in who was appointed in the closed system, from lines MERSİS no;kimlik no;start;end: all of it or nothing; none of them may act',
  run: async (args, terminal) => {
    const options = { 'token-file': { type: 'string' } } as const;
    const { positionals, values } = parseCommand(importLegacyCommand, args, options, 1);
    const result = await atOfficerDesk(
      terminal,
      'authority import-legacy',
      values['token-file'],
      async (desk): Promise<LegacyImported> => {
        const imported = await importFile(desk, positionals[0] ?? '', terminal);
        if (imported.kind === 'refused') await recordFirst(desk, imported);
        return imported;
      },
    );
    if (result.kind === 'refused') return tellRefused(result, values.json, terminal);
    const { imported, lines } = result;
    terminal.out(
      values.json
        ? JSON.stringify({ imported, lines })
        : `imported: ${imported} of ${lines} lines were new or corrected`,
    );
    return EXIT.ok;
  },
};

async function importFile(
  { house, officer, ports }: OfficerDesk,
  path: string,
  terminal: Terminal,
): Promise<LegacyImported> {
  const bytes = await readListFile(path, MAX_BYTES);
  const { rows, bad } = readRows(bytes, house.config.authority.appointees.legacyDecisionAfter);
  if (bad.length > 0) return { kind: 'refused', bad };
  if (rows.length === 0) throw new BridgeError('REQUEST_INVALID', 'the file holds no appointee');
  const fileSha256 = createHash('sha256').update(bytes).digest('hex');
  const given = { rows, fileSha256, officer, osUser: osUser() };
  return importLegacy(house.log.appender, house.db, ports, given, (lines) =>
    terminal.progress?.(`${lines} of ${rows.length} lines`),
  );
}

function readRows(bytes: Buffer, endedOn: string): LegacyFile {
  const text = textOfList(bytes, true);
  try {
    return readLegacyFile(text, endedOn);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BridgeError('REQUEST_INVALID', `the file has more than ${MAX_LEGACY_LINES} lines`);
  }
}

/** The first line stands for the file: it is refused as a whole. */
async function recordFirst({ house }: OfficerDesk, { bad: [first] }: Refused): Promise<void> {
  const fields = { reason: first?.reason ?? null };
  await recordRefusal(house, new BridgeError('REQUEST_INVALID', 'the file is refused', { fields }));
}

/** Everything that is wrong, so that a file need not be mended line by line. */
function tellRefused({ bad }: Refused, json: boolean, terminal: Terminal): number {
  if (json) terminal.out(JSON.stringify({ imported: 0, refused: bad }));
  for (const { line, reason } of bad.slice(0, MAX_TOLD)) terminal.err(`line ${line}: ${reason}`);
  if (bad.length > MAX_TOLD) terminal.err(`and ${bad.length - MAX_TOLD} more lines`);
  terminal.err('nothing was imported');
  return EXIT.failed;
}
