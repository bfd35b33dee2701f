import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type EvaluationTools, evaluationCalls } from '../../../../src/api/evaluation/evaluation-calls.js';
import { createServiceApi } from '../../../../src/api/service-api.js';
import type { AuthorityFacts, Seat, StaffRole } from '../../../../src/authority/facts.js';
import type { AuthorityView, KeptRecord } from '../../../../src/authority/memory/port.js';
import { createClientRegistry } from '../../../../src/network/client-registry.js';
import { createRefusalCounter } from '../../../../src/network/refusal-counter.js';
import { KimlikNo } from '../../../../src/person/kimlik-no.js';
import { cooperative, MERSIS, seat, TIME } from '../../../authority/rights/support/facts.js';
import { CLIENT, digitsOf } from '../../../verification/support/parts.js';

const CERTIFICATE = 'aa'.repeat(32);
const OTHER = 'bb'.repeat(32);
export const ORIGIN = 'https://api.example';
export const BOARD = digitsOf('200000001');
export const NOBODY = digitsOf('200000002');
export const OFFICE = digitsOf('200000003');
export const MERGED = '0000000000000025';
export const UNKNOWN = '0000000000000033';
export { MERSIS };

/** Made-up tags, as any keyed hash would give. */
const tagOf = (person: KimlikNo) => createHash('sha256').update(person.reveal()).digest().subarray(0, 16);

function tagOfDigits(digits: string): string {
  const parsed = KimlikNo.parse(digits);
  if (!parsed.ok) throw new Error('not a number');
  return tagOf(parsed.value).toString('hex');
}

/** What one running decision point was asked and how it answers. */
export interface Pdp {
  readonly url: string;
  readonly asked: {
    confirmations: number;
    readonly looked: string[];
    readonly hashed: number[];
    readonly freshened: (readonly string[])[];
  };
  readonly refused: { code: string }[];
  post(path: string, body: unknown, options?: PostOptions): Promise<Answered>;
  get(path: string, permitted?: boolean): Promise<Answered>;
  close(): Promise<void>;
}
interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** False: the client that may not ask. */
  readonly permitted?: boolean;
}
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of unknown shape.
  readonly json: any;
}

const SEATS: Readonly<Record<string, readonly Seat[]>> = { [tagOfDigits(BOARD)]: [seat()] };
const ROLES: Readonly<Record<string, readonly StaffRole[]>> = {
  [tagOfDigits(OFFICE)]: [
    {
      roleId: '33333333-3333-4333-8333-333333333333',
      role: 'directorate',
      ministry: 'ticaret',
      il: 'Ankara',
      mersisNo: null,
      startsOn: null,
      endsOn: null,
    },
  ],
};

function factsFor(tag: Buffer, mersisNo: string): AuthorityFacts {
  const roles = ROLES[tag.toString('hex')] ?? [];
  const seats = SEATS[tag.toString('hex')] ?? [];
  if (mersisNo === MERSIS) return { cooperative: cooperative(), seatedAt: cooperative(), seats, roles };
  if (mersisNo !== MERGED) return { cooperative: null, seatedAt: null, seats: [], roles };
  const merged = cooperative({ mersisNo, durum: 'birleşme', hasBoard: false });
  return { cooperative: merged, seatedAt: cooperative(), seats, roles };
}

/** Only of the successor is anything recorded: what is explained must come from there. */
function recordFor(mersisNo: string): KeptRecord | null {
  if (mersisNo !== MERSIS) return null;
  const kept = { representation: 'MUSTEREKEN', gazette: '2024-01-05 10991/12', tag: 'ab', source: 'mersis' };
  const seats = [{ ...seat(), ...kept, state: null, actsFor: null, appointment: null }];
  return {
    record: { seats, tur: 'Tüketim', kanun: '1163', seviye: 'birim' },
    leaf: 41n,
  } as unknown as KeptRecord;
}

/** The calls behind the whole service API; what TLS would show is given. */
export async function startPdp(changes: Partial<EvaluationTools> = {}): Promise<Pdp> {
  const asked: Pdp['asked'] = { confirmations: 0, looked: [], hashed: [], freshened: [] };
  const refused: Pdp['refused'] = [];
  const view: AuthorityView = {
    version: 12n,
    confirmedAt: 0,
    factsOf: (tag, mersisNo, day) => {
      asked.looked.push(`${mersisNo} ${day}`);
      return factsFor(tag, mersisNo);
    },
    recordOf: recordFor,
  };
  const calls = evaluationCalls({
    maxBodyBytes: 2048,
    memory: {
      confirmed: async () => {
        asked.confirmations += 1;
        return view;
      },
      freshen: async (mersisNos) => {
        asked.freshened.push(mersisNos);
      },
    },
    policy: TIME,
    origin: ORIGIN,
    tagOf: (person) => {
      asked.hashed.push(1);
      return tagOf(person);
    },
    now: () => TIME.now,
    ...changes,
  });
  const server = listening(calls, refused);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = async (path: string, init: RequestInit): Promise<Answered> => {
    const response = await fetch(`${url}${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
  };
  const who = (permitted: boolean) => ({ 'X-Test-Certificate': permitted ? CERTIFICATE : OTHER });
  return {
    url,
    asked,
    refused,
    post: (path, body, { headers = {}, permitted = true } = {}) =>
      send(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...who(permitted), ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path, permitted = true) => send(path, { headers: who(permitted) }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(calls: ReturnType<typeof evaluationCalls>, refused: Pdp['refused']): Server {
  const unused = async () => {
    throw new Error('another call');
  };
  const counter = createRefusalCounter();
  const sourceAddresses = ['127.0.0.1/32'];
  const handler = createServiceApi({
    registry: createClientRegistry([
      { ...CLIENT, certificates: [CERTIFICATE], sourceAddresses, permissions: ['evaluation'] },
      { ...CLIENT, id: 'other', certificates: [OTHER], sourceAddresses, permissions: ['identity', 'events'] },
    ]),
    refusals: {
      ...counter,
      count: (_address: string, code: string) => {
        refused.push({ code });
      },
    },
    maxInFlight: 8,
    maxBodyBytes: 2048,
    now: () => TIME.now,
    verify: unused,
    read: unused,
    search: unused,
    openId: async () => false,
    observe: () => undefined,
    ...calls,
  });
  return createServer((request, response) => {
    const certificateSha256 = String(request.headers['x-test-certificate']);
    void handler(request, response, { certificateSha256, address: '127.0.0.1' });
  });
}
