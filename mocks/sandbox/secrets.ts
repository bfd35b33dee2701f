import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of the sandbox's secrets; made once, at random, on this machine. */
export interface SandboxSecrets {
  readonly masterKey: string;
  readonly tagKey: string;
  /** Ed25519, PKCS#8 PEM: signs the log's checkpoints. */
  readonly checkpointKey: string;
  /** What the bridge signs in with at the e-Devlet stand-in. */
  readonly edevletClient: string;
  readonly cookieKey: string;
  readonly pairwiseKey: string;
  readonly passwords: {
    readonly ministry: string;
    readonly union: string;
    /** At the time stamping authority: Kamu SM's way, and by HTTP Basic. */
    readonly tsaCustomer: string;
    readonly tsaUser: string;
    /** At MERSİS, by HTTP Basic. */
    readonly mersis: string;
  };
}

/** Makes what is missing below `directory` (0700, files 0600). */
export function ensureSecrets(directory: string): SandboxSecrets {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const keep = (name: string, make: () => string) => {
    const file = join(directory, name);
    if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
    return file;
  };
  const key = () => randomBytes(32).toString('base64');
  return {
    masterKey: keep('master-key', key),
    tagKey: keep('tag-key', key),
    checkpointKey: keep('checkpoint-key.pem', () =>
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ),
    // Characters that a form joined by hand breaks on.
    edevletClient: keep('edevlet-client-secret', () => `${randomBytes(18).toString('base64url')}&+=%ş`),
    cookieKey: keep('cookie-key', key),
    pairwiseKey: keep('pairwise-key', key),
    passwords: {
      // Characters that break XML joined by hand: whoever forgets to escape fails on the first day.
      ministry: keep('kps-password-ministry', () => `${randomBytes(12).toString('base64url')}&<"ş`),
      union: keep('kps-password-union', () => randomBytes(16).toString('base64url')),
      tsaCustomer: keep('tsa-password-customer', () => randomBytes(12).toString('base64url')),
      // A colon and a letter beyond ASCII: whoever cuts or encodes HTTP Basic wrongly fails on the first day.
      tsaUser: keep('tsa-password-user', () => `${randomBytes(12).toString('base64url')}:ş`),
      mersis: keep('mersis-password', () => `${randomBytes(12).toString('base64url')}:ğ`),
    },
  };
}
