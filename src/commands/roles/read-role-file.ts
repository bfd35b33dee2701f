import type { NamedRole } from '../../authority/roles/role-list.js';
import { parseRole } from '../../authority/roles/role-list.js';
import { KimlikNo } from '../../person/kimlik-no.js';

/** One line of the file, from 1. */
export interface FileRow {
  readonly line: number;
  readonly person: KimlikNo;
  readonly role: NamedRole;
}

/** What is wrong with a line; nothing of what it holds. */
export interface BadLine {
  readonly line: number;
  readonly code: 'IDENTITY_NUMBER_INVALID' | 'REQUEST_INVALID';
  readonly reason: 'number-invalid' | 'columns' | 'role-unknown';
}

const HEADER = 'kimlikno';

/**
 * The rows of a file `kimlikNo;role` (or with a comma), as a spreadsheet saves it: BOM, header, quotes, CRLF and empty lines are
 * fine. Every line that cannot be read is told, not the first alone; rules come after that. Pure.
 */
export function readRoleFile(text: string): {
  readonly rows: readonly FileRow[];
  readonly bad: readonly BadLine[];
} {
  const rows: FileRow[] = [];
  const bad: BadLine[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  let isFirst = true;
  for (const [i, content] of lines.entries()) {
    if (content.trim() === '') continue;
    const line = i + 1;
    const cells = content.split(content.includes(';') ? ';' : ',').map(bare);
    const isHeader = isFirst && cells[0]?.toLowerCase() === HEADER;
    isFirst = false;
    if (isHeader) continue;
    const [number = '', roleText = ''] = cells;
    const person = KimlikNo.parse(number);
    const role = parseRole(roleText);
    if (cells.length !== 2) bad.push({ line, code: 'REQUEST_INVALID', reason: 'columns' });
    else if (!person.ok) bad.push({ line, code: 'IDENTITY_NUMBER_INVALID', reason: 'number-invalid' });
    else if (role === null) bad.push({ line, code: 'REQUEST_INVALID', reason: 'role-unknown' });
    else rows.push({ line, person: person.value, role });
  }
  return { rows, bad };
}

function bare(cell: string): string {
  const text = cell.trim();
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).trim() : text;
}
