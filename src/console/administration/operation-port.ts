import type { WindowList } from '../../maintenance/list-windows.js';
import type { MaintenanceWindow, WindowWish } from '../../maintenance/window.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import type { SystemSeen } from '../../telemetry/system-health.js';
import type { ConsoleCall } from '../frame/call.js';

/** What one instance has seen of one system. */
export interface InstanceSeen extends SystemSeen {
  readonly instance: string;
  readonly seenAt: Date;
}

/** Something that ends on a day: a certificate that we show, a key that we sign with. */
export interface EndingThing {
  readonly kind: 'certificate' | 'signing-key';
  readonly name: string;
  readonly endsAt: Date;
  /** SHA-256 in hex of a certificate; null of a key. */
  readonly fingerprint: string | null;
}

/** A secret of the settings. `changedAt` null: it stands in the environment, whose age nobody knows. */
export interface AgingSecret {
  readonly path: string;
  readonly changedAt: Date | null;
}

/** What the pages of whoever runs the bridge ask. */
export interface OperationPorts {
  /** The entry of a file that is about to be sent. */
  opened(call: ConsoleCall, id: 'operation.file'): Promise<void>;
  readonly secretDays: number;
  readonly warnDays: number;
  readonly secrets: readonly AgingSecret[];
  states(): Promise<readonly InstanceSeen[]>;
  endings(): Promise<readonly EndingThing[]>;
  /** Newest time stamp of each authority. */
  stamps(): Promise<readonly { readonly authority: string; readonly at: Date }[]>;
  /** Systems that are not asked now. */
  current(at: Date): Promise<readonly MaintenanceWindow[]>;
  windows(at: Date): Promise<WindowList>;
  /** Errors: those of `openWindow` as `BridgeError`. */
  open(officer: ActingOfficer, wish: WindowWish): Promise<void>;
  close(officer: ActingOfficer, window: MaintenanceWindow['window']): Promise<void>;
}
