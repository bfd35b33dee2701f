import { randomUUID } from 'node:crypto';
import type { OfficerPorts } from '../../src/appointments/suspension/decide-suspension.js';
import type { SignedIn } from '../../src/sign-in/access-tokens.js';
import { masterKeys, personOf, tagger } from '../audit/support/parts.js';
import { portsOf } from '../support/authority.js';
import { NOW, tagOf } from './support.js';

const ADMINISTRATOR = 70;

/** An administrator who brings in what others have decided. */
export const OFFICER: SignedIn = {
  sessionId: randomUUID(),
  person: personOf(ADMINISTRATOR),
  tag: tagOf(ADMINISTRATOR),
  acr: 'urn:koopbis:acr:two-step',
  authTime: NOW,
};

/** Sessions end for real; `acts`: whether the officer still may. */
export const officerPorts = (acts = true): OfficerPorts => ({
  ...portsOf({ masterKeys, tagger }),
  stillActs: async () => acts,
});
