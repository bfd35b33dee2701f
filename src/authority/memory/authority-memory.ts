import { istanbulDay } from '../../calendar/istanbul-day.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { StaffRole } from '../facts.js';
import { SharedTexts } from './compact.js';
import { factsOf, seatedAt } from './facts-of.js';
import type { KeptCooperative } from './kept-cooperative.js';
import type { AuthorityMemory, AuthorityView, MemoryTools } from './port.js';
import { type AuthorityChanges, readChanges } from './read-changes.js';
import { type Head, readHead } from './read-head.js';
import { readAllTimes, readTimesOf } from './read-times.js';

/** So long after a question was sent its answer may be relied on. */
const CONFIRMED_FOR_MS = 1_000;
/** Questions whose answers came too late before it is said that the database is too slow to rely on. */
const MAX_TRIES = 3;
/** All times of reading: far below the least age that a setting calls stale, which is an hour. */
const TIMES_EVERY_MS = 600_000;
/** A cooperative that really is stale is not looked up again for each question about it. */
const FRESHENED_FOR_MS = 1_000;
const HOUR_MS = 3_600_000;

/** Everything of one version. Replaced or added to in one go, never between two waits. */
interface Kept {
  readonly cooperatives: Map<string, KeptCooperative>;
  readonly texts: SharedTexts;
  roles: ReadonlyMap<string, readonly StaffRole[]>;
  head: Head;
  /** When all times of reading were known last. */
  timesMs: number;
}

/** Who may act, in memory. Reads nothing until it is asked; `follow` is to be called several times a second, so that few wait for it. */
export function createAuthorityMemory(tools: MemoryTools): AuthorityMemory {
  return new FollowedMemory(tools);
}

class FollowedMemory implements AuthorityMemory {
  readonly #tools: MemoryTools;
  readonly #view: AuthorityView;
  #kept: Kept | null = null;
  #confirmedAt = Number.NEGATIVE_INFINITY;
  #following: Promise<void> | undefined;
  #readingTimes: Promise<void> | undefined;
  #stopped = false;

