import { z } from 'zod';
import { certificateFile, httpsUrl, isoDate, secret, text, whole } from './fields.js';

/** A scope, a claim or a member: what stands in requests and answers of the upstream. */
const word = () => z.string().regex(/^[A-Za-z0-9_:./-]{1,100}$/, { error: 'must be a plain word' });

const MAX_LEVELS = 50;
const MAX_SCOPES = 20;

const strength = z.strictObject({
  level: text(200)
    .optional()
    .describe('The raw value that e-Devlet answers as `level`; for the profile oidc the value of `acr`.'),
  amr: z
    .array(word())
    .min(1)
    .max(10)
    .optional()
    .describe('For the profile oidc: every one of these stands in `amr`.'),
  method: z
    .enum(['password', 'password+second-step', 'mobile-signature', 'e-signature', 'id-card', 'bank'])
    .describe('Login method (facts: password, mobil imza, e-imza, T.C. kimlik kartı, internet bankacılığı).'),
  twoStep: z.enum(['yes', 'no']).describe('Whether it counts as two steps. What has no row counts as no.'),
  reason: text(500).describe('Why; stands in the settings so that whoever changes it has to say it.'),
});

const UNCONFIRMED = 'To be confirmed in writing with e-Devlet';

/** The table of `level` is not public: values and rows are a proposal until e-Devlet has confirmed them in writing. */
const LEVELS: z.input<typeof strength>[] = [
  { level: '1', method: 'password', twoStep: 'no', reason: `${UNCONFIRMED}: password alone is one step.` },
  {
    level: '2',
    method: 'password+second-step',
    twoStep: 'yes',
    reason: `${UNCONFIRMED}: "iki aşamalı giriş" was switched on and passed.`,
  },
  {
    level: '3',
    method: 'mobile-signature',
    twoStep: 'yes',
    reason: `${UNCONFIRMED}: SIM card and PIN, two factors by nature.`,
  },
  {
    level: '4',
    method: 'e-signature',
    twoStep: 'yes',
    reason: `${UNCONFIRMED}: signature device and PIN, two factors by nature.`,
  },
  {
    level: '5',
    method: 'id-card',
    twoStep: 'yes',
    reason: `${UNCONFIRMED}: card and PIN, two factors by nature.`,
  },
  {
    level: '6',
    method: 'bank',
    twoStep: 'no',
    reason: `${UNCONFIRMED}: how a bank signs its customers in is unknown to us.`,
  },
];

const twoStep = z.strictObject({
  inForceFrom: isoDate()
    .default('2025-07-31')
    .describe(
      'First day (Europe/Istanbul) on which nobody gets a session without two steps: announcement of 29.07.2025.',
    ),
  announcedFrom: isoDate()
    .optional()
    .describe('First day on which whoever lacks two steps is warned and let in; before inForceFrom.'),
  helpUrl: httpsUrl()
    .default('https://www.turkiye.gov.tr/')
    .describe('Where the refusal page sends people to switch it on.'),
  levels: z
    .array(strength)
    .min(1)
    .max(MAX_LEVELS)
    .default(LEVELS as never)
    .describe('What each answer about the strength of a sign-in means; the first row that fits counts.'),
});

const resource = z.strictObject({
  transport: z
    .enum(['form', 'query', 'json'])
    .default('form')
    .describe('How the resource call carries its fields: a form in what was seen of relying parties.'),
  identityScope: word()
    .default('Kimlik-Dogrula')
    .describe('Data set (kapsam) whose answer carries the login method.'),
  nameScope: word().default('Ad-Soyad').describe('Data set (kapsam) whose answer carries number and names.'),
  resourceId: text(100).default('1').describe('`1` in everything that was seen.'),
  successCode: text(40).default('EDV09.000').describe('The only code that is success; all else is refusal.'),
  fields: z
    .strictObject({
      clientId: word().default('clientId').describe('As relying parties were seen to use it.'),
      accessToken: word()
        .default('accessToken')
        .describe('As relying parties were seen to use it; there is no Bearer header.'),
      resourceId: word().default('resourceId').describe('As relying parties were seen to use it.'),
      scope: word().default('kapsam').describe('As seen: one call for each data set.'),
    })
    .prefault({}),
  answer: z
    .strictObject({
      code: word().default('sonucKodu').describe('Member that holds the code.'),
      person: word().default('kullaniciBilgileri').describe('Member that holds number and names.'),
      number: word().default('kimlikNo').describe('Member of the person.'),
      givenName: word().default('ad').describe('Member of the person.'),
      familyName: word().default('soyad').describe('Member of the person.'),
      level: word().default('level').describe('Top-level member that the strength of the sign-in stands in.'),
    })
    .prefault({}),
});

/**
 * The upstream that says who a person is: e-Devlet in its own dialect, or anything that speaks OpenID Connect by discovery.
 * Nothing of the dialect is public: hosts, separator, PKCE, transport and names are settings (facts/e-devlet.md).
 */
export const edevletSchema = z.strictObject({
  profile: z
    .enum(['e-devlet', 'oidc'])
    .default('e-devlet')
    .describe('`oidc`: by discovery, for a Keycloak in front or a later e-Devlet.'),
  baseUrl: httpsUrl()
    .default('https://giris.turkiye.gov.tr/OAuth2AuthorizationServer/')
    .describe(
      'Where the three addresses of the dialect stand; of the test host: giris.build.turkiye.gov.tr.',
    ),
  authorizePath: word()
    .default('AuthorizationController')
    .describe('As relying parties were seen to use it.'),
  tokenPath: word().default('AccessTokenController').describe('As relying parties were seen to use it.'),
  resourcePath: word()
    .default('AuthenticationController')
    .describe('As relying parties were seen to use it.'),
  issuer: httpsUrl().optional().describe('For the profile oidc: where discovery starts.'),
  clientId: text(200).describe('As e-Devlet gave it. No default: it names this institution.'),
  clientSecret: secret().describe('As e-Devlet gave it; sent in the body of the token request, never Basic.'),
  scopes: z
    .array(word())
    .min(1)
    .max(MAX_SCOPES)
    .default(['Kimlik-Dogrula', 'Ad-Soyad'])
    .describe('What is asked for; number, names and login method are all that is needed.'),
  scopeSeparator: z
    .enum([';', ' '])
    .default(';')
    .describe('Between scopes: a semicolon with most relying parties, a blank with a few.'),
  pkce: z
    .boolean()
    .default(false)
    .describe('e-Devlet is not known to check it. The profile oidc always uses it.'),
  resource: resource.prefault({}),
  oidcClaims: z
    .strictObject({
      number: word().default('kimlik_no').describe('Claim that holds the identity number.'),
      givenName: word().default('given_name').describe('As OpenID Connect names it.'),
      familyName: word().default('family_name').describe('As OpenID Connect names it.'),
    })
    .prefault({}),
  timeoutMs: whole(100, 60_000)
    .default(10_000)
    .describe('For each call; a person waits before a blank page meanwhile.'),
  maxAnswerBytes: whole(256, 1_048_576).default(16_384).describe('An answer has a few hundred bytes.'),
  extraCa: z
    .array(certificateFile())
    .max(8)
    .default([])
    .describe('CAs beside the system’s own, PEM; for a Keycloak inside the house and for the sandbox.'),
  twoStep: twoStep.prefault({}),
});
