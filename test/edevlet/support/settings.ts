import { inspect } from 'node:util';
import { expect } from '@jest/globals';
import { edevletSchema } from '../../../src/config/schema/edevlet.js';
import { Secret } from '../../../src/config/secret.js';
import type { UpstreamSettings } from '../../../src/edevlet/settings.js';
import { BridgeError } from '../../../src/errors/bridge-error.js';

export const SECRET = 'the secret that e-Devlet gave';
export const CLIENT_ID = '6a0e1b5e-0000-4000-8000-000000000001';
export const REDIRECT_URI = 'https://koopbis.example/giris/donus';

/** As bridge.yaml has them by default, towards `origin`. */
export function settingsFor(
  { origin, ca }: { origin: string; ca: string },
  changes: Partial<UpstreamSettings> = {},
): UpstreamSettings {
  const defaults = edevletSchema.parse({ clientId: CLIENT_ID, clientSecret: { env: 'UNUSED' } });
  return {
    ...defaults,
    clientSecret: new Secret(SECRET),
    baseUrl: `${origin}/OAuth2AuthorizationServer/`,
    redirectUri: REDIRECT_URI,
    ca: [ca],
    ...changes,
  };
}

/** The error that `work` ends with; fails where it does not end with one of ours, or where it shows one of `hidden`. */
export async function failureOf(
  work: Promise<unknown>,
  hidden: readonly string[] = [],
): Promise<BridgeError> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (one: unknown) => one,
  );
  if (!(error instanceof BridgeError)) throw error;
  const shown = `${inspect(error, { depth: 20, showHidden: true })} ${error.stack} ${JSON.stringify(error)}`;
  for (const one of [SECRET, ...hidden]) expect(shown).not.toContain(one);
  expect(error.cause).toBeUndefined();
  return error;
}
