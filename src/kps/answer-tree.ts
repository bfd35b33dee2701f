import type { PartialDate } from '../person/partial-date.js';

/**
 * The answer is not what the contract says: a member twice, text where a number belongs, the wrong depth. Carries no
 * content, because whatever stands there may be personal.
 */
export class UnreadableAnswer extends Error {
  constructor() {
    super('unreadable');
  }
}

/** The answer names another person than the one asked about. */
export class AnswerNotOurs extends Error {
  constructor() {
    super('not ours');
  }
}

/**
 * One step down by local name; namespaces of inner elements move between versions (facts/kps.md §3.1). `undefined`
 * for what is absent or nil. A member twice is unreadable: two readers could take different ones.
 */
export function member(node: unknown, name: string): unknown {
  if (node === undefined || node === null || typeof node !== 'object') return undefined;
  if (Array.isArray(node)) throw new UnreadableAnswer();
  const value = Object.hasOwn(node, name) ? (node as Record<string, unknown>)[name] : undefined;
  if (Array.isArray(value)) throw new UnreadableAnswer();
  return value ?? undefined;
}

/** A step down an exact path. */
export function at(node: unknown, ...path: readonly string[]): unknown {
  return path.reduce(member, node);
}

/** The items of a list type; empty where the list is absent or nil. */
export function items(node: unknown, name: string): readonly unknown[] {
  if (node === undefined || node === null || typeof node !== 'object') return [];
  if (Array.isArray(node)) throw new UnreadableAnswer();
  const value = Object.hasOwn(node, name) ? (node as Record<string, unknown>)[name] : undefined;
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item) => item !== undefined && item !== null);
}

/** The text of a leaf, trimmed by the parser; null where absent, nil or empty. */
export function leaf(node: unknown): string | null {
  if (node === undefined || node === null) return null;
  if (typeof node === 'string') return node === '' ? null : node;
  if (typeof node !== 'object' || Array.isArray(node)) throw new UnreadableAnswer();
  // Attributes beside the text (a type hint): `soap` then keeps the text under `$value`.
  const keys = Object.keys(node);
  if (keys.some((key) => key !== 'attributes' && key !== '$value')) throw new UnreadableAnswer();
  return leaf((node as Record<string, unknown>).$value);
}

const INTEGER = /^-?\d{1,9}$/;

/** An xsd:int, or null where absent or nil. */
export function integer(node: unknown): number | null {
  const value = leaf(node);
  if (value === null) return null;
  if (!INTEGER.test(value)) throw new UnreadableAnswer();
  return Number(value);
}

/** A number of the register as digits: never arithmetic on it. */
export function digits(node: unknown): string | null {
  const value = leaf(node);
  if (value !== null && !/^\d{1,19}$/.test(value)) throw new UnreadableAnswer();
  return value;
}

/** `TarihBilgisi` with nil (or 0) parts as unknown; null where no part is filled. No day without a month. */
export function partialDate(node: unknown): PartialDate | null {
  const year = integer(member(node, 'Yil')) || null;
  const month = integer(member(node, 'Ay')) || null;
  const day = integer(member(node, 'Gun')) || null;
  if (year === null && month === null && day === null) return null;
  if (year === null || outside(year, 9999) || outside(month, 12) || outside(day, 31))
    throw new UnreadableAnswer();
  return { year, month, day: month === null ? null : day };
}

function outside(value: number | null, most: number): boolean {
  return value !== null && (value < 1 || value > most);
}
