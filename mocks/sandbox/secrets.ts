import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of the sandbox's secrets; made once, at random, on this machine. */
export interface SandboxSecrets {
  readonly masterKey: string;
  readonly tagKey: string;
  readonly passwords: { readonly ministry: string; readonly union: string };
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
    passwords: {
      // Characters that break XML joined by hand: whoever forgets to escape fails on the first day.
      ministry: keep('kps-password-ministry', () => `${randomBytes(12).toString('base64url')}&<"ş`),
      union: keep('kps-password-union', () => randomBytes(16).toString('base64url')),
    },
  };
}
