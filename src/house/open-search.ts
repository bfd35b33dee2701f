import type { MasterKeys } from '../audit/master-keys.js';
import { createPersonTagger, type PersonTagger } from '../audit/person-tags.js';
import type { SearchAttempt, Searcher } from '../audit/search/attempt.js';
import { createSearchLog, type SearchLog } from '../audit/search/search-log.js';
import { readAuthority } from '../authority/read-authority.js';
import { istanbulDay } from '../calendar/istanbul-day.js';
import { decodeKey32 } from '../config/key32.js';
import type { BridgeConfig } from '../config/schema.js';
import {
  ACR_STEP_UP,
  ACR_TWO_STEP,
  explainRefusedTokens,
  type PresentedToken,
  readAccessTokens,
  type SignedIn,
} from '../sign-in/access-tokens.js';
import { needsStepUp } from '../sign-in/step-up/policy.js';
import type { Database, Transaction } from '../storage/database.js';
import type { OpenLog } from './open-log.js';

/** Who stands behind a token, as one way in reads it: with a certificate on the API, without on the command line. */
export type ReadSearcher = (tx: Transaction, now: Date) => Promise<SignedIn | null>;

/** One tagger for each tag key, the active one first: rows made under earlier keys are found too. */
export function searchTaggers(
  config: BridgeConfig,
  log: Pick<OpenLog, 'tagger'>,
): [PersonTagger, ...PersonTagger[]] {
  const older = config.audit.tagKeys.slice(1);
  return [log.tagger, ...older.map(({ id, key }) => createPersonTagger({ id, key: decodeKey32(key) }))];
}

/** Searching as the bridge and its commands do it. */
export function openSearch(config: BridgeConfig, db: Database, log: OpenLog): SearchLog {
  return createSearchLog({
    db,
    appender: log.appender,
    masterKeys: log.masterKeys,
    taggers: searchTaggers(config, log),
    instance: config.instance,
    revealNeedsStepUp: needsStepUp(config.signIn?.stepUp, 'audit.reveal'),
    now: () => new Date(),
  });
}

/** What a call to the API showed. `tokenHash` null: nothing that can be a token. */
type ShownToken = Omit<PresentedToken, 'tokenHash'> & { readonly tokenHash: Buffer | null };

/** The same for the API's tokens, bound to client and certificate. */
export function readShown(masterKeys: MasterKeys, token: ShownToken): ReadSearcher {
  return async (tx, now) => {
    const { tokenHash } = token;
    if (tokenHash === null) return null;
    const [signedIn] = await readAccessTokens(tx, masterKeys, [{ ...token, tokenHash }], now);
    return signedIn ?? null;
  };
}

/** `explain` of a search by the API; null where nothing that can be a token was shown. */
export function explainShown(token: ShownToken): NonNullable<SearchAttempt['explain']> {
  return async (tx, now) => {
    const { tokenHash } = token;
    if (tokenHash === null) return null;
    const [fault] = await explainRefusedTokens(tx, [{ ...token, tokenHash }], now);
    return fault ?? null;
  };
}

/** `identify` of a search: the person with their roles, read in one transaction. */
export function identifyBy(read: ReadSearcher): SearchAttempt['identify'] {
  return async (tx, now): Promise<Searcher | null> => {
    const signedIn = await read(tx, now);
    if (signedIn === null) return null;
    const [facts] = await readAuthority(tx, [{ tag: signedIn.tag, mersisNo: '' }], istanbulDay(now));
    const { sessionId, person, acr, authTime } = signedIn;
    const stepUp = acr === ACR_STEP_UP;
    // An unknown strength counts as none.
    const twoStep = stepUp || acr === ACR_TWO_STEP;
    return {
      sessionId,
      person,
      acr,
      authTime,
      twoStep,
      stepUp,
      roles: (facts?.roles ?? []).map((r) => r.role),
    };
  };
}
