import type { KimlikNo } from '../person/kimlik-no.js';

/** How the upstream is spoken to. */
export type UpstreamProfile = 'e-devlet' | 'oidc';

/** What the upstream said about the strength of a sign-in, as it came. */
export interface Evidence {
  /** e-Devlet's `level`, or the claim `acr`; null where none came. At most 200 characters. */
  readonly level: string | null;
  /** The claim `amr`; empty for e-Devlet. */
  readonly amr: readonly string[];
}

/** A person whom the upstream has named. */
export interface NamedPerson {
  readonly person: KimlikNo;
  readonly ad: string;
  /** `''` where there is none. */
  readonly soyad: string;
  readonly evidence: Evidence;
  /** When the person proved who they are; null where the upstream does not say (then: now). */
  readonly authTime: Date | null;
}

/** What of a begun round trip must be kept on the server until its return. Plain JSON. */
export interface KeptSecrets {
  readonly codeVerifier: string | null;
  readonly nonce: string | null;
}

/** A round trip that begins: where the browser is sent, and what the server keeps. `state`: at least 32 URL-safe characters. */
export interface BegunTrip {
  readonly url: string;
  readonly state: string;
  readonly kept: KeptSecrets;
}

/** Whoever says who a person is. One object for the whole process. */
export interface Upstream {
  readonly profile: UpstreamProfile;
  /** Errors: `UPSTREAM_UNAVAILABLE` (discovery of the profile oidc). `fresh`: the person must prove themselves anew, where it can be asked for. */
  begin(options: { readonly fresh: boolean }): Promise<BegunTrip>;
  /**
   * Takes the return apart and asks who it is. `search`: the query of the return, `?` included; its state has been found and used
   * up before, and is given here as kept. Errors: `UPSTREAM_CANCELLED`, `UPSTREAM_REFUSED` (fields: the code, cut), `UPSTREAM_UNAVAILABLE`,
   * `UPSTREAM_ANSWER_INVALID`; never with a value of an answer.
   */
  finish(search: string, state: string, kept: KeptSecrets): Promise<NamedPerson>;
}
