import { join, resolve } from 'node:path';

/** Where the sandbox keeps everything, and which ports it takes. */
export interface Layout {
  readonly directory: string;
  readonly sandboxFile: string;
  readonly configFile: string;
  readonly standInsFile: string;
  readonly koopbisFile: string;
  readonly worldFile: string;
  readonly populationFile: string;
  readonly pidFile: string;
  readonly certificates: string;
  readonly secrets: string;
  readonly database: string;
  /** The last signed checkpoint, outside the database; the two are only ever removed together. */
  readonly checkpointFile: string;
  readonly standInData: string;
  readonly logs: string;
  readonly ports: Ports;
}

export interface Ports {
  readonly api: number;
  readonly web: number;
  readonly ops: number;
  readonly sts: number;
  readonly kps: number;
  readonly edevlet: number;
  readonly tsa: number;
  readonly mersis: number;
  readonly control: number;
  /** The demo application. */
  readonly koopbis: number;
}

const USUAL: Ports = {
  api: 8443,
  web: 8444,
  ops: 9464,
  sts: 8445,
  kps: 8446,
  edevlet: 8447,
  mersis: 8448,
  tsa: 8449,
  control: 8450,
  koopbis: 8451,
};

/** How many ports in a row `layoutOf` takes from its base. */
export const PORT_COUNT = Object.keys(USUAL).length;

/** The layout below `data`; `base` null takes the usual ports. */
export function layoutOf(data: string, base: number | null): Layout {
  const directory = resolve(data);
  const at = (name: string) => join(directory, name);
  return {
    directory,
    sandboxFile: at('sandbox.json'),
    configFile: at('bridge.yaml'),
    standInsFile: at('stand-ins.json'),
    koopbisFile: at('koopbis.json'),
    worldFile: at('world.json'),
    populationFile: at('population.json'),
    pidFile: at('processes.json'),
    certificates: at('certificates'),
    secrets: at('secrets'),
    database: at('database'),
    checkpointFile: join(directory, 'witness', 'checkpoint'),
    standInData: at('stand-ins'),
    logs: at('logs'),
    ports:
      base === null
        ? USUAL
        : {
            api: base,
            web: base + 1,
            ops: base + 2,
            sts: base + 3,
            kps: base + 4,
            control: base + 5,
            edevlet: base + 6,
            tsa: base + 7,
            koopbis: base + 8,
            mersis: base + 9,
          },
  };
}
