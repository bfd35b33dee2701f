import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { UsedSalts } from './identity.js';

/** Serial numbers reserved with one write. */
const RESERVE = 1_000n;
/** A stamp an hour for a hundred years; then the oldest are forgotten. */
const MAX_SALTS = 1_000_000;
const SALT_LINE = /^[0-9a-f]{64}$/;

/** What the authority remembers across restarts. */
export interface TsaMemory extends UsedSalts {
  /** Never given before, and greater than every one before (RFC 3161 §2.4.2: unique, also after a crash). */
  nextSerial(): bigint;
  close(): void;
}

/** Opens `tsa-serial` and `tsa-salts` below `directory` (files 0600), or makes them. */
export function openTsaMemory(directory: string): TsaMemory {
  const serialFile = join(directory, 'tsa-serial');
  const saltFile = join(directory, 'tsa-salts');
  let reserved = existsSync(serialFile) ? BigInt(readFileSync(serialFile, 'utf8').trim()) : 0n;
  let last = reserved;
  const salts = new Set(
    existsSync(saltFile)
      ? readFileSync(saltFile, 'utf8')
          .split('\n')
          .filter((line) => SALT_LINE.test(line))
      : [],
  );
  const appended = openSync(saltFile, 'a', 0o600);
  return {
    nextSerial: () => {
      if (last === reserved) {
        reserved += RESERVE;
        // Renamed: a crash leaves the old number or the new one, and what was reserved is never given again.
        writeFileSync(`${serialFile}.new`, `${reserved}\n`, { mode: 0o600 });
        renameSync(`${serialFile}.new`, serialFile);
      }
      last += 1n;
      return last;
    },
    take: (salt, iv) => {
      const name = createHash('sha256').update(`${salt.length}.`).update(salt).update(iv).digest('hex');
      if (salts.has(name)) return false;
      // The line feed goes in front as well: a line torn by a crash spoils no other.
      writeSync(appended, `\n${name}\n`);
      salts.add(name);
      const [oldest] = salts;
      if (salts.size > MAX_SALTS && oldest !== undefined) salts.delete(oldest);
      return true;
    },
    close: () => closeSync(appended),
  };
}
