import { refusalEntry } from './entries.js';
import type { FrameHouse } from './house.js';
import type { Page } from './parts.js';
import { problemOf, problemPage, stepUpPage, type ToldProblem } from './problem-page.js';
import type { ConsolePages } from './render.js';
import { sendConsolePage } from './send.js';
import { stepUpUrl } from './step-first.js';
import { addressOf, finish, languageOf, pagePathOf, pathOf, saidOf, toldOf, type Way } from './way.js';

/** A page on its way out. `code`: of the problem that it tells of. */
interface Framed {
  readonly status: number;
  readonly page: Page;
  readonly code: string | null;
}

/** Sends a page with everything around it. */
export function sendFramed(
  way: Way,
  { code, page, status }: Framed,
  house: FrameHouse,
  pages: ConsolePages,
): void {
  const { id, person, request, requestId, response } = way;
  const html = pages.render({
    page,
    person,
    requestId,
    name: id,
    code,
    language: languageOf(way),
    csrf: person === null ? '' : house.formToken(person.session),
    path: pagePathOf(way),
    said: request.method === 'GET' && status === 200 ? saidOf(way) : null,
  });
  sendConsolePage(response, status, html, house.formTargets);
}

/** Tells of what went wrong: a page with its number, an entry or a count for a refusal, a line in the process's own log. */
export async function fail(way: Way, error: unknown, house: FrameHouse, pages: ConsolePages): Promise<void> {
  let told = error;
  let problem = problemOf(error);
  try {
    if (problem.isRefusal) await recordRefusal(way, problem, house);
  } catch (broken) {
    // Nobody is refused without an entry: what is told is that the log is not there.
    told = broken;
    problem = problemOf(broken);
  }
  const { code, isRefusal, status } = problem;
  try {
    if (way.response.headersSent) way.response.destroy();
    else sendFramed(way, { status, code, page: pageOf(way, problem, house) }, house, pages);
    finish(way, { status, code, error: isRefusal ? null : told }, house);
  } catch (broken) {
    // Not even the page of the error.
    sendNumber(way);
    finish(way, { status: 500, code: 'INTERNAL', error: broken }, house);
  }
}

function pageOf(way: Way, problem: ToldProblem, house: FrameHouse): Page {
  const { person, requestId, row } = way;
  if (problem.code !== 'STEP_UP_REQUIRED' || person === null) return problemPage(problem, requestId);
  // A file cannot be kept on a page: it is chosen anew.
  const typed = row.upload === true ? null : way.fields.entries.filter(([name]) => name !== 'csrf');
  return stepUpPage(pathOf(way), stepUpUrl(house.issuer, null), typed, requestId);
}

/** To whom something was refused is written down where somebody is known, and counted where not. */
async function recordRefusal(way: Way, { code, reason }: ToldProblem, house: FrameHouse): Promise<void> {
  // No hold is met by whoever is not signed in.
  if (way.person === null) house.count(addressOf(way), code === 'LEGAL_HOLD' ? 'STATE_CONFLICT' : code);
  else await house.record(refusalEntry(toldOf(way, way.person, house), code, reason));
}

function sendNumber({ requestId, response }: Way): void {
  if (response.headersSent) response.destroy();
  else
    response
      .writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
      .end(`hata ${requestId}\n`);
}
