import { randomUUID } from 'node:crypto';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { ACR_STEP_UP } from '../../sign-in/access-tokens.js';
import { CONSOLE_RETURN_PATH } from '../../sign-in/provider/clients.js';
import { signInUrl } from '../../sign-in/web/sign-in-url.js';
import { ACCESS, type AccessId } from '../access.js';
import type { AccessRow } from '../access-row.js';
import { admitted, personOf, requireOwnForm, requireStepUp } from './admit.js';
import type { Answer, ConsoleCall, ConsolePerson, FormFields, Language, OpenCall, Said } from './call.js';
import { ConsoleRefusal } from './console-problem.js';
import { openingEntry, refusalEntry } from './entries.js';
import type { FrameHouse } from './house.js';
import type { Page } from './parts.js';
import { problemOf, problemPage, stepUpPage, type ToldProblem } from './problem-page.js';
import { NO_FIELDS, readMultipart, readUrlencoded, urlencodedFields } from './read-form.js';
import type { ConsolePages } from './render.js';
import { sendConsolePage, sendFile, sendOn } from './send.js';
import { SAID } from './texts.js';

/** What each page and action does: those that anyone may open may find nobody at the screen. */
export type Handlers = {
  readonly [Id in AccessId]: (typeof ACCESS)[Id]['audience'] extends 'anyone'
    ? (call: OpenCall) => Promise<Answer>
    : (call: ConsoleCall) => Promise<Answer>;
};

/** The handlers of some pages. */
export type HandlersOf<Ids extends AccessId> = Pick<Handlers, Ids>;

/** One request on its way. */
interface Way {
  readonly request: Request;
  readonly response: Response;
  readonly id: AccessId;
  readonly row: AccessRow;
  readonly requestId: string;
  readonly at: Date;
  person: ConsolePerson | null;
  fields: FormFields;
}

const LANGUAGE_COOKIE = 'konsol_dil';

/** Serves every row of the table of access, in its order, and nothing else under `/konsol`. */
export function createConsoleRouter(
  house: FrameHouse,
  pages: ConsolePages,
  handlers: Handlers,
): RequestHandler {
  const router = Router();
  for (const { body, path, type } of pages.assets)
    router.get(path, (_request, response) => {
      response.type(type).set('Cache-Control', 'public, max-age=31536000, immutable').send(body);
    });
  for (const id of Object.keys(ACCESS) as AccessId[]) {
    const row: AccessRow = ACCESS[id];
    const serve: RequestHandler = (request, response) => {
      void serveRow(newWay(request, response, id, row, house), house, pages, handlers);
    };
    if (row.method === 'GET') router.get(row.path, serve);
    else router.post(row.path, serve);
  }
  router.use('/konsol', (request, response) => {
    void notFound(newWay(request, response, 'home', ACCESS.home, house), house, pages);
  });
  return router;
}

function newWay(
  request: Request,
  response: Response,
  id: AccessId,
  row: AccessRow,
  { now }: FrameHouse,
): Way {
  return { request, response, id, row, requestId: randomUUID(), at: now(), person: null, fields: NO_FIELDS };
}

async function notFound(way: Way, house: FrameHouse, pages: ConsolePages): Promise<void> {
  house.count(addressOf(way), 'NOT_FOUND');
  const problem = problemOf(new ConsoleRefusal('NOT_FOUND'));
  sendPage(way, problem.status, problemPage(problem, way.requestId), house, pages, problem.code);
  finish(way, problem.status, problem.code, null, house);
}

async function serveRow(way: Way, house: FrameHouse, pages: ConsolePages, handlers: Handlers): Promise<void> {
  try {
    const answer = await answerOf(way, house, handlers);
    await send(way, answer, house, pages);
    finish(way, way.response.statusCode, null, null, house);
  } catch (error) {
    await fail(way, error, house, pages);
  }
}

/** The way of every request: address, session, role, form, second step, entry, and only then what it is for. */
async function answerOf(way: Way, house: FrameHouse, handlers: Handlers): Promise<Answer> {
  const { at, id, request, response, row } = way;
  if (!house.mayPass(addressOf(way))) throw new ConsoleRefusal('RATE_LIMITED');
  const session = await house.current(request, response);
  if (session !== null) way.person = await personOf(session, house, at);
  const common = {
    params: paramsOf(request),
    query: queryOf(request),
    at,
    requestId: way.requestId,
    language: languageOf(request),
  };
  if (row.audience === 'anyone') {
    const handler = handlers[id] as (call: OpenCall) => Promise<Answer>;
    return handler({ ...common, fields: NO_FIELDS, person: way.person });
  }
  if (session === null || way.person === null || !(await house.hasReadNotice(session))) {
    if (row.method === 'POST') throw new ConsoleRefusal('TOKEN_INVALID');
    return {
      kind: 'see-other',
      to: signInUrl(house.issuer, CONSOLE_RETURN_PATH, { state: pathOf(request) }),
    };
  }
  way.person = admitted(row, way.person);
  if (row.method === 'POST') {
    requireOwnForm(request.headers, house.issuer);
    way.fields = await readForm(way, house);
    if (!house.formHolds(session, way.fields.get('csrf'))) throw new ConsoleRefusal('FORM_INVALID', 'token');
    requireStepUp(row, way.person, house);
  }
  if (row.entry === 'router') await house.record(openingEntry(toldOf(way, way.person, house)));
  const handler = handlers[id] as (call: ConsoleCall) => Promise<Answer>;
  return handler({ ...common, fields: way.fields, person: way.person });
}

