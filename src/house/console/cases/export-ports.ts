import { draftOf } from '../../../audit/draft.js';
import type { ExportDeps } from '../../../audit/export/export-deps.js';
import { periodHolds } from '../../../audit/export/write-export.js';
import { plainLane } from '../../../audit/plain-lane.js';
import { indexUpToHead } from '../../../audit/search/index-entries.js';
import type {
  EvidenceJobPorts,
  EvidencePorts,
  QueryEntry,
} from '../../../console/security/evidence/ports.js';
import type { ExportJobPorts, ExportPorts } from '../../../console/security/export/ports.js';
import { actedBy } from '../../../proposals/verdict.js';
import { openEvidence, VERIFIER } from '../../open-evidence.js';
import { osUser } from '../../os-user.js';
import type { RoomParts } from '../parts.js';

/** What proves the log to others, over the publisher that this process has anyway. */
export function evidenceOf({
  config,
  db,
  published,
  told,
}: Pick<RoomParts, 'config' | 'db' | 'published' | 'told'>): Promise<ExportDeps> {
  return openEvidence(
    config,
    db,
    ({ authority, reason }) => told.warn('timestamp.failed', { authority, reason }),
    published.publisher,
  );
}

/** Exports as officers ask for them. */
export function exportPorts({
  config,
  db,
  jobs,
  log,
  now,
}: Pick<RoomParts, 'config' | 'db' | 'jobs' | 'log' | 'now'>): ExportPorts {
  return {
    jobs,
    holdsEntries: (bounds, at) => periodHolds(db, bounds, at),
    recordAsked: async (officer, { basis, reason }, { from, to }, requestId) => {
      const { actor, personal } = actedBy(officer);
      const data = {
        actor,
        basis,
        from: from?.toISOString() ?? null,
        instance: config.instance,
        reason,
        requestId,
        to: to?.toISOString() ?? null,
      };
      await log.appender.submit(plainLane, draftOf('log.export-asked', now(), data, personal));
    },
  };
}

/** Exports as they are made. */
export function exportJobPorts(parts: RoomParts): ExportJobPorts {
  const { config, log, now } = parts;
  return {
    evidence: () => evidenceOf(parts),
    recordMade: async ({ checkpointSize, count, first }, { from, to }) => {
      const data = {
        checkpointSize: Number(checkpointSize),
        count: Number(count),
        first: Number(first),
        from,
        instance: config.instance,
        osUser: osUser(),
        to,
      };
      await log.appender.submit(plainLane, draftOf('log.exported', now(), data));
    },
    maxFileBytes: config.console.jobs.maxFileMb * 1024 * 1024,
  };
}

const ENTRIES_OF = `SELECT s.leaf_index AS leaf, e.kind, e.at
  FROM (SELECT leaf_index FROM bridge.log_search WHERE query = $1::uuid ORDER BY leaf_index LIMIT 50) s
  CROSS JOIN LATERAL (SELECT kind, at FROM bridge.entry WHERE leaf_index = s.leaf_index LIMIT 1) e ORDER BY s.leaf_index`;

/** Evidence as officers ask for it. */
export function evidencePorts({ db, jobs }: Pick<RoomParts, 'db' | 'jobs'>): EvidencePorts {
  return {
    jobs,
    entriesOf: async (id) => (await db.query<QueryEntry>({ text: ENTRIES_OF, values: [id] })).rows,
  };
}

/** Evidence as it is made. */
export function evidenceJobPorts(parts: RoomParts): EvidenceJobPorts {
  const { config, db, log, now } = parts;
  return {
    evidence: () => evidenceOf(parts),
    masterKeys: log.masterKeys,
    verifier: VERIFIER(),
    index: () => indexUpToHead(db),
    record: async (officer, query, { basis, reason }, { entries, revealed }) => {
      const { actor, personal } = actedBy(officer);
      const data = {
        actor,
        basis,
        entries: entries.map(({ leaf }) => Number(leaf)),
        instance: config.instance,
        query,
        reason,
        revealed: revealed.map(({ field, leaf }) => ({ field, leaf: Number(leaf) })),
      };
      await log.appender.submit(plainLane, draftOf('log.evidence', now(), data, personal));
    },
  };
}
