import { ACCESS, type AccessId } from '../../src/console/access.js';
import { mersisNoOf } from '../authority/size.js';
import { citizens } from '../fees/officers.js';
import type { Filled } from './browser.js';
import { fileOfYear, pathOf } from './deeds.js';
import type { ConsoleSize } from './fill-console.js';
import { RECEIVER } from './serve-console.js';
import type { Things } from './things.js';

/** One visit of a page: an address, and the form that leads to it where its matter must not stand there. */
export interface Visit {
  readonly path: string;
  /** Sent first, and not timed: the visit is of the page that it leads to. */
  readonly form?: Filled;
  /** The visit is the sending of this. */
  readonly sent?: Filled;
  /** What it must answer with; absent: 200. */
  readonly status?: number;
}

/** A page under the name of its row, or of one of the ways in which it is opened (`row: way`). */
export type Visits = ReadonlyMap<string, (n: number) => Visit>;

const BASIS = { authority: 'Teftiş', documentNo: '1', date: '2026-01-05' };
const at = <T>(all: readonly T[], n: number): T => all[n % all.length] as T;

/** The cooperative of the `n`th visit: of the ministry of who looks. */
export function visitedCooperative({ cooperatives }: ConsoleSize, n: number): string {
  return mersisNoOf((n % Math.floor(cooperatives / 100)) * 100 + 76);
}

