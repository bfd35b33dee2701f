import { z } from 'zod';
import { isoDate, whole } from './fields.js';
import { whenSound } from './when-sound.js';

/** What follows from seats, appointments and their age. */
export const authoritySchema = z
  .strictObject({
    staleAfterHours: whole(1, 720)
      .default(24)
      .describe(
        'Seats not confirmed by MERSİS for a day give no right to change anything: a lost seat must not live on because polling stopped.',
      ),
    nothingAfterHours: whole(1, 2_160)
      .default(72)
      .describe('After so long they give no right at all; between the two they may still read.'),
    afterTerm: z
      .strictObject({
        mode: z
          .enum(['none', 'assembly-only'])
          .default('none')
          .describe(
            '`assembly-only`: an old board may still call and record the assembly that elects the next one.',
          ),
        days: whole(1, 365).default(90).describe('So long after the end of its term.'),
      })
      .prefault({}),
    appointees: z
      .strictObject({
        atATime: whole(1, 20).default(1).describe('m.15(1) speaks of one further person.'),
        endWithBoard: z
          .boolean()
          .default(true)
          .describe(
            'Ends with the board that decided: when none of its members sits any longer. Not spelled out in what is public.',
          ),
        legacyDecisionAfter: isoDate()
          .default('2022-10-26')
          .describe('Appointees of the closed system need a board decision later than this (m.15(2), m.6).'),
      })
      .prefault({}),
    events: z
      .strictObject({
        keepDays: whole(1, 3_650)
          .default(90)
          .describe('How far back a cursor of the feed may lie; older ones take a snapshot.'),
        pageSize: whole(1, 10_000).default(500).describe('Events in one answer of the feed.'),
      })
      .prefault({}),
    webhooks: z
      .strictObject({
        timeoutMs: whole(100, 60_000).default(10_000).describe('A receiver only takes note.'),
        retryDays: whole(1, 30)
          .default(5)
          .describe('A receiver that is away over a long holiday still gets everything.'),
        perSecond: whole(1, 1_000).default(20).describe('To all receivers together.'),
      })
      .prefault({}),
  })
  .refine((value) => value.staleAfterHours <= value.nothingAfterHours, {
    path: ['nothingAfterHours'],
    when: whenSound('staleAfterHours', 'nothingAfterHours'),
    error: 'must not be below staleAfterHours',
  });
