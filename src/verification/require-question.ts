import { Refusal } from '../errors/refusal.js';
import type { Attempt, Question } from './question.js';

/** A sound body, or what is wrong with its form; said only to somebody whose token holds. */
export function requireQuestion(attempt: Attempt): Question {
  const { question } = attempt;
  if (!question.ok) throw new Refusal(question.code, { reason: question.reason });
  return question.value;
}
