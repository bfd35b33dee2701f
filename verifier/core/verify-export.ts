import { equalBytes, fromBase64, hex, utf8Text } from './bytes.js';
import type { Environment, Trust } from './environment.js';
import { type Files, noteOnOthers, readFile, requireFiles, stampSizes } from './files.js';
import { type Keys, readKeys } from './keys.js';
import { LIMITS } from './limits.js';
import { type Checkpoint, openCheckpoint } from './note.js';
import { type Checks, fail } from './report.js';
import { type Mark, scanEntries } from './scan-entries.js';
import { checkOrder, readStamp, stampHeld } from './stamps.js';
import { hasExactly, isCount, type Json, parseStrictJson } from './strict-json.js';
import { CompactRange, leftLevels, levelsBetween } from './tree.js';

const RANGE = 'proofs/range.json';
const NEEDED = ['export.json', 'entries.ndjson', 'checkpoint', 'log.pub', 'tsa-ca.pem'];
const KNOWN = new Set([...NEEDED, RANGE, 'verify.html', 'verify.mjs']);

interface Description {
  readonly first: number;
  readonly count: number;
  readonly origin: string;
}

interface RangeProof {
  readonly left: readonly Uint8Array[];
  readonly right: readonly Uint8Array[];
}

/** All checks of an export folder (docs/audit-formats.md), in an order in which each rests on those before it. */
export async function verifyExport(
  environment: Environment,
  trust: Trust,
  files: Files,
  checks: Checks,
): Promise<void> {
  const sizes = await checks.check('files', async () => [stampSizesOf(files), heldFiles(files)]);
  const description = await checks.check('description', () => readDescription(environment));
  const { first, count, origin } = description;
  const keys = await checks.check('keys', () => readKeys(environment, trust, origin));
  const checkpoint = await checks.check('checkpoint-signature', async () => {
    const note = await readFile(environment, 'checkpoint', LIMITS.noteBytes);
    const opened = openCheckpoint(note, origin, keys.logKeys);
    return [
      opened,
      {
        tr: `Kayıt defteri, ${opened.size} kaydının özetini imzalamış.`,
        en: `The log has signed the digest of its ${opened.size} entries.`,
        detail: `root ${hex(opened.root)}, ${opened.signedBy.map((key) => `${key.name}+${key.id}`).join(', ')}`,
      },
    ];
  });
  const range = new CompactRange(environment);
  // What is wrong with the proof is said by the check that rests on it.
  const proof = await readRangeProof(environment, files, description, checkpoint).catch((error: unknown) => ({
    error,
  }));
  if (!('error' in proof)) addAll(range, leftLevels(first), proof.left);
  const markAfter = sizes.map((size) => size - first).filter((lines) => lines > 0 && lines <= count);
  const scanned = await checks.check('entries', async () => [
    await scanEntries(environment, { count, range, markAfter }),
    {
      tr: `${count} kayıt, ${first} numaradan başlayarak eksiksiz okundu; zamanları sırasında.`,
      en: `${count} entries read, from number ${first} on, none missing; their times are in order.`,
    },
  ]);
  await checks.check('root', async () => {
    if ('error' in proof) throw proof.error;
    return checkRoot(range, proof, description, checkpoint);
  });
  const end = { root: checkpoint.root, at: scanned.lastAt };
  for (const size of sizes) {
    const mark = size === checkpoint.size ? end : scanned.marks.get(size - first);
    await checks.check(`timestamp-${size}`, () => checkStamp(environment, keys, description, size, mark));
  }
  await checks.check('covered', async () => covered(sizes, description));
}

function stampSizesOf(files: Files): readonly number[] {
  requireFiles(files, NEEDED);
  const odd = [...files.keys()].find((name) => name.startsWith('proofs/') && name !== RANGE);
  if (odd !== undefined)
    fail('proofs/ içinde yeri olmayan bir dosya var.', 'A file in proofs/ has no place there.', odd);
  return stampSizes(files);
}

function heldFiles(files: Files) {
  const note = noteOnOthers(files, (name) => KNOWN.has(name) || name.startsWith('timestamps/'));
  return {
    tr: 'Denetim kaydı dışa aktarımı: gereken dosyaların hepsi var.',
    en: 'An export of the audit log: every file it needs is there.',
    detail: `${files.size} files${note}`,
  };
}

async function readDescription(environment: Environment) {
  const text = utf8Text(await readFile(environment, 'export.json', LIMITS.descriptionBytes));
  const value = parseStrictJson(text ?? fail('export.json metin değil.', 'export.json is no text.'));
  if (!hasExactly(value, ['count', 'first', 'origin']))
    wrongDescription('members other than count, first, origin');
  const [first, count, origin] = [value.get('first'), value.get('count'), value.get('origin')];
  if (!isCount(first) || !isCount(count) || !Number.isSafeInteger(first + count))
    wrongDescription('first, count');
  if (typeof origin !== 'string' || !/^[^\s+\p{C}]+$/u.test(origin)) wrongDescription('origin');
  return [
    { first, count, origin },
    {
      tr: `"${origin}" kayıt defterinin ${first} numaradan başlayan ${count} kaydı.`,
      en: `${count} entries of the log "${origin}", from number ${first} on.`,
    },
  ] as const;
}

