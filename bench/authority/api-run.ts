import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { createPersonTagger } from '../../src/audit/person-tags.js';
import type { Cleanup } from '../common/cleanup.js';
import { cpuOfProcess } from '../common/cpu.js';
import { percentile } from '../common/figures.js';
import { runClosedLoop } from '../verify/closed-loop.js';
import { CALL_LIMIT_MS, WrongAnswer } from '../verify/job.js';
import { startTown, type Town } from '../verify/town.js';
import { fillAuthority } from './fill.js';
import { type AskedRight, questionsOf } from './questions.js';
import { mersisNoOf, personOf, type Size } from './size.js';

/** Decisions through the API, of one sort of call. Times of a call. */
export interface ApiRun {
  readonly name: string;
  readonly calls: number;
  readonly decisionsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bridgeUs: number;
}

/** Registered for evaluations in the sandbox. */
const CLIENT = 'koopbis-reports';
const PEOPLE = 1000;
const IN_ONE_CALL = 100;
const QUESTIONS = 20_000;
const WARM_UP_CALLS = 3000;
/** Taking in a whole register takes seconds. */
const FOLLOW_LIMIT_MS = 120_000;
/** What the bridge's own population brings beside it is neither drawn nor counted. */
const SEED = 2;

interface Answer {
  readonly decision?: unknown;
  readonly context?: { readonly read_at?: unknown };
  readonly evaluations?: readonly { readonly decision?: unknown }[];
  readonly code?: string;
}

export interface ApiOptions {
  readonly size: Size;
  readonly ms: number;
  readonly concurrency: number;
}

/**
 * A sandbox of its own whose bridge holds the whole register, asked over mutual TLS: one decision in a call, then a hundred. Throws where
 * an answer is no decision.
 */
export async function runThroughApi(
  { size, ms, concurrency }: ApiOptions,
  cleanup: Cleanup,
  say: (text: string) => void,
): Promise<readonly ApiRun[]> {
  const town = await startTown(PEOPLE, cleanup, say);
  await town.stopSigningIn();
  const key = Buffer.from(readFileSync(join(town.layout.secrets, 'tag-key'), 'utf8').trim(), 'base64');
  const url = Object.assign(new URL(town.sandbox.database), { pathname: '/bridge' }).href;
  await fillAuthority(url, size, createPersonTagger({ id: 1, key }));
  const ask = askerOf(town, concurrency);
  await followed(ask);
  const questions = questionsOf(size, QUESTIONS, SEED);
  const drawn = (n: number, count: number) =>
    Array.from({ length: count }, (_, i) => questions[(n * count + i) % questions.length] as AskedRight);
  const single = async (n: number) => {
    requireDecisions([await ask('/access/v1/evaluation', bodyOf(drawn(n, 1)[0] as AskedRight))], 1);
  };
  const many = async (n: number) => {
    const evaluations = drawn(n, IN_ONE_CALL).map(bodyOf);
    requireDecisions((await ask('/access/v1/evaluations', { evaluations })).evaluations ?? [], IN_ONE_CALL);
  };
  return [
    await measure('one in a call', single, 1, { town, ms, concurrency }),
    await measure(`${IN_ONE_CALL} in a call`, many, IN_ONE_CALL, { town, ms, concurrency }),
  ];
}

async function measure(
  name: string,
  call: (n: number) => Promise<void>,
  decisions: number,
  { town, ms, concurrency }: { readonly town: Town; readonly ms: number; readonly concurrency: number },
): Promise<ApiRun> {
  await runClosedLoop(call, { concurrency, ms, maxCalls: WARM_UP_CALLS / decisions, from: 0 });
  const before = cpuOfProcess(town.pids.bridge);
  const { ms: took, latencies } = await runClosedLoop(call, {
    concurrency,
    ms,
    maxCalls: Number.MAX_SAFE_INTEGER,
    from: WARM_UP_CALLS,
  });
  const calls = latencies.length;
  return {
    name,
    calls,
    decisionsPerSecond: ((calls * decisions) / took) * 1000,
    p50Ms: percentile([...latencies], 0.5),
    p99Ms: percentile([...latencies], 0.99),
    bridgeUs: (cpuOfProcess(town.pids.bridge) - before) / (calls * decisions),
  };
}

type Ask = (path: string, body: object) => Promise<Answer>;

function askerOf({ sandbox }: Town, connections: number): Ask {
  const { cert, key } = sandbox.clients[CLIENT];
  const text = (file: string) => readFileSync(file, 'utf8');
  const pool = new Pool(sandbox.api, {
    connections,
    pipelining: 1,
    connect: { ca: text(sandbox.ca), cert: text(cert), key: text(key), family: 4 },
    headersTimeout: CALL_LIMIT_MS,
    bodyTimeout: CALL_LIMIT_MS,
  });
  return async (path, body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await pool.request({ path, method: 'POST', headers, body: JSON.stringify(body) });
    const read = (await answer.body.json()) as Answer;
    if (answer.statusCode !== 200) throw new WrongAnswer(`HTTP ${answer.statusCode} ${read.code ?? ''}`);
    return read;
  };
}

function bodyOf({ person, mersisNo, action, member }: AskedRight) {
  return {
    subject: { type: 'person', id: personOf(person).reveal() },
    action: { name: action },
    resource: { type: 'cooperative', id: mersisNo },
    context: { member },
  };
}

function requireDecisions(answers: readonly { readonly decision?: unknown }[], count: number): void {
  const right = answers.length === count && answers.every(({ decision }) => typeof decision === 'boolean');
  if (!right) throw new WrongAnswer('an answer without its decisions');
}

/** Until the bridge has taken the register in: all of it comes as one version, so one cooperative that it knows is enough. */
async function followed(ask: Ask): Promise<void> {
  const until = performance.now() + FOLLOW_LIMIT_MS;
  const question = { person: 0, mersisNo: mersisNoOf(0), action: 'cooperative.read', member: false };
  while (performance.now() < until) {
    const { context } = await ask('/access/v1/evaluation', bodyOf(question));
    if (typeof context?.read_at === 'string') return;
    await sleep(100);
  }
  throw new Error('the bridge has not taken the register in');
}
