import { createHash, generateKeyPairSync } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Null, OctetString } from 'asn1js';
import { AlgorithmIdentifier, MessageImprint, PKIStatusInfo, TimeStampResp } from 'pkijs';
import { issueCa, issueLeaf } from '../../certs-example/issue.js';
import { TSA } from '../../certs-example/profile.js';
import { createTokenMaker, der } from '../../mocks/tsa/token.js';
import { type CompactRange, extendRange, rangeRoot } from '../../src/audit/compact-range.js';
import { leafHash } from '../../src/audit/leaf-hash.js';
import { formatCheckpoint } from '../../src/audit/note/checkpoint.js';
import { createSigner, signNote } from '../../src/audit/note/note.js';
import { lineMaker } from './lines.js';

const ORIGIN = 'bench.example/log';
/** Lines written at once. */
const BATCH = 4096;

/** Writes an export of a whole log of `entries` entries into `directory`; gives the size of its entries, bytes. */
export async function writeExport(directory: string, entries: number): Promise<number> {
  mkdirSync(join(directory, 'timestamps'), { recursive: true });
  const { bytes, root } = writeEntries(join(directory, 'entries.ndjson'), entries);
  const { privateKey } = generateKeyPairSync('ed25519');
  const signer = createSigner(ORIGIN, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const note = signNote(formatCheckpoint({ origin: ORIGIN, size: BigInt(entries), root }), signer);
  const now = new Date();
  const ca = await issueCa(TSA.ca, now);
  const leaf = await issueLeaf(TSA, ca, now);
  const files = {
    'export.json': `{"count":${entries},"first":0,"origin":"${ORIGIN}"}`,
    checkpoint: note,
    'log.pub': `${signer.key.text}\n`,
    'tsa-ca.pem': ca.certPem,
    [`timestamps/${entries}.checkpoint`]: note,
    [`timestamps/${entries}.tsr`]: stampOf(note, leaf.certPem, leaf.keyPem, now),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return bytes;
}

function writeEntries(path: string, entries: number): { bytes: number; root: Buffer } {
  const makeLine = lineMaker();
  const file = openSync(path, 'w');
  let range: CompactRange = { size: 0n, hashes: [] };
  let bytes = 0;
  for (let leaf = 0; leaf < entries; leaf += BATCH) {
    const count = Math.min(BATCH, entries - leaf);
    const lines = Array.from({ length: count }, (_, i) => makeLine(leaf + i));
    range = extendRange(range, lines.map(leafHash));
    bytes += writeSync(file, `${lines.join('\n')}\n`);
  }
  closeSync(file);
  return { bytes, root: rangeRoot(range) };
}

function stampOf(note: string, certPem: string, keyPem: string, now: Date): Buffer {
  const imprint = new MessageImprint({
    hashAlgorithm: new AlgorithmIdentifier({
      algorithmId: '2.16.840.1.101.3.4.2.1',
      algorithmParams: new Null(),
    }),
    hashedMessage: new OctetString({ valueHex: new Uint8Array(createHash('sha256').update(note).digest()) }),
  });
  const token = createTokenMaker(
    certPem,
    keyPem,
  )({ messageImprint: der(imprint.toSchema()), nonce: undefined, serial: 1n, genTime: now, certReq: true });
  return der(
    new TimeStampResp({ status: new PKIStatusInfo({ status: 0 }), timeStampToken: token }).toSchema(),
  );
}
