import type { JsonObject } from '../../audit/canonical-json.js';
import type { FoundEntry } from '../../audit/search/attempt.js';

const COLUMNS = [
  'leaf',
  'at',
  'kind',
  'outcome',
  'client',
  'cooperative',
  'purpose',
  'reference',
  'screen',
] as const;

/** Entries as lines under each other, newest first; what was opened stands below its entry. */
export function foundTable(entries: readonly FoundEntry[]): string {
  const rows = [[...COLUMNS], ...entries.map(cellsOf)];
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return lines.flatMap((line, i) => [line, ...revealedLines(entries[i - 1])]).join('\n');
}

function cellsOf({ leafIndex, at, entry, outcome }: FoundEntry): string[] {
  const data = entry.data as JsonObject;
  const text = (name: string) => (typeof data[name] === 'string' ? printable(data[name]) : '');
  const ended = outcome === null ? text('outcome') || text('code') : (outcome.outcome ?? outcome.state);
  return [
    String(leafIndex),
    at.toISOString(),
    String(entry.kind),
    ended,
    text('client'),
    text('cooperative'),
    text('purpose'),
    text('reference'),
    text('screen'),
  ];
}

function revealedLines(found: FoundEntry | undefined): string[] {
  return Object.entries(found?.revealed ?? {}).map(([field, text]) => `    ${field}: ${printable(text)}`);
}

/** Without control characters: what a caller once sent must not steer the officer's terminal. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '\u{fffd}');
}
