import { istanbulDay } from '../../calendar/istanbul-day.js';
import { Refusal } from '../../errors/refusal.js';
import type { CallingPerson, ReadPersons } from '../../mersis/calls/attempt.js';
import { explainRefusedTokens, readAccessTokens, type SignedIn } from '../../sign-in/access-tokens.js';
import { authenticateUser } from '../../sign-in/authenticate-user.js';
import { readShownTokens } from '../../sign-in/read-shown-tokens.js';
import type { OpenLog } from '../open-log.js';

/** Who stands behind the tokens of calls about the registry. `twoStepFrom`: the day of the rule (`YYYY-MM-DD`); null: always. */
export function callingPersons({ masterKeys }: OpenLog, twoStepFrom: string | null): ReadPersons {
  return async (tx, calls, now) => {
    const tools = {
      readTokens: (from: typeof tx, presented: Parameters<typeof readAccessTokens>[2], at: Date) =>
        readAccessTokens(from, masterKeys, presented, at),
      explainTokens: explainRefusedTokens,
    };
    const shown = await readShownTokens(
      tx,
      calls.map(({ certificateSha256, client, tokenHash }) => ({
        certificateSha256,
        tokenHash,
        client: { id: client },
      })),
      tools,
      now,
    );
    const today = istanbulDay(now);
    return shown.map(({ signedIn, tokenFault }) => ({
      person: signedIn === null ? null : personOf(signedIn, twoStepFrom, today),
      tokenFault,
    }));
  };
}

function personOf(signedIn: SignedIn, twoStepFrom: string | null, today: string): CallingPerson {
  const { acr, authTime, person, sessionId } = signedIn;
  return { acr, authTime, person, sessionId, twoStep: mayAct(signedIn, twoStepFrom, today) };
}

/** The one rule of two steps, as identity checks have it. */
function mayAct(signedIn: SignedIn, twoStepFrom: string | null, today: string): boolean {
  try {
    authenticateUser(signedIn, twoStepFrom, today);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
