import { Readable } from 'node:stream';
import { MEDIA_TYPES } from '../../documents/table-file.js';
import { addedUp } from './corrections.js';
import { writePdf } from './pdf/write-pdf.js';
import type { MakeStatementFile, StatementFormat, StatementSource } from './port.js';
import { writeCsv } from './write-csv.js';
import { writeJson } from './write-json.js';
import { writeXlsx } from './write-xlsx.js';

interface Form {
  readonly contentType: string;
  readonly write: (source: StatementSource) => AsyncIterable<Buffer>;
}

const FORMS: Readonly<Record<StatementFormat, Form>> = {
  json: { contentType: 'application/json', write: writeJson },
  csv: { contentType: MEDIA_TYPES.csv, write: writeCsv },
  xlsx: { contentType: MEDIA_TYPES.xlsx, write: writeXlsx },
  pdf: { contentType: 'application/pdf', write: writePdf },
};

/** Pieces that may wait for a slow reader: rows are pulled only as they go. */
const WAITING = 2;

/** A statement in `format`. Rows are read as the stream is; an error of theirs destroys it. A stream that is given up closes its rows. */
export const statementFile: MakeStatementFile = (source, format) => {
  const { contentType, write } = FORMS[format];
  const { corrections, document } = source;
  const held =
    corrections === undefined ? source : { ...source, corrections: addedUp(document, corrections) };
  const stream = Readable.from(write(held), { objectMode: true, highWaterMark: WAITING });
  return { contentType, extension: format, stream };
};
