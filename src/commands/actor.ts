import type { PersonalValue } from '../audit/entry.js';
import type { SignedIn } from '../sign-in/access-tokens.js';

/** `actor` and `actor.number` of an entry that tells what `officer` did. */
export function actorOf(officer: SignedIn): {
  readonly data: { readonly acr: string; readonly authTime: string; readonly session: string };
  readonly personal: PersonalValue;
} {
  return {
    data: { acr: officer.acr, authTime: officer.authTime.toISOString(), session: officer.sessionId },
    personal: {
      field: 'actor.number',
      side: 'actor',
      person: officer.person,
      text: officer.person.reveal(),
      indexed: true,
    },
  };
}
