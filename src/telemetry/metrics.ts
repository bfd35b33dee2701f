import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type AuthorityMetrics, authorityMetrics } from './authority-metrics.js';

const OTHER = 'other';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;
const STATUSES = [
  200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 408, 409, 410, 411, 413, 414, 415, 422, 429, 431, 500,
  502, 503, 504,
].map(String);
/** The kinds of `KpsReply` (kps/port.ts); this room imports no other. */
const KPS_KINDS = [
  'record',
  'confirmed',
  'not-confirmed',
  'no-record',
  'refused',
  'not-sent',
  'unknown',
] as const;
/** `renewed`, or why a token could not be had (kps/events.ts). */
const STS_RESULTS = [
  'renewed',
  'connection',
  'timeout',
  'http-error',
  'unreadable',
  'not-ours',
  'fault',
  'clock-skew',
  'password-refused',
  'unsupported-proof-token',
  'already-expired',
] as const;
const CLOCKS = ['sts', 'kps', 'database'] as const;

/** Half a millisecond to the longest wait of a caller. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];
/** Powers of two up to the largest batch that settings allow. */
const ENTRIES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 10_000];

/** The values that labels may take, known at the start; anything else counts as `other`. */
export interface MetricsOptions {
  /** Route templates (`/v1/identity/verifications/{id}`), never paths. */
  readonly routes: readonly string[];
  readonly problemCodes: readonly string[];
  readonly services: readonly string[];
  /** Ids of the KPS accounts in the settings. */
  readonly accounts: readonly string[];
  /** Codes of the rules for signals in the settings. */
  readonly signalRules: readonly string[];
  /** How a sign-in can end: `opened`, or a sign-in code. */
  readonly signInResults: readonly string[];
  /** Memory, event loop and the like of this process; off in tests. */
  readonly processMetrics?: boolean;
}

interface RequestFinished {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  /** Problem code; undefined where the answer is no problem document. */
  readonly code?: string | undefined;
  readonly ms: number;
}

interface AuditPublished {
  readonly size: number;
  readonly checkpointSize: number;
  readonly secondsSinceSigned: number | null;
  readonly witnessMissing: boolean;
  readonly inconsistent: boolean;
}

/** Typed functions over the registry. Times in milliseconds, as the house counts; exposed in seconds, as Prometheus does. */
export interface Metrics extends AuthorityMetrics {
  requestStarted(): void;
  requestFinished(request: RequestFinished): void;
  kpsCallFinished(call: { service: string; kind: string; ms: number }): void;
  stsTokenFinished(token: { account: string; result: string; ms: number }): void;
  breakerChanged(breaker: { account: string; open: boolean }): void;
  auditBatch(batch: { entries: number; ms: number; ok: boolean }): void;
  auditQueue(entries: number): void;
  intentsOpen(count: number): void;
  /** The log's public side; `secondsSinceSigned` null where nothing was ever signed. */
  auditPublished(log: AuditPublished): void;
  /** The log's time stamps: how long its oldest unstamped entry has waited, and what is left of the budget. */
  timestamped(stamps: Timestamped): void;
  /** Signals that this instance raised by a rule. */
  /** A sign-in, or a step of one, that ended so. */
  signInEnded(result: string): void;
  signalsRaised(rule: string, count: number): void;
  /** Signals that wait for an officer's decision. */
  signalsOpen(count: number): void;
  /** Positive where the other side's clock is ahead of ours. */
  clockSkew(skew: { clock: string; seconds: number }): void;
  /** The exposition text and its content type. */
  text(): Promise<{ contentType: string; body: string }>;
}

/** Maps a value to itself where it is known, else to `other`: no label can grow without bound. */
function closedSet(known: readonly string[]): (value: string) => string {
  const set = new Set(known);
  return (value) => (set.has(value) ? value : OTHER);
}

/** A measurement that is no number must not throw into the request that it measures. */
const isMeasure = (value: number): boolean => Number.isFinite(value) && value >= 0;

function observeMs(histogram: { observe(value: number): void }, ms: number): void {
  if (isMeasure(ms)) histogram.observe(ms / 1000);
}

