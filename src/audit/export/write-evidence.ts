import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BridgeError } from '../../errors/bridge-error.js';
import { tileReader } from '../checkpoint/tile-store.js';
import { leafHash } from '../leaf-hash.js';
import type { MasterKeys } from '../master-keys.js';
import { formatTlogProof } from '../note/tlog-proof.js';
import { checkInclusion, inclusionProof } from '../tree/proofs.js';
import { requireProved } from './check-stamped.js';
import { checkpointFrom, stamped } from './covering-checkpoint.js';
import { type NewFolder, newFolder, requireFree } from './evidence-files.js';
import type { ExportDeps } from './export-deps.js';
import { findStory, type StoryEntry, type StoryRole } from './find-story.js';
import { type RevealedValue, revealValues } from './reveal.js';
import { firstStampFrom, type StampedCheckpoint } from './stamps.js';

export interface EvidenceRequest {
  readonly query: string;
  readonly directory: string;
  /** With it the values of the intent are opened into the folder; null keeps them sealed. */
  readonly masterKeys: MasterKeys | null;
  /** Folder of the built verifier: `verify.html` and `verify.mjs` are put beside the evidence. */
  readonly verifier: string;
}

export interface WrittenEvidence {
  readonly entries: readonly { readonly leaf: bigint; readonly role: StoryRole }[];
  /** Parts of the story that are not in the folder. */
  readonly missing: readonly StoryRole[];
  /** Detached ranges before the query: what is missing may stand there. */
  readonly detached: readonly bigint[];
  readonly revealed: readonly { readonly leaf: bigint; readonly field: string }[];
  readonly destroyed: readonly { readonly leaf: bigint; readonly field: string }[];
  readonly checkpointSize: bigint;
}

/**
 * Writes the evidence folder of one query (docs/audit-formats.md). `record` writes it down in the log; until that is durable
 * the folder does not have its name. The search table must reach to the query (see `indexEntries`). Errors: `NOT_FOUND`,
 * `WRONG_USE`, `LOG_INCONSISTENT`, `TIMESTAMP_UNAVAILABLE`, `SEALED_VALUE_INVALID`.
 */
export async function writeEvidence(
  deps: ExportDeps,
  request: EvidenceRequest,
  record: (written: WrittenEvidence) => Promise<void>,
): Promise<WrittenEvidence> {
  await requireFree(request.directory);
  const { entries, missing, detached } = await findStory(deps.db, request.query);
  const last = entries.at(-1) as StoryEntry;
  const covering = await firstStampFrom(deps.db, deps.origin, last.leaf + 1n);
  const checkpoint = covering ?? (await stamped(deps, await checkpointFrom(deps, last.leaf + 1n)));
  await requireProved(deps, [checkpoint]);
  const intents = entries.filter(({ role }) => role === 'intent');
  const opened =
    request.masterKeys === null
      ? { revealed: [], destroyed: [] }
      : await revealValues(deps.db, request.masterKeys, intents);
  const written: WrittenEvidence = {
    entries: entries.map(({ leaf, role }) => ({ leaf, role })),
    missing,
    detached,
    revealed: opened.revealed.map(({ leaf, field }) => ({ leaf, field })),
    destroyed: opened.destroyed,
    checkpointSize: checkpoint.size,
  };
  const folder = await newFolder(request.directory);
  try {
    for (const entry of entries) await writeEntry(deps, folder, entry, checkpoint);
    await writeRest(deps, folder, request, written, checkpoint);
    await record(written);
    // Only now: a crash must not leave opened values on a disk without an entry that tells of them.
    if (opened.revealed.length > 0) await folder.write('revealed.json', revealedJson(opened.revealed));
    await folder.finish();
  } catch (error) {
    await folder.abandon();
    throw error;
  }
  return written;
}

async function writeEntry(
  deps: ExportDeps,
  folder: NewFolder,
  { leaf, line }: StoryEntry,
  { size, root, note }: StampedCheckpoint,
): Promise<void> {
  const proof = await inclusionProof(leaf, size, tileReader(deps.db));
  if (!checkInclusion({ leaf, size, leafHash: leafHash(line), proof, root }))
    throw new BridgeError('LOG_INCONSISTENT', `entry ${leaf} is not the one that was signed`, {
      fields: { leaf: Number(leaf) },
    });
  await folder.write(`entries/${leaf}.json`, line);
  await folder.write(`entries/${leaf}.tlog-proof`, formatTlogProof({ leaf, proof, checkpoint: note }));
}

async function writeRest(
  deps: ExportDeps,
  folder: NewFolder,
  request: EvidenceRequest,
  written: WrittenEvidence,
  { size, note, response }: StampedCheckpoint,
): Promise<void> {
  const description = {
    entries: written.entries.map(({ leaf, role }) => ({ leaf: Number(leaf), role })),
    madeAt: deps.now().toISOString(),
    origin: deps.origin,
    query: request.query,
    v: 1,
  };
  await folder.write('evidence.json', `${JSON.stringify(description)}\n`);
  await folder.write('checkpoint', note);
  await folder.write(`timestamps/${size}.checkpoint`, note);
  await folder.write(`timestamps/${size}.tsr`, response);
  await folder.write('log.pub', `${deps.verifierKeys.join('\n')}\n`);
  await folder.write('tsa-ca.pem', deps.tsaCa);
  for (const name of ['verify.html', 'verify.mjs'])
    await folder.write(name, await readFile(join(request.verifier, name)));
}

function revealedJson(values: readonly RevealedValue[]): string {
  const list = values.map(({ leaf, field, text, key }) => ({
    field,
    key: key.toString('base64url'),
    leaf: Number(leaf),
    text,
  }));
  return `${JSON.stringify(list)}\n`;
}
