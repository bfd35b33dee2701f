import { z } from 'zod';
import type { SecureFetch } from './secure-fetch.js';

/** What the form holds about a person, as it was typed. */
export interface TypedMember {
  readonly cooperative: string;
  readonly kimlikNo: string;
  readonly ad: string;
  readonly soyad: string;
  readonly dogumTarihi: string;
}

const Texts = z.object({ tr: z.string(), en: z.string() });
const Answered = z.object({
  outcome: z.enum(['match', 'mismatch', 'not-found', 'deceased', 'inactive']),
  text: Texts,
  receipt: z.object({ leafIndex: z.number(), leafHash: z.string() }),
});
const Refused = z.object({ code: z.string(), text: Texts });

/** What became of a check: the outcome with its receipt, or why there is none. */
export type Checked =
  | ({ readonly kind: 'answered' } & z.infer<typeof Answered>)
  | ({ readonly kind: 'refused' } & z.infer<typeof Refused>);

const UNREACHABLE: Checked = {
  kind: 'refused',
  code: 'UNREACHABLE',
  text: {
    tr: 'Kimlik doğrulama hizmetine ulaşılamadı. Biraz sonra yeniden deneyin.',
    en: 'The identity service could not be reached. Try again a little later.',
  },
};
/** Screen code of the member form (m.17). */
const SCREEN = 'ORTAK-KAYIT';

/**
 * Asks the bridge whether the person is who the form says (m.9(3)): with the token of whoever sits at the screen. `key`
 * is the form's own, so that a second press of the button asks nothing a second time.
 */
export async function checkMember(
  fetchBy: SecureFetch,
  api: string,
  call: {
    readonly token: string;
    readonly key: string;
    readonly userAddress: string | undefined;
    readonly member: TypedMember;
  },
): Promise<Checked> {
  const { cooperative, kimlikNo, ad, soyad, dogumTarihi } = call.member;
  const subject = { kimlikNo, ad, soyad, dogumTarihi: isoDate(dogumTarihi) };
  const body = JSON.stringify({ purpose: 'ortak-kayit', cooperative, subject });
  const headers: Record<string, string> = {
    Authorization: `Bearer ${call.token}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': call.key,
    'X-Koopbis-Screen': SCREEN,
  };
  if (call.userAddress !== undefined) headers['X-Koopbis-User-Address'] = call.userAddress;
  try {
    const url = `${api}/v1/identity/verifications`;
    const response = await fetchBy(url, { method: 'POST', headers, body, redirect: 'manual' });
    const answer: unknown = await response.json();
    if (response.status === 200) return { kind: 'answered', ...Answered.parse(answer) };
    return { kind: 'refused', ...Refused.parse(answer) };
  } catch {
    return UNREACHABLE;
  }
}

/** `GG.AA.YYYY`, as people write it, to `YYYY-MM-DD`; anything else stays as it was typed. */
function isoDate(typed: string): string {
  const [, day, month, year] = /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(typed) ?? [];
  return year === undefined ? typed : `${year}-${month}-${day}`;
}
