import type { Person } from '../population/population.js';
import { type ApiAnswer, callApi } from './call-api.js';
import type { SandboxFile } from './sandbox-file.js';
import { signIn } from './sign-in.js';

/** One identity check through everything, made with the population's first board member who has two-step. */
export interface FirstCheck {
  readonly asker: Person;
  readonly subject: Person;
  readonly cooperative: string;
  readonly answer: ApiAnswer;
}

/** Signs a board member in and asks about a living citizen. Throws where the population has nobody fit or sign-in fails. */
export async function makeFirstCheck(sandbox: SandboxFile): Promise<FirstCheck> {
  const asker = sandbox.people.find((person) => person.edevletTotp !== null && boardOf(person) !== undefined);
  const subject = sandbox.people.find((person) => person.durum === 'açık' && person.is.includes('nobody'));
  const cooperative = asker && boardOf(asker);
  if (asker === undefined || subject === undefined || cooperative === undefined)
    throw new Error('the population has nobody to ask');
  const token = await signIn(sandbox, asker.kimlikNo, { client: 'koopbis-core', stepUp: false });
  const { kimlikNo, ad, soyad, dogumTarihi } = subject;
  const answer = await callApi(sandbox, {
    client: 'koopbis-core',
    method: 'POST',
    path: '/v1/identity/verifications',
    headers: { Authorization: `Bearer ${token}`, 'X-Koopbis-Screen': 'sandbox' },
    body: { purpose: 'ortak-kayit', cooperative, subject: { kimlikNo, ad, soyad, dogumTarihi } },
  });
  return { asker, subject, cooperative, answer };
}

function boardOf(person: Person): string | undefined {
  return person.is.find((value) => value.startsWith('board:'))?.slice('board:'.length);
}
