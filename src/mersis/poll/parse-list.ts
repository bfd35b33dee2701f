/** What is wrong with a line of a list of MERSİS numbers; closed, nothing of the line itself. */
type LineProblem = 'form' | 'natural-person' | 'duplicate' | 'too-many-lines';

export interface BadLine {
  readonly line: number;
  readonly problem: LineProblem;
}

/** Twice the cooperatives of the country (facts/mersis-koopbis.md §4), with comments. */
const MAX_LINES = 200_000;
const FORM = /^[0-9]{16}$/;

/**
 * A list of MERSİS numbers, one a line; blank lines and what follows `#` do not count. Every line that is wrong is named, and then none
 * counts. Check digits are not looked at: the registry's word counts (facts/mersis-koopbis.md §1). Pure.
 */
export function parseList(text: string): {
  readonly mersisNos: readonly string[];
  readonly bad: readonly BadLine[];
} {
  const lines = text.split('\n');
  if (lines.length > MAX_LINES)
    return { mersisNos: [], bad: [{ line: MAX_LINES + 1, problem: 'too-many-lines' }] };
  const seen = new Set<string>();
  const bad: BadLine[] = [];
  lines.forEach((whole, i) => {
    const number = whole.replace(/#.*$/s, '').trim();
    if (number === '') return;
    const problem = problemOf(number, seen);
    if (problem === null) seen.add(number);
    else bad.push({ line: i + 1, problem });
  });
  return { mersisNos: bad.length > 0 ? [] : [...seen], bad };
}

/** A natural person's number holds that person's own: it is never stored. */
function problemOf(number: string, seen: ReadonlySet<string>): LineProblem | null {
  if (!FORM.test(number)) return 'form';
  if (!number.startsWith('0')) return 'natural-person';
  return seen.has(number) ? 'duplicate' : null;
}
