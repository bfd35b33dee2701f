import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Queryable } from '../../storage/database.js';
import { type IssuedToken, issueToken } from '../issue-token.js';
import type { FoundRecord, OidcRecords } from './records.js';

export interface AdapterTools {
  readonly db: Queryable;
  readonly records: OidcRecords;
  /** Whether a session of ours lives and is strong enough, right now. */
  isLiving(sessionId: string): Promise<boolean>;
  now(): Date;
}

/** What dies with the session in the transaction of its end. The browser's own record stays, without an account. */
const DIES_WITH_SESSION = ['AuthorizationCode', 'AccessToken', 'RefreshToken', 'Grant'];

/**
 * The store behind `oidc-provider`: one adapter for each model. What its documentation leaves to the store is decided here: a
 * code or token is used up by one of two calls at once, an assertion's `jti` counts once, and the account of a browser is gone
 * as soon as our session is.
 */
export function createAdapter(model: string, tools: AdapterTools): Adapter {
  const { records } = tools;
  const found = async (record: FoundRecord | undefined): Promise<AdapterPayload | undefined> =>
    record !== undefined && model === 'Session' ? withoutDeadAccount(record, tools) : record;
  return {
    // Everything here has a lifetime; what came without one would be gone at once.
    upsert: async (id, payload, expiresInS = 0) => {
      const { uid, grantId, accountId } = payload;
      const record = {
        payload,
        uid: uid ?? null,
        grantId: grantId ?? null,
        sessionId: DIES_WITH_SESSION.includes(model) ? (accountId ?? null) : null,
        expiresAt: new Date(tools.now().getTime() + expiresInS * 1000),
      };
      const isNew = await records.put(model, id, record, model === 'ReplayDetection');
      if (!isNew) throw new errors.InvalidClientAuth('client assertion tokens must only be used once');
      const token = model === 'AccessToken' ? apiTokenOf(id, payload, record.expiresAt) : null;
      if (token !== null) await issueToken(tools.db, token);
    },
    find: async (id) => found(await records.find(model, 'id', id)),
    findByUid: async (uid) => found(await records.find(model, 'uid', uid)),
    // No device flow.
    findByUserCode: async () => undefined,
    consume: async (id) => {
      if (!(await records.consume(model, id, tools.now())))
        throw new errors.InvalidGrant('grant source already consumed');
    },
    destroy: (id) => records.destroy(model, id),
    revokeByGrantId: (grantId) => records.revokeGrant(model, grantId, tools.now()),
  };
}

/**
 * The account of a browser whose session is over is nobody: the next application asks e-Devlet again. What else the record holds
 * (its `uid`, the secret of a form) goes on.
 */
async function withoutDeadAccount(record: FoundRecord, tools: AdapterTools): Promise<AdapterPayload> {
  const { accountId } = record;
  if (typeof accountId !== 'string' || (await tools.isLiving(accountId))) return record;
  const { accountId: _dead, loginTs: _ts, acr: _acr, amr: _amr, authorizations: _all, ...rest } = record;
  return rest;
}

/** Worth something at the service API only where it is bound to a certificate (RFC 8705 §3). */
function apiTokenOf(id: string, payload: AdapterPayload, expiresAt: Date): IssuedToken | null {
  const { accountId, clientId, extra } = payload;
  const thumbprint = payload['x5t#S256'];
  if (accountId === undefined || clientId === undefined || thumbprint === undefined) return null;
  const until: unknown = extra?.stepUpUntil;
  return {
    token: id,
    sessionId: accountId,
    clientId,
    certificateSha256: Buffer.from(thumbprint, 'base64url'),
    expiresAt,
    stepUpUntil: typeof until === 'number' ? new Date(until) : null,
  };
}
