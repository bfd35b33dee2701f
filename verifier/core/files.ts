import type { Environment, FolderItem } from './environment.js';
import { LIMITS } from './limits.js';
import { fail } from './report.js';

/** Name and size of every file of the folder, all of them plain. */
export type Files = ReadonlyMap<string, number>;

/** Lists the folder. Fails for links and devices: they would let something else be checked than what is handed on. */
export async function listFiles({ folder }: Environment): Promise<Files> {
  const items = await folder.list(LIMITS.files);
  if (items.length > LIMITS.files) {
    fail('Klasörde çok fazla dosya var.', 'There are too many files in the folder.', `over ${LIMITS.files}`);
  }
  const odd = items.find((item: FolderItem) => !item.regular);
  if (odd !== undefined) {
    fail(
      'Klasörde sıradan dosya olmayan bir öğe (örneğin bağlantı) var.',
      'Something in the folder is not a plain file (a link, for instance).',
      odd.name,
    );
  }
  return new Map(items.map(({ name, size }) => [name, size]));
}

/** Fails where one of `names` is not there. */
export function requireFiles(files: Files, names: readonly string[]): void {
  const missing = names.filter((name) => !files.has(name));
  if (missing.length > 0) {
    fail('Olması gereken bir dosya yok.', 'A file that must be there is missing.', missing.join(', '));
  }
}

const STAMP = /^timestamps\/(0|[1-9]\d*)\.(checkpoint|tsr)$/;

/** Sizes under `timestamps/`, ascending. Fails for what is no stamp, and for a half of a pair. */
export function stampSizes(files: Files): readonly number[] {
  const sizes = new Set<number>();
  for (const name of files.keys()) {
    if (!name.startsWith('timestamps/')) continue;
    const size = Number(STAMP.exec(name)?.[1] ?? 'none');
    if (!Number.isSafeInteger(size)) {
      fail(
        'timestamps/ içinde yeri olmayan bir dosya var.',
        'A file in timestamps/ has no place there.',
        name,
      );
    }
    sizes.add(size);
  }
  const sorted = [...sizes].sort((a, b) => a - b);
  requireFiles(
    files,
    sorted.flatMap((size) => [`timestamps/${size}.checkpoint`, `timestamps/${size}.tsr`]),
  );
  if (sorted.length === 0) {
    fail('Hiç zaman damgası yok.', 'There is no time stamp.', 'timestamps/');
  }
  return sorted;
}

/** A sentence about files that belong to no check, or nothing. */
export function noteOnOthers(files: Files, belongs: (name: string) => boolean): string {
  const others = [...files.keys()].filter((name) => !belongs(name)).sort();
  if (others.length === 0) return '';
  const named = others.slice(0, 20).join(', ');
  return `\nnot checked, not part of it: ${named}${others.length > 20 ? `, … (${others.length})` : ''}`;
}

/** The whole file, fails where it is larger than `most` bytes. */
export async function readFile(environment: Environment, name: string, most: number): Promise<Uint8Array> {
  const bytes = await environment.folder.read(name, most);
  if (bytes.length > most) fail('Bir dosya çok büyük.', 'A file is too large.', name);
  return bytes;
}
