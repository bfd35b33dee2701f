import { z } from 'zod';
import { parseCidr } from '../cidr.js';
import { certificateFile, httpsUrl, identifier, secret, text, whole } from './fields.js';
import { clientSignInSchema } from './sign-in.js';

/** What a registered client may be allowed to call. Closed: a new call needs a new name here. */
const PERMISSIONS = ['identity', 'evaluation', 'events', 'fees', 'audit', 'kimlik-no'] as const;

const MAX_CLIENTS = 200;
const MAX_CERTIFICATES = 16;
const MAX_ADDRESSES = 64;

/** SHA-256 thumbprint of a certificate: 64 hex digits, or pairs with colons as openssl prints them; kept as lower-case hex. */
const thumbprint = z
  .string({ error: 'must be a SHA-256 thumbprint, in quotes' })
  .refine((value) => /^(?:[0-9a-f]{64}|[0-9a-f]{2}(?::[0-9a-f]{2}){31})$/i.test(value), {
    error: 'must be a SHA-256 thumbprint: 64 hexadecimal digits, or pairs with colons',
  })
  .transform((value) => value.replaceAll(':', '').toLowerCase());

const cidr = z.string().superRefine((value, context) => {
  const parsed = parseCidr(value);
  if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.problem });
});

const client = z.strictObject({
  id: identifier().describe('Name of the calling service; stands in audit entries and metrics.'),
  institution: text(200).describe('The institution that runs the service, as it is to stand in records.'),
  account: identifier()
    .nullable()
    .default(null)
    .describe(
      'The KPS account that its queries run on and are billed to; null for services that ask nothing of KPS.',
    ),
  certificates: z
    .array(thumbprint)
    .min(1)
    .max(MAX_CERTIFICATES)
    .describe(
      'SHA-256 thumbprints of its client certificates; two while one is being renewed. A certificate of the same CA that is not listed is nobody.',
    ),
  sourceAddresses: z
    .array(cidr)
    .min(1)
    .max(MAX_ADDRESSES)
    .describe('Networks it may come from (CIDR): a stolen key alone is then not enough.'),
  permissions: z
    .array(z.enum(PERMISSIONS))
    .min(1)
    .max(PERMISSIONS.length)
    .describe('What it may call. No default: each right is written down.'),
  requestsPerMinute: whole(1, 1_000_000)
    .default(6000)
    .describe('100 a second: ten times the expected load of working hours; a runaway loop stops here.'),
  webhook: z
    .strictObject({
      url: httpsUrl().describe('Where events of authority go, signed (Standard Webhooks).'),
      secret: secret().describe('`whsec_` and 24 to 64 bytes in base64; both sides know it.'),
      privateAddresses: z
        .array(cidr)
        .max(MAX_ADDRESSES)
        .default([])
        .describe(
          'Private networks that the receiver may stand in; to no other private address anything is sent.',
        ),
      extraCa: z
        .array(certificateFile())
        .max(8)
        .default([])
        .describe('CAs beside the system’s own that the receiver may have, PEM.'),
    })
    .optional()
    .describe('Receiver of events; needs the permission events. None where absent.'),
  signIn: clientSignInSchema
    .optional()
    .describe('Its application, where people sign in to one; none where absent.'),
});

/** The services that may call the bridge. Empty by default: who is not written down does not exist. */
export const clientsSchema = z
  .array(client)
  .max(MAX_CLIENTS)
  .default([])
  .describe('Registered calling services; nobody by default.');
