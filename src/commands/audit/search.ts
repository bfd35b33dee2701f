import { readFile } from 'node:fs/promises';
import { searchDocument } from '../../api/audit-search-document.js';
import { checkSearch } from '../../api/audit-search-schema.js';
import { PROBLEMS } from '../../api/problem-texts.js';
import type { SearchAttempt, SearchResult } from '../../audit/search/attempt.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { Refusal } from '../../errors/refusal.js';
import { identifyBy, openSearch } from '../../house/open-search.js';
import { readActingPerson } from '../../sign-in/acting-person.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import { inHouse, readToken } from '../house.js';
import { foundTable } from './found-table.js';

/** The longest body that a search can have is below a tenth of it. */
const MAX_CRITERIA_CHARS = 65_536;

/**
 * `bridge audit search`: one page of the log for an officer. Criteria come as the JSON of `POST /v1/audit/searches`, never as
 * arguments, which every user of the machine can read. A refused search is an entry here too, which is why the officer is
 * looked at by the search itself.
 */
export const searchCommand: Command = {
  usage: 'audit search --criteria-file FILE|- [--token-file FILE] [--reveal] [--json]',
  summary:
    'a page of the log: {"basis":{"authority","documentNo","date"},"criteria":{…},"cursor"?,"pageSize"?} from FILE or standard input',
  run: async (args, terminal) => {
    const options = {
      'criteria-file': { type: 'string' },
      'token-file': { type: 'string' },
      reveal: { type: 'boolean', default: false },
    } as const;
    const { values } = parseCommand(searchCommand, args, options, 0);
    const criteriaFile = values['criteria-file'];
    const tokenFile = values['token-file'];
    if (criteriaFile === undefined)
      throw new BridgeError('WRONG_USE', `usage: bridge ${searchCommand.usage}`);
    if (criteriaFile === '-' && tokenFile === undefined)
      throw new BridgeError('WRONG_USE', 'criteria on standard input: the token needs --token-file');
    const request = requestOf(await readCriteria(criteriaFile, terminal), values.reveal);
    const result = await inHouse(terminal, 'audit search', [], async ({ config, db, log }) => {
      // In the house: a try without a token is an entry too.
      const token = await readToken(terminal, { file: tokenFile });
      const search = openSearch(config, db, log);
      const identify = identifyBy((tx, now) => readActingPerson(tx, log.masterKeys, token, now));
      return search({ client: null, receivedAt: new Date(), identify, request }).catch(inWords);
    });
    show(result, values.json, terminal);
    return EXIT.ok;
  },
};

async function readCriteria(file: string, terminal: Terminal): Promise<string> {
  if (file === '-') return terminal.read();
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BridgeError('WRONG_USE', '--criteria-file cannot be read', { cause });
  });
  if (text.length > MAX_CRITERIA_CHARS) throw new BridgeError('WRONG_USE', '--criteria-file is too long');
  return text;
}

function requestOf(text: string, reveal: boolean): SearchAttempt['request'] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's message quotes the text: it is not kept.
    return { ok: false, code: 'REQUEST_INVALID', reason: 'body: not JSON' };
  }
  const checked = checkSearch(json);
  if (!checked.ok) return { ok: false, code: 'REQUEST_INVALID', reason: checked.reason };
  return { ok: true, value: { ...checked.value, reveal: checked.value.reveal || reveal } };
}

/** A refusal as people read it; its own message is only the code. */
function inWords(error: unknown): never {
  if (!(error instanceof Refusal)) throw error;
  const { reason } = error.detail;
  const text = `${PROBLEMS[error.code].en}${reason === undefined ? '' : ` (${reason})`}`;
  throw new BridgeError(error.code, text, { cause: error });
}

function show(result: SearchResult, json: boolean, terminal: Terminal): void {
  if (json) {
    terminal.out(JSON.stringify(searchDocument(result)));
    return;
  }
  if (result.entries.length > 0) terminal.out(foundTable(result.entries));
  const { search, receipt, entries, next, lookedTo, detached } = result;
  terminal.err(`${entries.length} entries; looked at every leaf from ${lookedTo} on`);
  terminal.err(`this search is entry ${search}, leaf ${receipt.leafIndex}`);
  for (const { first, count } of detached)
    terminal.err(`not at hand: leaves ${first} to ${first + count - 1n} are detached`);
  if (next !== null) terminal.err(`more: the same criteria with "cursor": "${next}"`);
}
