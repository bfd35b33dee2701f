import { z } from 'zod';
import { certificateFile, httpsUrl, secret, text, whole } from './fields.js';
import { whenSound } from './when-sound.js';

const MAX_CAS = 8;

const poll = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('Off on an instance that only answers; one of all must poll.'),
    staleHours: whole(1, 720)
      .default(20)
      .describe(
        'Every cooperative is read at least so often: below authority.staleAfterHours, with time to spare.',
      ),
    activeHours: whole(1, 24)
      .default(6)
      .describe(
        'Where users are active, or a term ends within the week: never older than a day, even after some failures.',
      ),
    activeDays: whole(1, 365)
      .default(30)
      .describe('A sign-in makes the cooperatives of that person active for so long.'),
    dailyBudget: whole(1, 10_000_000)
      .default(120_000)
      .describe(
        'Requests a day of all instances together: twice the register’s 50,078 cooperatives, with room for wishes.',
      ),
    requestsPerSecond: whole(1, 1_000)
      .default(10)
      .describe('The whole register takes 84 minutes; no institution’s service minds ten a second.'),
    concurrent: whole(1, 64).default(4).describe('Requests at once.'),
    jitterPercent: whole(0, 50)
      .default(10)
      .describe(
        'Share of the interval by which each next reading is moved: the register is not asked in one wave.',
      ),
  })
  .refine((value) => value.activeHours <= value.staleHours, {
    path: ['activeHours'],
    when: whenSound('activeHours', 'staleHours'),
    error: 'must not be above staleHours',
  });

const guard = z.strictObject({
  secondReadingS: whole(1, 86_400)
    .default(900)
    .describe(
      'A board that comes back empty, or loses much, is read again after so long before it is believed.',
    ),
  largeLossPercent: whole(1, 100)
    .default(60)
    .describe(
      'Loss of more than this share of the seats in force needs a second reading; elections seldom change more at once without bringing new ones.',
    ),
  lossesPerRun: whole(1, 100_000)
    .default(200)
    .describe(
      'Cooperatives that lose seats in one run: above it the run stops until two persons release it.',
    ),
  lossSharePercent: whole(1, 100)
    .default(1)
    .describe('The same as a share of all cooperatives, at least five of them; the smaller number counts.'),
  maxAgeHours: whole(1, 720)
    .default(24)
    .describe('The registry’s word may be so old when it comes; older is refused as stale.'),
  clockSkewS: whole(0, 3_600).default(300).describe('So far in the future the registry’s word may be.'),
});

/** How MERSİS is reached, how often it is read, and what is not believed at once. */
export const mersisSchema = z.strictObject({
  adapter: z
    .enum(['soap', 'rest'])
    .default('soap')
    .describe('`soap`: our wsdl/mersis.wsdl; `rest`: the Ministry gateway’s convention, `data` or `errors`.'),
  url: httpsUrl().describe(
    'The service. No default: the real register must never be asked because a line is missing.',
  ),
  userName: text(100).describe('Of the account that was given for this consumer (HTTP Basic).'),
  password: secret().describe('Of that account.'),
  clientCertificate: z
    .strictObject({
      certificate: certificateFile().describe('Certificate with its chain, PEM.'),
      key: secret('private-key').describe('Private key, PEM.'),
    })
    .optional()
    .describe('For mutual TLS; none where absent.'),
  extraCa: z
    .array(certificateFile())
    .max(MAX_CAS)
    .default([])
    .describe('CAs beside the system’s own, PEM. Verification itself cannot be switched off.'),
  localAddress: z
    .union([z.ipv4(), z.ipv6()])
    .optional()
    .describe('The static address that stands on the allow-list.'),
  timeoutMs: whole(100, 60_000).default(10_000).describe('For one call, its answer read to the end.'),
  maxAnswerBytes: whole(4_096, 4_194_304)
    .default(262_144)
    .describe('A board with its history has some kilobytes.'),
  poll: poll.prefault({}),
  guard: guard.prefault({}),
  refreshesPerPersonPerHour: whole(1, 1_000)
    .default(20)
    .describe('Immediate readings by one person: for those whose registration is awaited, not for polling.'),
  refreshPauseS: whole(0, 3_600)
    .default(10)
    .describe('So long nobody has the same cooperative read again at once.'),
});
