import type { GivenAnswer } from '../../../audit/kvkk/list-answers.js';
import type { AnswerOrder, MadeAnswer } from '../../../audit/kvkk/make-answer.js';
import type { ActingOfficer } from '../../../proposals/officer.js';
import type { Jobs } from '../../jobs/port.js';

/** What the page of answers to citizens asks of the house. */
export interface KvkkPorts {
  readonly jobs: Pick<Jobs, 'start'>;
  /** Who answers, and how staff stand in an answer, by the settings. */
  readonly sender: string;
  readonly staffNames: 'none' | 'unit' | 'full';
  readonly answerDays: number;
  /** The newest answers, 50 at the most. */
  lastAnswers(): Promise<readonly GivenAnswer[]>;
}

/** What making an answer asks of the house. */
export interface KvkkJobPorts {
  /** Writes the file and the entry. Errors: those of `makeAnswer`. */
  make(officer: ActingOfficer, order: Omit<AnswerOrder, 'officer'>, path: string): Promise<MadeAnswer>;
}
