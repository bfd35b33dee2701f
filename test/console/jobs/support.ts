import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createJobs, type JobTools } from '../../../src/console/jobs/jobs.js';
import type { JobKind, Jobs } from '../../../src/console/jobs/port.js';
import { createJobRunner, type JobRunner, type RunTools } from '../../../src/console/jobs/run-jobs.js';
import type { ConsoleDesk } from '../support/console-desk.js';

export const MB = 1024 * 1024;

/** A kind of work that does what the test says. */
export function kindOf(run: JobKind['run'], what: JobKind['what'] = 'statement'): JobKind {
  return { what, name: { tr: 'İcmal', en: 'Statement' }, run };
}

/** A file that is `bytes` long and unlike any other. */
export function randomFile(bytes: number) {
  const body = randomBytes(bytes);
  return { name: 'icmal.bin', mediaType: 'application/octet-stream', body };
}

export async function bytesOf(body: Readable | Buffer): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Instances that share a database and a clock, which a test may turn. */
export class JobHouse {
  readonly failed: string[] = [];
  readonly folders: string[] = [];
  at = new Date('2026-08-01T10:00:00Z');
  sound = true;

  constructor(readonly desk: ConsoleDesk) {}

  later(ms: number): void {
    this.at = new Date(this.at.getTime() + ms);
  }

  jobs(given: Partial<JobTools> = {}): Jobs {
    return createJobs({ ...this.shared(), maxWaiting: 5, ...given });
  }

  runner(kinds: readonly JobKind[], given: Partial<RunTools> = {}): JobRunner {
    const tools: RunTools = {
      ...this.shared(),
      instance: 'bridge-1',
      maxFileBytes: 20 * MB,
      makeFolder: async () => {
        const path = await mkdtemp(join(tmpdir(), 'job-test-'));
        this.folders.push(path);
        return { path, remove: () => rm(path, { recursive: true, force: true }) };
      },
      isSound: () => this.sound,
      failed: (what, code) => void this.failed.push(`${what} ${code}`),
      ...given,
    };
    return createJobRunner(tools, kinds);
  }

  private shared() {
    const { log, test } = this.desk;
    return {
      db: test.db,
      masterKeys: log.masterKeys,
      keepHours: 24,
      now: () => this.at,
      stillHolds: async (tag: Buffer, role: string) => {
        const text = 'SELECT 1 FROM bridge.authority_role WHERE person_tag = $1 AND role = $2';
        return role === 'signed-in' || (await test.db.query({ text, values: [tag, role] })).count > 0;
      },
    };
  }
}