function httpMetrics(
  registers: Registry[],
  options: MetricsOptions,
): Pick<Metrics, 'requestStarted' | 'requestFinished'> {
  const total = new Counter({
    name: 'bridge_http_requests_total',
    help: 'Requests answered',
    labelNames: ['route', 'method', 'status', 'code'],
    registers,
  });
  const seconds = new Histogram({
    name: 'bridge_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['route'],
    buckets: SECONDS,
    registers,
  });
  const inFlight = new Gauge({
    name: 'bridge_http_requests_in_flight',
    help: 'Requests being worked on',
    registers,
  });
  const route = closedSet(options.routes);
  const method = closedSet(METHODS);
  const status = closedSet(STATUSES);
  const code = closedSet(['none', ...options.problemCodes]);
  return {
    requestStarted: () => inFlight.inc(),
    requestFinished(request) {
      inFlight.dec();
      const name = route(request.route);
      total.inc({
        route: name,
        method: method(request.method),
        status: status(String(request.status)),
        code: code(request.code ?? 'none'),
      });
      observeMs(seconds.labels(name), request.ms);
    },
  };
}

function kpsMetrics(
  registers: Registry[],
  options: MetricsOptions,
): Pick<Metrics, 'kpsCallFinished' | 'stsTokenFinished' | 'breakerChanged'> {
  const calls = new Counter({
    name: 'bridge_kps_calls_total',
    help: 'Questions to KPS by how they ended',
    labelNames: ['service', 'kind'],
    registers,
  });
  const seconds = new Histogram({
    name: 'bridge_kps_call_seconds',
    help: 'Time of a question to KPS',
    labelNames: ['service'],
    buckets: SECONDS,
    registers,
  });
  const tokens = new Counter({
    name: 'bridge_sts_tokens_total',
    help: 'Token requests by how they ended',
    labelNames: ['account', 'result'],
    registers,
  });
  const tokenSeconds = new Histogram({
    name: 'bridge_sts_token_seconds',
    help: 'Time of a token request',
    buckets: SECONDS,
    registers,
  });
  const breaker = new Gauge({
    name: 'bridge_kps_breaker_open',
    help: '1 while an account is not used because its password was refused',
    labelNames: ['account'],
    registers,
  });
  const service = closedSet(options.services);
  const account = closedSet(options.accounts);
  const kind = closedSet(KPS_KINDS);
  const result = closedSet(STS_RESULTS);
  return {
    kpsCallFinished(call) {
      const name = service(call.service);
      calls.inc({ service: name, kind: kind(call.kind) });
      observeMs(seconds.labels(name), call.ms);
    },
    stsTokenFinished(token) {
      tokens.inc({ account: account(token.account), result: result(token.result) });
      observeMs(tokenSeconds, token.ms);
    },
    breakerChanged: ({ account: name, open }) => breaker.set({ account: account(name) }, open ? 1 : 0),
  };
}

function auditMetrics(registers: Registry[]): Pick<Metrics, 'auditBatch' | 'auditQueue' | 'intentsOpen'> {
  const entries = new Histogram({
    name: 'bridge_audit_batch_entries',
    help: 'Entries in one commit',
    buckets: ENTRIES,
    registers,
  });
  const seconds = new Histogram({
    name: 'bridge_audit_batch_seconds',
    help: 'Time of one commit',
    buckets: SECONDS,
    registers,
  });
  const failures = new Counter({
    name: 'bridge_audit_batch_failures_total',
    help: 'Commits that failed',
    registers,
  });
  const queue = new Gauge({
    name: 'bridge_audit_queue_entries',
    help: 'Entries waiting for a commit',
    registers,
  });
  const open = new Gauge({ name: 'bridge_intents_open', help: 'Intents without an outcome', registers });
  return {
    auditBatch(batch) {
      if (!batch.ok) failures.inc();
      if (isMeasure(batch.entries)) entries.observe(batch.entries);
      observeMs(seconds, batch.ms);
    },
    auditQueue: (count) => isMeasure(count) && queue.set(count),
    intentsOpen: (count) => isMeasure(count) && open.set(count),
  };
}

