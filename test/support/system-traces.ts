import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { System } from './system.js';

/** Every identity number of the population. */
export function kimlikNumbers({ sandbox }: Pick<System, 'sandbox'>): readonly string[] {
  return sandbox.people.map(({ kimlikNo }) => kimlikNo);
}

/** What the bridge printed: its logs and its metrics, by name. The stand-ins' own are theirs. */
export async function printedByBridge(system: System): Promise<Map<string, string>> {
  const { layout, sandbox } = system;
  const names = readdirSync(layout.logs).filter((name) => !/^(stand-ins|rights)\.log$/.test(name));
  const printed = new Map(names.map((name) => [name, readFileSync(join(layout.logs, name), 'utf8')]));
  return printed.set('metrics', await (await fetch(`${sandbox.ops}/metrics`)).text());
}

/** Names of the places in which one of `needles` stands; nothing of them, so that a failure prints no number either. */
export function placesWith(
  needles: readonly string[],
  places: Iterable<readonly [string, string]>,
): readonly string[] {
  const wanted = new Set(needles);
  // Every run of eleven digits, also inside a longer one.
  const holdsOne = (text: string) =>
    [...text.matchAll(/(?=(\d{11}))/g)].some(([, run = '']) => wanted.has(run));
  return [...places].filter(([, text]) => holdsOne(text)).map(([name]) => name);
}
