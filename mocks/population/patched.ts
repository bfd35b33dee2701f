import type { Population } from './population.js';

/** Why a change is refused. `field` names the field of the sandbox file where there is one. */
type PatchProblem = 'not-found' | 'not-an-object' | 'unknown-field' | 'bad-value';

export type Patched =
  | { readonly ok: true; readonly population: Population }
  | { readonly ok: false; readonly problem: PatchProblem; readonly field?: string };

/** For one field: true where the value may stand there. */
export type FieldChecks = Readonly<Record<string, (value: unknown) => boolean>>;

/** A text of 1 to `most` characters that neither a page nor an XML answer refuses (no control characters). */
export function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= most && !/\p{C}/u.test(value);
}

export function isOneOf(list: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && list.includes(value);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first problem of a change against the checks of its fields, or null. Repeats no unknown name: it may be anything. */
export function firstProblem(change: unknown, checks: FieldChecks): Extract<Patched, { ok: false }> | null {
  if (!isObject(change)) return { ok: false, problem: 'not-an-object' };
  for (const [field, value] of Object.entries(change)) {
    if (!Object.hasOwn(checks, field)) return { ok: false, problem: 'unknown-field' };
    if (!checks[field]?.(value)) return { ok: false, problem: 'bad-value', field };
  }
  return null;
}
