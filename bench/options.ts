import { parseArgs } from 'node:util';

/** What `npm run bench` was asked for. */
export type BenchOptions = VerifyOptions | AuditOptions | VerifierOptions | SearchOptions;

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

export const HELP = `npm run bench -- verify [options]
npm run bench -- audit [options]
npm run bench -- search [options]
npm run bench -- verifier [options]

verify   one identity check three ways, in interleaved rounds against the same stand-in over mutual TLS:
         (a) through the bridge, (b) with a bare soap client, (c) with a template written by hand over undici
audit    durable entries a second of the log's appender, against (i) one insert in each transaction and
         (ii) plain multi-row inserts of the same rows into the same tables; then at 1,000 entries a second how long
         one waits, and how long until a signed checkpoint covers it
verifier the offline verifier over a whole export, against (i) a bare SHA-256 of each of its lines and
         (ii) one SHA-256 of the file
search   one page of a search by person, by user, by cooperative and period, by reference: in a large log against one
         of a hundredth of its entries

  --seconds N       length of one measurement (verify 5, audit 2; 1 to 600)
  --rounds N        rounds (verify and search 5, audit and verifier 3; 1 to 100)
  --concurrency N   calls at once (verify 32, 1 to 128), entries at once (audit 512, 1 to 1500)
  --people N        verify: people in the population (20000; 1000 to 200000)
  --entries N       verifier: entries of the export (1000000; 1000 to 10000000);
                    search: entries of the large log (5000000; 100000 to 50000000; a multiple of 200)
  --help            this text

Everything runs on loopback in a folder of its own below var/, which is removed at the end. Figures are printed and
written to bench/results/. Exit 1 where a call was not answered rightly or a row is missing; a missed target is only said.`;

/** Reads the arguments. Throws an `Error` with one line for people where they are wrong. */
export function parseBenchOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      concurrency: { type: 'string' },
      people: { type: 'string' },
      entries: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return 'help';
  const [bench, ...more] = positionals;
  if (more.length > 0) throw new Error('one bench at a time');
  if (bench === 'verifier') return verifierOptions(values);
  if (bench === 'search') return searchOptions(values);
  if (bench !== 'verify' && bench !== 'audit') throw new Error('say verify, audit, verifier or search');
  if (values.entries !== undefined) throw new Error('--entries belongs to verifier and search');
  const verify = bench === 'verify';
  const common = {
    seconds: whole('--seconds', values.seconds, verify ? 5 : 2, 1, 600),
    rounds: whole('--rounds', values.rounds, verify ? 5 : 3, 1, 100),
  };
  if (!verify) {
    if (values.people !== undefined) throw new Error('--people belongs to verify');
    // The appender refuses beyond its queue of 2,000.
    return { bench, ...common, concurrency: whole('--concurrency', values.concurrency, 512, 1, 1500) };
  }
  return {
    bench,
    ...common,
    // The bridge asks KPS 128 questions at once at the most.
    concurrency: whole('--concurrency', values.concurrency, 32, 1, 128),
    people: whole('--people', values.people, 20_000, 1000, 200_000),
  };
}

type Given = Readonly<Record<string, string | boolean | undefined>>;

function verifierOptions(values: Given): VerifierOptions {
  return { bench: 'verifier', ...sized('verifier', values, 3, [1_000_000, 1000, 10_000_000]) };
}

function searchOptions(values: Given): SearchOptions {
  const options = sized('search', values, 5, [5_000_000, 100_000, 50_000_000]);
  // An intent and its outcome for each of a hundredth.
  if (options.entries % 200 !== 0) throw new Error('--entries takes a multiple of 200 for search');
  return { bench: 'search', ...options };
}

function sized(
  bench: string,
  values: Given,
  usualRounds: number,
  entries: readonly [number, number, number],
) {
  const foreign = ['seconds', 'concurrency', 'people'].find((name) => values[name] !== undefined);
  if (foreign !== undefined) throw new Error(`--${foreign} does not belong to ${bench}`);
  const text = (name: string) => values[name] as string | undefined;
  return {
    rounds: whole('--rounds', text('rounds'), usualRounds, 1, 100),
    entries: whole('--entries', text('entries'), ...entries),
  };
}

function whole(name: string, text: string | undefined, usual: number, min: number, max: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new Error(`${name} takes a whole number from ${min} to ${max}`);
  }
  return value;
}
