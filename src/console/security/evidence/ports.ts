import type { GivenBasis } from '../../../audit/export/basis.js';
import type { ExportDeps } from '../../../audit/export/export-deps.js';
import type { WrittenEvidence } from '../../../audit/export/write-evidence.js';
import type { MasterKeys } from '../../../audit/master-keys.js';
import type { ActingOfficer } from '../../../proposals/officer.js';
import type { Jobs } from '../../jobs/port.js';

/** An entry of a query. */
export interface QueryEntry {
  readonly leaf: bigint;
  readonly kind: string;
  readonly at: Date;
}

/** What the page of evidence asks of the house. */
export interface EvidencePorts {
  readonly jobs: Pick<Jobs, 'start'>;
  /** Entries of the query `id`, oldest first, 50 at the most; none where the log holds no query of this id. */
  entriesOf(id: string): Promise<readonly QueryEntry[]>;
}

/** What making evidence asks of the house. */
export interface EvidenceJobPorts {
  /** What proves the log to others. Errors: `CONFIG_INVALID`. */
  evidence(): Promise<ExportDeps>;
  readonly masterKeys: MasterKeys;
  /** Folder of the built verifier. */
  readonly verifier: string;
  /** Brings the search rows up to the head. */
  index(): Promise<void>;
  /** Writes it down (`log.evidence`), before anything is opened. */
  record(
    officer: ActingOfficer,
    query: string,
    given: GivenBasis,
    written: Pick<WrittenEvidence, 'entries' | 'revealed'>,
  ): Promise<void>;
}
