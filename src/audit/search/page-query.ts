import type { Statement } from '../../storage/database.js';
import type { Criteria } from './criteria.js';

/** Rows that one page may look at. Bounds a page's work, whatever is asked: some tens of milliseconds. */
export const MAX_CANDIDATES = 20_000;

/** What a page is looked for with: criteria, the persons' tags under every tag key, leaves `low` to `high` (exclusive). */
export interface PageQuestion {
  readonly criteria: Criteria;
  readonly personTags: readonly Buffer[];
  readonly actorTags: readonly Buffer[];
  readonly low: bigint;
  readonly high: bigint;
  readonly limit: number;
  readonly maxCandidates: number;
}

/** Collects the values of a statement; gives their places. */
class Values {
  readonly list: unknown[] = [];

  add(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

/** Columns that equal a criterion of the same name. */
const COLUMNS = [
  'query',
  'session',
  'reference',
  'cooperative',
  'purpose',
  'screen',
  'service',
  'code',
] as const;
/** Those that drive, in this order; the others are too coarse for an index. */
const DRIVING = ['query', 'session', 'reference', 'cooperative'] as const;

/** One way to candidates by an index, as the condition on the table that has it; several are merged. */
interface Driver {
  /** The criterion that its candidates fit already; null where that is none, or must be looked at all the same. */
  readonly criterion: keyof Criteria | null;
  readonly table: string;
  readonly conditions: readonly string[];
}

/**
 * Which criterion leads to the candidates: person, user, query, session, reference, cooperative, outcome, kind, else the leaves
 * themselves; from the one that mostly names few entries to the one that names many. Fixed and never the planner's
 * guess, so that a page costs the same with statistics and without.
 */
function driverOf(question: PageQuestion, values: Values): Driver {
  const { criteria, personTags, actorTags } = question;
  const tags = criteria.person !== null ? personTags : actorTags;
  if (criteria.person !== null || criteria.actor !== null)
    return { criterion: null, table: 'log_tag', conditions: tags.map((tag) => `tag = ${values.add(tag)}`) };
  for (const column of DRIVING) {
    if (criteria[column] !== null)
      return {
        criterion: column,
        table: 'log_search',
        conditions: [`${column} = ${values.add(criteria[column])}`],
      };
  }
  if (criteria.outcome !== null)
    return {
      criterion: 'outcome',
      table: 'log_search_outcome',
      conditions: [`coalesce(outcome, state) = ${values.add(criteria.outcome)}`],
    };
  if (criteria.kinds.length > 0) {
    const kinds = [...new Set(criteria.kinds)];
    return {
      criterion: 'kinds',
      table: 'log_search',
      conditions: kinds.map((kind) => `kind = ${values.add(kind)}`),
    };
  }
  return { criterion: null, table: 'log_search', conditions: ['true'] };
}

/** The newest candidates of a question, each leaf once, newest first. */
function candidates(question: PageQuestion, { table, conditions }: Driver, values: Values): string {
  const [low, high, most] = [question.low, question.high, question.maxCandidates].map((value) =>
    values.add(value),
  );
  // One ordered walk for each tag or kind, then merged: `= ANY` would read and sort everything that a heavy user ever did.
  const walks = conditions.map(
    (condition) => `(SELECT leaf_index FROM bridge.${table}
      WHERE ${condition} AND leaf_index >= ${low} AND leaf_index < ${high} ORDER BY leaf_index DESC LIMIT ${most})`,
  );
  return `SELECT leaf_index FROM (${walks.join(' UNION ALL ')}) w ORDER BY leaf_index DESC LIMIT ${most}`;
}

/** What is asked beside the driving criterion, looked up for each candidate alone: LIMIT keeps it from being joined at large. */
function checks({ criteria, actorTags }: PageQuestion, driver: Driver, values: Values): string {
  const equal = COLUMNS.flatMap((column) =>
    criteria[column] === null || column === driver.criterion
      ? []
      : [`s.${column} = ${values.add(criteria[column])}`],
  );
  if (criteria.kinds.length > 0 && driver.criterion !== 'kinds')
    equal.push(`s.kind = ANY(${values.add(criteria.kinds)}::text[])`);
  const parts = [
    ...(equal.length === 0
      ? []
      : [
          `SELECT 1 FROM bridge.log_search s WHERE s.leaf_index = d.leaf_index AND ${equal.join(' AND ')} LIMIT 1`,
        ]),
    // Of two persons the one asked about drives.
    ...(criteria.person === null || criteria.actor === null
      ? []
      : [
          `SELECT 1 FROM bridge.log_tag t WHERE t.leaf_index = d.leaf_index AND t.tag = ANY(${values.add(actorTags)}::bytea[]) LIMIT 1`,
        ]),
    ...(criteria.outcome === null || driver.criterion === 'outcome'
      ? []
      : [
          `SELECT 1 FROM bridge.log_search_outcome o WHERE o.leaf_index = d.leaf_index
            AND coalesce(o.outcome, o.state) = ${values.add(criteria.outcome)} LIMIT 1`,
        ]),
  ];
  return parts.map((part, i) => `CROSS JOIN LATERAL (${part}) c${i}`).join('\n');
}

/** The entries of a page, newest first, `limit` at the most, among the newest candidates. */
export function pageStatement(question: PageQuestion): Statement {
  const values = new Values();
  const driver = driverOf(question, values);
  const text = `SELECT e.leaf_index, e.leaf_hash, e.at, e.line
    FROM (SELECT DISTINCT leaf_index FROM (${candidates(question, driver, values)}) n ORDER BY leaf_index DESC) d
    ${checks(question, driver, values)}
    CROSS JOIN LATERAL (SELECT leaf_index, leaf_hash, at, line FROM bridge.entry
      WHERE leaf_index = d.leaf_index LIMIT 1) e
    ORDER BY d.leaf_index DESC LIMIT ${values.add(question.limit)}`;
  return { text, values: values.list };
}

/** How many candidates there are (`maxCandidates` at the most), and the oldest of them. */
export function candidatesStatement(question: PageQuestion): Statement {
  const values = new Values();
  const text = `SELECT count(*) AS count, min(leaf_index) AS oldest FROM (${candidates(question, driverOf(question, values), values)}) c`;
  return { text, values: values.list };
}
