import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { signIn } from '../../mocks/sandbox/sign-in.js';
import type { WorldCooperative, WorldPopulation, WorldSeat } from '../../mocks/world/world.js';
import type { System, Yaml } from './system.js';
import { until } from './system-asking.js';
import type { Answer } from './system-call.js';
import { bridgeCommand, type CommandRan } from './system-command.js';

export const BOARD = 'yönetim kurulu üyesi';
/** An answer from memory is good for so long after it was confirmed (DESIGN §2.2). */
const CONFIRMED_MS = 1000;

/** One question of AuthZEN, as a registered service asks it. */
export interface Asked {
  readonly person: string;
  readonly cooperative: string;
  readonly action?: string;
  readonly context?: object;
  /** Another instance's address. */
  readonly api?: string;
}

/** May this person do this there? The whole answer. */
export function evaluate(system: System, asked: Asked): Promise<Answer> {
  const { action = 'member.add', api, context, cooperative, person } = asked;
  return system.call({
    client: 'koopbis-reports',
    path: '/access/v1/evaluation',
    body: {
      subject: { type: 'person', id: person },
      action: { name: action },
      resource: { type: 'cooperative', id: cooperative },
      ...(context === undefined ? {} : { context }),
    },
    ...(api === undefined ? {} : { api }),
  });
}

/** `granted`, or why not. */
export async function decisionOn(system: System, asked: Asked): Promise<string> {
  const { status, body, text } = await evaluate(system, asked);
  if (status !== 200) throw new Error(`no decision: ${status} ${text}`);
  expect(body.decision).toBe(body.context.reason.code === 'granted');
  return body.context.reason.code;
}

/** What an answer from memory may still be after a COMMIT that was seen is over when this resolves. */
export function confirmedAnew(): Promise<void> {
  return sleep(CONFIRMED_MS);
}

/** An access token of a sign-in with the further step. */
export function stepUpToken(
  system: System,
  kimlikNo: string,
  client: 'koopbis-core' | 'koopbis-reports' = 'koopbis-core',
): Promise<string> {
  return signIn(system.sandbox, kimlikNo, { client, stepUp: true });
}

/** `bridge audit check` holds the log, its tables and the history of authority against each other. */
export async function expectSound(system: System): Promise<void> {
  const { code, out, err } = await bridgeCommand(system, ['audit', 'check']);
  expect({ code, err, out: code === 0 ? '' : out }).toEqual({ code: 0, err: '', out: '' });
}

/** What a command that must succeed printed, as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: any answer
export function printed(ran: CommandRan): any {
  expect({ code: ran.code, err: ran.code === 0 ? '' : ran.err }).toEqual({ code: 0, err: '' });
  return JSON.parse(ran.out);
}

/** Data of all entries of one kind, in order. */
// biome-ignore lint/suspicious/noExplicitAny: data of any kind
export async function dataOf(system: System, kind: string): Promise<any[]> {
  const rows = await system.sql('SELECT line FROM bridge.entry WHERE kind = $1 ORDER BY leaf_index', [kind]);
  return rows.map(({ line }) => JSON.parse(line).data);
}

export async function metricsText(system: System): Promise<string> {
  return (await fetch(`${system.sandbox.ops}/metrics`, { signal: AbortSignal.timeout(5000) })).text();
}

/** The bridge once more, on other settings; the database goes on. */
export async function restartWith(system: System, change: (yaml: Yaml) => void): Promise<void> {
  await system.bridge.kill9();
  const file = system.layout.configFile;
  const yaml = parse(readFileSync(file, 'utf8'));
  change(yaml);
  writeFileSync(file, stringify(yaml), { mode: 0o600 });
  await system.bridge.start();
}

/** The registry as it is changed in tests, and when the bridge has read what was changed. */
export class Registry {
  readonly #system: System;

  constructor(system: System) {
    this.#system = system;
  }

  cooperative(mersisNo: string): WorldCooperative {
    const world = JSON.parse(readFileSync(this.#system.layout.worldFile, 'utf8')) as WorldPopulation;
    const found = world.cooperatives.find((one) => one.mersisNo === mersisNo);
    if (found === undefined) throw new Error('the world has no such cooperative');
    return found;
  }

  board(mersisNo: string): readonly WorldSeat[] {
    return this.cooperative(mersisNo).board;
  }

  /** Changes the registry; the bridge is told of it by nobody and finds it at its next reading. */
  patch(mersisNo: string, change: object): Promise<void> {
    return this.#system.control.patchCooperative(mersisNo, change);
  }

  /** Changes it, and resolves once the bridge has read it and believes it. */
  async patchAndRead(mersisNo: string, change: object): Promise<void> {
    const [{ now }] = await this.#system.sql('SELECT clock_timestamp() AS now');
    await this.patch(mersisNo, change);
    await until(async () => (await this.readAt(mersisNo)) > now, 30_000);
  }

  /** The board without this person. */
  without(mersisNo: string, kimlikNo: string): readonly WorldSeat[] {
    return this.board(mersisNo).filter((seat) => seat.kimlikNo !== kimlikNo);
  }

  /** When what the registry said was last taken in, or found unchanged. */
  async readAt(mersisNo: string): Promise<Date> {
    const text = 'SELECT read_at FROM bridge.mersis_cooperative WHERE mersis_no = $1';
    return (await this.#system.sql(text, [mersisNo]))[0].read_at;
  }
}
