import { parseArgs } from 'node:util';

/** What `npm run bench` was asked for. */
export type BenchOptions = VerifyOptions | AuditOptions;

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

export const HELP = `npm run bench -- verify [options]
npm run bench -- audit [options]

verify   one identity check three ways, in interleaved rounds against the same stand-in over mutual TLS:
         (a) through the bridge, (b) with a bare soap client, (c) with a template written by hand over undici
audit    durable entries a second of the log's appender, against (i) one insert in each transaction and
         (ii) plain multi-row inserts of the same rows into the same tables

  --seconds N       length of one measurement (verify 5, audit 2; 1 to 600)
  --rounds N        rounds (verify 5, audit 3; 1 to 100)
  --concurrency N   calls at once (verify 32, 1 to 128), entries at once (audit 512, 1 to 1500)
  --people N        verify: people in the population (20000; 1000 to 200000)
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
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return 'help';
  const [bench, ...more] = positionals;
  if (more.length > 0 || (bench !== 'verify' && bench !== 'audit')) throw new Error('say verify or audit');
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

function whole(name: string, text: string | undefined, usual: number, min: number, max: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new Error(`${name} takes a whole number from ${min} to ${max}`);
  }
  return value;
}
