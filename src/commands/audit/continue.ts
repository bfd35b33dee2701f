import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { continueApplier, continueLane } from '../../audit/checkpoint/continue-lane.js';
import { createPublisher, type PublisherDeps } from '../../audit/checkpoint/publisher.js';
import { keyApplier, keyLane } from '../../audit/checkpoint/record-key.js';
import { lastOfOtherOrigin } from '../../audit/checkpoint/store.js';
import { claimedOrigin, readWitnessFile } from '../../audit/checkpoint/witness-file.js';
import type { EffectApplier } from '../../audit/lane.js';
import { openCheckpoint } from '../../audit/note/checkpoint.js';
import { createSigner } from '../../audit/note/note.js';
import type { BridgeConfig } from '../../config/schema.js';
import { BridgeError, isBridgeError } from '../../errors/bridge-error.js';
import { publisherDepsOf } from '../../house/open-evidence.js';
import { openStorage } from '../../house/open-storage.js';
import { actorOf } from '../actor.js';
import { clearOption, MAX_REASON } from '../clear-option.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import { actingOfficer, attached, type House, type HouseStorage, inHouse, type Officer } from '../house.js';

/** Kept files that are looked at; a log is continued a few times in its life. */
const MAX_KEPT = 1000;

/** `bridge audit continue`: after a restored backup the log goes on under a new name, and says so. */
export const continueCommand: Command = {
  usage: 'audit continue --token-file F --second-token-file G --reason "…" [--json]',
  summary:
    'let the log go on under the new audit.origin after a restored backup (an administrator and a security officer)',
  run: async (args, terminal) => {
    const { values } = parseCommand(
      continueCommand,
      args,
      {
        'token-file': { type: 'string' },
        'second-token-file': { type: 'string' },
        reason: { type: 'string' },
      },
      0,
    );
    const { 'token-file': first, 'second-token-file': second } = values;
    if (first === undefined || second === undefined || values.reason === undefined)
      throw new BridgeError('WRONG_USE', `usage: bridge ${continueCommand.usage}`);
    const reason = clearOption(continueCommand, '--reason', values.reason, MAX_REASON);
    const appliers = [continueApplier, keyApplier] as readonly EffectApplier[];
    return inHouse(
      terminal,
      'audit continue',
      appliers,
      async (house) => {
        const officers = await bothOfficers(house, terminal, first, second);
        const told = await continueLog(house, officers, reason);
        terminal.out(values.json ? JSON.stringify(told) : wordsOf(told));
        return EXIT.ok;
      },
      attachedOrStarted,
    );
  },
};

/** The bridge refuses to start on such a log, so its embedded database does not run either. */
async function attachedOrStarted(config: BridgeConfig): Promise<HouseStorage> {
  try {
    return await attached(config);
  } catch (error) {
    if (config.database.embedded === undefined || !isBridgeError(error, 'DATABASE_UNAVAILABLE')) throw error;
    return openStorage(config, () => undefined);
  }
}

interface Told {
  readonly oldOrigin: string;
  readonly newOrigin: string;
  /** Leaf of the entry; null where it had been written by a run before. */
  readonly leafIndex: number | null;
  readonly size: number;
}

async function bothOfficers(house: House, terminal: Terminal, first: string, second: string) {
  const act = (file: string, role: string) =>
    actingOfficer(house, terminal, { file }, [role], { operation: 'audit.continue' });
  const officers = [await act(first, 'administrator'), await act(second, 'security-officer')] as const;
  if (officers[0].tag.equals(officers[1].tag))
    throw new BridgeError('SECOND_PERSON_REQUIRED', 'the two tokens must be those of two persons');
  return officers;
}

async function continueLog(
  { config, db, log }: House,
  [actor, second]: readonly [Officer, Officer],
  reason: string,
): Promise<Told> {
  const deps = publisherDepsOf(config, db);
  const { instance } = config;
  const { origin: newOrigin, signer, oldKeys, witnessFile } = deps;
  const oldNote = await findOldNote(deps, config.audit.checkpointKey.reveal());
  const oldOrigin = claimedOrigin(oldNote) as string;
  const [one, two] = [actorOf(actor), actorOf(second)];
  const receipt = await log.appender.submit(continueLane, {
    instance,
    newOrigin,
    oldNote,
    reason,
    actor: one.data,
    second: two.data,
    personal: [one.personal, { ...two.personal, field: 'second.number' }],
  });
  await log.appender.submit(keyLane, { instance, active: signer.key, old: oldKeys });
  const keepAs = `${witnessFile}.${new Date().toISOString().replaceAll(':', '-')}`;
  // One head after the other under each name: under the new one nothing was ever signed that this could contradict.
  const publisher = createPublisher({ ...deps, succeeds: { origin: oldOrigin, keepAs } });
  const signed = await publisher.publish();
  if (signed === null || signed.origin !== newOrigin)
    throw new BridgeError('STATE_CONFLICT', 'another process publishes at this moment: stop it, and repeat');
  const leafIndex = receipt === null ? null : Number(receipt.leafIndex);
  return { oldOrigin, newOrigin, leafIndex, size: Number(signed.size) };
}

/**
 * The last checkpoint known of the old log: that of the witness file, else the newest stored one of another origin. Throws
 * `STATE_CONFLICT` where the settings still name the old log, or one that there was before; `NOTE_INVALID` where no key
 * of ours signed it.
 */
async function findOldNote(deps: PublisherDeps, keyPem: string): Promise<string> {
  const { origin, witnessFile, oldKeys } = deps;
  const found = await readWitnessFile(witnessFile);
  if (found.kind === 'unusable')
    throw new BridgeError('STATE_CONFLICT', `audit.checkpointFile cannot be used: ${found.why}`);
  const note =
    found.kind === 'found' ? found.note : ((await lastOfOtherOrigin(deps.db, origin))?.note ?? null);
  const old = note === null ? null : claimedOrigin(note);
  if (note === null || old === null)
    throw new BridgeError('STATE_CONFLICT', 'no checkpoint of another log is there that could be continued');
  const used = old === origin || (await keptOrigins(witnessFile)).includes(origin);
  if (used)
    throw new BridgeError(
      'STATE_CONFLICT',
      'audit.origin still names a log that checkpoints were signed for: give it a new name first, in the settings of all instances',
      { fields: { origin } },
    );
  // A key of a checkpoint carries the log's name: the same private key had another verifier key there.
  openCheckpoint(note, old, [createSigner(old, keyPem).key, ...oldKeys]);
  return note;
}

/** The logs whose last checkpoints earlier continuations kept beside the file. */
async function keptOrigins(witnessFile: string): Promise<(string | null)[]> {
  const names = await readdir(dirname(witnessFile)).catch(() => []);
  const kept = names.filter((name) => name.startsWith(`${basename(witnessFile)}.`) && !name.endsWith('.tmp'));
  const origins: (string | null)[] = [];
  for (const name of kept.slice(0, MAX_KEPT)) {
    const file = await readWitnessFile(join(dirname(witnessFile), name));
    origins.push(file.kind === 'found' ? claimedOrigin(file.note) : null);
  }
  return origins;
}

function wordsOf({ oldOrigin, newOrigin, size }: Told): string {
  return `the log ${oldOrigin} goes on as ${newOrigin}: ${size} entries signed. Start the bridge; give the new verifier key to whoever watches the log`;
}
