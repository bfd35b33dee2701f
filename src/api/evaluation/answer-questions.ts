import type { AuthorityPolicy } from '../../authority/decide.js';
import type { AuthorityView } from '../../authority/memory/port.js';
import { decisionTimeAt } from '../../authority/rights/decision-time.js';
import { evaluate } from '../../authority/rights/evaluate.js';
import { type DecisionDocument, decisionDocument, plainReason } from '../../authority/rights/explain.js';
import type { ReasonCode } from '../../authority/rights/reasons.js';
import { KimlikNo } from '../../person/kimlik-no.js';
import { type MersisNo, mersisHolder, parseMersisNo } from '../../person/mersis-no.js';
import type { Checked, Question, Semantic } from './evaluation-schema.js';

/** A decision; `error` where the question was none (Authorization API 1.0, "Errors" of evaluations). */
export type Answer = DecisionDocument & {
  readonly context: { readonly error?: { readonly status: 400; readonly message: string } };
};

/** What every question of one call is answered from: one confirmed view, one instant. */
export interface AnswerTools {
  readonly view: AuthorityView;
  readonly policy: AuthorityPolicy;
  readonly now: Date;
  tagOf(person: KimlikNo): Buffer;
}

/** The cooperative that a question is about; null for another type, another form, or a natural person's number. */
export function cooperativeOf({ resource }: Question): MersisNo | null {
  const parsed = parseMersisNo(resource.id);
  const isOne = resource.type === 'cooperative' && parsed.ok && mersisHolder(parsed.value) === 'legal-person';
  return isOne ? parsed.value : null;
}

/** Answers questions in their order, up to the first decision that the semantic ends with. Nothing is awaited: the view stays confirmed. */
export function answerAll(
  questions: readonly Checked<Question>[],
  semantic: Semantic,
  tools: AnswerTools,
): readonly Answer[] {
  const answerOne = answering(tools);
  const answers: Answer[] = [];
  for (const question of questions) {
    const answer = question.ok ? answerOne(question.value) : notAQuestion(question.reason, tools.view);
    answers.push(answer);
    if (semantic === 'deny_on_first_deny' && !answer.decision) break;
    if (semantic === 'permit_on_first_permit' && answer.decision) break;
  }
  return answers;
}

/** Answers one question after the other. Most calls ask about one person: the keyed hash of a number is made once. */
export function answering({ view, policy, now, tagOf }: AnswerTools): (question: Question) => Answer {
  const time = decisionTimeAt(policy, now);
  let last: { readonly digits: string; readonly tag: Buffer } | null = null;
  const tagOfDigits = (digits: string): Buffer | null => {
    if (last?.digits === digits) return last.tag;
    const person = KimlikNo.parse(digits);
    if (!person.ok) return null;
    last = { digits, tag: tagOf(person.value) };
    return last.tag;
  };
  return (question) => {
    const { subject, action } = question;
    const tag = subject.type === 'person' ? tagOfDigits(subject.id) : null;
    if (tag === null) return refused('subject-unknown', view);
    const mersisNo = cooperativeOf(question);
    if (mersisNo === null) return refused('resource-unknown', view);
    const facts = view.factsOf(tag, mersisNo, time.today);
    const kind = view.recordOf(mersisNo)?.record ?? null;
    const context = contextOf(question);
    const evaluation = evaluate({ action: action.name, context }, facts, time, { kind });
    const held = facts.seatedAt === null ? null : view.recordOf(facts.seatedAt.mersisNo);
    return decisionDocument(evaluation, held, view.version);
  };
}

/** An `acr` that is no text is one of a sign-in that is not strong enough; one that is not there says nothing. */
function contextOf({ context }: Question): { readonly member: boolean; readonly acr: string | null } {
  const acr = context?.acr ?? null;
  return { member: context?.member === true, acr: acr === null || typeof acr === 'string' ? acr : '' };
}

function refused(code: ReasonCode, { version }: AuthorityView): Answer {
  const reason = plainReason(code);
  return {
    decision: false,
    context: { reason, authority_version: Number(version), read_at: null, freshness: 'stale' },
  };
}

function notAQuestion(message: string, view: AuthorityView): Answer {
  const { decision, context } = refused('request-invalid', view);
  return { decision, context: { ...context, error: { status: 400, message } } };
}
