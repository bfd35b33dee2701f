import {
  type DecidedRole,
  type Decider,
  decideRoles,
  type RoleDecision,
  type RolesDecided,
} from '../../authority/roles/decide-roles.js';
import { GRANTING_ROLES, SECOND_PERSON_ROLES } from '../../authority/roles/grant-rules.js';
import { letterFault } from '../../authority/roles/letter.js';
import { type NamedRole, parseRole } from '../../authority/roles/role-list.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { RECORDING_APPLIERS } from '../../house/authority/record-ports.js';
import { osUser } from '../../house/os-user.js';
import { KimlikNo } from '../../person/kimlik-no.js';
import { endSessionsOf } from '../../sign-in/end-sessions-of.js';
import { readSession } from '../../sign-in/read-session.js';
import { actorOf } from '../actor.js';
import { daySchema } from '../audit/retention-desk.js';
import { clearOption, MAX_NUMBER, MAX_REASON } from '../clear-option.js';
import type { Command, Terminal } from '../command.js';
import { actingOfficer, type House, inHouse } from '../house.js';

/** What every decision on roles may be given on the command line. */
export const GROUND_OPTIONS = {
  'letter-no': { type: 'string' },
  'letter-date': { type: 'string' },
  reason: { type: 'string' },
  'token-file': { type: 'string' },
} as const;

/** The letter that a decision rests on, and its reason. */
export type Grounds = Pick<RoleDecision, 'letter' | 'reason'>;

/**
 * Letter and reason as they were typed. Both stand in an entry in clear, so an identity number in them is refused, and so is a
 * letter of a day that has not come in Europe/Istanbul (reason `letter-date-in-future`). Errors: `WRONG_USE` and those of
 * `clearOption`, which repeat nothing of them.
 */
export function groundsOf(
  command: Pick<Command, 'usage'>,
  values: {
    readonly 'letter-no'?: string | undefined;
    readonly 'letter-date'?: string | undefined;
    readonly reason?: string | undefined;
  },
  now: Date,
): Grounds {
  const { 'letter-no': no, 'letter-date': date, reason } = values;
  const fault = letterFault(no ?? null, date ?? null, istanbulDay(now));
  if (fault === 'incomplete')
    throw new BridgeError('WRONG_USE', 'a letter has a number and a date: --letter-no and --letter-date');
  const letter =
    no === undefined || date === undefined
      ? null
      : { no: clearOption(command, '--letter-no', no, MAX_NUMBER), date: dayOf(date, '--letter-date') };
  if (fault === 'in-future')
    throw new BridgeError('WRONG_USE', '--letter-date lies in the future', {
      fields: { reason: 'letter-date-in-future' },
    });
  return {
    letter,
    reason: reason === undefined ? null : clearOption(command, '--reason', reason, MAX_REASON),
  };
}

function dayOf(text: string, option: string): string {
  const parsed = daySchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new BridgeError('WRONG_USE', `${option} is no day, YYYY-MM-DD`);
}

/** The role as it was typed. `WRONG_USE`. */
export function roleArgument(command: Pick<Command, 'usage'>, text: string | undefined): NamedRole {
  const role = parseRole(text ?? '');
  if (role === null)
    throw new BridgeError('WRONG_USE', `no such role (docs/roles.md); usage: bridge ${command.usage}`);
  return role;
}

/** The person by the number that stood on standard input. `IDENTITY_NUMBER_INVALID`. */
export function personFrom(input: string): KimlikNo {
  const parsed = KimlikNo.parse(input.trim());
  if (!parsed.ok)
    throw new BridgeError(
      'IDENTITY_NUMBER_INVALID',
      'standard input: the identity number of the person is needed, behind the token where that has no file',
    );
  return parsed.value;
}

/** How the tokens of those who decide are given. `second`: null where no second person came. */
export interface Tokens {
  readonly first: string | undefined;
  readonly second: string | null;
}

/** Opens the house for a decision on roles; everything is closed again. */
export function atRoleDesk<T>(
  terminal: Terminal,
  command: string,
  work: (house: House) => Promise<T>,
): Promise<T> {
  return inHouse(terminal, command, RECORDING_APPLIERS, work);
}

/** Who decides, with step-up. Errors: `TOKEN_INVALID`, `ROLE_REQUIRED`, `STEP_UP_REQUIRED`, `SECOND_PERSON_REQUIRED`. */
export async function readDeciders(
  house: House,
  terminal: Terminal,
  { first, second }: Tokens,
): Promise<{ readonly actor: Decider; readonly second: Decider | null }> {
  const act = async (file: string | undefined, roles: readonly string[]): Promise<Decider> => {
    const officer = await actingOfficer(house, terminal, { file }, roles, { operation: 'roles.decide' });
    return { person: officer.person, tag: officer.tag, session: actorOf(officer).data };
  };
  const actor = await act(first, GRANTING_ROLES);
  if (second === null) return { actor, second: null };
  const other = await act(second, SECOND_PERSON_ROLES);
  if (other.tag.equals(actor.tag))
    throw new BridgeError('SECOND_PERSON_REQUIRED', 'the two tokens must be those of two persons');
  return { actor, second: other };
}

/** A role of a person as the log knows that person. */
export function decidedRole(
  house: House,
  person: KimlikNo,
  role: NamedRole,
  days: { readonly from?: string | undefined; readonly to?: string | undefined } = {},
): DecidedRole {
  const tag = house.log.tagger.tag('authority', person);
  return { person, tag, role, from: days.from ?? null, to: days.to ?? null };
}

/** Hands the decision to the log, which looks at every rule again. */
export function submitDecision(
  { log }: House,
  decision: DistributiveOmit<RoleDecision, 'osUser'>,
): Promise<RolesDecided> {
  const stillSignedIn = async (
    tx: Parameters<typeof readSession>[0],
    { tag, session }: Decider,
    now: Date,
  ): Promise<boolean> =>
    (await readSession(tx, log.masterKeys, session.session, now))?.tag.equals(tag) === true;
  const tools = { stillSignedIn, endSessionsOf };
  return decideRoles(log.appender, tools, { ...decision, osUser: osUser() });
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What was decided; a refusal is thrown with its code and `fields.reason`. */
export function requireDone(decided: RolesDecided): Extract<RolesDecided, { kind: 'done' }> {
  if (decided.kind === 'done') return decided;
  const [row] = decided.rows;
  if (row === undefined) throw new BridgeError('STATE_CONFLICT', 'nothing was decided');
  const { code, reason, message } = row;
  throw new BridgeError(code, reason === null ? message : `${message} (${reason})`, {
    fields: reason === null ? {} : { reason },
  });
}
