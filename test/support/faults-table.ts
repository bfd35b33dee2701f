import { readFileSync } from 'node:fs';
import type { ControlledSystem, Fault } from './system-control.js';

/** Kinds of CONTRACT §3 that any system may have, word for word. */
export const FAULTS_OF_ANY = [
  'refuse-connection',
  'hang',
  'slow',
  'reset-mid-answer',
  'http-503',
  'html-403',
  'truncate',
] as const;

/** The rows of the table of docs/faults.md that begins with the first of `columns`; every cell must be there. */
export function readFaultsTable<C extends string>(columns: readonly C[]): Record<C, string>[] {
  const tables: string[][] = [[]];
  for (const line of readFileSync('docs/faults.md', 'utf8').split('\n')) {
    if (line.startsWith('|')) tables.at(-1)?.push(line);
    else if (tables.at(-1)?.length !== 0) tables.push([]);
  }
  const found = tables.filter(([head = '']) => cellsOf(head).join() === columns.join());
  const [table, another] = found;
  if (table === undefined || another !== undefined) throw new Error('docs/faults.md: other columns');
  return table.slice(2).map((line) => {
    const values = cellsOf(line);
    if (values.length !== columns.length || values.includes('')) throw new Error(`docs/faults.md: ${line}`);
    return Object.fromEntries(columns.map((name, i) => [name, values[i]])) as Record<C, string>;
  });
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** The fault that a row describes; throws where `given` says neither `always` nor a count. */
export function faultOfRow(row: { system: string; kind: string; given: string }): Fault {
  const number = (name: string) => new RegExp(`\\b${name} (\\d+)`).exec(row.given)?.[1];
  const [count, ms] = [number('count'), number('ms')];
  if (count === undefined && !row.given.startsWith('always')) throw new Error(`given: ${row.given}`);
  return {
    system: row.system as ControlledSystem,
    kind: row.kind,
    ...(count === undefined ? {} : { count: Number(count) }),
    ...(ms === undefined ? {} : { ms: Number(ms) }),
  };
}
