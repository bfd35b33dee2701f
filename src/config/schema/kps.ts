import { z } from 'zod';
import type { PathReference, SecretReference } from '../references.js';
import { certificateFile, file, host, httpsUrl, httpUrl, ipAddress, secret, text, whole } from './fields.js';
import { KPS_SERVICES, KPS_VERSIONS } from './kps-services.js';
import { whenSound } from './when-sound.js';

/** Either form of the bridge's own certificate towards KPS. */
type ClientCertificateSetting =
  | { certificate: PathReference; key: SecretReference }
  | { pfx: PathReference; passphrase: SecretReference };

const clientCertificate = z
  .strictObject({
    certificate: certificateFile().optional().describe('Certificate with its chain, PEM; together with key.'),
    key: secret('private-key').optional().describe('Private key, PEM; together with certificate.'),
    pfx: file().optional().describe('PKCS#12 file; together with passphrase.'),
    passphrase: secret().optional().describe('Passphrase of the PKCS#12 file; together with pfx.'),
  })
  .transform((value, context): ClientCertificateSetting => {
    const { certificate, key, pfx, passphrase } = value;
    if (certificate && key && !pfx && !passphrase) return { certificate, key };
    if (pfx && passphrase && !certificate && !key) return { pfx, passphrase };
    context.addIssue({
      code: 'custom',
      message: 'must have either certificate and key, or pfx and passphrase',
    });
    return z.NEVER;
  });

/** What each endpoint may say for itself: an institution's gateway and NVİ's own hosts differ in these. */
const way = {
  mutualTls: z
    .boolean()
    .optional()
    .describe(
      'For this endpoint instead of kps.mutualTls: one gateway may demand what the other never asks.',
    ),
  servername: host()
    .optional()
    .describe('Name for SNI and the certificate check, where a private route is reached by another name.'),
  connectAddress: ipAddress()
    .optional()
    .describe('Address to dial instead of asking DNS: a closed network without public names.'),
};

const routing = z.strictObject({
  ...way,
  url: httpsUrl().describe(
    'The RoutingService. No default: the real register must never be asked because a line is missing.',
  ),
  appliesTo: httpUrl()
    .optional()
    .describe(
      'The address that the token is asked for; without it the URL itself. Some installations know the service by another name than the one it is reached by.',
    ),
});

const service = z
  .strictObject({
    name: z
      .enum(KPS_SERVICES)
      .default('BilesikKutukSorgulaKimlikNoServis')
      .describe(
        'The combined register, compared here: it tells dead from differing; TumKutukDogrula only confirms.',
      ),
    version: text(10)
      .default('2024/04/01')
      .describe('The newest version whose real answer was seen (facts/kps.md §3.3).'),
  })
  .refine((value) => (KPS_VERSIONS[value.name] as readonly string[]).includes(value.version), {
    path: ['version'],
    error: (issue) => {
      const { name } = issue.input as { name: keyof typeof KPS_VERSIONS };
      return `must be a version of ${name}: ${KPS_VERSIONS[name].join(', ')}`;
    },
  });

function anyMutualTls(value: {
  readonly mutualTls: boolean;
  readonly sts: { readonly mutualTls?: boolean | undefined };
  readonly routing: { readonly mutualTls?: boolean | undefined };
}): boolean {
  return (value.sts.mutualTls ?? value.mutualTls) || (value.routing.mutualTls ?? value.mutualTls);
}

/** How KPS is reached and how long it may take. */
export const kpsSchema = z
  .strictObject({
    sts: z
      .strictObject({
        ...way,
        url: httpsUrl().describe(
          'The token service. No default: the real one must never get a password because a line is missing.',
        ),
      })
      .prefault({} as never),
    routing: routing.prefault({} as never),
    mutualTls: z
      .boolean()
      .default(true)
      .describe(
        'On, as the institution wants it; NVİ’s published policy does not require it (facts/kps.md §8).',
      ),
    clientCertificate: clientCertificate
      .optional()
      .describe('The bridge’s own certificate towards KPS; required where mutualTls is on.'),
    extraCa: z
      .array(certificateFile())
      .max(16)
      .default([])
      .describe(
        'CAs to trust beside the system’s, PEM: for a closed network with its own CA. Verification itself cannot be switched off.',
      ),
    localAddress: ipAddress()
      .optional()
      .describe('Outgoing address, where the machine has several and NVİ knows one.'),
    proxy: httpUrl().optional().describe('CONNECT proxy, where the declared address is another machine’s.'),
    connections: whole(1, 1024)
      .default(32)
      .describe('Kept-alive connections; measured: 32 carry 2,000 calls/s.'),
    connectTimeoutMs: whole(100, 60_000)
      .default(3000)
      .describe('An address that NVİ does not know often just hangs: tell quickly, nothing was sent.'),
    timeoutMs: whole(100, 120_000)
      .default(8000)
      .describe('From sending to the whole answer; then the outcome is unknown.'),
    stsTimeoutMs: whole(100, 120_000)
      .default(5000)
      .describe('For a token; nothing is charged, it can be tried again.'),
    sorgulayan: z
      .enum(['none', 'sts', 'query', 'both'])
      .default('none')
      .describe(
        'Most clients send none and work (facts/kps.md §1.6); whether a contract wants it is not public.',
      ),
    sorgulayanValue: z
      .enum(['asker', 'user-name'])
      .default('asker')
      .describe(
        'What it carries: the asking person’s number, or the account’s user name; NVİ’s own sample names both.',
      ),
    service: service.prefault({}),
    renewEarlyS: whole(0, 600)
      .default(90)
      .describe(
        'A token is renewed this long before its end: between the 60 and 120 s that the facts advise.',
      ),
    timestampLifetimeS: whole(30, 600).default(300).describe('Five minutes, as WCF generates it.'),
    maxAnswerBytes: whole(16_384, 16_777_216)
      .default(1_048_576)
      .describe('An answer with a photograph is below 200 KiB; a larger one is an attack or a fault.'),
    maxConcurrent: whole(1, 4096)
      .default(128)
      .describe(
        'Queries at once for the whole process: four for each connection, the rest waits inside its deadline.',
      ),
    breakerResetMinutes: whole(1, 1440)
      .nullable()
      .default(null)
      .describe(
        'After a refused password nothing is sent until somebody looks: trying again may lock the account. A number tries again after so many minutes.',
      ),
  })
  .refine((value) => !anyMutualTls(value) || value.clientCertificate !== undefined, {
    path: ['clientCertificate'],
    when: whenSound('mutualTls', 'clientCertificate', 'sts', 'routing'),
    error: 'is required where mutualTls is on',
  })
  .refine((value) => value.connectTimeoutMs <= value.timeoutMs, {
    path: ['connectTimeoutMs'],
    when: whenSound('connectTimeoutMs', 'timeoutMs'),
    error: 'must not be above timeoutMs',
  });
