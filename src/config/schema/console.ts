import { z } from 'zod';
import { text, whole } from './fields.js';

/** The web console for officers, finance, directorates and administrators; it needs `signIn`. */
export const consoleSchema = z.strictObject({
  kvkk: z
    .strictObject({
      staffNames: z
        .enum(['none', 'unit', 'full'])
        .default('unit')
        .describe(
          'How staff stand in the answer to a citizen: not at all, by role and unit, or by name. A name is the staff’s own personal data: the unit answers who is accountable.',
        ),
      answerDays: whole(1, 60)
        .default(30)
        .describe('Days in which a request under 6698 m.13 is answered: thirty by law.'),
      sender: text(200)
        .default('T.C. Ticaret Bakanlığı Esnaf, Sanatkârlar ve Kooperatifçilik Genel Müdürlüğü')
        .describe('Who answers, as it stands at the head of the answer.'),
    })
    .prefault({}),
  jobs: z
    .strictObject({
      keepHours: whole(1, 168)
        .default(24)
        .describe('How long a finished file waits for who asked for it: a day, then it is gone.'),
      maxFileMb: whole(1, 2000)
        .default(300)
        .describe('Largest file that is made for a browser; larger periods are for the command line.'),
      maxWaiting: whole(1, 50)
        .default(5)
        .describe('Long work of one person at once: nobody can fill the queue.'),
    })
    .prefault({}),
  uploadMaxMb: whole(1, 50)
    .default(10)
    .describe('Largest file that is taken in; figures of a quarter by day and service are far below.'),
  secretDays: whole(30, 1825)
    .default(365)
    .describe('Age from which on the console says that a secret should be changed: a year.'),
  warnDays: whole(1, 365)
    .default(30)
    .describe('Days before the end of a certificate, or the age of a secret, at which the console warns.'),
  proposalHours: whole(1, 720)
    .default(168)
    .describe('How long a decision of the console waits for the second person where no other setting says.'),
});
