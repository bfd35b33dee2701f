import { readFile, stat } from 'node:fs/promises';
import { MAX_ROLES_AT_ONCE } from '../../authority/roles/decide-roles.js';
import { BridgeError, type ErrorCode } from '../../errors/bridge-error.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import type { House } from '../house.js';
import { recordRefusal } from '../record-refusal.js';
import { type FileRow, readRoleFile } from './read-role-file.js';
import {
  atRoleDesk,
  decidedRole,
  GROUND_OPTIONS,
  type Grounds,
  groundsOf,
  readDeciders,
  submitDecision,
  type Tokens,
} from './role-desk.js';

/** 5,000 lines of sixty characters are a third of it. */
const MAX_BYTES = 1_048_576;
/** Lines that are told one by one; more of them are a file of another form. */
const MAX_TOLD = 200;

interface RefusedLine {
  /** Null where the whole import is refused. */
  readonly line: number | null;
  readonly code: ErrorCode;
  readonly reason: string | null;
}

/** `bridge roles import`: definition in bulk by official letter (m.5(1)). All lines, or none. */
export const importCommand: Command = {
  usage:
    'roles import FILE --letter-no N --letter-date DAY [--token-file F] [--second-token-file G] [--reason "…"] [--json]',
  summary:
    'grant what stands in a file of lines kimlikNo;role, all of it or nothing; a second person where a line needs two',
  run: async (args, terminal) => {
    const { positionals, values } = parseCommand(
      importCommand,
      args,
      { ...GROUND_OPTIONS, 'second-token-file': { type: 'string' } },
      1,
    );
    const grounds = groundsOf(importCommand, values, new Date());
    if (grounds.letter === null)
      throw new BridgeError('WRONG_USE', `an import rests on a letter; usage: bridge ${importCommand.usage}`);
    const tokens = { first: values['token-file'], second: values['second-token-file'] ?? null };
    const path = positionals[0] ?? '';
    const imported = await atRoleDesk(terminal, 'roles import', async (house) => {
      const result = await importFile(house, terminal, { path, tokens, grounds });
      if (result.kind === 'refused') await recordLine(house, result.lines[0]);
      return result;
    });
    if (imported.kind === 'refused') return tellRefused(imported.lines, values.json, terminal);
    const { roleIds, leafIndex } = imported;
    const result = { granted: roleIds.length, leafIndex: Number(leafIndex) };
    terminal.out(
      values.json ? JSON.stringify(result) : `granted: ${result.granted} roles (last leaf ${leafIndex})`,
    );
    return EXIT.ok;
  },
};

interface Wanted {
  readonly path: string;
  readonly tokens: Tokens;
  readonly grounds: Grounds;
}

async function importFile(house: House, terminal: Terminal, { path, tokens, grounds }: Wanted) {
  const deciders = await readDeciders(house, terminal, tokens);
  const { rows, bad } = readRoleFile(await readFileOf(path));
  if (rows.length + bad.length > MAX_ROLES_AT_ONCE)
    throw new BridgeError('REQUEST_INVALID', `the file has more than ${MAX_ROLES_AT_ONCE} lines`);
  if (bad.length > 0) return { kind: 'refused', lines: bad } as const;
  if (rows.length === 0) throw new BridgeError('REQUEST_INVALID', 'the file holds no role');
  const roles = rows.map(({ person, role }) => decidedRole(house, person, role));
  const decided = await submitDecision(house, { kind: 'grant', ...deciders, roles, ...grounds });
  return decided.kind === 'refused'
    ? ({ kind: 'refused', lines: linesOf(decided.rows, rows) } as const)
    : decided;
}

/** Numbers stand in it, so neither path nor content is ever repeated. `WRONG_USE`, `REQUEST_INVALID`. */
async function readFileOf(path: string): Promise<string> {
  const bytes = await stat(path)
    .then(({ size }) => (size > MAX_BYTES ? null : readFile(path)))
    .catch((cause: unknown) => {
      throw new BridgeError('WRONG_USE', 'the file cannot be read', { cause });
    });
  if (bytes === null) throw new BridgeError('REQUEST_INVALID', 'the file is too long');
  try {
    // Wrong letters would make another il of one: a file in another encoding is refused, not guessed at.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new BridgeError('REQUEST_INVALID', 'the file is not UTF-8', { cause });
  }
}

function linesOf(
  refused: readonly {
    readonly row: number | null;
    readonly code: ErrorCode;
    readonly reason: string | null;
  }[],
  rows: readonly FileRow[],
): readonly RefusedLine[] {
  return refused.map(({ row, code, reason }) => ({
    line: row === null ? null : (rows[row]?.line ?? null),
    code,
    reason,
  }));
}

/** The first line stands for the file: it is refused as a whole. */
async function recordLine(house: House, line: RefusedLine | undefined): Promise<void> {
  if (line === undefined) return;
  const { code, reason } = line;
  await recordRefusal(house, new BridgeError(code, 'the file is refused', { fields: { reason } }));
}

/** Everything that is wrong, so that a file need not be mended line by line. */
function tellRefused(lines: readonly RefusedLine[], json: boolean, terminal: Terminal): number {
  if (json) terminal.out(JSON.stringify({ granted: 0, refused: lines }));
  for (const { line, code, reason } of lines.slice(0, MAX_TOLD)) {
    const where = line === null ? '' : `line ${line}: `;
    terminal.err(`${where}${code}${reason === null ? '' : ` (${reason})`}`);
  }
  if (lines.length > MAX_TOLD) terminal.err(`and ${lines.length - MAX_TOLD} more lines`);
  terminal.err('nothing was granted');
  return EXIT.failed;
}
