import { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { CONSOLE_RETURN_PATH } from '../../sign-in/provider/clients.js';
import type { StepUpOperation } from '../../sign-in/step-up/policy.js';
import { signInUrl } from '../../sign-in/web/sign-in-url.js';
import { ACCESS, type AccessId } from '../access.js';
import type { AccessRow } from '../access-row.js';
import { admitted, isStepMissing, personOf, requireOwnForm, requireStepUp } from './admit.js';
import type { Answer, ConsoleCall, FormFields, OpenCall } from './call.js';
import { ConsoleRefusal } from './console-problem.js';
import { openingEntry, refusalEntry } from './entries.js';
import { fail, sendFramed } from './fail.js';
import type { FrameHouse } from './house.js';
import { ownPath } from './own-path.js';
import type { Page } from './parts.js';
import { NO_FIELDS, readMultipart, readUrlencoded } from './read-form.js';
import type { ConsolePages } from './render.js';
import { sendFile, sendOn } from './send.js';
import { stepUpUrl, withStepFirst } from './step-first.js';
import {
  addressOf,
  finish,
  languageOf,
  newWay,
  pagePathOf,
  paramsOf,
  pathOf,
  queryOf,
  toldOf,
  type Way,
} from './way.js';

/** What each page and action does: those that anyone may open may find nobody at the screen. */
export type Handlers = {
  readonly [Id in AccessId]: (typeof ACCESS)[Id]['audience'] extends 'anyone'
    ? (call: OpenCall) => Promise<Answer>
    : (call: ConsoleCall) => Promise<Answer>;
};

/** The handlers of some pages. */
export type HandlersOf<Ids extends AccessId> = Pick<Handlers, Ids>;

/** Serves every row of the table of access, in its order, and nothing else under `/konsol`. */
export function createConsoleRouter(
  house: FrameHouse,
  pages: ConsolePages,
  handlers: Handlers,
): RequestHandler {
  const router = Router({ caseSensitive: true });
  for (const { body, path, type } of pages.assets)
    router.get(path, (_request, response) => {
      response.type(type).set('Cache-Control', 'public, max-age=31536000, immutable').send(body);
    });
  for (const id of Object.keys(ACCESS) as AccessId[]) {
    const row: AccessRow = ACCESS[id];
    const serve: RequestHandler = (request, response) => {
      void serveRow(newWay(request, response, id, house), house, pages, handlers);
    };
    if (row.method === 'GET') router.get(row.path, serve);
    else router.post(row.path, serve);
  }
  const notFound: RequestHandler = (request, response) => {
    const way = newWay(request, response, 'home', house);
    const code = house.mayPass(addressOf(way)) ? 'NOT_FOUND' : 'RATE_LIMITED';
    void fail(way, new ConsoleRefusal(code), house, pages);
  };
  router.use('/konsol', notFound);
  // An address that cannot even be decoded.
  const unreadable: ErrorRequestHandler = (_error, request, response, next) =>
    notFound(request, response, next);
  router.use('/konsol', unreadable);
  return router;
}

async function serveRow(way: Way, house: FrameHouse, pages: ConsolePages, handlers: Handlers): Promise<void> {
  try {
    const answer = await answerOf(way, house, handlers);
    await send(way, answer, house, pages);
    const code = answer.kind === 'page' ? (answer.refused?.code ?? null) : null;
    finish(way, { status: way.response.statusCode, code, error: null }, house);
  } catch (error) {
    await fail(way, error, house, pages);
  }
}

/** The way of every request: address, session, notice, role, form, second step, entry, and only then what it is for. */
async function answerOf(way: Way, house: FrameHouse, handlers: Handlers): Promise<Answer> {
  const { at, id, request, requestId, response, row } = way;
  if (!house.mayPass(addressOf(way))) throw new ConsoleRefusal('RATE_LIMITED');
  const session = await house.current(request, response);
  // Before somebody was informed (6698 m.10) no page says what is known of them.
  if (session !== null && (await house.hasReadNotice(session)))
    way.person = await personOf(session, house, at);
  const common = { query: queryOf(way), at, requestId, language: languageOf(way) };
  if (row.audience === 'anyone') {
    const handler = handlers[id] as (call: OpenCall) => Promise<Answer>;
    return handler({ ...common, params: paramsOf(way), fields: NO_FIELDS, person: way.person });
  }
  if (session === null || way.person === null) {
    if (row.method === 'POST') throw new ConsoleRefusal('TOKEN_INVALID');
    return {
      kind: 'see-other',
      to: signInUrl(house.issuer, CONSOLE_RETURN_PATH, { state: pathOf(way) }),
    };
  }
  way.person = admitted(row, way.person);
  const params = paramsOf(way);
  if (row.method === 'POST') {
    requireOwnForm(request.headers, house.issuer);
    way.fields = await readForm(way, house);
    if (!house.formHolds(session, way.fields.get('csrf'))) throw new ConsoleRefusal('FORM_INVALID', 'token');
    requireStepUp(row, way.person, house);
  }
  if (row.entry === 'router') await house.record(openingEntry(toldOf(way, way.person, house)));
  const handler = handlers[id] as (call: ConsoleCall) => Promise<Answer>;
  return handler({ ...common, params, fields: way.fields, person: way.person });
}

/** The page of somebody who may still have to give the second step before a file is chosen. */
function stepFirst(way: Way, page: Page, house: FrameHouse): Page {
  const isMissing = (operation: StepUpOperation) =>
    way.person !== null && isStepMissing(operation, way.person, house);
  return withStepFirst(page, isMissing, stepUpUrl(house.issuer, ownPath(pagePathOf(way)) ?? '/konsol'));
}

function readForm({ request, response, row }: Way, { maxUploadBytes }: FrameHouse): Promise<FormFields> {
  return row.upload === true && request.is('multipart/form-data') !== false
    ? readMultipart(request, maxUploadBytes)
    : readUrlencoded(request, response);
}

async function send(way: Way, answer: Answer, house: FrameHouse, pages: ConsolePages): Promise<void> {
  switch (answer.kind) {
    case 'page':
      // Nobody is refused without an entry.
      if (answer.refused !== undefined && way.person !== null)
        await house.record(
          refusalEntry(toldOf(way, way.person, house), answer.refused.code, answer.refused.reason),
        );
      sendFramed(
        way,
        { status: answer.status ?? 200, page: stepFirst(way, answer.page, house), code: null },
        house,
        pages,
      );
      break;
    case 'see-other':
      sendOn(way.response, answer);
      break;
    case 'file':
      await sendFile(way.response, answer);
      break;
  }
}
