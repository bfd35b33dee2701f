import { z } from 'zod';
import { identifier, whole } from './fields.js';

const MAX_RULES = 50;

/** What a rule counts for one user, and which settings it needs beside its threshold. */
const MEASURES = {
  'people-asked-about': ['windowMinutes'],
  'outside-working-hours': ['fromHour', 'toHour'],
  'non-matches': ['windowMinutes'],
  'above-own-habit': ['days', 'factorPercent'],
  'log-reads': ['windowMinutes'],
} as const;

type Measure = keyof typeof MEASURES;

const rule = z
  .strictObject({
    code: identifier().describe('Name of the rule; stands in entries and metrics.'),
    measure: z
      .enum(Object.keys(MEASURES) as [Measure, ...Measure[]])
      .describe(
        'What is counted for each user: different persons asked about in a window; queries of a day outside working hours; queries in a window that matched nobody; queries of today against the own daily mean; searches, exports and evidence in a window.',
      ),
    threshold: whole(1, 1_000_000).describe('A signal is raised at this number.'),
    windowMinutes: whole(1, 1440)
      .optional()
      .describe('Window of people-asked-about, non-matches and log-reads.'),
    fromHour: whole(0, 23)
      .optional()
      .describe('First working hour (Europe/Istanbul) of outside-working-hours.'),
    toHour: whole(1, 24).optional().describe('End of the last working hour.'),
    days: whole(2, 365).optional().describe('Days before today that make the habit of above-own-habit.'),
    factorPercent: whole(101, 100_000)
      .optional()
      .describe('Percent of the daily mean at which above-own-habit is reached.'),
  })
  .superRefine((value, context) => {
    const needed: readonly string[] = MEASURES[value.measure];
    for (const name of ['windowMinutes', 'fromHour', 'toHour', 'days', 'factorPercent'] as const) {
      if (needed.includes(name) !== (value[name] !== undefined))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `${needed.includes(name) ? 'is required for' : 'has no use for'} the measure ${value.measure}`,
        });
    }
    const { fromHour, toHour } = value;
    if (fromHour !== undefined && toHour !== undefined && fromHour >= toHour)
      context.addIssue({ code: 'custom', path: ['toHour'], message: 'must be after fromHour' });
  });

export type SignalRule = z.output<typeof rule>;

const DEFAULT_RULES: SignalRule[] = [
  { code: 'many-people', measure: 'people-asked-about', windowMinutes: 10, threshold: 30 },
  { code: 'off-hours', measure: 'outside-working-hours', fromHour: 7, toHour: 20, threshold: 10 },
  { code: 'non-matches', measure: 'non-matches', windowMinutes: 60, threshold: 10 },
  { code: 'above-habit', measure: 'above-own-habit', days: 28, factorPercent: 500, threshold: 50 },
  { code: 'much-reading', measure: 'log-reads', windowMinutes: 60, threshold: 30 },
];

/** Rules that raise signals for the security officer: data, so that a threshold is changed without a new version. */
export const signalsSchema = z.array(rule).max(MAX_RULES).default(DEFAULT_RULES).meta({
  description:
    'What is raised as a signal. A member form takes minutes; thirty persons in ten is a list being read off, not work.',
  shownDefault:
    'many-people 30 in 10 min; off-hours 10 a day outside 07–20 and on week-ends; non-matches 10 an hour; above-habit 500 % of 28 days, from 50; much-reading 30 an hour',
});
