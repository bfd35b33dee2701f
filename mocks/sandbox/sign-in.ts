import { generateSync } from 'otplib';
import type { SandboxFile } from './sandbox-file.js';

/** A refused sign-in; the message is the closed reason. */
export class SignInRefused extends Error {}

/**
 * Signs a person of the population in, second step included, and gives an access token bound to `client`'s certificate.
 * Throws `SignInRefused` with the issuer's reason.
 */
export async function signIn(
  sandbox: Pick<SandboxFile, 'people' | 'mocks'>,
  kimlikNo: string,
  options: { readonly client: string; readonly stepUp: boolean },
): Promise<string> {
  const person = sandbox.people.find((one) => one.kimlikNo === kimlikNo);
  if (person === undefined) throw new SignInRefused('person-unknown');
  const code = (secret: string | null) => (secret === null ? null : generateSync({ secret }));
  if (options.stepUp && person.stepUpTotp === null) throw new SignInRefused('step-up-unavailable');
  const response = await fetch(`${sandbox.mocks.issuer}/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      kimlikNo,
      password: person.password,
      code: code(person.edevletTotp),
      stepUpCode: options.stepUp ? code(person.stepUpTotp) : null,
      client: options.client,
    }),
    signal: AbortSignal.timeout(15_000),
  });
  const answer = (await response.json()) as { accessToken?: string; reason?: string };
  if (answer.accessToken === undefined) throw new SignInRefused(answer.reason ?? 'refused');
  return answer.accessToken;
}
