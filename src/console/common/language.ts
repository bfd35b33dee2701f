import type { Answer, OpenCall } from '../frame/call.js';
import { ownPath } from '../frame/own-path.js';

/** `GET /konsol/dil?dil=en&don=/konsol/…`: the language of the pages from now on, and back to where the person was. */
export async function switchLanguage({ query }: OpenCall): Promise<Answer> {
  const language = query.get('dil') === 'en' ? 'en' : 'tr';
  return { kind: 'see-other', to: ownPath(query.get('don')) ?? '/konsol', language };
}
