import type { GivenBasis } from '../../../audit/export/basis.js';
import type { ExportDeps } from '../../../audit/export/export-deps.js';
import type { WrittenExport } from '../../../audit/export/write-export.js';
import type { ActingOfficer } from '../../../proposals/officer.js';
import type { Jobs } from '../../jobs/port.js';

/** An export as an officer asks for it: by days, Europe/Istanbul, both included; null: from the beginning, until now. */
interface ExportWish extends GivenBasis {
  readonly from: string | null;
  readonly to: string | null;
}

/** The same as instants, half-open. */
export interface ExportBounds {
  readonly from: Date | null;
  readonly to: Date | null;
}

/** What the page of exports asks of the house. */
export interface ExportPorts {
  readonly jobs: Pick<Jobs, 'start'>;
  /** Whether an export of this period has entries; one up to now has at least that it was asked for. */
  holdsEntries(bounds: ExportBounds, now: Date): Promise<boolean>;
  /** Writes down that the officer asks for it (`log.export-asked`). */
  recordAsked(
    officer: ActingOfficer,
    wish: ExportWish,
    bounds: ExportBounds,
    requestId: string,
  ): Promise<void>;
}

/** What making an export asks of the house. */
export interface ExportJobPorts {
  /** What proves the log to others. Errors: `CONFIG_INVALID`. */
  evidence(): Promise<ExportDeps>;
  /** Writes down that it was made (`log.exported`); `asked`: the days, the second one not included. */
  recordMade(
    written: WrittenExport,
    asked: { readonly from: string | null; readonly to: string | null },
  ): Promise<void>;
  readonly maxFileBytes: number;
}
