import { join } from 'node:path';
import { z } from 'zod';
import { basisSchema } from '../../../audit/export/basis.js';
import { writeEvidence } from '../../../audit/export/write-evidence.js';
import type { JobKind } from '../../jobs/port.js';
import { zipOf } from '../export/zip-folder.js';
import type { EvidenceJobPorts } from './ports.js';

const order = basisSchema.extend({ query: z.uuid(), reveal: z.boolean() });

/** Everything about one query as a ZIP archive that proves itself, the verifier in it. */
export function createEvidenceJob(ports: EvidenceJobPorts): JobKind {
  return {
    what: 'evidence',
    name: { tr: 'Bir sorgunun delili', en: 'Evidence of a query' },
    run: async (asked, officer, tools) => {
      const { query, reveal, ...given } = order.parse(asked);
      await ports.index();
      const directory = join(tools.folder, 'evidence');
      const { masterKeys, verifier } = ports;
      await writeEvidence(
        await ports.evidence(),
        { query, directory, masterKeys: reveal ? masterKeys : null, verifier },
        (written) => ports.record(officer, query, given, written),
      );
      return { name: `delil-${query}.zip`, mediaType: 'application/zip', body: zipOf(directory) };
    },
  };
}
