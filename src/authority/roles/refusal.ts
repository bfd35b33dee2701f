import type { ErrorCode } from '../../errors/bridge-error.js';

/** Why a decision on a role conflicts with how things stand. Closed; `fields.reason` of `STATE_CONFLICT`. */
export const ROLE_CONFLICTS = {
  'own-person': 'nobody grants a role to oneself',
  'pair-forbidden': 'the person holds a role that must not meet with this one',
  'holds-seat': 'the person who decides, or who is to be sent, holds a seat at this cooperative',
  'already-held': 'the person holds this role',
  'not-held': 'the person does not hold this role',
  'outside-own-ministry': 'the role belongs to another ministry',
  'outside-own-area': 'the cooperative belongs to another ministry or another il',
  'cooperative-unknown': 'no such cooperative is known',
  'days-invalid': 'these are not the days of one assembly, or a role that has no days was given some',
  'administrator-exists': 'there is an administrator: --bootstrap was for the first one',
  'last-administrator': 'nobody would be left to grant roles: grant another administrator first',
  'last-second-person':
    'nobody would be left who could be the second person: grant another administrator or security officer first',
} as const satisfies Record<string, string>;

export type RoleConflict = keyof typeof ROLE_CONFLICTS;

/** True for a word of that list. */
export function isRoleConflict(text: string): text is RoleConflict {
  return Object.hasOwn(ROLE_CONFLICTS, text);
}

/** Why one row of a decision is refused. Nothing personal. */
export interface RoleRefusal {
  readonly code: Extract<
    ErrorCode,
    'ROLE_REQUIRED' | 'SECOND_PERSON_REQUIRED' | 'STATE_CONFLICT' | 'TOKEN_INVALID'
  >;
  readonly reason: RoleConflict | null;
  readonly message: string;
}

export function conflict(reason: RoleConflict): RoleRefusal {
  return { code: 'STATE_CONFLICT', reason, message: ROLE_CONFLICTS[reason] };
}

export const NOT_COMPETENT: RoleRefusal = {
  code: 'ROLE_REQUIRED',
  reason: null,
  message: 'whoever acts holds no role that decides on this one',
};
export const SECOND_NOT_COMPETENT: RoleRefusal = {
  code: 'ROLE_REQUIRED',
  reason: null,
  message: 'the second person must be an administrator or a security officer',
};
export const SECOND_NEEDED: RoleRefusal = {
  code: 'SECOND_PERSON_REQUIRED',
  reason: null,
  message: 'two persons grant this role; neither of them gets it',
};
export const NOT_SIGNED_IN: RoleRefusal = {
  code: 'TOKEN_INVALID',
  reason: null,
  message: 'the session of a person who acts has ended',
};
