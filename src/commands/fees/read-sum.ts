import type { Kurus } from '../../fees/kurus.js';
import { type Parsed, parseCount, parseLira } from '../../fees/reconciliation/amounts.js';
import type { Command } from '../command.js';
import { wrongUse } from './proposal-desk.js';

/** An amount as a notice has it: `1.234,56`. Errors: `WRONG_USE`. */
export function readLira(command: Pick<Command, 'usage'>, option: string, text: string | undefined): Kurus {
  return sumOf(command, option, text, parseLira);
}

/** A count as a notice has it: `1.234`. Errors: `WRONG_USE`. */
export function readCount(command: Pick<Command, 'usage'>, option: string, text: string | undefined): number {
  return sumOf(command, option, text, parseCount);
}

function sumOf<T>(
  command: Pick<Command, 'usage'>,
  option: string,
  text: string | undefined,
  parse: (text: string) => Parsed<T>,
): T {
  if (text === undefined) throw wrongUse(command, `${option} is missing`);
  const parsed = parse(text.trim());
  if (!parsed.ok) throw wrongUse(command, `${option} ${parsed.problem}`);
  return parsed.value;
}
