import { describe, expect, it } from '@jest/globals';
import { MAX_LEGACY_LINES, readLegacyFile } from '../../src/appointments/legacy/read-legacy-file.js';
import { digitsOf } from '../audit/support/parts.js';

const ENDED_ON = '2022-10-26';
const COOPERATIVE = '0123456789000015';
const [ONE, OTHER] = [digitsOf(1), digitsOf(2)];
const read = (text: string) => readLegacyFile(text, ENDED_ON);
const shown = (text: string) => {
  const { rows, bad } = read(text);
  expect(bad).toEqual([]);
  return rows.map(({ line, cooperative, person, startsOn, endsOn }) =>
    [line, cooperative, person.reveal(), startsOn, endsOn].join(' '),
  );
};
const GOOD = `${COOPERATIVE};${ONE};2020-01-01;2021-01-01`;

describe('a file of the closed system', () => {
  it('is read with semicolons or commas, with BOM, header, quotes, CRLF and empty lines', () => {
    const text = `\uFEFF"MERSİS no";kimlik no;başlangıç;bitiş\r\n${GOOD}\r\n\r\n"${COOPERATIVE}","${OTHER}","01.02.2020",\r\n`;
    expect(shown(text)).toEqual([
      `2 ${COOPERATIVE} ${ONE} 2020-01-01 2021-01-01`,
      `4 ${COOPERATIVE} ${OTHER} 2020-02-01 ${ENDED_ON}`,
    ]);
  });

  it('ends everybody on the day of the closing at the latest, whatever it says', () => {
    expect(shown(`${COOPERATIVE};${ONE};2020-01-01;2030-01-01`)[0]).toMatch(/2022-10-26$/);
    expect(shown(`${COOPERATIVE};${ONE};2020-01-01`)[0]).toMatch(/2022-10-26$/);
    expect(shown(`${COOPERATIVE};${ONE};2020-01-01;`)[0]).toMatch(/2022-10-26$/);
  });

  it.each([
    ['columns', `${COOPERATIVE};${ONE}`],
    ['columns', `${GOOD};more`],
    ['cooperative-invalid', `123;${ONE};2020-01-01`],
    ['cooperative-invalid', `${ONE}00001;${ONE};2020-01-01`],
    ['number-invalid', `${COOPERATIVE};12345678901;2020-01-01`],
    ['number-invalid', `${COOPERATIVE};;2020-01-01`],
    ['date-invalid', `${COOPERATIVE};${ONE};2020-02-30`],
    ['date-invalid', `${COOPERATIVE};${ONE};01/02/2020`],
    ['date-invalid', `${COOPERATIVE};${ONE};2020-01-01;soon`],
    ['dates-out-of-order', `${COOPERATIVE};${ONE};2021-01-01;2020-01-01`],
    ['dates-out-of-order', `${COOPERATIVE};${ONE};2022-10-26`],
  ])('is refused as %s by its line, with nothing of what stands there', (reason, line) => {
    const result = read(`${GOOD}\n${line}\n`);
    expect(result).toEqual({ rows: [], bad: [{ line: 2, reason }] });
    expect(JSON.stringify(result)).not.toContain(ONE);
  });

  it('tells every bad line, and one that is named twice', () => {
    expect(read(`x\n${GOOD}\n${GOOD}\ny;z\n`).bad).toEqual([
      { line: 1, reason: 'columns' },
      { line: 3, reason: 'named-twice' },
      { line: 4, reason: 'columns' },
    ]);
  });

  it('has no more lines than it may have', () => {
    expect(() => read('x\n'.repeat(MAX_LEGACY_LINES + 1))).toThrow(RangeError);
    expect(read('x\n'.repeat(MAX_LEGACY_LINES)).bad).toHaveLength(MAX_LEGACY_LINES);
  });
});
