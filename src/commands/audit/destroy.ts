import { z } from 'zod';
import { createConfirmLane } from '../../audit/retention/confirm-lane.js';
import { listProposals, type ProposalWhat } from '../../audit/retention/proposals.js';
import { createProposeLane, type NewProposal } from '../../audit/retention/propose-lane.js';
import { createRefuseLane } from '../../audit/retention/refuse-lane.js';
import { createReplayLane } from '../../audit/retention/resurrected.js';
import { readState } from '../../audit/retention/state.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import { proposalId, showProposals } from './proposal-table.js';
import {
  atDesk,
  type Desk,
  daySchema,
  numberSchema,
  parseBody,
  parsePerson,
  personSchema,
  readParts,
  reasonSchema,
  type Told,
  yearsSchema,
} from './retention-desk.js';

const WHATS: readonly ProposalWhat[] = ['destroy', 'shorter-term'];
/** Proposals shown at once; there are a handful in a year. */
const SHOWN = 200;
/** Batches of a replay in one run of the command: a million keys. */
const MAX_REPLAYS = 1000;

const proposalSchema = z.strictObject({
  person: personSchema,
  years: yearsSchema,
  side: z.enum(['actor', 'subject', 'both']),
  decision: z.strictObject({ authority: z.enum(['court', 'board']), number: numberSchema, date: daySchema }),
  reason: reasonSchema,
});
const reasonOnly = z.strictObject({ reason: reasonSchema });
const checkedPerson = z.strictObject({ person: personSchema });

/** What one action of `bridge audit destroy` works with. */
interface Deed {
  readonly desk: Desk;
  readonly body: string;
  readonly proposal: string;
  readonly checkPerson: boolean;
}

const ACTIONS: Readonly<Record<string, (deed: Deed, terminal: Terminal) => Promise<Told>>> = {
  propose: async ({ desk, body }) => {
    const { person, years, side, decision, reason } = parseBody(body, proposalSchema);
    const subject = parsePerson(person);
    const terms = { what: 'destroy', decision, side, yearFrom: years.from, yearTo: years.to } as const;
    return proposed(desk, { terms, subject, reason });
  },
  shorten: async ({ desk, body }) => {
    const { reason } = parseBody(body, reasonOnly);
    const from = (await readState(desk.house.db, false))?.years ?? desk.tools.years;
    const terms = { what: 'shorter-term', from, to: desk.tools.years } as const;
    return proposed(desk, { terms, subject: null, reason });
  },
  confirm: async ({ desk, body, proposal, checkPerson }) => {
    const subject = checkPerson ? parsePerson(parseBody(body, checkedPerson).person) : null;
    const { officer, tools } = desk;
    const result = await desk.submit(createConfirmLane(tools), { officer, proposal, whats: WHATS, subject });
    const { what, leafIndex, keys, searchRows, keptForRecords } = result;
    const kept =
      keptForRecords === 0 ? '' : `; ${keptForRecords} key(s) stay for three years: they say who destroyed`;
    const words =
      what === 'shorter-term'
        ? `confirmed: the periodic run goes by the shorter term from now on (leaf ${leafIndex})`
        : `destroyed: ${keys} key(s), ${searchRows} search row(s) (leaf ${leafIndex})${kept}`;
    return [{ what, leafIndex: Number(leafIndex), keys, searchRows, keptForRecords }, words];
  },
  refuse: async ({ desk, body, proposal }) => {
    const { reason } = parseBody(body, reasonOnly);
    const { officer, tools } = desk;
    const leaf = await desk.submit(createRefuseLane(tools), { officer, proposal, whats: WHATS, reason });
    return [{ leafIndex: Number(leaf) }, `refused: the proposal has ended (leaf ${leaf})`];
  },
  list: async ({ desk }) => showProposals(await listProposals(desk.house.db, WHATS, SHOWN), new Date()),
  replay: async ({ desk }, terminal) => {
    const total = { keys: 0, searchRows: 0, left: 0 };
    const lane = createReplayLane(desk.tools);
    for (let i = 0; i < MAX_REPLAYS; i += 1) {
      const { keys, searchRows, left } = await desk.submit(lane, { officer: desk.officer });
      total.keys += keys;
      total.searchRows += searchRows;
      total.left = left;
      if (keys === 0) break;
      terminal.err(`${total.keys} key(s) destroyed again`);
    }
    const left = total.left === 0 ? '' : `; ${total.left} stay: a legal hold, or a record of destruction`;
    return [total, `destroyed again: ${total.keys} key(s), ${total.searchRows} search row(s)${left}`];
  },
};

async function proposed(
  desk: Desk,
  proposal: Pick<NewProposal, 'terms' | 'subject' | 'reason'>,
): Promise<Told> {
  const { id, leafIndex, expiresAt } = await desk.submit(createProposeLane(desk.tools), {
    officer: desk.officer,
    ...proposal,
  });
  const until = expiresAt.toISOString();
  return [
    { proposal: id, leafIndex: Number(leafIndex), expiresAt: until },
    `proposed: ${id} (leaf ${leafIndex}). Another security officer confirms it until ${until}.`,
  ];
}

/** `bridge audit destroy …`: two security officers destroy a person's data on a decision; step-up each. */
export const destroyCommand: Command = {
  usage:
    'audit destroy propose|shorten|confirm|refuse|list|replay [--proposal ID] [--check-person] [--token-file FILE] [--json]',
  summary:
    'destroy on a decision, by two officers: propose {"person","years":{"from","to"},"side","decision":{"authority":"court|board","number","date"},"reason"} and shorten, refuse {"reason"} read JSON from standard input, behind the token where it has no file; replay destroys again what a backup brought back',
  run: async (args, terminal) => {
    const options = {
      proposal: { type: 'string' },
      'check-person': { type: 'boolean', default: false },
      'token-file': { type: 'string' },
    } as const;
    const { positionals, values } = parseCommand(destroyCommand, args, options, 1);
    const [name = ''] = positionals;
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    const needsProposal = name === 'confirm' || name === 'refuse';
    if (action === undefined || needsProposal !== (values.proposal !== undefined))
      throw new BridgeError('WRONG_USE', `usage: bridge ${destroyCommand.usage}`);
    const proposal = proposalId(values.proposal);
    const tokenFile = values['token-file'];
    const checkPerson = values['check-person'];
    const reads = name === 'propose' || name === 'shorten' || name === 'refuse' || checkPerson;
    const parts = reads ? await readParts(terminal, tokenFile) : { terminal, body: '' };
    const command = `audit destroy ${name}`;
    const [result, words] = await atDesk(
      parts.terminal,
      { command, tokenFile, role: 'security-officer' },
      (desk) => action({ desk, body: parts.body, proposal, checkPerson }, terminal),
    );
    terminal.out(values.json ? JSON.stringify(result) : words);
    return EXIT.ok;
  },
};
