import type { Page as FoundPage } from '../../audit/search/read-page.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { ListedSession } from '../../sign-in/list-sessions.js';
import type { BrowserSession } from '../../sign-in/living-session.js';
import type { StepUp } from '../../sign-in/step-up/step-up.js';

/** What everyone's own pages ask the house. */
export interface OwnPagePorts {
  /** Origin of the web, as browsers have it. */
  readonly issuer: string;
  /** The person's living sessions, newest first. */
  sessions(session: BrowserSession): Promise<readonly ListedSession[]>;
  /** Ends a session of this person; false where it has ended already, or is another's. Writes its entry. */
  endOwn(session: BrowserSession, other: string): Promise<boolean>;
  stepUpState(tag: Buffer): ReturnType<StepUp['state']>;
  /** Name of an application by its id. */
  applicationName(id: string): string;
  /** What this person looked up, newest first, below the leaf `before` (null: from the newest). `pageSize` entries at the most. */
  ownQueries(person: KimlikNo, before: bigint | null, pageSize: number): Promise<FoundPage>;
  /** Names of cooperatives by MERSİS number; those that nobody knows are left out. */
  cooperativeNames(mersisNos: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
