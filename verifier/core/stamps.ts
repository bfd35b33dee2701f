import { type Environment, sha256 } from './environment.js';
import { readFile } from './files.js';
import type { Keys } from './keys.js';
import { LIMITS } from './limits.js';
import { type Checkpoint, openCheckpoint } from './note.js';
import type { Held } from './report.js';
import { fail } from './report.js';
import { checkTimeStamp, type TimeStamp } from './time-stamp.js';

/** How far an authority's clock may lie behind ours. */
const CLOCK_MS = 5 * 60_000;

/** The stamped checkpoint of `size` with its time stamp, both checked by themselves. */
export async function readStamp(
  environment: Environment,
  keys: Keys,
  origin: string,
  size: number,
): Promise<{ readonly note: Uint8Array; readonly checkpoint: Checkpoint; readonly stamp: TimeStamp }> {
  const name = `timestamps/${size}`;
  const note = await readFile(environment, `${name}.checkpoint`, LIMITS.noteBytes);
  const checkpoint = openCheckpoint(note, origin, keys.logKeys);
  if (checkpoint.size !== size) {
    fail(
      'Damgalanan kontrol noktası, adının söylediği büyüklükte değil.',
      'The stamped checkpoint is not of the size that its name says.',
      `size ${checkpoint.size}, name ${size}`,
    );
  }
  const token = await readFile(environment, `${name}.tsr`, LIMITS.tokenBytes);
  const stamp = await checkTimeStamp(token, sha256(environment, note), keys.anchors);
  return { note, checkpoint, stamp };
}

/** A stamp cannot be older than what it covers; `lastAt` is the time of the last entry known to be in it. */
export function checkOrder({ genTime }: TimeStamp, lastAt: number | null): void {
  if (lastAt === null || genTime.getTime() >= lastAt - CLOCK_MS) return;
  fail(
    'Zaman damgası, kapsadığı kayıttan daha eski: kayıtların zamanı sonradan yazılmış.',
    'The time stamp is older than an entry it covers: times of entries were written afterwards.',
    `stamped ${genTime.toISOString()}, entry of ${new Date(lastAt).toISOString()}`,
  );
}

/** The words of a stamp that holds. */
export function stampHeld({ size, signedBy }: Checkpoint, stamp: TimeStamp): Held {
  const time = stamp.genTime.toISOString();
  return {
    tr: `İlk ${size} kayıt ${time} tarihinde vardı ve o zamandan beri değişmedi; bunu bağımsız zaman damgası makamı belgeliyor (${stamp.authority}).`,
    en: `The first ${size} entries existed at ${time} and have not changed since; the independent time-stamping authority testifies to it (${stamp.authority}).`,
    detail: `policy ${stamp.policy}, root ${stamp.anchor.subject}, checkpoint signed by ${signedBy.map((key) => `${key.name}+${key.id}`).join(', ')}`,
  };
}
