import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import type { Appender } from '../../audit/appender.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import type { Verdict } from '../../proposals/verdict.js';
import type { Database } from '../../storage/database.js';
import { foldLines } from '../book/fold.js';
import type { Days, Figures } from './figures.js';
import { type HeldAgainst, holdAgainst } from './hold-against.js';
import { type Imported, importFigures } from './import-figures.js';
import { type ReadFigures, type ReadingWish, readFigures } from './read-figures.js';
import { isWorkbook } from './read-xlsx.js';

/** A file of figures about an account. */
export interface FiguresFile {
  readonly account: string;
  readonly days: Days;
  readonly bytes: Buffer;
  readonly figures: Figures;
}

const NO_WORKBOOK: ReadFigures = {
  ok: false,
  faults: [
    {
      line: null,
      message: 'its name ends in .xlsx, and it is no XLSX file: save it as one, or as .csv',
      tr: 'adı .xlsx ile bitiyor ama bir XLSX dosyası değil: XLSX ya da .csv olarak kaydedin',
    },
  ],
  more: 0,
};

/** `readFigures` of a file with its name. Text under the name of a workbook is refused: read as CSV, every line of it would have some fault. */
export async function readFiguresFile(name: string, bytes: Buffer, wish: ReadingWish): Promise<ReadFigures> {
  const isNone = extname(name).toLowerCase() === '.xlsx' && !isWorkbook(bytes);
  return isNone ? NO_WORKBOOK : readFigures(bytes, wish);
}

/** What a file says of itself: it is taken in once for the same days. */
export function fileSha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What taking the figures in would find, with nothing taken in; sums of the book are folded up to now. */
export async function previewFigures(
  db: Database,
  { account, days, figures }: Omit<FiguresFile, 'bytes'>,
): Promise<HeldAgainst> {
  await foldLines(db);
  return db.transaction((tx) => holdAgainst(tx, account, days, figures));
}

/** Takes a file in: `importFigures` of it, after folding what would keep the log waiting. */
export async function takeFiguresIn(
  log: Appender,
  db: Database,
  { bytes, ...file }: FiguresFile,
  officer: ActingOfficer,
  ports: DeedPorts,
): Promise<Verdict<Imported>> {
  await foldLines(db);
  return importFigures(log, { ...file, fileSha256: fileSha256(bytes), officer }, ports);
}
