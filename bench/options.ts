import { parseArgs } from 'node:util';

/** What `npm run bench` was asked for. */
export type BenchOptions =
  | VerifyOptions
  | AuditOptions
  | VerifierOptions
  | SearchOptions
  | AuthorityOptions
  | MersisOptions
  | FeesOptions
  | ConsoleOptions;

export interface VerifyOptions {
  readonly bench: 'verify';
  readonly seconds: number;
  readonly rounds: number;
  readonly concurrency: number;
  readonly people: number;
}

export interface AuditOptions {
  readonly bench: 'audit';
  readonly seconds: number;
  readonly rounds: number;
  readonly concurrency: number;
}

export interface VerifierOptions {
  readonly bench: 'verifier';
  readonly rounds: number;
  readonly entries: number;
}

export interface SearchOptions {
  readonly bench: 'search';
  readonly rounds: number;
  /** Of the large log; the small one has a hundredth of it. */
  readonly entries: number;
}

export interface AuthorityOptions {
  readonly bench: 'authority';
  readonly seconds: number;
  readonly rounds: number;
  /** Calls of the API at once. */
  readonly concurrency: number;
  readonly cooperatives: number;
  readonly seats: number;
  /** False: without the sandbox and its API. */
  readonly api: boolean;
}

export interface MersisOptions {
  readonly bench: 'mersis';
  readonly cooperatives: number;
  readonly people: number;
}

export interface FeesOptions {
  readonly bench: 'fees';
  /** Of the large book; the small one has a hundredth of it. */
  readonly queries: number;
  readonly rounds: number;
}

export interface ConsoleOptions {
  readonly bench: 'console';
  readonly entries: number;
  readonly users: number;
  readonly cooperatives: number;
  readonly seats: number;
  /** Visits of each page. */
  readonly rounds: number;
}

export const HELP = `npm run bench -- verify [options]
npm run bench -- audit [options]
npm run bench -- search [options]
npm run bench -- verifier [options]
npm run bench -- authority [options]
npm run bench -- mersis [options]
npm run bench -- fees [options]
npm run bench -- console [options]

verify   one identity check three ways, in interleaved rounds against the same stand-in over mutual TLS:
         (a) through the bridge, (b) with a bare soap client, (c) with a template written by hand over undici
audit    durable entries a second of the log's appender, against (i) one insert in each transaction and
         (ii) plain multi-row inserts of the same rows into the same tables; then at 1,000 entries a second how long
         one waits, and how long until a signed checkpoint covers it
verifier the offline verifier over a whole export, against (i) a bare SHA-256 of each of its lines and
         (ii) one SHA-256 of the file
search   one page of a search by person, by user, by cooperative and period, by reference: in a large log against one
         of a hundredth of its entries
authority who may act: loading everything into memory (time, heap), decisions from memory against the same decisions by
         SQL, and through the API over mutual TLS, one and a hundred in a call
mersis   reading the whole register from the stand-in, then a second time with a thousandth changed: requests, time,
         memory on the way, rows and entries written
fees     closing a quarter of many queries against one of a hundredth at the same number of sums; folding lines into sums,
         rebuilding the book from the log, statements as CSV, XLSX and PDF: rows a second, memory
console  every page of the console over a log of millions and many users: p50 and p95 against 300 ms, bytes, rows
         read against rows shown; exit 1 where a page of the table of access is not visited or reads more than it shows

  --seconds N       length of one measurement (verify 5, audit 2, authority 2; 1 to 600)
  --rounds N        rounds (verify, search, authority and fees 5, audit and verifier 3; 1 to 100); visits of a page (console 60;
                    20 to 1000)
  --concurrency N   calls at once (verify and authority 32, 1 to 128), entries at once (audit 512, 1 to 1500)
  --people N        people in the population (verify 20000, 1000 to 200000; mersis 200000, 1000 to 200000)
  --entries N       verifier: entries of the export (1000000; 1000 to 10000000);
                    search: entries of the large log (5000000; 100000 to 50000000; a multiple of 200)
                    console: entries of the log (5000000; 20000 to 50000000)
  --users N         console: users who asked (100000; 100 to 1000000)
  --queries N       fees: lines of the large book (10000000; 20000 to 100000000; a multiple of 100)
  --cooperatives N  authority, mersis and console: cooperatives (50078; 100 to 60000)
  --seats N         authority and console: seats (250000; 100 to 1000000)
  --no-api          authority: in process alone
  --help            this text

Everything runs on loopback in a folder of its own below var/, which is removed at the end. Figures are printed and
written to bench/results/. Exit 1 where a call was not answered rightly or a row is missing; a missed target is only said.`;

