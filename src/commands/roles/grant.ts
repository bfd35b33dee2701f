import { TWO_PERSON_ROLES } from '../../authority/roles/grant-rules.js';
import { formatRole, type NamedRole } from '../../authority/roles/role-list.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { readParts } from '../audit/retention-desk.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import {
  atRoleDesk,
  decidedRole,
  GROUND_OPTIONS,
  type Grounds,
  groundsOf,
  personFrom,
  readDeciders,
  requireDone,
  roleArgument,
  submitDecision,
} from './role-desk.js';

interface Granting {
  readonly role: NamedRole;
  readonly days: { readonly from?: string | undefined; readonly to?: string | undefined };
  readonly tokenFile: string | undefined;
  readonly secondTokenFile: string | undefined;
  readonly grounds: Grounds;
}

/** `bridge roles grant`: a person gets a role, whose number stands on standard input alone. */
export const grantCommand: Command = {
  usage:
    'roles grant ROLE [--from DAY --to DAY] [--token-file F] [--second-token-file G] [--letter-no N --letter-date DAY] [--reason "…"] [--bootstrap] [--json]',
  summary:
    'give the person whose number stands on standard input (behind the token where it has no file) a role; days, --to not included, for a ministry representative alone; a second person for administrator and security-officer; --bootstrap, without a token, for the first administrator',
  run: async (args, terminal) => {
    const { positionals, values } = parseCommand(
      grantCommand,
      args,
      {
        ...GROUND_OPTIONS,
        from: { type: 'string' },
        to: { type: 'string' },
        'second-token-file': { type: 'string' },
        bootstrap: { type: 'boolean', default: false },
      },
      1,
    );
    const role = roleArgument(grantCommand, positionals[0]);
    const granting: Granting = {
      role,
      days: { from: values.from, to: values.to },
      tokenFile: values['token-file'],
      secondTokenFile: values['second-token-file'],
      grounds: groundsOf(grantCommand, values, new Date()),
    };
    const done = values.bootstrap ? await bootstrap(terminal, granting) : await grant(terminal, granting);
    const leafIndex = Number(done.leafIndex);
    const [roleId] = done.roleIds;
    const result = { decision: 'granted', role: formatRole(role), roleId, leafIndex };
    terminal.out(
      values.json ? JSON.stringify(result) : `granted: ${result.role} as ${roleId} (leaf ${leafIndex})`,
    );
    return EXIT.ok;
  },
};

async function grant(terminal: Terminal, { role, days, tokenFile, secondTokenFile, grounds }: Granting) {
  if (secondTokenFile !== undefined && !TWO_PERSON_ROLES.includes(role.role))
    throw new BridgeError('WRONG_USE', 'one person grants this role: --second-token-file is not for it');
  const parts = await readParts(terminal, tokenFile);
  return atRoleDesk(parts.terminal, 'roles grant', async (house) => {
    const tokens = { first: tokenFile, second: secondTokenFile ?? null };
    const deciders = await readDeciders(house, parts.terminal, tokens);
    const roles = [decidedRole(house, personFrom(parts.body), role, days)];
    return requireDone(await submitDecision(house, { kind: 'grant', ...deciders, roles, ...grounds }));
  });
}

/** Nobody is there who could act: the operating-system user, who stands in the entry, answers for it. */
async function bootstrap(terminal: Terminal, { role, days, tokenFile, secondTokenFile, grounds }: Granting) {
  const isPlain = tokenFile === undefined && secondTokenFile === undefined;
  if (role.role !== 'administrator' || !isPlain)
    throw new BridgeError('WRONG_USE', '--bootstrap is for the first administrator, without a token');
  const input = await terminal.read();
  return atRoleDesk(terminal, 'roles grant --bootstrap', async (house) => {
    const roles = [decidedRole(house, personFrom(input), role, days)];
    return requireDone(await submitDecision(house, { kind: 'bootstrap', roles, ...grounds }));
  });
}
