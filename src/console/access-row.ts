import type { RoleName } from '../authority/roles/role-list.js';
import type { StepUpOperation } from '../sign-in/step-up/policy.js';

/** Part of the console to which a page belongs; each has its folder. */
export type ConsoleRoom = 'common' | 'security' | 'finance' | 'directorate' | 'administration';

/**
 * Who may open a page or act: `anyone` (it shows nothing that is not public), `signed-in` (a living session with two steps, of a person who
 * was informed; it shows the person's own), or whoever holds one of the roles today.
 */
export type Audience = 'anyone' | 'signed-in' | readonly [RoleName, ...RoleName[]];

/** One page (`GET`) or action (`POST`) of the console. */
export interface AccessRow {
  readonly room: ConsoleRoom;
  readonly method: 'GET' | 'POST';
  /** Express path; parameters are never personal. */
  readonly path: string;
  readonly audience: Audience;
  /** The second step that the settings may ask for; absent: it never is. */
  readonly operation?: StepUpOperation;
  /**
   * Which entry tells of it: `router` writes `console.opened` or `console.acted` before the handler runs; `own`: what the handler calls writes
   * one that says more; `none`: nothing but the person's own, or nothing at all, is shown.
   */
  readonly entry: 'router' | 'own' | 'none';
  /** Form fields may hold a file (`multipart/form-data`). */
  readonly upload?: true;
  /** Place in the navigation, in this order; absent: it is reached from another page. */
  readonly nav?: { readonly tr: string; readonly en: string };
}
