import { draftOf } from '../../audit/draft.js';
import { type ExportPeriod, writeExport } from '../../audit/export/write-export.js';
import { plainLane } from '../../audit/plain-lane.js';
import { openEvidence } from '../../house/open-evidence.js';
import { osUser } from '../../house/os-user.js';
import { type Command, EXIT, outFolder, parseCommand } from '../command.js';
import { inHouse } from '../house.js';
import { instantOf } from '../instant.js';
import { progressOn } from '../progress.js';
import { tellStamps } from './tell-stamps.js';

/** `bridge audit export`: a period of the log as a folder that anyone can verify (CONTRACT §6). Shows nothing personal. */
export const exportCommand: Command = {
  usage: 'audit export [--from WHEN] [--to WHEN] --out DIR [--json]',
  summary:
    'write a period as an export folder; WHEN is a date (00:00 Europe/Istanbul) or an instant with zone, --to is not included',
  run: async (args, terminal) => {
    const options = { from: { type: 'string' }, to: { type: 'string' }, out: { type: 'string' } } as const;
    const { values } = parseCommand(exportCommand, args, options, 0);
    const directory = outFolder(exportCommand, values.out);
    const period: ExportPeriod = { from: instantOf('--from', values.from), to: instantOf('--to', values.to) };
    const written = await inHouse(terminal, 'audit export', [], async ({ config, db, log }) =>
      writeExport(await openEvidence(config, db, tellStamps(terminal)), period, directory, {
        record: async ({ first, count, checkpointSize }) => {
          const data = {
            checkpointSize: Number(checkpointSize),
            count: Number(count),
            first: Number(first),
            from: values.from ?? null,
            instance: config.instance,
            osUser: osUser(),
            to: values.to ?? null,
          };
          await log.appender.submit(plainLane, draftOf('log.exported', new Date(), data));
        },
        progress: progressOn(terminal, 'entries written'),
      }),
    );
    const [first, count, size] = [written.first, written.count, written.checkpointSize].map(Number);
    terminal.out(
      values.json
        ? JSON.stringify({ out: directory, first, count, checkpointSize: size })
        : `${directory}: ${count} entries from leaf ${first} on, under the checkpoint of ${size}\nverify: bridge audit verify ${directory}`,
    );
    return EXIT.ok;
  },
};
