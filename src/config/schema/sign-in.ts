import { z } from 'zod';
import { certificateFile, file, httpsUrl, identifier, secret, text, whole } from './fields.js';

/** Operations that a person may be asked to step up for. Closed: `step-up/policy.ts` says what each is. */
export const STEP_UP_OPERATIONS = [
  'audit.reveal',
  'audit.decide',
  'audit.ranges',
  'audit.continue',
  'roles.decide',
  'sessions.end',
  'fees.close',
  'fees.decide',
  'fees.reveal',
  'mersis.release',
  'authority.decide',
  'maintenance.decide',
] as const;

/** Compared to the letter by applications and browsers: as `URL` writes it, or what looks the same would not be. */
const origin = () =>
  httpsUrl().refine((value) => !URL.canParse(value) || new URL(value).origin === value, {
    error: 'must be an origin as browsers write it, without path, query or final slash',
  });

const stepUp = z.strictObject({
  operations: z
    .array(z.enum(STEP_UP_OPERATIONS))
    .max(STEP_UP_OPERATIONS.length)
    .default([...STEP_UP_OPERATIONS])
    .describe('What needs the second step; all of it, until somebody takes one off in writing.'),
  decaysAfterMinutes: whole(1, 60)
    .default(10)
    .describe('A screen that was left alone must not stay stepped up; one piece of work takes less.'),
  maxFailures: whole(3, 20)
    .default(5)
    .describe('Wrong codes in a row before the lock: five of a million cannot be guessed.'),
  lockMinutes: whole(1, 1440)
    .default(15)
    .describe('How long no code is looked at then: 480 guesses a day at the most.'),
  enrolWithinMinutes: whole(1, 60)
    .default(5)
    .describe('How fresh the two-step sign-in must be that a second step is set up with.'),
});

const notice = z.strictObject({
  version: identifier()
    .default('2026-1')
    .describe('Another version is shown once more to everybody; what was read is recorded with it.'),
  controller: text(200)
    .default('T.C. Ticaret Bakanlığı')
    .describe('Data controller (veri sorumlusu) that the notice names.'),
  contact: text(400)
    .default('Söğütözü Mah. 2176. Cad. No: 63, Çankaya/Ankara · kep: ticaretbakanligi@hs01.kep.tr')
    .describe('Where a person turns to with a request under 6698 m.11.'),
});

/** The OpenID provider for KOOPBİS applications, sessions, the second step for operations, the KVKK notice. */
export const signInSchema = z.strictObject({
  issuer: origin().describe(
    'Where browsers and applications reach `listeners.web`, as `https://…` without a path.',
  ),
  apiOrigin: origin().describe(
    'Where applications reach `listeners.service`: their certificates are asked for there alone.',
  ),
  cookieKeys: z
    .array(secret('key32'))
    .min(1)
    .max(8)
    .describe(
      '32 random bytes each, base64 or hex; the first signs cookies, all of them are still accepted.',
    ),
  pairwiseKey: secret('key32').describe(
    '32 random bytes, base64 or hex; makes `sub` of number and application. Never changed: everybody would be somebody else.',
  ),
  idleMinutes: whole(1, 1440)
    .default(30)
    .describe('A session that nothing uses ends: screens in offices are shared.'),
  absoluteMinutes: whole(5, 1440).default(480).describe('A working day; then e-Devlet is asked again.'),
  interactionMinutes: whole(5, 240)
    .default(60)
    .describe('How long a sign-in that was begun can be finished: time to switch two steps on at e-Devlet.'),
  stateMinutes: whole(1, 60)
    .default(15)
    .describe('How long one round trip to e-Devlet may take, a text message included.'),
  accessTokenMinutes: whole(1, 60)
    .default(10)
    .describe('Minutes, with refresh: what leaks is soon worth nothing.'),
  codeSeconds: whole(5, 600)
    .default(60)
    .describe('A code is exchanged at once; RFC 6749 allows ten minutes.'),
  requestsPerMinutePerAddress: whole(10, 1_000_000)
    .default(6000)
    .describe(
      '100 a second from one address, behind which a whole ministry may stand: what nobody has signed in for must not fill the database.',
    ),
  keyDays: whole(1, 730).default(90).describe('How long one key signs ID tokens.'),
  startClient: identifier()
    .optional()
    .describe('Application that `GET /giris` sends people on to, by its initiateLoginUri.'),
  stepUp: stepUp.prefault({}),
  notice: notice.prefault({}),
});

/** How an application of a registered client signs people in. */
export const clientSignInSchema = z.strictObject({
  name: text(80).describe('As people see it on pages.'),
  redirectUris: z
    .array(httpsUrl())
    .min(1)
    .max(20)
    .describe('Where a code may be sent; compared to the letter.'),
  postLogoutRedirectUris: z
    .array(httpsUrl())
    .max(20)
    .default([])
    .describe('Where a person may be sent after signing out; compared to the letter.'),
  backChannelLogoutUri: httpsUrl()
    .optional()
    .describe('Is told when a session ends (OpenID Connect Back-Channel Logout).'),
  extraCa: z
    .array(certificateFile())
    .max(8)
    .default([])
    .describe('CAs beside the system’s own that the application’s own server may have, PEM.'),
  initiateLoginUri: httpsUrl()
    .optional()
    .describe('Where the application itself starts a sign-in (OpenID Connect Core §4).'),
  authentication: z
    .enum(['tls_client_auth', 'private_key_jwt'])
    .default('tls_client_auth')
    .describe('By the registered certificate; private_key_jwt needs it too, for the token’s binding.'),
  jwks: file().optional().describe('Public keys for private_key_jwt, JSON (RFC 7517).'),
  scopes: z
    .array(z.enum(['openid', 'kimlik']))
    .min(1)
    .max(2)
    .default(['openid'])
    .describe('`kimlik` gives number and names: only for applications that must know them.'),
});
