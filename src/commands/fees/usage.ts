import { indexUpToHead } from '../../audit/search/index-entries.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { readUsage } from '../../fees/ahead/read-usage.js';
import type { Usage } from '../../fees/ahead/usage.js';
import { usageDocument } from '../../fees/ahead/usage-document.js';
import { askedPeriod } from '../../fees/reading/asked.js';
import type { PeriodWish } from '../../fees/reading/call.js';
import { periodRead } from '../../fees/reading/entries.js';
import { usageSettings } from '../../house/fees/usage-settings.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import type { House } from '../house.js';
import { atFeeDesk, feeOfficer } from './fee-desk.js';
import { recordReading } from './record-reading.js';
import { usageTable } from './usage-table.js';

/** `bridge fees usage`: use and cost so far, what the quarter comes to, budgets, and what checks before sending have spared. */
export const feesUsageCommand: Command = {
  usage: 'fees usage [--from DAY --to DAY] [--account A] [--token-file F] [--json]',
  summary:
    'use of a period by account (half-open days, Europe/Istanbul; without them the quarter so far), forecast of the quarter that runs, budgets, savings. Sums alone: no token; with one the look is told under its name',
  run: async (args, terminal) => {
    const options = {
      from: { type: 'string' },
      to: { type: 'string' },
      account: { type: 'string' },
      'token-file': { type: 'string' },
    } as const;
    const { values } = parseCommand(feesUsageCommand, args, options, 0);
    const now = new Date();
    const asked = askedPeriod(values, now);
    if (!asked.ok) {
      const what = asked.reason?.replace(/^(?=\w)/, '--');
      throw new BridgeError('WRONG_USE', `${what}; usage: bridge ${feesUsageCommand.usage}`);
    }
    const usage = await atFeeDesk(terminal, 'fees usage', async (house) => {
      // What was spared is counted from the search rows.
      await indexUpToHead(house.db);
      const found = await readUsage(house.db, usageSettings(house.config), asked.value, now);
      if (found.accounts.length === 0 && asked.value.account !== null)
        throw new BridgeError(
          'NOT_FOUND',
          'neither the settings nor the book of that period have the account',
        );
      const file = values['token-file'];
      if (file !== undefined) await recordLook(house, terminal, file, asked.value, values.json);
      return found;
    });
    terminal.out(values.json ? JSON.stringify(usageDocument(usage)) : usageTable(usage));
    warn(usage, terminal);
    return EXIT.ok;
  },
};

async function recordLook(
  house: House,
  terminal: Terminal,
  file: string,
  wish: PeriodWish,
  json: boolean,
): Promise<void> {
  const officer = await feeOfficer(house, terminal, file, null);
  await recordReading(house, officer, { ...periodRead(wish), format: json ? 'json' : 'text' });
}

/** What somebody has to do something about. */
function warn({ accounts, quarter }: Usage, terminal: Terminal): void {
  for (const { account, quarter: running } of accounts) {
    if (running.budget.state === 'stopped')
      terminal.err(
        `${account}: the budget of ${quarter} is used up, queries are refused; two finance officers can lift the stop: bridge fees stop lift ${account} --to-percent N`,
      );
  }
}
