import { randomUUID } from 'node:crypto';
import type { MasterKeys } from '../../audit/master-keys.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import { containsKimlikNo } from '../../person/contains-kimlik-no.js';
import type { Database } from '../../storage/database.js';
import { openOrder } from './job-box.js';
import { type ClaimedJob, claimJob, failJob, finishJob, giveBackJob, renewClaim } from './job-claims.js';
import { ClaimLost, FileTooLarge, writePieces } from './job-pieces.js';
import type { JobKind, MadeFile } from './port.js';

/** What a runner of jobs works with. */
export interface RunTools {
  readonly db: Database;
  readonly masterKeys: MasterKeys;
  readonly instance: string;
  readonly maxFileBytes: number;
  readonly keepHours: number;
  /** How long a claim holds without being renewed; another instance begins the work again then. */
  readonly leaseMs?: number;
  stillHolds(tag: Buffer, role: string): Promise<boolean>;
  /** A fresh private folder, and its end. */
  makeFolder(): Promise<{ readonly path: string; remove(): Promise<void> }>;
  /** Whether new work may be begun at all: what it writes into the log must be written. */
  isSound(): boolean;
  /** Why a job failed, for the operator. */
  failed(what: string, code: string, error: unknown): void;
  now(): Date;
}

/** Does long work, one job at a time. */
export interface JobRunner {
  /** Does what is due next; false where nothing is. What fails is told by its code and does not throw; only the database's errors do. */
  runNext(): Promise<boolean>;
  /** What runs leaves at its next step, and another instance begins it again. */
  stop(): void;
}

const LEASE_MS = 60_000;
/** Progress is told as often as a person looks. */
const TELL_MS = 1_000;
/** Begun so often without an end, it takes its process down: nobody should do it again. */
const MAX_RUNS = 5;
/** Files of one person at once, as many times the largest one. */
const KEPT_FILES = 10;
const HOUR_MS = 3_600_000;
const FILE_NAME = /^[A-Za-z0-9._-]{1,150}$/;

/** Work that is under way. */
interface Run {
  readonly job: ClaimedJob;
  readonly stopped: () => boolean;
  progress(done: number, total: number | null): Promise<void>;
  /** Ends the renewing of the claim. */
  end(): Promise<void>;
}

/** A runner of these kinds of jobs, over the table that all instances share. */
export function createJobRunner(tools: RunTools, kinds: readonly JobKind[]): JobRunner {
  const whats = kinds.map(({ what }) => what);
  let stopping = false;
  return {
    stop: () => {
      stopping = true;
    },
    runNext: async () => {
      const { db, instance, isSound, leaseMs = LEASE_MS, now } = tools;
      if (stopping || whats.length === 0 || !isSound()) return false;
      const job = await claimJob(db, `${instance} ${randomUUID()}`, whats, now(), leaseMs);
      if (job === null) return false;
      const run = beginRun(tools, job, leaseMs, () => stopping);
      try {
        await runJob(tools, kinds, run);
      } catch (error) {
        if (stopping) await giveBackJob(db, job);
        else await fail(tools, run, error);
      } finally {
        await run.end();
      }
      return true;
    },
  };
}

/** Keeps the claim until `end`; whoever has lost it is told by `stopped`. */
function beginRun({ db, now }: RunTools, job: ClaimedJob, leaseMs: number, isStopping: () => boolean): Run {
  let isLost = false;
  let toldAt = 0;
  let renewing: Promise<void> | undefined;
  const renew = async (progress: { done: number; total: number | null } | null) => {
    const isMine = await renewClaim(db, job, new Date(now().getTime() + leaseMs), progress);
    if (!isMine) isLost = true;
  };
  const timer = setInterval(() => {
    // A database that is away for a moment costs nothing: the lease is longer, and pieces are written under the claim alone.
    renewing ??= renew(null)
      .catch(() => undefined)
      .finally(() => {
        renewing = undefined;
      });
  }, leaseMs / 6);
  return {
    job,
    stopped: () => isLost || isStopping(),
    progress: async (done, total) => {
      const at = now().getTime();
      if (at - toldAt < TELL_MS && done !== total) return;
      toldAt = at;
      // How far it is, is told again: work does not fail by it.
      await renew({ done: wholeOf(done), total: total === null ? null : wholeOf(total) }).catch(
        () => undefined,
      );
    },
    end: async () => {
      clearInterval(timer);
      await renewing;
    },
  };
}

function wholeOf(count: number): number {
  return Number.isSafeInteger(count) && count >= 0 ? count : 0;
}

async function runJob(tools: RunTools, kinds: readonly JobKind[], run: Run): Promise<void> {
  const { db, keepHours, makeFolder, masterKeys, maxFileBytes, now, stillHolds } = tools;
  const { job, progress, stopped } = run;
  const kind = kinds.find(({ what }) => what === job.what);
  if (kind === undefined || job.runs > MAX_RUNS) return failJob(db, job, 'INTERRUPTED', now());
  const { fileKey, officer, order } = openOrder(masterKeys, job, job.box, job.keyId);
  // The right was looked at when it was asked for; meanwhile it may have been taken away.
  if (!(await stillHolds(job.tag, officer.role))) return failJob(db, job, 'ROLE_REQUIRED', now());
  const folder = await makeFolder();
  try {
    const made = await kind.run(order, officer, { progress, stopped, folder: folder.path });
    const limits = { maxBytes: maxFileBytes, stopped };
    const { bytes, sha256 } = await writePieces(db, fileKey, job, made.body, limits);
    const endedAt = now();
    const times = { endedAt, expiresAt: new Date(endedAt.getTime() + keepHours * HOUR_MS) };
    const file = { ...namesOf(made), bytes, sha256 };
    await finishJob(db, job, file, times, KEPT_FILES * maxFileBytes);
  } finally {
    await folder.remove();
  }
}

function namesOf({ mediaType, name }: MadeFile) {
  return { mediaType, name: FILE_NAME.test(name) && !containsKimlikNo(name) ? name : 'dosya' };
}

async function fail({ db, failed, now }: RunTools, { job, stopped }: Run, error: unknown): Promise<void> {
  // Cancelled, or another instance's by now: nothing has failed.
  if (error instanceof ClaimLost || stopped()) return;
  const code =
    error instanceof FileTooLarge ? 'FILE_TOO_LARGE' : isBridgeError(error) ? error.code : 'INTERNAL';
  failed(job.what, code, error);
  await failJob(db, job, code, now());
}
