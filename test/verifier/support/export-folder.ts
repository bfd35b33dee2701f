import { randomUUID } from 'node:crypto';
import { type Issued, issue, pemOf, TIME_STAMPING } from './authority.js';
import { type Bytes, bytesOf } from './folder.js';
import { checkpointOf, type LogSigner, newSigner } from './signer.js';
import { timeStamp } from './token.js';
import { leafHash, rangeProof, rootOf } from './tree.js';

export const ORIGIN = 'log.example.gov.tr/bridge';

/** A log with its keys and its authority of time stamps. */
export interface House {
  readonly signer: LogSigner;
  readonly root: Issued;
  readonly tsa: Issued;
}

export async function newHouse(rsa = false): Promise<House> {
  const root = await issue({ name: 'Test TSA Root', ca: true, rsa });
  const tsa = await issue({ name: 'Test TSA', issuer: root, purposes: [TIME_STAMPING], rsa });
  return { signer: newSigner(ORIGIN), root, tsa };
}

/** Instant number `n` of the log: a second apart. */
export function instant(n: number): string {
  return new Date(Date.parse('2026-11-01T08:00:00.000Z') + 1000 * n).toISOString();
}

/** Lines of a log; what stands in them does not matter to an export, but letters beyond ASCII do. */
export function linesOf(count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const members = [
      `"at":"${instant(n)}"`,
      `"data":{"n":${n},"unvan":"ÇİĞDEM Ş."}`,
      `"eventAt":"${instant(n)}"`,
    ];
    return `{${members.join(',')},"id":"${randomUUID()}","kind":"query.read","sealed":{},"v":1}`;
  });
}

export interface ExportWish {
  readonly lines: readonly string[];
  readonly first: number;
  readonly count: number;
  /** Sizes that were stamped; the whole log unless told. */
  readonly stamped?: readonly number[];
  /** When the stamps were made; the time of the last entry unless told. */
  readonly genTime?: string;
}

/** An export folder of a log that holds `lines`. */
export async function exportFolder(house: House, wish: ExportWish): Promise<Bytes> {
  const { lines, first, count } = wish;
  const { signer, root, tsa } = house;
  const leaves = lines.map((line) => leafHash(Buffer.from(line)));
  const entries = lines.slice(first, first + count).map((line) => `${line}\n`);
  const files = bytesOf({
    'export.json': JSON.stringify({ count, first, origin: ORIGIN }),
    'entries.ndjson': entries.join(''),
    checkpoint: checkpointOf(signer, lines.length, rootOf(leaves)),
    'log.pub': `${signer.vkey}\n`,
    'tsa-ca.pem': pemOf(root),
  });
  if (first > 0 || lines.length > first + count) {
    const proof = rangeProof(leaves, first, first + count);
    const base64 = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('base64'));
    const text = JSON.stringify({ left: base64(proof.left), right: base64(proof.right) });
    files.set('proofs/range.json', Buffer.from(text));
  }
  for (const size of wish.stamped ?? [lines.length]) {
    const note = Buffer.from(checkpointOf(signer, size, rootOf(leaves.slice(0, size))));
    const genTime = wish.genTime ?? instant(lines.length);
    files.set(`timestamps/${size}.checkpoint`, note);
    files.set(`timestamps/${size}.tsr`, await timeStamp(note, { signer: tsa, certificates: [tsa], genTime }));
  }
  return files;
}
