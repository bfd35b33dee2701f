import { z } from 'zod';
import { createConfirmLane } from '../../audit/retention/confirm-lane.js';
import { createPlaceHoldLane, type HoldSummary, listHolds } from '../../audit/retention/holds.js';
import { listProposals, type ProposalWhat } from '../../audit/retention/proposals.js';
import { createProposeLane } from '../../audit/retention/propose-lane.js';
import { createRefuseLane } from '../../audit/retention/refuse-lane.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { proposalId, showProposals } from './proposal-table.js';
import {
  atDesk,
  authoritySchema,
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

const WHATS: readonly ProposalWhat[] = ['lift-hold'];
/** Holds and proposals shown at once. */
const SHOWN = 500;

const holdSchema = z.strictObject({
  person: personSchema,
  years: yearsSchema,
  document: z.strictObject({ authority: authoritySchema, number: numberSchema, date: daySchema }),
  reason: reasonSchema,
});
const reasonOnly = z.strictObject({ reason: reasonSchema });

/** What one action of `bridge audit hold` works with; `id` is that of a hold or of a proposal. */
interface Deed {
  readonly desk: Desk;
  readonly body: string;
  readonly id: string;
}

interface Action {
  /** The option that names what it is about. */
  readonly about: 'hold' | 'proposal' | null;
  /** Whether standard input carries JSON. */
  readonly reads: boolean;
  run(deed: Deed): Promise<Told>;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  place: {
    about: null,
    reads: true,
    run: async ({ desk, body }) => {
      const { person, years, document, reason } = parseBody(body, holdSchema);
      const { id, leafIndex } = await desk.submit(createPlaceHoldLane(desk.tools), {
        officer: desk.officer,
        subject: parsePerson(person),
        yearFrom: years.from,
        yearTo: years.to,
        document,
        reason,
      });
      return [{ hold: id, leafIndex: Number(leafIndex) }, `hold ${id} stands (leaf ${leafIndex})`];
    },
  },
  lift: {
    about: 'hold',
    reads: true,
    run: async ({ desk, body, id: hold }) => {
      const { reason } = parseBody(body, reasonOnly);
      const terms = { what: 'lift-hold', hold, reason } as const;
      const proposal = { officer: desk.officer, terms, subject: null, reason };
      const { id, leafIndex, expiresAt } = await desk.submit(createProposeLane(desk.tools), proposal);
      const until = expiresAt.toISOString();
      return [
        { proposal: id, leafIndex: Number(leafIndex), expiresAt: until },
        `proposed: ${id} (leaf ${leafIndex}). The hold stands until another security officer confirms it, by ${until}.`,
      ];
    },
  },
  confirm: {
    about: 'proposal',
    reads: false,
    run: async ({ desk, id }) => {
      const { officer, tools } = desk;
      const confirmation = { officer, proposal: id, whats: WHATS, subject: null };
      const { leafIndex } = await desk.submit(createConfirmLane(tools), confirmation);
      return [{ what: 'lift-hold', leafIndex: Number(leafIndex) }, `the hold is lifted (leaf ${leafIndex})`];
    },
  },
  refuse: {
    about: 'proposal',
    reads: true,
    run: async ({ desk, body, id }) => {
      const { reason } = parseBody(body, reasonOnly);
      const { officer, tools } = desk;
      const leaf = await desk.submit(createRefuseLane(tools), {
        officer,
        proposal: id,
        whats: WHATS,
        reason,
      });
      return [{ leafIndex: Number(leaf) }, `refused: the hold stands (leaf ${leaf})`];
    },
  },
  list: {
    about: null,
    reads: false,
    run: async ({ desk }) => {
      const holds = await listHolds(desk.house.db, SHOWN);
      const [proposals, words] = showProposals(await listProposals(desk.house.db, WHATS, SHOWN), new Date());
      const lines = holds.map(wordsOf);
      return [
        { holds: holds.map(documentOf), proposals },
        `holds:\n${lines.length === 0 ? 'none' : lines.join('\n')}\nproposals to lift:\n${words}`,
      ];
    },
  },
};

function documentOf({ id, yearFrom, yearTo, document, placedLeaf, liftedLeaf }: HoldSummary) {
  const leaves = {
    placedLeaf: Number(placedLeaf),
    liftedLeaf: liftedLeaf === null ? null : Number(liftedLeaf),
  };
  return { hold: id, years: { from: yearFrom, to: yearTo }, document, ...leaves };
}

function wordsOf({ id, yearFrom, yearTo, document, liftedLeaf }: HoldSummary): string {
  const state = liftedLeaf === null ? 'stands' : 'lifted';
  return `${id}  ${state}  ${yearFrom}-${yearTo}  ${document.authority} ${document.number} of ${document.date}`;
}

/** `bridge audit hold …`: legal holds. One officer places one, two lift it; step-up each. */
export const holdCommand: Command = {
  usage: 'audit hold place|lift|confirm|refuse|list [--hold ID] [--proposal ID] [--token-file FILE] [--json]',
  summary:
    'legal holds: place {"person","years":{"from","to"},"document":{"authority","number","date"},"reason"}, lift and refuse {"reason"} read JSON from standard input, behind the token where it has no file; lifting is confirmed by another officer',
  run: async (args, terminal) => {
    const options = {
      hold: { type: 'string' },
      proposal: { type: 'string' },
      'token-file': { type: 'string' },
    } as const;
    const { positionals, values } = parseCommand(holdCommand, args, options, 1);
    const [name = ''] = positionals;
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    const fits = (one: 'hold' | 'proposal') => (values[one] !== undefined) === (action?.about === one);
    if (action === undefined || !fits('hold') || !fits('proposal'))
      throw new BridgeError('WRONG_USE', `usage: bridge ${holdCommand.usage}`);
    const tokenFile = values['token-file'];
    const parts = action.reads ? await readParts(terminal, tokenFile) : { terminal, body: '' };
    const id = proposalId(values.hold ?? values.proposal);
    const [result, words] = await atDesk(
      parts.terminal,
      { command: `audit hold ${name}`, tokenFile, role: 'security-officer' },
      (desk) => action.run({ desk, body: parts.body, id }),
    );
    terminal.out(values.json ? JSON.stringify(result) : words);
    return EXIT.ok;
  },
};
