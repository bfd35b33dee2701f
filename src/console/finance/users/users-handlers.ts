import type { Answer, ConsoleCall } from '../../frame/call.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import { accountOf, behindAnswer, noQuarter, quarterOf, quarterRead } from '../quarter-call.js';
import type { QuarterPorts } from '../quarters-port.js';
import { clearTextError } from '../steps/typed-text.js';
import { usersPage, usersPath, usersTitle } from './users-page.js';
import { type UsersPlace, usersPlace } from './users-place.js';

type Action = (call: ConsoleCall) => Promise<Answer>;

/** As much as a screen takes, and as many numbers as one reason opens. */
const SHOWN = 50;
const REASON_LENGTH = 500;

/** `quarter.users`: masked. The entry goes before. */
export function createUsersHandler(ports: QuarterPorts): Action {
  return async (call) => {
    const none = noQuarter(call);
    if (none !== null) return none;
    const place = await placeOf(call, call.query, ports);
    return masked(ports, call, place, null);
  };
}

/** `quarter.reveal`: the same page with its numbers in clear, for a reason that stands in the entry. Not sent on: nothing of it is kept. */
export function createRevealHandler(ports: QuarterPorts): Action {
  return async (call) => {
    const { fields } = call;
    const query = new URLSearchParams(
      ['hesap', 'sonra', 'sira'].map((name): [string, string] => [name, fields.get(name)]),
    );
    const place = await placeOf(call, query, ports);
    const reason = fields.get('gerekce');
    const error = clearTextError(reason, REASON_LENGTH, true);
    if (error !== null) return masked(ports, call, place, { reason, error });
    const behind = await ports.behind();
    if (behind !== null) return behindAnswer(usersTitle(place.quarter), behind, usersPath(place));
    const { account, quarter } = place;
    await ports.record(call, quarterRead(quarter, account, 'users'), { reason, revealed: true });
    const found = await foundAt(ports, place);
    const numbers = await ports.openUsers(found.rows.map(({ leaf }) => leaf));
    const accounts = await ports.accounts();
    return { kind: 'page', page: usersPage({ place, accounts, found, numbers, typed: null }) };
  };
}

async function masked(
  ports: QuarterPorts,
  call: ConsoleCall,
  place: UsersPlace,
  typed: Parameters<typeof usersPage>[0]['typed'],
): Promise<Answer> {
  const behind = await ports.behind();
  if (behind !== null) return behindAnswer(usersTitle(place.quarter), behind, usersPath(place));
  await ports.record(call, quarterRead(place.quarter, place.account, 'users'));
  const found = await foundAt(ports, place);
  const page = usersPage({ place, accounts: await ports.accounts(), found, numbers: null, typed });
  return { kind: 'page', page, ...(typed === null ? {} : { status: 422 }) };
}

async function placeOf(call: ConsoleCall, query: URLSearchParams, ports: QuarterPorts): Promise<UsersPlace> {
  const account = await accountOf({ query }, ports);
  const [sonra, sira] = [query.get('sonra') ?? '', query.get('sira') ?? ''];
  const place = usersPlace(quarterOf(call), account, { sonra, sira });
  if (place === null) throw new ConsoleRefusal('NOT_FOUND');
  return place;
}

async function foundAt(ports: QuarterPorts, { account, after, quarter }: UsersPlace) {
  const found = await ports.users({ quarter, account, after, limit: SHOWN });
  if (found === null) throw new ConsoleRefusal('NOT_FOUND');
  return found;
}
