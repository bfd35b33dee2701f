import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parseSync } from '@swc/core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['src/fees', 'src/commands/fees'];
/** Points and millimetres of a page are fractions; no money is reckoned there. */
const LAYOUT = /^src\/fees\/export\/pdf\//;
const MIGRATION = 'src/storage/migrations/0011-fees.sql';

interface Node {
  readonly type: string;
  readonly span?: { readonly start: number; readonly end: number };
  readonly operator?: string;
  readonly value?: unknown;
  readonly right?: Node;
  readonly object?: Node;
  readonly property?: Node;
}

function walk(node: unknown, see: (node: Node) => void): void {
  if (Array.isArray(node)) for (const item of node) walk(item, see);
  else if (typeof node === 'object' && node !== null) {
    if ('type' in node && typeof node.type === 'string') see(node as Node);
    for (const value of Object.values(node)) if (typeof value === 'object') walk(value, see);
  }
}

/** What a source does that money must not go through, as its own text. */
function floatsIn(source: string, isLayout: boolean): string[] {
  // Spans count from the first token, which a comment is not.
  const whole = `;${source}`;
  const bytes = Buffer.from(whole);
  const tree = parseSync(whole, { syntax: 'typescript', target: 'es2022' });
  const start = tree.span.start;
  const found: string[] = [];
  walk(tree.body, (node) => {
    const text =
      node.span === undefined
        ? ''
        : bytes.subarray(node.span.start - start, node.span.end - start).toString();
    if (node.type === 'Identifier' && ['parseFloat', 'toFixed', 'toPrecision'].includes(String(node.value)))
      found.push(String(node.value));
    if (isLayout) return;
    if (node.type === 'NumericLiteral' && !Number.isInteger(node.value)) found.push(text);
    const isDivision =
      (node.type === 'BinaryExpression' && node.operator === '/') ||
      (node.type === 'AssignmentExpression' && node.operator === '/=');
    // A division of bigints has no fraction; of times it gives days.
    if (isDivision && !/(?:\dn\b|BigInt\(|_MS\)?$)/.test(text.slice(text.lastIndexOf('/')))) found.push(text);
  });
  return found;
}

function sources(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length).replace(/^\//, '')),
  );
}

describe('money in the sources', () => {
  it('goes through no float: no fraction, no division of numbers, no rounding of text', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(40);
    const found = files.flatMap((file) =>
      floatsIn(readFileSync(join(ROOT, file), 'utf8'), LAYOUT.test(file)).map((what) => `${file}: ${what}`),
    );
    expect(found).toEqual([]);
  });

  it.each([
    ['amount / 100', ['amount / 100']],
    ['total /= count', ['total /= count']],
    ['amount * 0.02', ['0.02']],
    ['(amount / 2).toFixed(2)', ['toFixed', 'amount / 2']],
    ['Number.parseFloat(text)', ['parseFloat']],
    ['used * 100n / BigInt(limit)', []],
    ['(to - from) / DAY_MS', []],
    ['absolute / 100n', []],
  ])('of such a kind would be seen: %s', (source, expected) => {
    expect(floatsIn(source, false).sort()).toEqual([...expected].sort());
  });

  it('is a whole number in every column and statement of the database', () => {
    const fraction = '(?:numeric|decimal|real|double precision|money|float[48]?)';
    const isCast = new RegExp(`::\\s*${fraction}\\b|\\bas ${fraction}\\)|\\bavg\\(`, 'i');
    const isColumn = new RegExp(`^\\s+\\w+\\s+${fraction}\\b`, 'im');
    const migration = readFileSync(join(ROOT, MIGRATION), 'utf8');
    expect(isColumn.test('  amount_kurus numeric(10, 2) NOT NULL')).toBe(true);
    expect(isColumn.test(migration) || isCast.test(migration)).toBe(false);
    const found = sources().filter((file) => isCast.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(found).toEqual([]);
  });
});
