import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Environment, Folder } from '../../../verifier/core/environment.js';
import { verifyFolder } from '../../../verifier/core/verify-folder.js';
import { openBox } from '../../../verifier/core/web-crypto.js';
import { type VerifyReport, verifyFolder as verifyOnDisk } from '../../../verifier/node-api.js';
import { type Bytes, writeFolder } from './folder.js';

/** Verifies a folder in memory, read in pieces of `pieceBytes`. */
export function verifyBytes(files: Bytes, pieceBytes = 1000): Promise<VerifyReport> {
  return verifyFolder(environmentOf(files, pieceBytes), { logKeys: [], tsaCas: [] });
}

function environmentOf(files: Bytes, pieceBytes: number): Environment {
  const fileOf = (name: string) => {
    const file = files.get(name);
    if (file === undefined) throw new Error('no such file');
    return file;
  };
  const folder: Folder = {
    list: async () => [...files].map(([name, { length }]) => ({ name, size: length, regular: true })),
    read: async (name) => new Uint8Array(fileOf(name)),
    async *chunks(name) {
      const file = fileOf(name);
      for (let at = 0; at < file.length; at += pieceBytes)
        yield new Uint8Array(file.subarray(at, at + pieceBytes));
    },
  };
  const sha256Into: Environment['sha256Into'] = (input, out, at) => {
    out.set(createHash('sha256').update(input).digest(), at);
  };
  return { folder, sha256Into, isUtf8, openBox };
}

/** Verifies the folder where a user would: on a disk. */
export function verifyWritten(files: Bytes): Promise<VerifyReport> {
  return verifyOnDisk(writeFolder(files));
}

/** `ok`, or the name of the check that failed; nothing was checked after it. */
export function resultOf(report: VerifyReport): string {
  const failed = report.checks.filter((check) => !check.ok);
  const last = report.checks[report.checks.length - 1];
  if (failed.length > 1 || (failed.length === 1 && failed[0] !== last))
    throw new Error('checks after a failed one');
  if (report.ok !== (failed.length === 0)) throw new Error('the report contradicts its checks');
  return failed[0]?.name ?? 'ok';
}
