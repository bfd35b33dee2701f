import { readFile } from 'node:fs/promises';
import { draftOf } from '../../audit/draft.js';
import { basisSchema, type GivenBasis } from '../../audit/export/basis.js';
import { writeEvidence } from '../../audit/export/write-evidence.js';
import { plainLane } from '../../audit/plain-lane.js';
import { indexUpToHead } from '../../audit/search/index-entries.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { openEvidence, VERIFIER } from '../../house/open-evidence.js';
import { actorOf } from '../actor.js';
import { type Command, EXIT, outFolder, parseCommand } from '../command.js';
import { actingOfficer, inHouse } from '../house.js';
import { tellStamps } from './tell-stamps.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ROLES = ['security-officer', 'log-inspector'];

/** `bridge audit evidence`: everything about one query as a folder that proves itself; with `--reveal` the numbers opened. */
export const evidenceCommand: Command = {
  usage: 'audit evidence --query ID --basis-file FILE --out DIR [--token-file FILE] [--reveal] [--json]',
  summary:
    'write the evidence of one query; FILE holds {"basis":{"authority","documentNo","date"},"reason"}; --reveal needs step-up',
  run: async (args, terminal) => {
    const options = {
      query: { type: 'string', default: '' },
      'basis-file': { type: 'string' },
      'token-file': { type: 'string' },
      out: { type: 'string' },
      reveal: { type: 'boolean', default: false },
    } as const;
    const { values } = parseCommand(evidenceCommand, args, options, 0);
    const directory = outFolder(evidenceCommand, values.out);
    const { query, reveal } = values;
    if (!UUID.test(query)) throw new BridgeError('WRONG_USE', '--query is the id of a query');
    const { basis, reason } = await readBasis(values['basis-file']);
    const written = await inHouse(terminal, 'audit evidence', [], async (house) => {
      const { config, db, log } = house;
      const source = { file: values['token-file'] };
      const operation = reveal ? 'audit.reveal' : null;
      const officer = await actingOfficer(house, terminal, source, ROLES, { operation });
      const actor = actorOf(officer);
      await indexUpToHead(db);
      const request = { query, directory, masterKeys: reveal ? log.masterKeys : null, verifier: VERIFIER() };
      const evidence = await openEvidence(config, db, tellStamps(terminal));
      return writeEvidence(evidence, request, async ({ entries, revealed }) => {
        const data = {
          actor: actor.data,
          basis,
          entries: entries.map(({ leaf }) => Number(leaf)),
          instance: config.instance,
          query,
          reason,
          revealed: revealed.map(({ leaf, field }) => ({ field, leaf: Number(leaf) })),
        };
        await log.appender.submit(plainLane, draftOf('log.evidence', new Date(), data, [actor.personal]));
      });
    });
    const { missing, destroyed, detached } = written;
    if (missing.length > 0) terminal.err(`the log does not hold: ${missing.join(', ')}`);
    if (missing.length > 0 && detached.length > 0)
      terminal.err(`detached ranges may hold it: ${detached.join(', ')} (bridge audit attach)`);
    if (destroyed.length > 0)
      terminal.err(
        `destroyed, and so not opened: ${destroyed.map(({ leaf, field }) => `${field} of leaf ${leaf}`).join(', ')}`,
      );
    const report = JSON.stringify({ out: directory, ...written }, (_name, value) =>
      typeof value === 'bigint' ? Number(value) : value,
    );
    terminal.out(
      values.json
        ? report
        : `${directory}: ${written.entries.length} entries, ${written.revealed.length} values opened\nopen ${directory}/verify.html, or: bridge audit verify ${directory}`,
    );
    return EXIT.ok;
  },
};

async function readBasis(file: string | undefined): Promise<GivenBasis> {
  if (file === undefined) throw new BridgeError('WRONG_USE', `usage: bridge ${evidenceCommand.usage}`);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw new BridgeError('WRONG_USE', '--basis-file cannot be read as JSON');
  }
  const checked = basisSchema.safeParse(json);
  if (checked.success) return checked.data;
  const { issues } = checked.error;
  const paths = issues.map(({ path }) => path.join('.') || 'file');
  // Words of our own rule for texts that stand in clear; the file has all members, and one of them holds what it must not.
  const texts = issues.flatMap(({ code, message, path }) =>
    code === 'custom' ? [`${path.join('.')} ${message}`] : [],
  );
  if (texts.length === issues.length)
    throw new BridgeError('REQUEST_INVALID', `--basis-file: ${texts.join(', ')}`);
  throw new BridgeError('WRONG_USE', `--basis-file: ${[...new Set(paths)].join(', ')} not valid`);
}
