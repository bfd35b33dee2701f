import type { Request, Response } from 'express';
import type { Choice } from './cooperatives.js';
import type { NamedByLogout } from './logout-token.js';
import type { Provider } from './provider.js';
import type { SecureFetch } from './secure-fetch.js';
import type { Session, Sessions } from './sessions.js';
import type { KoopbisSettings } from './settings.js';

/** What the application is made of. */
export interface KoopbisParts {
  readonly settings: Pick<KoopbisSettings, 'origin' | 'issuer' | 'api'>;
  readonly provider: Provider;
  readonly fetch: SecureFetch;
  readonly choices: (kimlikNo: string) => Promise<readonly Choice[]>;
  readonly checkLogout: (token: string) => Promise<NamedByLogout>;
  readonly now: () => number;
}

/** The parts with what the routes share. */
export interface Shared extends KoopbisParts {
  readonly sessions: Sessions;
  current(request: Request): Session | undefined;
  /** The session where the form came from a page of it; otherwise an answer has been sent. */
  fromForm(request: Request, response: Response): Session | undefined;
}

/** A field of a form as text; `''` where it is missing or repeated. */
export function fieldOf(request: Request, name: string): string {
  const value: unknown = (request.body as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value : '';
}
