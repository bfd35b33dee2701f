import { KimlikNo } from '../../person/kimlik-no.js';
import { mersisHolder, parseMersisNo } from '../../person/mersis-no.js';

/** One appointee of the closed system. `line` from 1; days `YYYY-MM-DD`. */
export interface LegacyRow {
  readonly line: number;
  readonly cooperative: string;
  readonly person: KimlikNo;
  readonly startsOn: string;
  /** Never later than the day on which all of them ended. */
  readonly endsOn: string;
}

/** What is wrong with a line; nothing of what it holds. */
export interface BadLegacyLine {
  readonly line: number;
  readonly reason:
    | 'columns'
    | 'cooperative-invalid'
    | 'cooperative-unknown'
    | 'number-invalid'
    | 'date-invalid'
    | 'dates-out-of-order'
    | 'named-twice'
    | 'too-many-seats';
}

/** What a file came to: rows only where every line is good. */
export interface LegacyFile {
  readonly rows: readonly LegacyRow[];
  readonly bad: readonly BadLegacyLine[];
}

/** Twice as many cooperatives as there are, each with its one appointee. */
export const MAX_LEGACY_LINES = 100_000;

const HEADER = /^"?mers[iİı]s/iu;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const TURKISH_DAY = /^([0-9]{2})\.([0-9]{2})\.([0-9]{4})$/;

/**
 * The rows of a file `MERSİS no;kimlik no;başlangıç;bitiş`, with semicolons or commas, as a spreadsheet saves it: BOM, a header, quotes,
 * CRLF and empty lines are fine; days `YYYY-MM-DD` or `DD.MM.YYYY`; the last column may be empty or missing. Every line that cannot be
 * read is told, not the first alone. All of them ended on `endedOn` at the latest (m.15(2), m.6): a later or missing end becomes that
 * day. Pure. Throws `RangeError` for more than `MAX_LEGACY_LINES` lines.
 */
export function readLegacyFile(text: string, endedOn: string): LegacyFile {
  const rows: LegacyRow[] = [];
  const bad: BadLegacyLine[] = [];
  const seen = new Set<string>();
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  let isFirst = true;
  for (const [i, content] of lines.entries()) {
    if (content.trim() === '') continue;
    if (rows.length + bad.length >= MAX_LEGACY_LINES) throw new RangeError('too many lines');
    const isHeader = isFirst && HEADER.test(content.trim());
    isFirst = false;
    if (isHeader) continue;
    const line = i + 1;
    const row = rowOf(content, line, endedOn);
    if ('reason' in row) bad.push(row);
    else {
      const key = `${row.cooperative} ${row.person.reveal()} ${row.startsOn}`;
      if (seen.has(key)) bad.push({ line, reason: 'named-twice' });
      else rows.push(row);
      seen.add(key);
    }
  }
  return { rows: bad.length > 0 ? [] : rows, bad };
}

function rowOf(content: string, line: number, endedOn: string): LegacyRow | BadLegacyLine {
  const cells = content.split(content.includes(';') ? ';' : ',').map(bare);
  if (cells.length < 3 || cells.length > 4) return { line, reason: 'columns' };
  const [mersis = '', number = '', start = '', end = ''] = cells;
  const cooperative = parseMersisNo(mersis);
  // A natural person's number is personal data, and no cooperative's.
  if (!cooperative.ok || mersisHolder(cooperative.value) === 'natural-person')
    return { line, reason: 'cooperative-invalid' };
  const person = KimlikNo.parse(number);
  if (!person.ok) return { line, reason: 'number-invalid' };
  const startsOn = dayOf(start);
  const given = end === '' ? endedOn : dayOf(end);
  if (startsOn === null || given === null) return { line, reason: 'date-invalid' };
  const endsOn = given < endedOn ? given : endedOn;
  if (startsOn >= given || startsOn >= endsOn) return { line, reason: 'dates-out-of-order' };
  return { line, cooperative: cooperative.value, person: person.value, startsOn, endsOn };
}

/** A day that the calendar has; null for anything else. */
function dayOf(text: string): string | null {
  const [, day, month, year] = TURKISH_DAY.exec(text) ?? [];
  const iso = day === undefined ? text : `${year}-${month}-${day}`;
  if (!DAY.test(iso)) return null;
  const at = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? iso : null;
}

function bare(cell: string): string {
  const text = cell.trim();
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).trim() : text;
}
