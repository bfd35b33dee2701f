import type { Appender } from '../../audit/appender.js';
import type { Queryable } from '../../storage/database.js';
import { cloudEvent, eventId } from '../cloud-event.js';
import { type TellingTools, tellPersons } from '../telling.js';
import { giveUpExpired } from './expired.js';
import { giveUp } from './give-up.js';
import type { Pace } from './pace.js';
import type { WebhookProblem } from './problem.js';
import { type Claimed, claimDelivery, dropDelivery, dueReceivers, postponeDelivery } from './queue.js';
import type { Receiver } from './receiver.js';
import type { Sender } from './sender.js';
import { FAILURES_TO_PAUSE, pauseMs, retryAfterMs, waitMs } from './waits.js';

/** A receiver and the way to it. */
export interface Line {
  readonly receiver: Receiver;
  readonly sender: Sender;
}

/** What delivering needs. */
export interface DeliverTools {
  readonly db: Queryable;
  /** Needs `WEBHOOK_APPLIERS`. */
  readonly log: Appender;
  readonly telling: TellingTools;
  /** Of the events. */
  readonly source: string;
  readonly pace: Pace;
  readonly retryDays: number;
  /** Of one attempt at the most. */
  readonly timeoutMs: number;
  now(): Date;
  /** From 0 up to 1. */
  chance(): number;
  /** Told of what a receiver's run has ended in: errors of the database or the log. */
  failed(error: unknown): void;
}

/** Delivers what is due, beside others who do the same. */
export interface Deliverer {
  /** Begins a run for every receiver for whom something is due and none is in progress. Errors: those of `Queryable`. */
  step(): Promise<void>;
  /** When every run in progress has ended. */
  idle(): Promise<void>;
  /** Breaks attempts off; their rows are tried again when their leases end. */
  stop(): Promise<void>;
}

/** Beyond the time of an attempt, until its result is surely written. */
const LEASE_SPARE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Attempts of one run for one receiver; the next step begins another. */
const MAX_ATTEMPTS = 1_000;

/** How a receiver fares, as this instance sees it. */
interface Fare {
  failures: number;
  pausedUntil: number;
}

/**
 * Each receiver has a run of its own, with one attempt at a time: one that is slow, silent or refuses keeps nobody else waiting. One
 * that fails again and again is left alone for a while, with everything that waits for it.
 */
export function createDeliverer(lines: readonly Line[], tools: DeliverTools): Deliverer {
  const { db, now } = tools;
  const byId = new Map(lines.map((line) => [line.receiver.id, line]));
  const fares = new Map(lines.map(({ receiver }) => [receiver.id, { failures: 0, pausedUntil: 0 } as Fare]));
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  const begin = (id: string) => {
    const [line, fare] = [byId.get(id), fares.get(id)];
    if (line === undefined || fare === undefined || running.has(id)) return;
    const run = runOf(line, fare, tools, stopping.signal)
      .catch((error: unknown) => tools.failed(error))
      .finally(() => running.delete(id));
    running.set(id, run);
  };
  return {
    step: async () => {
      const at = now();
      const ready = [...byId.keys()].filter(
        (id) => !running.has(id) && (fares.get(id)?.pausedUntil ?? 0) <= at.getTime(),
      );
      if (stopping.signal.aborted || ready.length === 0) return;
      for (const id of await dueReceivers(db, ready, at)) begin(id);
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running.values());
    },
    stop: async () => {
      stopping.abort();
      await tools.pace.stop();
      await Promise.all(running.values());
    },
  };
}

async function runOf(line: Line, fare: Fare, tools: DeliverTools, stop: AbortSignal): Promise<void> {
  const { db, now, pace, timeoutMs } = tools;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    if (stop.aborted || fare.pausedUntil > now().getTime()) return;
    // The lease begins after the wait for a turn.
    if (!(await pace.turn()) || stop.aborted) return;
    const claimed = await claimDelivery(db, line.receiver.id, now(), timeoutMs + LEASE_SPARE_MS);
    if (claimed === null) return;
    await attemptOne(line, claimed, fare, tools, stop);
  }
}

async function attemptOne(
  { receiver, sender }: Line,
  claimed: Claimed,
  fare: Fare,
  tools: DeliverTools,
  stop: AbortSignal,
): Promise<void> {
  const { db, log, source, telling, now } = tools;
  const { event, position } = claimed;
  if (event === null) {
    await giveUp(log, { ...claimed, problem: 'event-purged' }, now());
    return;
  }
  const personOf = await tellPersons(telling, db, receiver, [event.tag]);
  const body = JSON.stringify(cloudEvent(event, personOf(event.tag), source));
  const sent = await sender.send({ id: eventId(position), body, at: now() }, stop);
  if (sent.kind === 'stopped') return;
  if (sent.kind === 'delivered') {
    fare.failures = 0;
    await dropDelivery(db, claimed);
    return;
  }
  await afterFailure(claimed, sent, fare, tools);
}

async function afterFailure(
  claimed: Claimed,
  { problem, retryAfter }: { readonly problem: WebhookProblem; readonly retryAfter: string | null },
  fare: Fare,
  tools: DeliverTools,
): Promise<void> {
  const { db, log, chance } = tools;
  const now = tools.now();
  const asked = retryAfterMs(retryAfter, now, chance());
  fare.failures += 1;
  // Who asks for a pause gets it, for all that waits.
  const pause = Math.max(asked ?? 0, pauseMs(fare.failures, chance()));
  if (pause > 0) fare.pausedUntil = now.getTime() + pause;
  const deadline = claimed.queuedAt.getTime() + tools.retryDays * DAY_MS;
  if (problem !== 'gone' && now.getTime() < deadline) {
    // Tried once more at the very end, whatever the wait.
    const next = Math.min(now.getTime() + (asked ?? waitMs(claimed.attempts, chance())), deadline);
    await postponeDelivery(db, claimed, new Date(next), problem);
    return;
  }
  await giveUp(log, { ...claimed, problem }, now);
  if (fare.failures < FAILURES_TO_PAUSE) return;
  const before = new Date(now.getTime() - tools.retryDays * DAY_MS);
  await giveUpExpired(tools, claimed.clientId, problem, { now, before });
}
