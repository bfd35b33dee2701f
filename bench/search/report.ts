import { median, percentile, table } from '../common/figures.js';

export const QUESTIONS = ['person', 'actor', 'cooperative and period', 'reference'] as const;
export type Question = (typeof QUESTIONS)[number];

/** Times of one round, ms. */
export type Round = Readonly<
  Record<Question, { readonly small: readonly number[]; readonly large: readonly number[] }>
>;

interface Figures {
  readonly small: { readonly p50: number; readonly p95: number };
  readonly large: { readonly p50: number; readonly p95: number };
  /** p95 at the large size to p95 at the small one, within a round. */
  readonly ratio: { readonly median: number; readonly byRound: readonly number[] };
  readonly met: boolean;
}

export interface Summary {
  readonly entries: { readonly small: number; readonly large: number };
  readonly target: number;
  readonly questions: Readonly<Record<Question, Figures>>;
}

const TARGET = 2;

/** Sums up all rounds: medians over the rounds. */
export function summarise(rounds: readonly Round[], entries: Summary['entries']): Summary {
  const questions = Object.fromEntries(QUESTIONS.map((question) => [question, figuresOf(rounds, question)]));
  return { entries, target: TARGET, questions: questions as Summary['questions'] };
}

function figuresOf(rounds: readonly Round[], question: Question): Figures {
  const at = (size: 'small' | 'large', share: number) =>
    median(rounds.map((round) => percentile(round[question][size], share)));
  const byRound = rounds.map(
    (round) => percentile(round[question].large, 0.95) / percentile(round[question].small, 0.95),
  );
  const ratio = { median: median(byRound), byRound };
  return {
    small: { p50: at('small', 0.5), p95: at('small', 0.95) },
    large: { p50: at('large', 0.5), p95: at('large', 0.95) },
    ratio,
    met: ratio.median <= TARGET,
  };
}

/** The summary as it is printed. */
export function summaryText({ entries, questions, target }: Summary): string {
  const rows = QUESTIONS.map((question) => {
    const { small, large, ratio } = questions[question];
    const figures = [small.p50, small.p95, large.p50, large.p95].map((value) => value.toFixed(1));
    const byRound = ratio.byRound.map((value) => value.toFixed(2)).join(' ');
    return [question, ...figures, `${ratio.median.toFixed(2)} (${byRound})`];
  });
  const head = [
    'ms',
    `p50 at ${entries.small}`,
    'p95',
    `p50 at ${entries.large}`,
    'p95',
    'p95 large to small',
  ];
  const missed = QUESTIONS.filter((question) => !questions[question].met);
  const verdict = missed.length === 0 ? 'met' : `NOT met: ${missed.join(', ')}`;
  return [table([head, ...rows]), '', `target p95 ≤ ${target} × p95 of the small log: ${verdict}`].join('\n');
}
