import { osUser } from '../../house/os-user.js';
import { type HeldList, listHeld } from '../../mersis/held/list-held.js';
import type { HeldOfficer } from '../../mersis/held/officer.js';
import { type Reviewed, reviewRun } from '../../mersis/held/review-run.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import type { House } from '../house.js';
import { atHeldDesk, doneValue, HELD_TOOLS, heldOfficer } from './held-desk.js';
import { heldTable } from './held-table.js';

interface Seen {
  readonly list: HeldList;
  /** Null where nobody acted, or no run stands stopped. */
  readonly reviewed: Reviewed | null;
}

/** `bridge mersis review`: what readings of MERSİS have left waiting. With an officer's token the look itself is the first person's. */
export const mersisReviewCommand: Command = {
  usage: 'mersis review [--token-file FILE] [--json]',
  summary:
    'the losses that wait for a second reading or for persons; with the token of an administrator or a security officer (file, or standard input) that officer has reviewed the stopped run: the first of the two persons who release it',
  run: async (args, terminal) => {
    const { values } = parseCommand(mersisReviewCommand, args, { 'token-file': { type: 'string' } }, 0);
    const file = values['token-file'];
    // Nothing personal is shown: without a token it is a look and no more.
    const input = file === undefined ? (await terminal.read()).trim() : '';
    const acts = file !== undefined || input !== '';
    const { list, reviewed } = await look({ ...terminal, read: async () => input }, file, acts);
    terminal.out(values.json ? jsonOf({ list, reviewed }) : heldTable(list));
    if (reviewed !== null)
      terminal.err(
        `reviewed: ${reviewed.cooperatives} cooperative(s), ${reviewed.lost} seat(s) (leaf ${reviewed.leafIndex}); another officer decides with mersis release`,
      );
    else if (list.run !== null) terminal.err('not reviewed: that needs the token of an officer');
    return EXIT.ok;
  },
};

function look(terminal: Terminal, file: string | undefined, acts: boolean): Promise<Seen> {
  return atHeldDesk(terminal, 'mersis review', async (house) => {
    const reviewer = acts ? await heldOfficer(house, terminal, file, null) : null;
    const reviewed = reviewer === null ? null : await review(house, reviewer);
    // Read behind the review: all that it stands for is shown, and what comes after it no release lets pass.
    return { list: await listHeld(house.db), reviewed };
  });
}

async function review({ db, log }: House, reviewer: HeldOfficer): Promise<Reviewed | null> {
  const { run } = await listHeld(db);
  if (run === null) return null;
  const { runId } = run;
  return doneValue(await reviewRun(log.appender, HELD_TOOLS, { runId, reviewer, osUser: osUser() }));
}

function jsonOf({ list, reviewed }: Seen): string {
  const told =
    reviewed === null
      ? null
      : {
          cooperatives: reviewed.cooperatives,
          lost: reviewed.lost,
          leafIndex: Number(reviewed.leafIndex),
        };
  return JSON.stringify({ ...list, reviewed: told });
}