async function readForm(
  { request, response, row }: Way,
  { maxUploadBytes }: FrameHouse,
): Promise<FormFields> {
  if (row.upload === true && request.is('multipart/form-data') !== false)
    return readMultipart(request, maxUploadBytes);
  await new Promise<void>((resolve, reject) => {
    readUrlencoded(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(new ConsoleRefusal('FORM_INVALID', 'unreadable', { cause: error }));
    });
  });
  return urlencodedFields(request);
}

async function send(way: Way, answer: Answer, house: FrameHouse, pages: ConsolePages): Promise<void> {
  switch (answer.kind) {
    case 'page':
      sendPage(way, answer.status ?? 200, answer.page, house, pages);
      break;
    case 'see-other':
      sendOn(way.response, answer);
      break;
    case 'file':
      await sendFile(way.response, answer);
      break;
  }
}

function sendPage(
  way: Way,
  status: number,
  page: Page,
  house: FrameHouse,
  pages: ConsolePages,
  code: string | null = null,
): void {
  const { id, person, request, requestId, response } = way;
  const html = pages.render({
    page,
    person,
    requestId,
    name: id,
    code,
    language: languageOf(request),
    csrf: person === null ? '' : house.formToken(person.session),
    path: request.method === 'GET' ? pathOf(request) : '/konsol',
    said: request.method === 'GET' && status === 200 ? saidOf(request) : null,
  });
  sendConsolePage(response, status, html, house.formTargets);
}

async function fail(way: Way, error: unknown, house: FrameHouse, pages: ConsolePages): Promise<void> {
  const { person, request, requestId, response } = way;
  const problem = problemOf(error);
  try {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (problem.isRefusal) await recordRefusal(way, problem.code, problem.reason, house);
    const page =
      problem.code === 'STEP_UP_REQUIRED' && person !== null && way.row.upload !== true
        ? stepUpPage(pathOf(request), stepUpUrl(house), typedOf(way), requestId)
        : problemPage(problem, requestId);
    sendPage(way, problem.status, page, house, pages, problem.code);
  } catch (broken) {
    // Not even the page of the error: what stands behind it is told too.
    finish(way, 500, 'INTERNAL', broken, house);
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`hata ${requestId}\n`);
  }
  finish(way, problem.status, problem.code, problem.isRefusal ? null : error, house);
}

/** To whom something was refused is told where somebody is known, and counted where not. */
async function recordRefusal(
  way: Way,
  code: ToldProblem['code'],
  reason: string | null,
  house: FrameHouse,
): Promise<void> {
  if (way.person === null) house.count(addressOf(way), code);
  else await house.record(refusalEntry(toldOf(way, way.person, house), code, reason));
}

function stepUpUrl({ issuer }: FrameHouse): string {
  return signInUrl(issuer, CONSOLE_RETURN_PATH, { acr_values: ACR_STEP_UP });
}

function typedOf({ fields }: Way): readonly (readonly [string, string])[] {
  return fields.entries.filter(([name]) => name !== 'csrf');
}

function toldOf(way: Way, person: ConsolePerson, { instance }: FrameHouse) {
  const { at, id, request, requestId } = way;
  return { id, person, params: paramsOf(request), instance, requestId, at };
}

function finish(
  way: Way,
  status: number,
  code: string | null,
  error: unknown,
  { finished, now }: FrameHouse,
): void {
  const { at, id, requestId, row } = way;
  const ms = now().getTime() - at.getTime();
  finished({ page: id, method: row.method, status, code, requestId, ms, error });
}

function addressOf({ request }: Way): string {
  return request.socket.remoteAddress ?? '';
}

function paramsOf({ params }: Request): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

function pathOf(request: Request): string {
  return request.originalUrl;
}

function queryOf(request: Request): URLSearchParams {
  const at = request.originalUrl.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : request.originalUrl.slice(at + 1));
}

function languageOf({ headers }: Request): Language {
  const wanted = (headers.cookie ?? '').split('; ').find((one) => one.startsWith(`${LANGUAGE_COOKIE}=`));
  return wanted === `${LANGUAGE_COOKIE}=en` ? 'en' : 'tr';
}

function saidOf(request: Request): Said | null {
  const said = queryOf(request).get('soz');
  return said !== null && Object.hasOwn(SAID, said) ? (said as Said) : null;
}
