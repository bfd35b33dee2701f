import { ACCESS, type AccessId } from '../../src/console/access.js';
import { mersisNoOf } from '../authority/size.js';
import { citizens } from '../fees/officers.js';
import type { ConsoleSize } from './fill-console.js';

/** One visit of a page: an address, and the form that leads to it where its matter must not stand there. */
export interface Visit {
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
}

/** Pages that need something which only a deed brings about (a job, an upload, a run, a signal): they show one row of it. */
const NOT_VISITED: readonly AccessId[] = [
  'language',
  'returned',
  'job',
  'job.file',
  'decision',
  'search.page',
  'person.page',
  'user.page',
  'signal',
  'quarter.file',
  'reconciliation.preview',
  'reconciliation.show',
  'difference.show',
  'application',
];

const BASIS = { authority: 'Teftiş', documentNo: '1', date: '2026-01-05' };

/** Visits of each page, `n` telling them apart; a form's answer is followed to the page that it leads to. */
export function visitsOf(
  size: ConsoleSize,
  quarter: string,
  queries: readonly string[],
): ReadonlyMap<string, (n: number) => Visit> {
  const users = citizens('users', Math.min(size.users, 2_000));
  const subjects = citizens('subjects', 2_000);
  const numberOf = (persons: typeof users, n: number) =>
    (persons[(n * 37) % persons.length] as (typeof users)[number]).reveal();
  const params: Readonly<Record<string, (n: number) => string>> = {
    leaf: (n) => String(2 * ((n * 7_919) % Math.floor(size.entries / 2 - 1))),
    quarter: () => quarter,
    mersisNo: (n) => mersisNoOf((n * 100 + 76) % size.cooperatives),
    query: (n) => queries[n % queries.length] as string,
  };
  const gets = (Object.keys(ACCESS) as AccessId[]).filter(
    (id) => ACCESS[id].method === 'GET' && !NOT_VISITED.includes(id),
  );
  const visits = new Map<string, (n: number) => Visit>(
    gets.map((id) => [
      id,
      (n) => ({ path: ACCESS[id].path.replace(/:(\w+)/g, (_all, name: string) => params[name]?.(n) ?? 'x') }),
    ]),
  );
  visits.set('search.page', (n) => ({
    path: ACCESS['search.make'].path,
    form: { ...BASIS, cooperative: `0${String(n % 3000).padStart(15, '0')}` },
  }));
  visits.set('person.page', (n) => ({
    path: ACCESS['person.look'].path,
    form: { ...BASIS, person: numberOf(subjects, n) },
  }));
  visits.set('user.page', (n) => ({
    path: ACCESS['user.look'].path,
    form: { ...BASIS, actor: numberOf(users, n) },
  }));
  return visits;
}
