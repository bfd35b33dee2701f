import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EntryDraft } from '../../audit/entry.js';
import type { StaffRole } from '../../authority/facts.js';
import type { CountedCode } from '../../network/refusal-counter.js';
import type { BrowserSession } from '../../sign-in/living-session.js';
import type { StepUpOperation } from '../../sign-in/step-up/policy.js';

/** How a request of the console ended, for the process's own log and metrics. Nothing personal. */
export interface FinishedCall {
  readonly page: string;
  readonly method: string;
  readonly status: number;
  readonly code: string | null;
  readonly requestId: string;
  readonly ms: number;
  readonly error: unknown;
}

/** What the frame of every page asks the house; joined in `house/console/open-console.ts`. */
export interface FrameHouse {
  /** Origin of the web, as browsers have it. */
  readonly issuer: string;
  readonly instance: string;
  /** Bytes of an upload. */
  readonly maxUploadBytes: number;
  /** The browser's living session of two steps, moved on by this use; null where there is none. */
  current(request: IncomingMessage, response: ServerResponse): Promise<BrowserSession | null>;
  /** Whether the person was informed (6698 m.10). */
  hasReadNotice(session: BrowserSession): Promise<boolean>;
  formToken(session: BrowserSession): string;
  formHolds(session: BrowserSession, given: unknown): boolean;
  /** Origins that a form may lead on to beside ours, by way of sign-in. */
  readonly formTargets: readonly string[];
  /** Roles in force on `day`, of the person of this tag. */
  rolesOf(tag: Buffer, day: string): Promise<readonly StaffRole[]>;
  needsStepUp(operation: StepUpOperation): boolean;
  /** Durable before it returns. Errors: those of `Appender`. */
  record(draft: EntryDraft): Promise<void>;
  /** Whether this address may ask once more in this minute. */
  mayPass(address: string): boolean;
  /** Counts a refusal that nobody has a name for (`access.refused`). */
  count(address: string, code: CountedCode): void;
  finished(call: FinishedCall): void;
  now(): Date;
}
