import { BridgeError } from '../../errors/bridge-error.js';
import type { Kurus } from '../../fees/kurus.js';
import { parseCount, parseLira } from '../../fees/reconciliation/amounts.js';

/** An amount as a notice has it: `1.234,56`. Errors: `WRONG_USE`. */
export function readLira(option: string, text: string | undefined): Kurus {
  const parsed = parseLira(text?.trim() ?? '');
  if (!parsed.ok) throw new BridgeError('WRONG_USE', `${option} ${parsed.problem}`);
  return parsed.value;
}

/** A count as a notice has it: `1.234`. Errors: `WRONG_USE`. */
export function readCount(option: string, text: string | undefined): number {
  const parsed = parseCount(text?.trim() ?? '');
  if (!parsed.ok) throw new BridgeError('WRONG_USE', `${option} ${parsed.problem}`);
  return parsed.value;
}
