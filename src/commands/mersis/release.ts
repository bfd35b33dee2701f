import { BridgeError } from '../../errors/bridge-error.js';
import { osUser } from '../../house/os-user.js';
import { listHeld } from '../../mersis/held/list-held.js';
import { type Released, type RunDecision, releaseRun } from '../../mersis/held/release-run.js';
import { clearOption, MAX_REASON } from '../clear-option.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import { atHeldDesk, doneValue, HELD_TOOLS, heldOfficer } from './held-desk.js';

interface Order {
  readonly decision: RunDecision;
  readonly reason: string | null;
  readonly tokenFile: string | undefined;
  readonly secondTokenFile: string | undefined;
}

interface Decided extends Released {
  readonly runId: string;
}

/** `bridge mersis release`: a second officer lets pass what the stopped run holds, or rejects it. */
export const mersisReleaseCommand: Command = {
  usage: 'mersis release [--reject] [--reason "…"] [--token-file F] [--second-token-file G] [--json]',
  summary:
    'let pass what the stopped run holds, or reject it (with a reason): an administrator or a security officer, step-up, other than the one who reviewed it; where both are there, F is the first one’s token, who reviews, and G the second’s, who decides. What came after the review is read anew',
  run: async (args, terminal) => {
    const options = {
      reject: { type: 'boolean', default: false },
      reason: { type: 'string' },
      'token-file': { type: 'string' },
      'second-token-file': { type: 'string' },
    } as const;
    const { values } = parseCommand(mersisReleaseCommand, args, options, 0);
    const { reason: typed } = values;
    const reason =
      typed === undefined ? null : clearOption(mersisReleaseCommand, '--reason', typed, MAX_REASON);
    const { 'token-file': tokenFile, 'second-token-file': secondTokenFile } = values;
    const isPair = secondTokenFile === undefined || tokenFile !== undefined;
    if ((values.reject && reason === null) || !isPair)
      throw new BridgeError('WRONG_USE', `usage: bridge ${mersisReleaseCommand.usage}`);
    const decision = values.reject ? 'rejected' : 'released';
    const order: Order = { decision, reason, tokenFile, secondTokenFile };
    const { anew, cooperatives, leafIndex, runId } = await decide(terminal, order);
    const result = { run: runId, decision, cooperatives, anew, leafIndex: Number(leafIndex) };
    const more = anew === 0 ? '' : `; ${anew} that came after the review are judged anew`;
    terminal.out(
      values.json
        ? JSON.stringify(result)
        : `${decision}: ${cooperatives} cooperative(s) of run ${runId}${more} (leaf ${leafIndex}). They are read again at once.`,
    );
    return EXIT.ok;
  },
};

function decide(
  terminal: Terminal,
  { decision, reason, tokenFile, secondTokenFile }: Order,
): Promise<Decided> {
  return atHeldDesk(terminal, 'mersis release', async (house) => {
    const both = secondTokenFile !== undefined;
    const reviewer = both ? await heldOfficer(house, terminal, tokenFile, null) : null;
    const decider = both ? secondTokenFile : tokenFile;
    const officer = await heldOfficer(house, terminal, decider, 'mersis.release');
    const { run } = await listHeld(house.db);
    if (run === null) throw new BridgeError('STATE_CONFLICT', 'no run stands stopped: nothing is held back');
    const { runId } = run;
    const order = { runId, decision, reason, officer, reviewer, osUser: osUser() };
    return { runId, ...doneValue(await releaseRun(house.log.appender, HELD_TOOLS, order)) };
  });
}
