import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { z } from 'zod';

import { readBody } from '../http/read-body.js';
import type { MonthChange, PatchResult } from '../world/world.js';
import type { Faults } from './faults.js';
import type { Figures } from './figures.js';
import { figuresPage } from './figures-page.js';
import type { SeenLogs } from './seen-logs.js';
import { isSystemName, SYSTEMS } from './systems.js';

/** What the control interface changes in the world. */
export interface ChangeableWorld {
  patchPerson(kimlikNo: string, change: unknown): Promise<PatchResult>;
  patchCooperative(mersisNo: string, change: unknown): Promise<PatchResult>;
  moveMonths(count: number): Promise<readonly MonthChange[]>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** What is no JSON. */
  readonly csv?: string;
}

/** A board of a few hundred seats fits many times over. */
const MAX_BODY_BYTES = 262_144;
/** Ten years: a whole register's history is some seconds' work. */
const MAX_MONTHS = 120;
const MonthsRequest = z.strictObject({ count: z.int().min(1).max(MAX_MONTHS) });

/**
 * The control interface of CONTRACT §3: plain HTTP, and only on loopback, since it has no other protection. Bad input gets
 * 400 with `error`, what is not there 404.
 */
export class ControlServer {
  readonly #server: Server;
  readonly #seen: SeenLogs;
  readonly #faults: Faults;
  readonly #figures: Figures;
  readonly #world: ChangeableWorld;

  constructor(parts: { seen: SeenLogs; faults: Faults; figures: Figures; world: ChangeableWorld }) {
    this.#seen = parts.seen;
    this.#faults = parts.faults;
    this.#figures = parts.figures;
    this.#world = parts.world;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.requestTimeout = 10_000;
  }

  /** Listens and gives the port. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body.kind === 'aborted') return;
    let answer: Answer;
    try {
      answer =
        body.kind === 'too-large'
          ? problem(413, 'the body is too large')
          : await this.#route(request, body.bytes);
    } catch {
      answer = problem(500, 'the change could not be kept');
    }
    const bytes = Buffer.from(answer.csv ?? `${JSON.stringify(answer.body)}\n`);
    response.writeHead(answer.status, {
      'Content-Type': `${answer.csv === undefined ? 'application/json' : 'text/csv'}; charset=utf-8`,
      'Content-Length': bytes.length,
      ...(body.kind === 'too-large' ? { Connection: 'close' } : {}),
    });
    response.end(bytes);
  }

  async #route(request: IncomingMessage, bytes: Buffer): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://control');
    const [, room, name, ...rest] = url.pathname.split('/');
    const method = request.method ?? '';
    if (rest.length > 0) return notThere;
    if (room === 'seen' && name === undefined)
      return method === 'GET' ? this.#page(url.searchParams) : wrongMethod;
    if (room === 'figures' && name === undefined)
      return method === 'GET' ? this.#figuresOf(url.searchParams) : wrongMethod;
    if (room === 'faults' && name === undefined) return this.#changeFaults(method, bytes);
    if (room === 'months' && name === undefined)
      return method === 'POST' ? this.#moveMonths(bytes) : wrongMethod;
    if ((room === 'people' || room === 'cooperatives') && name) {
      if (method !== 'PATCH') return wrongMethod;
      const change = readJson(bytes);
      if (!change.ok) return problem(400, 'the body is not JSON');
      const result =
        room === 'people'
          ? await this.#world.patchPerson(name, change.value)
          : await this.#world.patchCooperative(name, change.value);
      if (result.ok) return { status: 200, body: result.record };
      return result.reason === 'unknown' ? notThere : problem(400, result.problem);
    }
    return notThere;
  }

  #page(query: URLSearchParams): Answer {
    const system = query.get('system');
    const after = query.get('after') ?? '0';
    if (!isSystemName(system)) return problem(400, `system is not one of ${SYSTEMS.join(', ')}`);
    if (!/^\d{1,15}$/.test(after)) return problem(400, 'after is not a number');
    return { status: 200, body: this.#seen.of(system).page(Number(after)) };
  }

  #figuresOf(query: URLSearchParams): Answer {
    const page = figuresPage(this.#figures, query);
    return page.status === 200
      ? { status: 200, body: undefined, csv: page.csv }
      : problem(page.status, page.error);
  }

  async #moveMonths(bytes: Buffer): Promise<Answer> {
    const wanted = readJson(bytes);
    if (!wanted.ok) return problem(400, 'the body is not JSON');
    const parsed = MonthsRequest.safeParse(wanted.value);
    if (!parsed.success) return problem(400, z.prettifyError(parsed.error));
    return { status: 200, body: { changes: await this.#world.moveMonths(parsed.data.count) } };
  }

  async #changeFaults(method: string, bytes: Buffer): Promise<Answer> {
    if (method === 'DELETE') {
      await this.#faults.clear();
      return { status: 200, body: { faults: [] } };
    }
    if (method !== 'POST') return wrongMethod;
    const wanted = readJson(bytes);
    if (!wanted.ok) return problem(400, 'the body is not JSON');
    const posted = await this.#faults.post(wanted.value);
    return posted.ok ? { status: 200, body: { faults: this.#faults.list() } } : problem(400, posted.problem);
  }
}

function problem(status: number, error: string): Answer {
  return { status, body: { error } };
}

const notThere = problem(404, 'there is nothing of that name here');
const wrongMethod = problem(405, 'the method is not served here');

function readJson(bytes: Buffer): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch {
    return { ok: false };
  }
}