function publishedMetrics(registers: Registry[]): Pick<Metrics, 'auditPublished'> {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const size = gauge('bridge_log_size_entries', 'Entries of the log');
  const covered = gauge('bridge_log_checkpoint_size_entries', 'Entries that the newest checkpoint covers');
  const age = gauge('bridge_log_seconds_since_signed', 'Time since the newest checkpoint was signed');
  const missing = gauge(
    'bridge_log_witness_missing',
    '1 where the checkpoint outside the database was missing since the start',
  );
  const inconsistent = gauge(
    'bridge_log_inconsistent',
    '1 while the log is not the continuation of what was signed',
  );
  return {
    auditPublished(log) {
      if (isMeasure(log.size)) size.set(log.size);
      if (isMeasure(log.checkpointSize)) covered.set(log.checkpointSize);
      if (log.secondsSinceSigned !== null && isMeasure(log.secondsSinceSigned))
        age.set(log.secondsSinceSigned);
      missing.set(log.witnessMissing ? 1 : 0);
      inconsistent.set(log.inconsistent ? 1 : 0);
    },
  };
}

/** How the log's time stamps stand; seconds. */
interface Timestamped {
  readonly secondsUnstamped: number;
  readonly outage: boolean;
  readonly secondsLeft: number;
}

function timestampMetrics(registers: Registry[]): Pick<Metrics, 'timestamped'> {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const waiting = gauge('bridge_log_seconds_unstamped', 'Age of the oldest entry that no time stamp covers');
  const left = gauge(
    'bridge_log_timestamp_budget_seconds',
    'Time left before nothing more is asked without a time stamp',
  );
  const outage = gauge(
    'bridge_log_timestamp_outage',
    '1 while time stamps are missing for longer than they may be late',
  );
  return {
    timestamped(stamps) {
      if (isMeasure(stamps.secondsUnstamped)) waiting.set(stamps.secondsUnstamped);
      if (isMeasure(stamps.secondsLeft)) left.set(stamps.secondsLeft);
      outage.set(stamps.outage ? 1 : 0);
    },
  };
}

function signalMetrics(
  registers: Registry[],
  { signalRules }: MetricsOptions,
): Pick<Metrics, 'signalsRaised' | 'signalsOpen'> {
  const raised = new Counter({
    name: 'bridge_signals_raised_total',
    help: 'Signals raised',
    labelNames: ['rule'],
    registers,
  });
  const open = new Gauge({
    name: 'bridge_signals_open',
    help: 'Signals that wait for a decision',
    registers,
  });
  const rule = closedSet(signalRules);
  // A counter that first appears with its first signal shows no increase.
  for (const code of signalRules) raised.inc({ rule: code }, 0);
  return {
    signalsRaised: (code, count) => isMeasure(count) && raised.inc({ rule: rule(code) }, count),
    signalsOpen: (count) => isMeasure(count) && open.set(count),
  };
}

function signInMetrics(
  registers: Registry[],
  { signInResults }: MetricsOptions,
): Pick<Metrics, 'signInEnded'> {
  const ended = new Counter({
    name: 'bridge_sign_ins_total',
    help: 'Sign-ins and steps of them by how they ended',
    labelNames: ['result'],
    registers,
  });
  const result = closedSet(signInResults);
  // A counter that first appears with its first refusal shows no increase.
  for (const one of signInResults) ended.inc({ result: one }, 0);
  return { signInEnded: (one) => ended.inc({ result: result(one) }) };
}

/** A registry of its own, so that two bridges in one process (tests) do not share counts. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (options.processMetrics === true) collectDefaultMetrics({ register: registry });
  const skew = new Gauge({
    name: 'bridge_clock_skew_seconds',
    help: 'Clock of the other side minus ours',
    labelNames: ['clock'],
    registers,
  });
  const clock = closedSet(CLOCKS);
  return {
    ...httpMetrics(registers, options),
    ...kpsMetrics(registers, options),
    ...auditMetrics(registers),
    ...publishedMetrics(registers),
    ...timestampMetrics(registers),
    ...signalMetrics(registers, options),
    ...signInMetrics(registers, options),
    ...authorityMetrics(registers),
    clockSkew({ clock: name, seconds }) {
      if (Number.isFinite(seconds)) skew.set({ clock: clock(name) }, seconds);
    },
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