  constructor(tools: MemoryTools) {
    this.#tools = tools;
    this.#view = viewOf(
      () => this.#confirmedKept(),
      () => this.#confirmedAt,
    );
  }

  load(): Promise<void> {
    return this.follow();
  }

  follow(): Promise<void> {
    this.#following ??= this.#step().finally(() => {
      this.#following = undefined;
    });
    return this.#following;
  }

  async confirmed(): Promise<AuthorityView> {
    // One that is under way may have been sent too long ago to rely on: then another is sent.
    for (let tries = 0; tries < MAX_TRIES && !this.#isConfirmed(); tries += 1) await this.follow();
    this.#confirmedKept();
    return this.#view;
  }

  async freshen(mersisNos: readonly string[], staleAfterHours: number): Promise<void> {
    const kept = this.#kept;
    if (kept === null) return;
    const now = this.#tools.now();
    const nowMs = this.#monotonicMs();
    const day = istanbulDay(now);
    const old = new Set<KeptCooperative>();
    for (const mersisNo of mersisNos) {
      const one = kept.cooperatives.get(mersisNo);
      if (one === undefined) continue;
      for (const each of [one, seatedAt(kept.cooperatives, one, day)]) {
        const isOld = each !== null && now.getTime() - each.readAtMs > staleAfterHours * HOUR_MS;
        if (isOld && nowMs - each.freshenedMs > FRESHENED_FOR_MS) old.add(each);
      }
    }
    if (old.size === 0) return;
    const numbers = [...old].map(({ record }) => record.mersisNo);
    await readTimesOf(this.#tools.db, numbers, (mersisNo, readAtMs) => renew(kept, mersisNo, readAtMs));
    for (const one of old) one.freshenedMs = nowMs;
  }

  stop(): void {
    this.#stopped = true;
    this.#forget();
  }

  async #step(): Promise<void> {
    if (this.#stopped) throw unconfirmed('stopped');
    const sentAt = this.#monotonicMs();
    if (this.#kept !== null && isSame(this.#kept.head, await readHead(this.#tools.db))) {
      // Whoever stopped it meanwhile has let everything go.
      if (!this.#stopped) this.#confirmedAt = sentAt;
    } else {
      await this.#catchUp();
    }
    this.#keepTimes();
  }

  async #catchUp(): Promise<void> {
    const sentAt = this.#monotonicMs();
    const texts = this.#kept?.texts ?? new SharedTexts();
    const known = this.#kept?.head ?? null;
    const changes = await readChanges(this.#tools.db, known, texts, () => this.#forget());
    if (this.#stopped) return;
    this.#take(changes, texts, sentAt);
    this.#confirmedAt = sentAt;
    const ms = Math.round(this.#monotonicMs() - sentAt);
    if (changes.isWhole) {
      this.#tools.log.info('authority.memory-loaded', { ms, count: changes.cooperatives.size });
    }
  }

  /** Synchronous: nobody sees half of it. */
  #take({ head, isWhole, cooperatives, roles }: AuthorityChanges, texts: SharedTexts, sentAt: number): void {
    if (this.#kept === null || isWhole) {
      this.#kept = {
        cooperatives: new Map(cooperatives),
        roles: roles ?? new Map(),
        texts,
        head,
        timesMs: sentAt,
      };
      return;
    }
    for (const [mersisNo, one] of cooperatives) {
      one.renew(this.#kept.cooperatives.get(mersisNo)?.readAtMs ?? 0);
      this.#kept.cooperatives.set(mersisNo, one);
    }
    this.#kept.roles = roles ?? this.#kept.roles;
    this.#kept.head = head;
  }

  /** Beside the steps: nobody waits for it, and where it fails the next step tries again. */
  #keepTimes(): void {
    const kept = this.#kept;
    const nowMs = this.#monotonicMs();
    if (kept === null || this.#readingTimes !== undefined || nowMs - kept.timesMs < TIMES_EVERY_MS) return;
    this.#readingTimes = readAllTimes(this.#tools.db, (mersisNo, ms) => renew(kept, mersisNo, ms))
      .then(() => {
        kept.timesMs = nowMs;
      })
      .catch((error: unknown) => this.#tools.log.warn('authority.read-times-failed', { error }))
      .finally(() => {
        this.#readingTimes = undefined;
      });
  }

  #forget(): void {
    this.#kept = null;
    this.#confirmedAt = Number.NEGATIVE_INFINITY;
  }

  #isConfirmed(): boolean {
    return this.#kept !== null && this.#monotonicMs() - this.#confirmedAt < CONFIRMED_FOR_MS;
  }

  #confirmedKept(): Kept {
    if (this.#kept === null || !this.#isConfirmed()) throw unconfirmed('not-confirmed');
    return this.#kept;
  }

  #monotonicMs(): number {
    return this.#tools.monotonicMs?.() ?? performance.now();
  }
}

function viewOf(kept: () => Kept, confirmedAt: () => number): AuthorityView {
  return {
    get version() {
      return kept().head.version;
    },
    get confirmedAt() {
      return confirmedAt();
    },
    factsOf: (tag, mersisNo, day) => factsOf(kept(), tag, mersisNo, day),
    recordOf: (mersisNo) => kept().cooperatives.get(mersisNo)?.held() ?? null,
  };
}

function renew({ cooperatives }: Kept, mersisNo: string, readAtMs: number): void {
  cooperatives.get(mersisNo)?.renew(readAtMs);
}

function isSame(known: Head, head: Head): boolean {
  const { version, rolesVersion, server } = known;
  return version === head.version && rolesVersion === head.rolesVersion && server === head.server;
}

function unconfirmed(reason: string): BridgeError {
  return new BridgeError('DATABASE_UNAVAILABLE', 'who may act could not be confirmed in time', {
    fields: { reason },
  });
}
