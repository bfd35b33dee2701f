import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';

const written: string[] = [];
afterAll(() => {
  for (const path of written) rmSync(path, { recursive: true, force: true });
});

/** A folder as it stands in memory: names and bytes. */
export type Bytes = Map<string, Buffer>;

export function bytesOf(files: Readonly<Record<string, string | Uint8Array>>): Bytes {
  return new Map(Object.entries(files).map(([name, content]) => [name, Buffer.from(content as Uint8Array)]));
}

/** Writes the folder to a new place on this disk; it goes at the end of the test file. */
export function writeFolder(files: Bytes): string {
  const path = mkdtempSync(join(tmpdir(), 'verifier-'));
  written.push(path);
  for (const [name, content] of files) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

/** The same folder with other files: `null` takes one away. */
export function changed(files: Bytes, changes: Readonly<Record<string, string | Uint8Array | null>>): Bytes {
  const copy: Bytes = new Map(files);
  for (const [name, content] of Object.entries(changes)) {
    if (content === null) copy.delete(name);
    else copy.set(name, Buffer.from(content as Uint8Array));
  }
  return copy;
}
