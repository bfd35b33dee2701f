import type { MasterKeys } from '../master-keys.js';
import type { PersonTagger } from '../person-tags.js';
import type { StillActs } from './officer.js';

/** What the deeds of officers need from outside. */
export interface RetentionTools {
  readonly instance: string;
  readonly legalGround: string;
  /** The term of the settings. */
  readonly years: number;
  readonly proposalDays: number;
  readonly masterKeys: MasterKeys;
  readonly tagger: PersonTagger;
  readonly stillActs: StillActs;
}
