import { pollSettingsOf } from '../../house/mersis/poll-settings.js';
import { type Progress, readProgress } from '../../mersis/poll/progress.js';
import type { Run } from '../../mersis/poll/run.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { inHouse } from '../house.js';
import { mersisOf } from './mersis-house.js';

/** `bridge mersis status`: how far polling is. Nobody's data, so nobody's token. */
export const mersisStatusCommand: Command = {
  usage: 'mersis status [--json]',
  summary: 'how far the reading of MERSİS is: the run, what is due, the oldest reading, the day’s budget',
  run: async (args, terminal) => {
    const { values } = parseCommand(mersisStatusCommand, args, {}, 0);
    const progress = await inHouse(terminal, 'mersis status', [], ({ config, db }) =>
      readProgress(db, pollSettingsOf(mersisOf(config), config.instance), new Date()),
    );
    terminal.out(values.json ? JSON.stringify(progressDocument(progress)) : textOf(progress).join('\n'));
    return EXIT.ok;
  },
};

/** Progress as JSON. */
function progressDocument({ pause, run, ...progress }: Progress): Record<string, unknown> {
  return {
    ...progress,
    oldestReadAt: progress.oldestReadAt?.toISOString() ?? null,
    pause: pause === null ? null : { reason: pause.reason, until: pause.until.toISOString() },
    run: run === null ? null : runDocument(run),
  };
}

/** A run as JSON. */
export function runDocument({ endedAt, startedAt, ...run }: Run): Record<string, unknown> {
  return { ...run, startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
}

/** A run's counts in one line. */
export function countsOf({ asked, changed, failed, lossLimit, losses, refused }: Run): string {
  return `asked ${asked}, changed ${changed}, refused ${refused}, failed ${failed}, losses ${losses} of ${lossLimit}`;
}

function textOf(progress: Progress): readonly string[] {
  const { budget, cooperatives, due, held, neverRead, oldestReadAt, pause, run, troubled, wished } = progress;
  const lines = [
    run === null ? 'no run yet' : `run ${run.runId} (${run.kind}): ${run.state}; ${countsOf(run)}`,
    `cooperatives: ${cooperatives}, due ${due} (waited for: ${wished}), never read ${neverRead}, in trouble ${troubled}, held ${held}`,
    `oldest reading: ${oldestReadAt?.toISOString() ?? 'none'}`,
    `requests today: ${budget.used} of ${budget.limit}`,
  ];
  if (pause !== null)
    lines.push(`nothing is asked until ${pause.until.toISOString()}: ${whyOf(pause.reason)}`);
  if (run?.state === 'stopped') lines.push('the run waits for persons: bridge mersis review');
  return lines;
}

function whyOf(reason: 'refused' | 'unavailable'): string {
  return reason === 'refused'
    ? 'MERSİS refuses us (user name, password, certificate or address: mersis in the settings)'
    : 'MERSİS does not answer';
}
