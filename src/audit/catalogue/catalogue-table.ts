import { z } from 'zod';
import { CATALOGUE } from './catalogue.js';
import type { SealedField } from './kind-row.js';

/** One member of `data` as `docs/audit-entries.md` shows it; members of members as `fee.units`, of lists as `seats[].role`. */
export interface MemberRow {
  readonly name: string;
  readonly type: string;
  readonly what: string;
}

/** One kind as `docs/audit-entries.md` shows it. */
export interface KindTable {
  readonly kind: string;
  readonly when: string;
  readonly members: readonly MemberRow[];
  readonly sealed: readonly (SealedField & { readonly field: string })[];
}

/** What of JSON Schema the catalogue makes. */
interface Shape {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
}

/** Every kind with its members, in the order of the catalogue; members by name, as they stand in an entry. */
export function catalogueTable(): readonly KindTable[] {
  return Object.entries(CATALOGUE).map(([kind, row]) => ({
    kind,
    when: row.when,
    members: membersOf(z.toJSONSchema(row.data) as Shape, ''),
    sealed: Object.entries(row.sealed).map(([field, { side, indexed }]) => ({ field, side, indexed })),
  }));
}

function membersOf(shape: Shape, prefix: string): readonly MemberRow[] {
  const properties = Object.entries(shape.properties ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return properties.flatMap(([name, given]) => {
    const { inner, nullable } = withoutNull(given);
    const what = given.description ?? inner.description ?? '';
    const own = { name: `${prefix}${name}`, type: `${typeOf(inner)}${nullable ? ' or null' : ''}`, what };
    const below = inner.type === 'array' ? inner.items : inner;
    const suffix = inner.type === 'array' ? '[].' : '.';
    return [own, ...(below?.type === 'object' ? membersOf(below, `${prefix}${name}${suffix}`) : [])];
  });
}

function withoutNull(shape: Shape): { readonly inner: Shape; readonly nullable: boolean } {
  const others = (shape.anyOf ?? []).filter((one) => one.type !== 'null');
  const [only] = others;
  if (shape.anyOf === undefined || others.length === shape.anyOf.length || only === undefined)
    return { inner: shape, nullable: false };
  return { inner: others.length === 1 ? only : { ...shape, anyOf: others }, nullable: true };
}

const FORMATS: Readonly<Record<string, string>> = { uuid: 'UUID', 'date-time': 'instant', date: 'day' };

function typeOf(shape: Shape): string {
  if (shape.const !== undefined) return `\`${String(shape.const)}\``;
  if (shape.enum !== undefined) return shape.enum.map((value) => `\`${String(value)}\``).join(' or ');
  if (shape.anyOf !== undefined) return shape.anyOf.map(typeOf).join(' or ');
  if (shape.type === 'array') return `list of ${shape.items === undefined ? 'values' : plural(shape.items)}`;
  if (shape.type === 'string')
    return FORMATS[shape.format ?? ''] ?? (isHash(shape) ? 'SHA-256, hex' : 'text');
  return shape.type ?? 'value';
}

function plural(item: Shape): string {
  const name = typeOf(item);
  return /^[a-zA-Z]+$/.test(name) && name !== 'text' ? `${name}s` : name === 'text' ? 'texts' : name;
}

function isHash(shape: Shape): boolean {
  return shape.pattern === '^[0-9a-f]{64}$';
}