/** Visits of every page of the table of access, `n` telling them apart. Throws where one is not visited, by its name. */
export function visitsOf(size: ConsoleSize, things: Things): Visits {
  const params = paramsOf(size, things);
  const visits = new Map<string, (n: number) => Visit>();
  const missing: string[] = [];
  const special = specialVisits(size, things);
  for (const id of Object.keys(ACCESS) as AccessId[]) {
    if (ACCESS[id].method !== 'GET') continue;
    const named = [...ACCESS[id].path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
    const own = special[id];
    if (own !== undefined) visits.set(id, own);
    else if (named.every((name) => Object.hasOwn(params, name)))
      visits.set(id, (n) => ({
        path: pathOf(id, Object.fromEntries(named.map((name) => [name, params[name]?.(n) ?? '']))),
      }));
    else missing.push(id);
  }
  if (missing.length > 0)
    throw new Error(`pages of the table of access are not visited: ${missing.join(', ')}`);
  for (const [name, visit] of Object.entries(otherWays(things))) visits.set(name, visit);
  return visits;
}

/** Throws where a page of the table of access would not be visited, by its name: before hours of filling, not behind them. */
export function requireEveryPage(size: ConsoleSize): void {
  visitsOf(size, NOTHING_YET);
}

const NOTHING_YET: Things = {
  ...{ quarter: '', previous: '', job: '', jobFile: '' },
  ...{ leaves: [], queries: [], proposals: [], signals: [], applications: [], disagreements: [] },
  ...{ imports: [], differences: [], holds: [], letters: [] },
};

type Params = Readonly<Record<string, (n: number) => string>>;

function paramsOf(size: ConsoleSize, things: Things): Params {
  const { imports, previous, quarter } = things;
  return {
    leaf: (n) => String(2 * ((n * 7_919) % Math.floor(size.entries / 2 - 1))),
    quarter: (n) => (n % 2 === 0 ? quarter : previous),
    mersisNo: (n) => visitedCooperative(size, n),
    query: (n) => at(things.queries, n),
    job: () => things.job,
    proposal: (n) => at(things.proposals, n),
    signal: (n) => at(things.signals, n),
    application: (n) => at(things.applications, n),
    import: (n) => at(imports, n),
    difference: (n) => at(things.differences, n),
    format: (n) => at(['csv', 'xlsx'], n),
  };
}

type Special = Readonly<Partial<Record<AccessId, (n: number) => Visit>>>;

/** Pages that are led to by a form, answers that send on, and files. */
function specialVisits(size: ConsoleSize, { jobFile, previous, quarter }: Things): Special {
  const users = citizens('users', Math.min(size.users, 2_000)).map((one) => one.reveal());
  const subjects = citizens('subjects', 2_000).map((one) => one.reveal());
  const looked =
    (path: AccessId, fields: (n: number) => Readonly<Record<string, string>>) => (n: number) => ({
      path: pathOf(path),
      form: { fields: { ...BASIS, ...fields(n) } },
    });
  return {
    language: () => ({ path: `${pathOf('language')}?dil=en`, status: 303 }),
    'job.file': () => ({ path: pathOf('job.file', { job: jobFile }) }),
    'search.page': looked('search.make', (n) => ({ cooperative: `0${String(n % 3000).padStart(15, '0')}` })),
    'person.page': looked('person.look', (n) => ({ person: at(subjects, n * 37) })),
    'user.page': looked('user.look', (n) => ({ actor: at(users, n * 37) })),
    'quarter.file': (n) => ({
      path: `${pathOf('quarter.file', { quarter: n % 2 === 0 ? quarter : previous })}?bicim=${at(['csv', 'xlsx', 'pdf'], n)}`,
    }),
    'reconciliation.preview': () => ({ path: pathOf('reconciliation.upload'), form: fileOfYear() }),
    // The whole of an area is as long as the area: timed is what every such file takes before its rows.
    'cooperatives.file': (n) => ({
      path: `${pathOf('cooperatives.file', { format: at(['csv', 'xlsx'], n) })}?mersis=${visitedCooperative(size, n)}`,
    }),
    'roles.file': (n) => ({
      path: `${pathOf('roles.file', { format: at(['csv', 'xlsx'], n) })}?rol=administrator`,
    }),
    'operation.file': (n) => ({ path: pathOf('operation.file', { format: at(['csv', 'xlsx'], n) }) }),
  };
}

/** The same pages where they show something else: what was chosen, a filter, a place further down. */
function otherWays(things: Things): Readonly<Record<string, (n: number) => Visit>> {
  const { differences, disagreements, holds, imports, letters, previous, quarter } = things;
  const users = citizens('users', 40).map((one) => one.reveal());
  const query = (
    id: AccessId,
    text: (n: number) => string,
    params: () => Readonly<Record<string, string>> = () => ({}),
  ) => {
    return (n: number) => ({ path: `${pathOf(id, params())}?${text(n)}` });
  };
  const largest = () => ({ import: at(imports, 0) });
  return {
    'all-sessions: of one': (n) => ({
      path: pathOf('all-sessions.find'),
      form: { fields: { kimlikNo: at(users, n) } },
    }),
    'agreements: answer': query('agreements', (n) => `talep=${at(letters, n)}`),
    'cooperatives: by name': query('cooperatives', (n) => `ad=${encodeURIComponent(`S.S. DENEME ${n}`)}`),
    'disagreements: one': query('disagreements', (n) => `kayit=${at(disagreements, n)}`),
    'quarter.lines: birlik': query(
      'quarter.lines',
      () => 'hesap=birlik',
      () => ({ quarter }),
    ),
    'quarter.users: birlik': query(
      'quarter.users',
      () => 'hesap=birlik',
      () => ({ quarter: previous }),
    ),
    'reconciliation.show: class': query('reconciliation.show', () => 'sinif=only-with-them', largest),
    'reconciliation.show: further': query('reconciliation.show', (n) => `sonra=${100 + n}`, largest),
    'difference.show: last': (n) => ({
      path: pathOf('difference.show', {
        import: at(imports, n),
        difference: at(differences, differences.length - 1),
      }),
    }),
    'retention: lift': query('retention', (n) => `tutma=${at(holds, n)}`),
    'roles: one role': query('roles', () => 'rol=directorate'),
    'signals: decided': query('signals', () => 'durum=karar'),
    'webhooks: letters': query('webhooks', (n) => `alici=${RECEIVER}&sonra=${n * 50}`),
  };
}
