import type { Readable } from 'node:stream';
import type { StaffRole } from '../../authority/facts.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import type { BrowserSession } from '../../sign-in/living-session.js';
import type { Page } from './parts.js';

export type Language = 'tr' | 'en';

/** Who is at the screen. */
export interface ConsolePerson {
  readonly session: BrowserSession;
  /**
   * As deeds know the person: `acr` is that of now (a decayed step-up is none), `role` the one that opens this page; `signed-in` where it needs
   * none.
   */
  readonly officer: ActingOfficer;
  /** In force today. */
  readonly roles: readonly StaffRole[];
  /** Whether the second step was given and has not decayed. */
  readonly steppedUp: boolean;
  /** Names as e-Devlet gave them; null where it gave none. */
  readonly names: string | null;
}

/** What was typed. Values are NFC, without control characters but line breaks, and trimmed at the ends. */
export interface FormFields {
  /** The field's text, '' where it is not there or stands twice. */
  get(name: string): string;
  /** Every value of a field that may stand several times. */
  all(name: string): readonly string[];
  /** An uploaded file; null where none was chosen. */
  file(name: string): { readonly name: string; readonly bytes: Buffer } | null;
  /** All of it but files, as it was sent. */
  readonly entries: readonly (readonly [name: string, value: string])[];
}

/** A call of a page or action that the person may make. */
export interface ConsoleCall {
  readonly person: ConsolePerson;
  /** Parameters of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly fields: FormFields;
  readonly at: Date;
  readonly requestId: string;
  readonly language: Language;
}

/** A call of a page that anyone may open. */
export type OpenCall = Omit<ConsoleCall, 'person'> & { readonly person: ConsolePerson | null };

/** A refusal that is told on the page that was asked for, beside what was typed. `code` and `reason`: closed words. */
export interface ToldOnPage {
  readonly code: string;
  readonly reason: string | null;
}

/**
 * What a handler answers. A page's `status` is 200 unless said: 422 for what was typed wrongly. With `refused` the frame writes
 * `console.refused` before the page is sent.
 */
export type Answer =
  | { readonly kind: 'page'; readonly page: Page; readonly status?: number; readonly refused?: ToldOnPage }
  | {
      readonly kind: 'see-other';
      /** A path of ours. */
      readonly to: string;
      /** Said once at the top of the next page. */
      readonly told?: Said;
      /** The language that this browser has from now on. */
      readonly language?: Language;
    }
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly mediaType: string;
      readonly body: Buffer | Readable;
    };

/** Sentences that a page says after an action (`see-other` with `told`). Closed: they go by a parameter of the address. */
export type Said = 'done' | 'proposed' | 'approved' | 'refused' | 'withdrawn' | 'job-started' | 'ended';
