import type { World } from '../world/world.js';
import type { Attempts } from './attempts.js';
import type { EdevletClient } from './clients.js';
import type { IssuedGrants } from './issued.js';
import type { Logins } from './logins.js';

/** How the resource call carries its fields: exactly one way is spoken. */
export type ResourceTransport = 'form' | 'query' | 'json';

/** What every call of the stand-in works with. */
export interface EdevletParts {
  readonly clients: readonly EdevletClient[];
  readonly resourceTransport: ResourceTransport;
  readonly world: Pick<World, 'person'>;
  readonly logins: Logins;
  readonly issued: IssuedGrants;
  readonly attempts: Attempts;
  readonly now: () => number;
}

/** Addresses of facts/e-devlet.md §1, and those of our own pages below `/Giris/`. */
export const PATHS = {
  authorize: '/OAuth2AuthorizationServer/AuthorizationController',
  token: '/OAuth2AuthorizationServer/AccessTokenController',
  resource: '/OAuth2AuthorizationServer/AuthenticationController',
  login: '/Giris/gir',
  secondStep: '/Giris/ikinci-adim',
  cancel: '/Giris/vazgec',
} as const;
