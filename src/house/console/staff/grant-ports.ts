import { decideGrant } from '../../../authority/roles/decide-grant.js';
import {
  type DecidedRole,
  type Decider,
  type DecideTools,
  decideRoles,
  type RolesDecided,
} from '../../../authority/roles/decide-roles.js';
import { GRANT_RULES, TWO_PERSON_ROLES } from '../../../authority/roles/grant-rules.js';
import { findStandingRole, readPageOfRoles } from '../../../authority/roles/page-of-roles.js';
import { type GrantTools, grantTermsOf, proposeGrant } from '../../../authority/roles/propose-grant.js';
import { isRoleConflict } from '../../../authority/roles/refusal.js';
import { openPersons } from '../../../authority/roles/sealed-grant.js';
import type { GrantMatterPorts } from '../../../console/administration/roles/roles-matter.js';
import type { RoleOutcome, RolePorts } from '../../../console/administration/staff-port.js';
import { BridgeError } from '../../../errors/bridge-error.js';
import type { ActingOfficer } from '../../../proposals/officer.js';
import { actedBy, doneValue } from '../../../proposals/verdict.js';
import { endSessionsOf } from '../../../sign-in/end-sessions-of.js';
import { deedPortsOf } from '../../deed-ports.js';
import { osUser } from '../../os-user.js';
import { stillActs } from '../../still-acts.js';
import { openedBy } from '../opened.js';
import type { RoomParts } from '../parts.js';

/** Who grants what two persons grant: whoever proposed must be one of them when it is approved. */
const GRANTERS = [
  ...new Set(
    GRANT_RULES.filter(({ grants }) => TWO_PERSON_ROLES.includes(grants)).map(({ granter }) => granter),
  ),
];
/** Digits of a number by which the second person tells whom a grant is about. */
const LAST_DIGITS = 4;

/** What the page about roles asks, and what the desk of proposed grants does. */
export function openGrants(parts: RoomParts): {
  readonly ports: RolePorts;
  readonly matter: GrantMatterPorts;
} {
  const { config, db, log } = parts;
  const { appender, masterKeys, tagger } = log;
  const tools: GrantTools = {
    ...{ masterKeys, tagger, endSessionsOf, osUser: osUser() },
    hours: config.console.proposalHours,
    ports: deedPortsOf(config.instance, null, GRANTERS),
  };
  const tagged = (role: Omit<DecidedRole, 'tag'>): DecidedRole => {
    return { ...role, tag: tagger.tag('authority', role.person) };
  };
  return {
    ports: {
      opened: openedBy(parts),
      page: (scope, name, after, limit) => readPageOfRoles(db, { scope, name, after, limit }),
      find: (scope, roleId) => findStandingRole(db, scope, roleId),
      isOf: ({ tag }, person) => tagger.tag('authority', person).toString('hex') === tag,
      grant: async (officer, { from, letter, person, reason, role, to }) => {
        const decided = await decideRoles(appender, signedInAs(officer), {
          ...{ kind: 'grant', second: null, letter, reason, osUser: tools.osUser },
          actor: deciderOf(officer),
          roles: [tagged({ person, role, from, to })],
        });
        const outcome = outcomeOf(decided);
        const needsTwo = outcome.kind === 'refused' && outcome.refusal.code === 'SECOND_PERSON_REQUIRED';
        return needsTwo ? proposed(tools, parts, { person, role, letter, reason, officer }) : outcome;
      },
      revoke: async (officer, { letter, person, reason, role }) =>
        outcomeOf(
          await decideRoles(appender, signedInAs(officer), {
            ...{ kind: 'revoke', letter, reason, osUser: tools.osUser },
            actor: deciderOf(officer),
            roles: [tagged({ person, role, from: null, to: null })],
          }),
        ),
    },
    matter: {
      decide: async (wish) => doneValue(await decideGrant(appender, tools, wish)),
      lastDigits: async (proposal) => {
        const terms = grantTermsOf(proposal);
        const persons =
          terms === null ? null : await openPersons(db, masterKeys, proposal.id, terms.personsSha256);
        return persons?.person.reveal().slice(-LAST_DIGITS) ?? null;
      },
    },
  };
}

async function proposed(
  tools: GrantTools,
  { log }: Pick<RoomParts, 'log'>,
  wish: Parameters<typeof proposeGrant>[2],
): Promise<RoleOutcome> {
  const verdict = await proposeGrant(log.appender, tools, wish);
  if (verdict.kind === 'done') return { kind: 'proposed' };
  const { code, message, reason } = verdict;
  if (reason === undefined || !isRoleConflict(reason)) throw new BridgeError(code, message);
  return { kind: 'refused', refusal: { code: 'STATE_CONFLICT', message, reason } };
}

function outcomeOf(decided: RolesDecided): RoleOutcome {
  if (decided.kind === 'done') return { kind: 'done' };
  const [row] = decided.rows;
  if (row === undefined) throw new BridgeError('STATE_CONFLICT', 'nothing was decided');
  return { kind: 'refused', refusal: row };
}

function deciderOf(officer: ActingOfficer): Decider {
  const { person, tag } = officer;
  return { person, tag, session: actedBy(officer).actor };
}

/** That the session and the role that opened the page still stand, asked inside the batch. */
function signedInAs({ role }: ActingOfficer): DecideTools {
  return {
    endSessionsOf,
    stillSignedIn: (tx, { session: { session }, tag }, now) => stillActs(tx, { role, session, tag }, now),
  };
}
