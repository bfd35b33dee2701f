import { join } from 'node:path';
import { z } from 'zod';
import { writeExport } from '../../../audit/export/write-export.js';
import { addDays } from '../../../calendar/add-days.js';
import { BridgeError } from '../../../errors/bridge-error.js';
import { FileTooLarge } from '../../jobs/job-pieces.js';
import type { JobKind } from '../../jobs/port.js';
import { boundsOf } from './bounds.js';
import type { ExportJobPorts } from './ports.js';
import { zipOf } from './zip-folder.js';

const order = z.object({ from: z.iso.date().nullable(), to: z.iso.date().nullable() });

/** Of an entry hardly less is left in an archive than its ids, hashes and sealed values: what would be too large is not begun. */
const LEAST_BYTES = 200;

/** A period of the log as a ZIP archive of the export folder, which proves itself. */
export function createExportJob(ports: ExportJobPorts): JobKind {
  return {
    what: 'log-export',
    name: { tr: 'Kayıtların dışa aktarılması', en: 'Export of the log' },
    run: async (asked, _officer, tools) => {
      const days = order.parse(asked);
      const directory = join(tools.folder, 'export');
      // As exports of the command line are asked for: the second day is not included.
      const half = { from: days.from, to: days.to === null ? null : addDays(days.to, 1) };
      await writeExport(await ports.evidence(), boundsOf(days), directory, {
        record: (written) => ports.recordMade(written, half),
        progress: (written, of) => {
          if (tools.stopped()) throw new BridgeError('STATE_CONFLICT', 'the work was stopped');
          if (Number(of) * LEAST_BYTES > ports.maxFileBytes) throw new FileTooLarge();
          void tools.progress(Number(written), Number(of));
        },
      });
      const name = `kayitlar-${days.from ?? 'bastan'}-${days.to ?? 'simdiye'}.zip`;
      return { name, mediaType: 'application/zip', body: zipOf(directory) };
    },
  };
}
