import { notFound } from '../http/html-pages.js';
import type { HttpReply } from '../http/http-reply.js';
import type { FaultTarget, SystemRequest, Verdict } from '../http/national-system.js';
import { Accounts, type NviAccount } from '../nvi/accounts.js';
import type { World, WorldCooperative } from '../world/world.js';
import { strangerAt } from './accounts.js';
import { isNaturalPerson, type Question } from './question.js';
import { asItWas, recordOf } from './record.js';
import { Refused } from './refused.js';
import { readRestQuestion, restAnswer } from './rest.js';
import { readSoapQuestion, soapAnswer } from './soap.js';
import type { Wire } from './wire.js';
import { readWsdl } from './wsdl-file.js';

export const MERSIS_FAULTS = ['empty-board', 'stale'] as const;
/** The gateway serves both protocols side by side (facts/mersis-koopbis.md §1). */
export const MERSIS_SOAP_PATH = '/SicilSorguServisi';
const MERSIS_REST_PATH = '/api/sicil/sorgula';

export interface MersisParts {
  readonly accounts: readonly Omit<NviAccount, 'services'>[];
  readonly world: Pick<World, 'cooperative' | 'cooperativeOfVkn'>;
  readonly now: () => number;
}

const WSDL_QUERY = '?wsdl';
/** How old the word of `stale` is. */
const STALE_DAYS = 30;
const DAY_MS = 86_400_000;
/** Europe/Istanbul, without summer time since 2016. */
const ISTANBUL_MS = 3 * 3_600_000;

/** The stand-in's own faults are about questions, not about the WSDL. */
export function mersisFaultConcerns(kind: string, { method, path }: FaultTarget): boolean {
  const own = MERSIS_FAULTS.some((name) => name === kind);
  return !own || (method === 'POST' && (path === MERSIS_SOAP_PATH || path === MERSIS_REST_PATH));
}

/** MERSİS's institutional service, ours by `wsdl/mersis.wsdl`: one judgement for each request. */
export function createMersis(parts: MersisParts): (request: SystemRequest) => Verdict {
  const accounts = new Accounts(parts.accounts);
  const wsdl: HttpReply = {
    status: 200,
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
    body: readWsdl(),
  };
  return (request) => {
    const [path, query] = splitQuery(request.path);
    const isWsdl =
      path === MERSIS_SOAP_PATH && query.toLowerCase() === WSDL_QUERY && request.method === 'GET';
    const isSoap = path === MERSIS_SOAP_PATH;
    const isKnown = isWsdl || (query === '' && (isSoap || path === MERSIS_REST_PATH));
    if (!isKnown) return { seen: [{ action: '' }], refused: 'path', reply: notFound };
    const { look, question } = isSoap ? readSoapQuestion(request) : readRestQuestion(request);
    const stranger = strangerAt(request, accounts);
    if (stranger !== null) return { seen: [look], ...stranger };
    if (isWsdl) return { seen: [{ action: '' }], reply: wsdl };
    if (question instanceof Refused) return { seen: [look], refused: question.reason, reply: question.reply };
    const found = find(question, parts.world);
    const answer = answerOf(found, request.fault?.kind, parts.now());
    return {
      seen: [found === undefined ? look : { ...look, mersisNo: found.mersisNo }],
      reply: isSoap ? soapAnswer(question, answer) : restAnswer(answer),
    };
  };
}

function find(question: Question, world: MersisParts['world']): WorldCooperative | undefined {
  if ('vkn' in question) return world.cooperativeOfVkn(question.vkn);
  // Never asked of the world: what belongs to a person is not in the register of cooperatives.
  return isNaturalPerson(question.mersisNo) ? undefined : world.cooperative(question.mersisNo);
}

function answerOf(found: WorldCooperative | undefined, fault: string | undefined, now: number): Wire {
  const instant = fault === 'stale' ? now - STALE_DAYS * DAY_MS : now;
  const told = new Date(instant + ISTANBUL_MS).toISOString();
  const head: Wire = [
    ['Kod', found === undefined ? 'BULUNAMADI' : 'BULUNDU'],
    ['BilgiTarihi', told.replace('Z', '+03:00')],
  ];
  if (found === undefined) return head;
  return [...head, ['Kooperatif', recordOf(played(found, fault, told.slice(0, 10)), told.slice(0, 10))]];
}

function played(found: WorldCooperative, fault: string | undefined, day: string): WorldCooperative {
  if (fault === 'empty-board') return { ...found, board: [] };
  return fault === 'stale' ? asItWas(found, day) : found;
}

function splitQuery(path: string): readonly [path: string, query: string] {
  const at = path.indexOf('?');
  return at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at)];
}
