import { equalBytes, hex, utf8Text } from './bytes.js';
import { type Entry, entryOf } from './entry.js';
import type { Environment, Trust } from './environment.js';
import { type Files, noteOnOthers, readFile, requireFiles, stampSizes } from './files.js';
import { parseInstant } from './instant.js';
import { readKeys } from './keys.js';
import { LIMITS } from './limits.js';
import { type Checkpoint, openCheckpoint } from './note.js';
import { type Checks, fail } from './report.js';
import { checkRevealed, type Revealed, readRevealed } from './revealed.js';
import { checkOrder, readStamp, stampHeld } from './stamps.js';
import { checkStory, isRole, type Role, type Told } from './story.js';
import { hasExactly, isCount, type Json, parseStrictJson } from './strict-json.js';
import type { TimeStamp } from './time-stamp.js';
import { parseTlogProof } from './tlog-proof.js';
import { checkInclusion, leafHash } from './tree.js';

const NEEDED = ['evidence.json', 'checkpoint', 'log.pub', 'tsa-ca.pem'];
const KNOWN = new Set([...NEEDED, 'revealed.json', 'verify.html', 'verify.mjs']);

interface Listed {
  readonly leaf: number;
  readonly role: Role;
}

interface Description {
  readonly origin: string;
  readonly query: string;
  readonly entries: readonly Listed[];
  readonly revealed: readonly Revealed[];
}

/** All checks of an evidence folder (docs/audit-formats.md). */
export async function verifyEvidence(
  environment: Environment,
  trust: Trust,
  files: Files,
  checks: Checks,
): Promise<void> {
  const sizes = await checks.check('files', async () => [neededFiles(files), heldFiles(files)]);
  const description = await checks.check('description', () => readDescription(environment, files));
  const { origin, query, entries, revealed } = description;
  const keys = await checks.check('keys', () => readKeys(environment, trust, origin));
  const { note, checkpoint } = await checks.check('checkpoint-signature', async () => {
    const bytes = await readFile(environment, 'checkpoint', LIMITS.noteBytes);
    const opened = openCheckpoint(bytes, origin, keys.logKeys);
    return [
      { note: bytes, checkpoint: opened },
      {
        tr: `Kayıt defteri, ${opened.size} kaydının özetini imzalamış.`,
        en: `The log has signed the digest of its ${opened.size} entries.`,
        detail: `root ${hex(opened.root)}`,
      },
    ];
  });
  const stamps: TimeStamp[] = [];
  for (const size of sizes) {
    stamps.push(
      await checks.check(`timestamp-${size}`, async () => {
        const read = await readStamp(environment, keys, origin, size);
        if (!equalBytes(read.note, note)) {
          fail(
            'Zaman damgası bu klasördeki kontrol noktasına ait değil.',
            'The time stamp does not belong to the checkpoint of this folder.',
            `timestamps/${size}.checkpoint differs from checkpoint`,
          );
        }
        return [read.stamp, stampHeld(read.checkpoint, read.stamp)];
      }),
    );
  }
  const told: Told[] = [];
  for (const listed of entries) {
    const entry = await checks.check(`entry-${listed.leaf}`, async () => {
      const proved = await readEntry(environment, listed.leaf, note, checkpoint);
      for (const stamp of stamps) checkOrder(stamp, parseInstant(proved.at));
      return [
        proved,
        {
          tr: `${listed.leaf} numaralı kayıt (${proved.kind}, ${proved.at}) imzalı defterde tam bu baytlarla yer alıyor.`,
          en: `Entry ${listed.leaf} (${proved.kind}, ${proved.at}) stands in the signed log with exactly these bytes.`,
        },
      ];
    });
    told.push({ ...listed, entry });
  }
  await checks.check('story', async () => [undefined, checkStory(query, told)]);
  await checkRevealed(environment, checks, revealed, new Map(told.map(({ leaf, entry }) => [leaf, entry])));
}

