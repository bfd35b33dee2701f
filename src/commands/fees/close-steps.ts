import { BridgeError } from '../../errors/bridge-error.js';
import { foldWindow } from '../../fees/book/fold.js';
import type { CloseTools } from '../../fees/quarter/close-tools.js';
import { decideQuarter } from '../../fees/quarter/decide.js';
import { freezeQuarter } from '../../fees/quarter/freeze.js';
import { type CloseStep, nextStep, type PlannedStep } from '../../fees/quarter/next-step.js';
import { type Closing, readClosing } from '../../fees/quarter/read-closing.js';
import { reopenExpired } from '../../fees/quarter/reopen-expired.js';
import { sealQuarter } from '../../fees/quarter/seal.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import { doneValue as doneOf } from '../../proposals/verdict.js';
import type { Terminal } from '../command.js';
import type { House } from '../house.js';
import { progressOn } from '../progress.js';

/** Who closes what, with what. `officers`: one, or the first and the second person. */
export interface CloseDesk {
  readonly house: House;
  readonly terminal: Terminal;
  readonly tools: CloseTools;
  readonly quarter: string;
  readonly reason: string | null;
  readonly officers: readonly [ActingOfficer, ...ActingOfficer[]];
  /** How far the closing was when the command began. */
  readonly begun: Closing;
}

/** What was done, and where the log has it; null where no leaf is told. */
export interface DoneStep {
  readonly step: CloseStep;
  readonly leafIndex: bigint | null;
}

/** Reopened, frozen, approved, sealed, and one to see that nothing is left. */
const MAX_STEPS = 5;
/** As many windows as `foldLines` does. */
const MAX_WINDOWS = 10_000;

/**
 * Does what comes next for those who are there, as often as something does: each step is a transaction of its own, so that whoever was
 * interrupted goes on where it stood. Errors: the refusals of the lanes; `STATE_CONFLICT` where one person would approve what was frozen since the
 * command began.
 */
export async function closeOn(desk: CloseDesk): Promise<readonly DoneStep[]> {
  const done: DoneStep[] = [];
  for (let i = 0; i < MAX_STEPS; i += 1) {
    const closing = await readClosing(desk.house.db, desk.quarter, new Date());
    const planned = nextStep(closing, desk.officers, new Date());
    if (planned === null) return done;
    if (planned.step === 'approve') requireSeen(desk, closing);
    done.push(await take(desk, planned, closing));
  }
  return done;
}

/** One person who came to freeze must not approve what another one froze in that moment: nobody has looked at it. */
function requireSeen({ begun, officers, quarter }: CloseDesk, { proposal }: Closing): void {
  if (officers.length > 1 || begun.proposal?.id === proposal?.id) return;
  throw new BridgeError(
    'STATE_CONFLICT',
    `somebody froze ${quarter} just now: look at it (bridge fees close ${quarter} --step status), then run the command again to approve`,
  );
}

/** Does one step that was asked for by name. A freezing whose time was over is ended by the next one. */
export async function takeNamed(
  desk: CloseDesk,
  step: Exclude<CloseStep, 'reopen'>,
): Promise<readonly DoneStep[]> {
  const [officer] = desk.officers;
  const closing = await readClosing(desk.house.db, desk.quarter, new Date());
  const isOver = nextStep(closing, desk.officers, new Date())?.step === 'reopen';
  const before = step === 'freeze' && isOver ? [await take(desk, { step: 'reopen', officer }, closing)] : [];
  return [...before, await take(desk, { step, officer }, closing)];
}

async function take(
  desk: CloseDesk,
  { officer, step }: PlannedStep,
  { proposal }: Closing,
): Promise<DoneStep> {
  const { house, quarter, reason, tools } = desk;
  const log = house.log.appender;
  if (step === 'reopen') {
    doneOf(await reopenExpired(log, tools, quarter));
    return { step, leafIndex: null };
  }
  if (step === 'freeze') {
    await fold(desk);
    const { leafIndex } = doneOf(await freezeQuarter(log, tools, { quarter, reason, officer }));
    return { step, leafIndex };
  }
  if (step === 'seal') {
    const { leafIndex } = doneOf(await sealQuarter(log, tools, { quarter, officer }));
    return { step, leafIndex };
  }
  const decision = ({ approve: 'approved', refuse: 'refused', withdraw: 'withdrawn' } as const)[step];
  const order = { quarter, proposal: proposal?.id ?? '', decision, reason, officer };
  const { leafIndex } = doneOf(await decideQuarter(log, tools, order));
  return { step, leafIndex };
}

const PLACE = `SELECT (SELECT size FROM bridge.fee_fold) AS done, (SELECT size FROM bridge.log_head) AS of`;

/** Sums up to the log's end before it has to stand still for the rest. */
async function fold({ house: { db }, terminal }: CloseDesk): Promise<void> {
  const tell = progressOn(terminal, 'entries added up');
  for (let i = 0; i < MAX_WINDOWS; i += 1) {
    if (!(await db.transaction((tx) => foldWindow(tx)))) return;
    const { rows } = await db.query<{ done: bigint; of: bigint }>({ text: PLACE });
    tell(rows[0]?.done ?? 0n, rows[0]?.of ?? 0n);
  }
  throw new BridgeError('OVERLOADED', 'the sums of the book are far behind the log: repeat the command');
}
