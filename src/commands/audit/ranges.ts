import { resolve } from 'node:path';
import { draftOf } from '../../audit/draft.js';
import { plainLane } from '../../audit/plain-lane.js';
import { attachRange } from '../../audit/ranges/attach-range.js';
import { detachRange, type MovedRange, type RangeDeps } from '../../audit/ranges/detach-range.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { openEvidence } from '../../house/open-evidence.js';
import { attachAsOwner } from '../../house/open-storage.js';
import { actorOf } from '../actor.js';
import { type Command, EXIT, outFolder, parseCommand, type Terminal } from '../command.js';
import { actingOfficer, type House, inHouse, type Officer } from '../house.js';
import { progressOn } from '../progress.js';
import { requireVerified } from './offline-verifier.js';

const ROLES = ['administrator', 'security-officer'];
const options = { out: { type: 'string' }, 'token-file': { type: 'string' } } as const;

/** `bridge audit detach`: an old range of 2^20 entries leaves the database as a sealed export. */
export const detachCommand: Command = {
  usage: 'audit detach RANGE --out DIR [--token-file FILE] [--json]',
  summary: 'write range number RANGE (2^20 entries) out as a sealed export and take it out of the database',
  run: async (args, terminal) => {
    const { values, positionals } = parseCommand(detachCommand, args, options, 1);
    const [part = ''] = positionals;
    if (!/^\d{1,6}$/.test(part))
      throw new BridgeError('WRONG_USE', 'RANGE is a number: 0 for the first 2^20 entries');
    const directory = outFolder(detachCommand, values.out);
    return move(terminal, 'audit detach', 'log.range-detached', values, (deps, record) =>
      detachRange(deps, BigInt(part), directory, record),
    );
  },
};

/** `bridge audit attach`: a detached range comes back, searchable as before. */
export const attachCommand: Command = {
  usage: 'audit attach DIR [--token-file FILE] [--json]',
  summary: 'bring a detached range back from its sealed export',
  run: async (args, terminal) => {
    const { values, positionals } = parseCommand(attachCommand, args, options, 1);
    const directory = resolve(positionals[0] ?? '');
    return move(terminal, 'audit attach', 'log.range-attached', values, (deps, record) =>
      attachRange(deps, directory, record),
    );
  },
};

type Move = (deps: RangeDeps, record: (moved: MovedRange) => Promise<bigint>) => Promise<MovedRange>;

async function move(
  terminal: Terminal,
  command: string,
  kind: 'log.range-detached' | 'log.range-attached',
  values: { readonly 'token-file'?: string; readonly json?: boolean },
  work: Move,
): Promise<number> {
  const { first, count } = await inHouse(terminal, command, [], async (house) => {
    const source = { file: values['token-file'] };
    const officer = await actingOfficer(house, terminal, source, ROLES, { operation: 'audit.ranges' });
    const owner = await attachAsOwner(house.config);
    try {
      const deps: RangeDeps = {
        ...(await openEvidence(house.config, house.db)),
        owner,
        verify: requireVerified,
        progress: progressOn(terminal, 'entries'),
      };
      return await work(deps, (moved) => record(house, officer, kind, moved));
    } finally {
      await owner.close();
    }
  });
  terminal.out(
    values.json === true
      ? JSON.stringify({ first: Number(first), count: Number(count) })
      : `${kind === 'log.range-detached' ? 'detached' : 'attached'}: ${count} entries from leaf ${first} on`,
  );
  return EXIT.ok;
}

async function record(
  { config, log }: House,
  officer: Officer,
  kind: 'log.range-detached' | 'log.range-attached',
  { first, count, entriesSha256 }: MovedRange,
): Promise<bigint> {
  const actor = actorOf(officer);
  const data = {
    actor: actor.data,
    count: Number(count),
    entriesSha256: entriesSha256.toString('hex'),
    first: Number(first),
    instance: config.instance,
  };
  const receipt = await log.appender.submit(plainLane, draftOf(kind, new Date(), data, [actor.personal]));
  return receipt.leafIndex;
}