function neededFiles(files: Files): readonly number[] {
  requireFiles(files, NEEDED);
  return stampSizes(files);
}

function heldFiles(files: Files) {
  const note = noteOnOthers(files, (name) => KNOWN.has(name) || /^(timestamps|entries)\//.test(name));
  return {
    tr: 'Tek bir sorgunun delil klasörü: gereken dosyaların hepsi var.',
    en: 'A folder of evidence for one query: every file it needs is there.',
    detail: `${files.size} files${note}`,
  };
}

async function readDescription(environment: Environment, files: Files) {
  const text = utf8Text(await readFile(environment, 'evidence.json', LIMITS.revealedBytes));
  const value = parseStrictJson(text ?? '');
  if (!hasExactly(value, ['entries', 'madeAt', 'origin', 'query', 'v']) || value.get('v') !== 1)
    wrong('members, v');
  const [entries, madeAt, origin, query] = ['entries', 'madeAt', 'origin', 'query'].map((name) =>
    value.get(name),
  );
  if (typeof madeAt !== 'string' || parseInstant(madeAt) === null) wrong('madeAt');
  if (typeof origin !== 'string' || !/^[^\s+\p{C}]+$/u.test(origin)) wrong('origin');
  if (typeof query !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(query)) wrong('query');
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > LIMITS.evidenceEntries)
    wrong('entries');
  const listed = entries.map(listedOf);
  const names = new Set(listed.flatMap(({ leaf }) => [`entries/${leaf}.json`, `entries/${leaf}.tlog-proof`]));
  if (names.size !== 2 * listed.length) wrong('an entry stands twice');
  requireFiles(files, [...names]);
  const odd = [...files.keys()].find((name) => name.startsWith('entries/') && !names.has(name));
  if (odd !== undefined) {
    fail('entries/ içinde listede olmayan bir dosya var.', 'A file in entries/ is not in the list.', odd);
  }
  return [
    {
      origin,
      query,
      entries: listed,
      revealed: await readRevealed(environment, files),
    } satisfies Description,
    {
      tr: `"${origin}" kayıt defterinden ${query} numaralı sorguya ilişkin ${listed.length} kayıt.`,
      en: `${listed.length} entries of the log "${origin}" about query ${query}.`,
    },
  ] as const;
}

function listedOf(value: Json): Listed {
  if (!hasExactly(value, ['leaf', 'role'])) wrong('members of an entry');
  const [leaf, role] = [value.get('leaf'), value.get('role')];
  if (!isCount(leaf) || !isRole(role)) wrong('leaf or role');
  return { leaf, role };
}

function wrong(detail: string): never {
  fail('evidence.json beklenen biçimde değil.', 'evidence.json is not of the expected form.', detail);
}

async function readEntry(
  environment: Environment,
  leaf: number,
  note: Uint8Array,
  checkpoint: Checkpoint,
): Promise<Entry> {
  const line = await readFile(environment, `entries/${leaf}.json`, LIMITS.lineBytes);
  const proof = parseTlogProof(await readFile(environment, `entries/${leaf}.tlog-proof`, LIMITS.proofBytes));
  if (proof === null)
    fail('Kanıt dosyasının biçimi bozuk.', 'The proof is malformed.', `entries/${leaf}.tlog-proof`);
  if (proof.index !== leaf || !equalBytes(proof.checkpoint, note)) {
    fail(
      'Kanıt başka bir kayda ya da başka bir kontrol noktasına ait.',
      'The proof belongs to another entry or another checkpoint.',
      `proof of leaf ${proof.index}`,
    );
  }
  const held = { index: leaf, hash: leafHash(environment, line) };
  if (!checkInclusion(environment, checkpoint, held, proof.hashes)) {
    fail(
      'Kayıt, imzalı defterde bu baytlarla yer almıyor: kayıt ya da kanıt değiştirilmiş.',
      'The entry does not stand in the signed log with these bytes: the entry or its proof was changed.',
      `leaf ${leaf}`,
    );
  }
  return entryOf(line);
}
