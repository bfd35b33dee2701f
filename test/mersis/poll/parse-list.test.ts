import { describe, expect, it } from '@jest/globals';
import { parseList } from '../../../src/mersis/poll/parse-list.js';

const [A, B] = ['0123456789000015', '0000000000000017'];
/** As a natural person's would look: it holds an identity number. */
const NATURAL = '4000000000000015';

describe('a list of MERSİS numbers', () => {
  it('is one number a line; blank lines and what follows # do not count', () => {
    const text = `# bizim liste\n${A} # birinci\r\n\n  ${B}\t\n#${A}\n`;
    expect(parseList(text)).toEqual({ mersisNos: [A, B], bad: [] });
    expect(parseList('')).toEqual({ mersisNos: [], bad: [] });
  });

  it('is refused as a whole, each wrong line by its number and a word, nothing of the line', () => {
    const parsed = parseList(
      [A, '123', NATURAL, `${A}`, `${B} ${A}`, `${B}x`, '٠١٢٣٤٥٦٧٨٩٠٠٠٠١٥', B].join('\n'),
    );
    expect(parsed).toEqual({
      mersisNos: [],
      bad: [
        { line: 2, problem: 'form' },
        { line: 3, problem: 'natural-person' },
        { line: 4, problem: 'duplicate' },
        { line: 5, problem: 'form' },
        { line: 6, problem: 'form' },
        { line: 7, problem: 'form' },
      ],
    });
    expect(JSON.stringify(parsed)).not.toContain(NATURAL);
  });

  it('has a limit of lines', () => {
    expect(parseList('\n'.repeat(200_000))).toEqual({
      mersisNos: [],
      bad: [{ line: 200_001, problem: 'too-many-lines' }],
    });
  });
});
