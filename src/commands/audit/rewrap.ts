import {
  createRewrapLane,
  type Rewrapped,
  type RowKey,
  rowsUnderOldKeys,
} from '../../audit/retention/rewrap.js';
import { waitingUnderOtherKeys } from '../../sign-in/step-up/device.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import { atDesk, type Desk } from './retention-desk.js';
import { REWRAP_TARGETS } from './rewrap-targets.js';

/** A hundred million rows; a table that grows faster than it is wrapped would hold the command for ever. */
const MAX_BATCHES = 100_000;
/** What takes longer than two seconds says how far it is (CONTRACT §7). */
const PROGRESS_MS = 2000;

/** `bridge audit rewrap`: wraps what earlier master keys wrapped anew under the active one, so that those can go. */
export const rewrapCommand: Command = {
  usage: 'audit rewrap [--token-file FILE] [--json]',
  summary:
    'after a change of the master key: wrap everything anew under the active one; can be stopped and run again. An administrator, step-up',
  run: async (args, terminal) => {
    const { values } = parseCommand(rewrapCommand, args, { 'token-file': { type: 'string' } } as const, 0);
    const options = {
      command: 'audit rewrap',
      tokenFile: values['token-file'],
      role: 'administrator',
    } as const;
    return atDesk(terminal, options, async (desk) => {
      const { activeId } = desk.tools.masterKeys;
      const { count, damaged } = await rewrapAll(desk, terminal);
      const left = await rowsUnderOldKeys(desk.house.db, REWRAP_TARGETS, activeId);
      const waiting = await waitingUnderOtherKeys(desk.house.db, activeId, new Date());
      if (values.json) terminal.out(JSON.stringify({ to: activeId, count, damaged, left, waiting }));
      else {
        terminal.out(`${count} row(s) wrapped anew by the master key ${activeId}`);
        for (const { table, keyId, count: rows } of left)
          terminal.out(`${rows} row(s) of ${table} are still wrapped by ${keyId}`);
        for (const { keyId, count: secrets } of waiting)
          terminal.out(`${secrets} secret(s) wrapped by ${keyId} wait for the first code of a second step`);
      }
      if (left.length + waiting.length === 0) {
        terminal.err(
          `no row needs another master key than ${activeId}: the others can leave audit.masterKeys`,
        );
        return EXIT.ok;
      }
      terminal.err(whyNot(damaged, left.length));
      return EXIT.failed;
    });
  },
};

function whyNot(damaged: number, left: number): string {
  if (damaged > 0)
    return `${damaged} row(s) do not open at their place: somebody changed them. Keep the old keys`;
  if (left > 0)
    return 'keep the old keys. Is an instance still running on the old settings? Restart it, then run this again';
  return 'keep the old keys until no secret waits for its first code: ten minutes; then run this again';
}

async function rewrapAll(desk: Desk, terminal: Terminal): Promise<{ count: number; damaged: number }> {
  const { tools, house, officer } = desk;
  const lane = createRewrapLane({
    instance: tools.instance,
    masterKeys: tools.masterKeys,
    knownIds: house.config.audit.masterKeys.map(({ id }) => id),
    stillActs: tools.stillActs,
  });
  const total = { count: 0, damaged: 0 };
  let told = performance.now();
  let batches = 0;
  for (const target of REWRAP_TARGETS) {
    let after: RowKey | null = null;
    do {
      const { count, damaged, last }: Rewrapped = await desk.submit(lane, { officer, target, after });
      total.count += count;
      total.damaged += damaged;
      after = last;
      batches += 1;
      if (performance.now() - told > PROGRESS_MS) {
        told = performance.now();
        terminal.err(`${total.count} row(s) so far (${target.table})`);
      }
    } while (after !== null && batches < MAX_BATCHES);
  }
  return total;
}
