import { z } from 'zod';
import { whole } from './fields.js';
import { whenSound } from './when-sound.js';

/** Quotas of persons, and the deadlines of the use case. */
export const limitsSchema = z
  .strictObject({
    nonMatchesPerPersonPerDay: whole(1, 100)
      .default(5)
      .describe(
        'Non-matches by one user about one person: enough for a misread file, too few to guess a birth date.',
      ),
    queriesPerUserPerMinute: whole(1, 100_000)
      .default(60)
      .describe('One a second is faster than anybody reads an answer.'),
    queriesPerUserPerDay: whole(1, 1_000_000)
      .default(2000)
      .describe('A large cooperative’s whole day of entries; above it is a program under a person’s name.'),
    answerDeadlineMs: whole(1000, 300_000)
      .default(15_000)
      .describe(
        'An intent older than this without outcome is closed as unknown; above the time of token and query together.',
      ),
    idempotencyHours: whole(1, 720)
      .default(24)
      .describe('How long a key is remembered: a client that repeats does so within the day.'),
  })
  .refine((value) => value.queriesPerUserPerMinute <= value.queriesPerUserPerDay, {
    path: ['queriesPerUserPerMinute'],
    when: whenSound('queriesPerUserPerMinute', 'queriesPerUserPerDay'),
    error: 'must not be above queriesPerUserPerDay',
  });
