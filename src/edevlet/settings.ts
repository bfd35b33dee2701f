import type { UpstreamProfile } from './port.js';

/** Names of the members of an answer of the resource call (facts/e-devlet.md §4). */
export interface AnswerNames {
  readonly code: string;
  /** Member that holds the three that follow. */
  readonly person: string;
  readonly number: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly level: string;
}

/** The resource call of the dialect (facts/e-devlet.md §4). */
export interface ResourceSettings {
  /** `query`: POST all the same, the fields in the address and no body. */
  readonly transport: 'form' | 'query' | 'json';
  readonly identityScope: string;
  readonly nameScope: string;
  readonly resourceId: string;
  readonly successCode: string;
  readonly fields: {
    readonly clientId: string;
    readonly accessToken: string;
    readonly resourceId: string;
    readonly scope: string;
  };
  readonly answer: AnswerNames;
}

/** Claims of an ID token or of the user-info answer. */
export interface ClaimNames {
  readonly number: string;
  readonly givenName: string;
  readonly familyName: string;
}

/** The shape of `edevlet` in bridge.yaml, as far as this room needs it, and what the house adds. */
export interface UpstreamSettings {
  readonly profile: UpstreamProfile;
  readonly baseUrl: string;
  readonly authorizePath: string;
  readonly tokenPath: string;
  readonly resourcePath: string;
  /** Required for the profile oidc. */
  readonly issuer?: string | undefined;
  readonly clientId: string;
  /** Revealed for each token request, and kept nowhere. */
  readonly clientSecret: { reveal(): string };
  readonly scopes: readonly string[];
  readonly scopeSeparator: ';' | ' ';
  readonly pkce: boolean;
  readonly resource: ResourceSettings;
  readonly oidcClaims: ClaimNames;
  /** For each call, from its start to the last byte of its answer. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  /** Where the browser comes back to: `https://…/giris/donus`, without a query. */
  readonly redirectUri: string;
  /** CAs beside the system's own, PEM texts. */
  readonly ca: readonly string[];
}
