import { kurusNumber } from '../kurus.js';
import type { StatementSource } from './port.js';

/** Texts are gathered to pieces of about this many characters. */
const PIECE = 64_000;

/** JSON in the form of `GET /v1/fees/quarters/{q}`, details behind it; money as integers of kuruş. One line for each row of a detail. */
export async function* writeJson(source: StatementSource): AsyncGenerator<Buffer> {
  const { cooperatives, corrections, document, head, lines, users } = source;
  const { account, due, payBy, quarter, state, statementSha256 } = head;
  const whole = JSON.stringify({ quarter, state, due, payBy, statementSha256, account, ...document });
  yield Buffer.from(whole.slice(0, -1), 'utf8');
  const details: Readonly<Record<string, AsyncIterable<object> | undefined>> = {
    corrections,
    users,
    cooperatives,
    lines,
  };
  for (const [name, rows] of Object.entries(details)) if (rows !== undefined) yield* jsonList(name, rows);
  yield Buffer.from('}\n', 'utf8');
}

async function* jsonList(name: string, rows: AsyncIterable<object>): AsyncGenerator<Buffer> {
  let held = `,"${name}":[`;
  let before = '\n';
  for await (const row of rows) {
    held += before + JSON.stringify(row, integers);
    before = ',\n';
    if (held.length < PIECE) continue;
    yield Buffer.from(held, 'utf8');
    held = '';
  }
  yield Buffer.from(`${held}]`, 'utf8');
}

function integers(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? kurusNumber(value) : value;
}