function wrongDescription(detail: string): never {
  fail('export.json beklenen biçimde değil.', 'export.json is not of the expected form.', detail);
}

async function readRangeProof(
  environment: Environment,
  files: Files,
  { first, count }: Description,
  { size }: Checkpoint,
): Promise<RangeProof> {
  if (size < first + count) {
    fail(
      'Kontrol noktası, dışa aktarılan kayıtların hepsini kapsamıyor.',
      'The checkpoint does not cover all exported entries.',
      `checkpoint of size ${size}, entries up to ${first + count}`,
    );
  }
  const needed = first > 0 || size > first + count;
  if (needed) requireFiles(files, [RANGE]);
  if (!files.has(RANGE)) return { left: [], right: [] };
  const text = utf8Text(await readFile(environment, RANGE, LIMITS.rangeBytes));
  const value = text === null ? null : parseStrictJson(text);
  if (!hasExactly(value ?? undefined, ['left', 'right'])) wrongProof('members other than left, right');
  const { left, right } = Object.fromEntries(value as ReadonlyMap<string, Json>);
  return {
    left: hashesOf(left, leftLevels(first).length),
    right: hashesOf(right, levelsBetween(first + count, size).length),
  };
}

function hashesOf(value: Json | undefined, expected: number): readonly Uint8Array[] {
  if (!Array.isArray(value) || value.length !== expected) wrongProof(`a list of ${expected} hashes`);
  return value.map((text: Json) => {
    const hash = typeof text === 'string' ? fromBase64(text) : null;
    return hash?.length === 32 ? hash : wrongProof('a hash');
  });
}

function wrongProof(detail: string): never {
  fail(
    'Dışa aktarılan bölümü bütüne bağlayan kanıt beklenen biçimde değil.',
    'The proof that ties the exported part to the whole is not of the expected form.',
    `${RANGE}: ${detail}`,
  );
}

function addAll(range: CompactRange, levels: readonly number[], hashes: readonly Uint8Array[]): void {
  levels.forEach((level, i) => {
    range.addSubtree(level, hashes[i] as Uint8Array);
  });
}

function checkRoot(
  range: CompactRange,
  proof: RangeProof,
  { first, count }: Description,
  checkpoint: Checkpoint,
) {
  addAll(range, levelsBetween(first + count, checkpoint.size), proof.right);
  const root = range.root();
  if (!equalBytes(root, checkpoint.root)) {
    fail(
      'Kayıtlar, imzalanan özeti vermiyor: en az bir kayıt değiştirilmiş, eklenmiş, çıkarılmış ya da yeri değiştirilmiş.',
      'The entries do not give the signed digest: at least one was changed, added, removed or moved.',
      `computed ${hex(root)}, signed ${hex(checkpoint.root)}`,
    );
  }
  return [
    undefined,
    {
      tr: 'Kayıtlar, imzalanan özeti baytı baytına veriyor: hiçbiri değiştirilmemiş, eklenmemiş, çıkarılmamış.',
      en: 'The entries give the signed digest to the byte: none was changed, added or removed.',
      detail: `root ${hex(root)}`,
    },
  ] as const;
}

async function checkStamp(
  environment: Environment,
  keys: Keys,
  { first, count, origin }: Description,
  size: number,
  mark: Mark | undefined,
) {
  if (mark === undefined) {
    fail(
      'Bu zaman damgası bu dışa aktarıma ait olamaz.',
      'This time stamp cannot belong to this export.',
      `size ${size}, entries ${first} to ${first + count}`,
    );
  }
  const { checkpoint, stamp } = await readStamp(environment, keys, origin, size);
  if (!equalBytes(checkpoint.root, mark.root)) {
    fail(
      'Zaman damgalı özet, kayıtların verdiği özet değil: damgadan sonra kayıtlar değiştirilmiş.',
      'The stamped digest is not the one these entries give: entries were changed after the stamp.',
      `stamped ${hex(checkpoint.root)}, computed ${hex(mark.root)}`,
    );
  }
  checkOrder(stamp, mark.at);
  return [undefined, stampHeld(checkpoint, stamp)] as const;
}

function covered(sizes: readonly number[], { first, count }: Description) {
  const covering = sizes.find((size) => size >= first + count);
  if (covering === undefined) {
    fail(
      'Son kayıtları kapsayan bir zaman damgası yok.',
      'No time stamp covers the last entries.',
      `largest ${sizes[sizes.length - 1]}, needed ${first + count}`,
    );
  }
  return [
    undefined,
    {
      tr: 'Kayıtların hepsi en az bir zaman damgasının kapsamında.',
      en: 'Every entry is covered by at least one time stamp.',
      detail: `size ${covering}`,
    },
  ] as const;
}