type Option =
  | 'seconds'
  | 'rounds'
  | 'concurrency'
  | 'people'
  | 'entries'
  | 'queries'
  | 'users'
  | 'cooperatives'
  | 'seats';
/** Usual value, least and most. */
type Bounds = readonly [number, number, number];

const SECONDS: Bounds = [5, 1, 600];
const COOPERATIVES: Bounds = [50_078, 100, 60_000];

/** What each bench takes. */
const TAKES: Readonly<Record<BenchOptions['bench'], Readonly<Partial<Record<Option, Bounds>>>>> = {
  verify: {
    seconds: SECONDS,
    rounds: [5, 1, 100],
    // The bridge asks KPS 128 questions at once at the most.
    concurrency: [32, 1, 128],
    people: [20_000, 1000, 200_000],
  },
  // The appender refuses beyond its queue of 2,000.
  audit: { seconds: [2, 1, 600], rounds: [3, 1, 100], concurrency: [512, 1, 1500] },
  verifier: { rounds: [3, 1, 100], entries: [1_000_000, 1000, 10_000_000] },
  search: { rounds: [5, 1, 100], entries: [5_000_000, 100_000, 50_000_000] },
  authority: {
    seconds: [2, 1, 600],
    rounds: [5, 1, 100],
    concurrency: [32, 1, 128],
    cooperatives: COOPERATIVES,
    seats: [250_000, 100, 1_000_000],
  },
  mersis: { cooperatives: COOPERATIVES, people: [200_000, 1000, 200_000] },
  fees: { queries: [10_000_000, 20_000, 100_000_000], rounds: [5, 1, 100] },
  console: {
    entries: [5_000_000, 20_000, 50_000_000],
    users: [100_000, 100, 1_000_000],
    cooperatives: COOPERATIVES,
    seats: [250_000, 100, 1_000_000],
    rounds: [60, 20, 1000],
  },
};

/** Reads the arguments. Throws an `Error` with one line for people where they are wrong. */
export function parseBenchOptions(args: readonly string[]): BenchOptions | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      seconds: text,
      rounds: text,
      concurrency: text,
      people: text,
      entries: text,
      queries: text,
      users: text,
      cooperatives: text,
      seats: text,
      'no-api': flag,
      help: flag,
    },
    allowPositionals: true,
  });
  if (values.help) return 'help';
  const { help: _help, 'no-api': noApi, ...given } = values;
  const [bench, ...more] = positionals;
  if (more.length > 0) throw new Error('one bench at a time');
  if (!isBench(bench)) throw new Error(`say ${Object.keys(TAKES).join(', ')}`);
  if (noApi && bench !== 'authority') throw new Error('--no-api belongs to authority');
  const numbers = numbersOf(bench, given);
  // An intent and its outcome for each of a hundredth.
  if (bench === 'search' && Number(numbers.entries) % 200 !== 0)
    throw new Error('--entries takes a multiple of 200 for search');
  if (bench === 'fees' && Number(numbers.queries) % 100 !== 0)
    throw new Error('--queries takes a multiple of 100');
  // The table names for each bench all numbers that its options have.
  return { bench, ...numbers, ...(bench === 'authority' ? { api: !noApi } : {}) } as unknown as BenchOptions;
}

function isBench(name: string | undefined): name is BenchOptions['bench'] {
  return name !== undefined && Object.hasOwn(TAKES, name);
}

function numbersOf(
  bench: BenchOptions['bench'],
  given: Readonly<Partial<Record<Option, string | undefined>>>,
): Readonly<Partial<Record<Option, number>>> {
  const takes = TAKES[bench];
  const foreign = (Object.keys(given) as Option[]).find((name) => takes[name] === undefined);
  if (foreign !== undefined) throw new Error(`--${foreign} does not belong to ${bench}`);
  const names = Object.keys(takes) as Option[];
  return Object.fromEntries(names.map((name) => [name, whole(name, given[name], takes[name] as Bounds)]));
}

function whole(name: Option, text: string | undefined, [usual, min, max]: Bounds): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new Error(`--${name} takes a whole number from ${min} to ${max}`);
  }
  return value;
}
