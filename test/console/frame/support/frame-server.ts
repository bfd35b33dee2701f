import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWebApp } from '../../../../src/api/web-app.js';
import { checkData } from '../../../../src/audit/catalogue/check-data.js';
import type { EntryDraft } from '../../../../src/audit/entry.js';
import { ACCESS, type AccessId } from '../../../../src/console/access.js';
import type { Answer, OpenCall } from '../../../../src/console/frame/call.js';
import type { FinishedCall, FrameHouse } from '../../../../src/console/frame/house.js';
import { createConsolePages } from '../../../../src/console/frame/render.js';
import { createConsoleRouter, type Handlers } from '../../../../src/console/frame/router.js';
import { ACR_TWO_STEP } from '../../../../src/sign-in/access-tokens.js';
import type { BrowserSession } from '../../../../src/sign-in/living-session.js';
import { personOf } from '../../../audit/support/parts.js';

/** Who may be before the browser of a test. */
export interface MadePerson {
  readonly session: BrowserSession;
  readonly roles: readonly string[];
}

/** What a made house may be told to do otherwise. */
export interface Behaviour {
  informed: boolean;
  passes: boolean;
  needsStepUp: boolean;
  /** Thrown instead of writing an entry down. */
  logFault: Error | null;
}

export const NAMES = { ad: 'AYŞE', soyad: 'ÖRNEK' } as const;
const AT = new Date('2026-11-22T11:05:00Z');
const UPLOAD_BYTES = 2_000;

/** The citizen `n` with these roles; `steppedUp`: the second step is fresh. */
export function madePerson(n: number, roles: readonly string[], steppedUp = false): MadePerson {
  const person = personOf(n);
  const session: BrowserSession = {
    sessionId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    person,
    tag: Buffer.alloc(16, n),
    names: NAMES,
    acr: ACR_TWO_STEP,
    authTime: AT,
    openedAt: AT,
    idleUntil: new Date(AT.getTime() + 1_800_000),
    expiresAt: new Date(AT.getTime() + 28_800_000),
    stepUpUntil: steppedUp ? new Date(AT.getTime() + 600_000) : null,
  };
  return { session, roles };
}

/** The console's frame over a made house, on loopback: what it asked, wrote down, counted and told, in order. */
export class FrameServer {
  readonly steps: string[] = [];
  readonly entries: EntryDraft[] = [];
  readonly counted: string[] = [];
  readonly finished: FinishedCall[] = [];
  readonly calls: { readonly id: AccessId; readonly call: OpenCall }[] = [];
  readonly behaviour: Behaviour = { informed: true, passes: true, needsStepUp: true, logFault: null };
  /** What handlers answer beside the page that says their name. */
  readonly answers = new Map<AccessId, (call: OpenCall) => Promise<Answer>>();
  readonly #people = new Map<string, MadePerson>();
  readonly #server: Server;
  #origin = '';

  private constructor() {
    const router = createConsoleRouter(this.#house(), createConsolePages(), this.#handlers());
    this.#server = createServer(createWebApp({ '/': [router] }));
  }

  static async open(): Promise<FrameServer> {
    const made = new FrameServer();
    await once(made.#server.listen(0, '127.0.0.1'), 'listening');
    made.#origin = `http://127.0.0.1:${(made.#server.address() as AddressInfo).port}`;
    return made;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get origin(): string {
    return this.#origin;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Lets a person sit before the browser whose cookie says `name`. */
  seat(name: string, person: MadePerson): void {
    this.#people.set(name, person);
  }

  /** Forgets what was seen. */
  clear(): void {
    for (const list of [this.steps, this.entries, this.counted, this.finished, this.calls]) list.length = 0;
    this.answers.clear();
    Object.assign(this.behaviour, { informed: true, passes: true, needsStepUp: true, logFault: null });
  }

  tokenOf(name: string): string {
    const person = this.#people.get(name);
    return person === undefined ? '' : tokenOf(person.session);
  }

  get(path: string, who: string | null = null, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.#origin}${path}`, {
      redirect: 'manual',
      headers: { ...cookieOf(who), ...headers },
    });
  }

  /** Sends a form as the page of `who` would, with its token unless `fields` has another. */
  post(
    path: string,
    who: string | null,
    fields: readonly (readonly [string, string])[] | FormData = [],
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const token = who === null ? '' : this.tokenOf(who);
    const body =
      fields instanceof FormData
        ? fields
        : new URLSearchParams([
            ...(fields.some(([name]) => name === 'csrf') ? [] : [['csrf', token]]),
            ...fields,
          ] as [string, string][]);
    return fetch(`${this.#origin}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...cookieOf(who), ...headers },
      body,
    });
  }

  #house(): FrameHouse {
    const own = this;
    return {
      get issuer() {
        return own.#origin;
      },
      instance: 'test-1',
      maxUploadBytes: UPLOAD_BYTES,
      formTargets: ['https://giris.example'],
      current: async ({ headers }) => {
        this.steps.push('session');
        const name = /(?:^|; )kim=([a-z-]+)/.exec(headers.cookie ?? '')?.[1] ?? '';
        return this.#people.get(name)?.session ?? null;
      },
      hasReadNotice: async () => {
        this.steps.push('notice');
        return this.behaviour.informed;
      },
      formToken: tokenOf,
      formHolds: (session, given) => {
        this.steps.push('form');
        return given === tokenOf(session);
      },
      rolesOf: async (tag) => {
        this.steps.push('roles');
        const found = [...this.#people.values()].find(({ session }) => session.tag.equals(tag));
        return (found?.roles ?? []).map((role, n) => ({
          ...{ roleId: `role-${n}`, role, ministry: null, il: null },
          ...{ mersisNo: null, startsOn: null, endsOn: null },
        }));
      },
      needsStepUp: (operation) => {
        this.steps.push(`step-up ${operation}`);
        return this.behaviour.needsStepUp;
      },
      record: async (draft) => {
        this.steps.push(`entry ${draft.kind}`);
        if (this.behaviour.logFault !== null) throw this.behaviour.logFault;
        checkData(draft.kind, draft.data);
        this.entries.push(draft);
      },
      mayPass: () => {
        this.steps.push('address');
        return this.behaviour.passes;
      },
      count: (_address, code) => void this.counted.push(code),
      finished: (call) => void this.finished.push(call),
      now: () => AT,
    };
  }

  #handlers(): Handlers {
    const handlers = (Object.keys(ACCESS) as AccessId[]).map((id) => [
      id,
      async (call: OpenCall): Promise<Answer> => {
        this.steps.push('handler');
        this.calls.push({ id, call });
        const answer = this.answers.get(id);
        if (answer !== undefined) return answer(call);
        const words = { tr: `Sayfa ${id}`, en: `Page ${id}` };
        return { kind: 'page', page: { title: words, help: words, parts: [] } };
      },
    ]);
    return Object.fromEntries(handlers) as Handlers;
  }
}

function cookieOf(who: string | null): Record<string, string> {
  return who === null ? {} : { Cookie: `kim=${who}` };
}

function tokenOf({ sessionId }: BrowserSession): string {
  return createHmac('sha256', 'form').update(sessionId).digest('base64url');
}
