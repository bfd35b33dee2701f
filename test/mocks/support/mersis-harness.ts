import { request } from 'node:https';
import { historySeedOf, moveMonths } from '../../../mocks/mersis/history.js';
import { generatePopulation } from '../../../mocks/population/generate-population.js';
import { patchCooperative } from '../../../mocks/population/patch-cooperative.js';
import { patchPerson } from '../../../mocks/population/patch-person.js';
import type { Cooperative, Population } from '../../../mocks/population/population.js';
import { createWorld } from '../../../mocks/world/world.js';
import type { TestCertificates } from './certificates.js';
import { type Harness, startHarness } from './harness.js';
import type { Reply } from './reference-client.js';

// A client written from wsdl/mersis.wsdl alone, in which every part of a request can be replaced.

export const TODAY = '2026-07-15';
/** Noon of that day in Istanbul. */
export const NOON = Date.parse(`${TODAY}T12:00:00+03:00`);
export const SOAP11 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const MERSIS = 'urn:koopbis:mersis:1';
/** A colon and letters that break a wrong encoding. */
export const ACCOUNT = {
  userName: 'KOOPBIS-MERSIS',
  password: 'p:&<ğ"',
  sourceAddresses: ['127.0.0.1', '127.0.0.2'],
};
export const OTHER_ACCOUNT = { userName: 'OTHER', password: 'other', sourceAddresses: ['127.0.0.2'] };

export const population: Population = generatePopulation({
  seed: 'mersis',
  people: 200,
  cooperatives: 30,
  today: TODAY,
});
export const working = population.cooperatives[0] as Cooperative;

export interface MersisAsk {
  readonly path?: string;
  readonly method?: string;
  readonly body?: string | Buffer;
  /** Takes the place of the usual ones; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly localAddress?: string;
}

export interface MersisHarness extends Harness {
  ask(parts: MersisAsk): Promise<Reply>;
  /** A right SOAP question unless told otherwise. */
  soap(action: string, number: string, parts?: MersisAsk): Promise<Reply>;
  rest(question: unknown, parts?: MersisAsk): Promise<Reply>;
  /** `data` of a right answer. */
  record(mersisNo: string): Promise<Record<string, unknown> & { kooperatif: Record<string, unknown> }>;
}

export const basic = (userName: string, password: string): string =>
  `Basic ${Buffer.from(`${userName}:${password}`, 'utf8').toString('base64')}`;

export function envelope(content: string, more: { header?: string; soap?: string } = {}): string {
  return `<?xml version="1.0"?><s:Envelope xmlns:s="${more.soap ?? SOAP11}">${more.header ?? ''}<s:Body>${content}</s:Body></s:Envelope>`;
}

export function operation(action: string, number: string): string {
  const name = action === 'SorgulaMersisNo' ? 'MersisNo' : 'VergiNo';
  return `<m:${action} xmlns:m="${MERSIS}"><m:${name}>${number}</m:${name}></m:${action}>`;
}

/** The stand-ins with MERSİS over the population above, in which patches and months are played. */
export async function startMersisHarness(
  certificates: TestCertificates,
  options: { directory?: string; of?: Population } = {},
): Promise<MersisHarness> {
  const world = createWorld({
    population: options.of ?? population,
    patches: {
      patchPerson: (now, kimlikNo, change) => patchPerson(now, kimlikNo, change, TODAY),
      patchCooperative: (now, mersisNo, change) => patchCooperative(now, mersisNo, change, TODAY),
      moveMonths: (now, count) => moveMonths(now, { seed: historySeedOf(now), count, today: TODAY }),
    },
  });
  const stand = await startHarness(certificates, {
    world,
    now: () => NOON,
    settings: { mersis: { host: '127.0.0.1', port: 0, accounts: [ACCOUNT, OTHER_ACCOUNT] } },
    ...(options.directory === undefined ? {} : { directory: options.directory }),
  });
  const ask = (parts: MersisAsk) => send(stand, parts);
  const rest = (question: unknown, parts: MersisAsk = {}) =>
    ask({
      path: '/api/sicil/sorgula',
      body: JSON.stringify(question),
      ...parts,
      headers: { 'content-type': 'application/json; charset=utf-8', ...parts.headers },
    });
  return {
    ...stand,
    ask,
    rest,
    soap: (action, number, parts = {}) =>
      ask({
        body: envelope(operation(action, number)),
        ...parts,
        headers: {
          'content-type': 'text/xml; charset=utf-8',
          soapaction: `"${MERSIS}/${action}"`,
          ...parts.headers,
        },
      }),
    record: async (mersisNo) => JSON.parse((await rest({ mersisNo })).text).data,
  };
}

/** Rejects with the socket's error where no complete answer came. */
function send(stand: Harness, parts: MersisAsk): Promise<Reply> {
  const { path = '/SicilSorguServisi', method = 'POST', body = '', localAddress } = parts;
  const given = { authorization: basic(ACCOUNT.userName, ACCOUNT.password), ...parts.headers };
  const headers = Object.fromEntries(
    Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const bytes = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, stand.running.urls.mersis),
      {
        ...stand.transport,
        family: 4,
        agent: false,
        method,
        headers: { ...headers, 'content-length': bytes.length },
        ...(localAddress === undefined ? {} : { localAddress }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(bytes);
  });
}
