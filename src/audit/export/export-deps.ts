import type { Database } from '../../storage/database.js';
import type { Publisher } from '../checkpoint/publisher.js';
import type { StoredCheckpoint } from '../checkpoint/store.js';
import type { Stamper } from '../timestamp/stamp.js';

/** What exports and evidence need from outside. */
export interface ExportDeps {
  readonly db: Database;
  readonly publisher: Publisher;
  readonly stamper: Stamper;
  readonly origin: string;
  /** Verifier keys (signed-note form), the active one first: `log.pub`. */
  readonly verifierKeys: readonly string[];
  /** Certificates of all authorities, PEM: `tsa-ca.pem`. */
  readonly tsaCa: string;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
}

export type { StoredCheckpoint };
