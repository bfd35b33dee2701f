import { parseArgs } from 'node:util';

/** What `npm run sandbox` was asked for. */
export interface SandboxOptions {
  readonly people: number;
  readonly cooperatives: number;
  readonly seed: string;
  /** First of the ports; null = the usual ones. */
  readonly ports: number | null;
  readonly data: string;
  readonly fresh: boolean;
}

export const HELP = `npm run sandbox -- [options]

Starts the bridge and stand-ins of the national systems on loopback, makes certificates and a population,
runs one identity check through everything and stays up until Ctrl-C.

  --people N         people in the population (2000; 100 to 200000)
  --cooperatives N   cooperatives (300; 1 to 60000)
  --seed S           same seed, same population (koopbis)
  --ports BASE       take ports BASE, BASE+1, … instead of 8443, 8444, 9464, …
  --data DIR         where everything is kept (var/sandbox); it survives a restart
  --fresh            delete DIR first
  --help             this text`;

/** Reads the arguments. Throws an `Error` with one line for people where they are wrong. */
export function parseSandboxOptions(args: readonly string[]): SandboxOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      people: { type: 'string', default: '2000' },
      cooperatives: { type: 'string', default: '300' },
      seed: { type: 'string', default: 'koopbis' },
      ports: { type: 'string' },
      data: { type: 'string', default: 'var/sandbox' },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    people: whole('--people', values.people, 100, 200_000),
    cooperatives: whole('--cooperatives', values.cooperatives, 1, 60_000),
    seed: values.seed,
    ports: values.ports === undefined ? null : whole('--ports', values.ports, 1024, 65_500),
    data: values.data,
    fresh: values.fresh,
  };
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new Error(`${name} takes a whole number from ${min} to ${max}`);
  }
  return value;
}
