import type { RoleName } from '../../authority/roles/role-list.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import { momentText } from '../../pages/formatting.js';
import type { StepUpOperation } from '../../sign-in/step-up/policy.js';
import type { DecisionDesk, ShownDecision, WaitingDecision } from '../decisions/port.js';
import { readDecision } from '../decisions/read-decision.js';
import type { Answer, ConsoleCall, ConsolePerson, Said } from '../frame/call.js';
import { ConsoleRefusal } from '../frame/console-problem.js';
import type { Cell, Field, Page } from '../frame/parts.js';
import type { HandlersOf } from '../frame/router.js';
import { DECISIONS_PATH, decisionPage } from './decision-page.js';
import { remainingText, stateMark } from './decisions-words.js';

/** What the pages of decisions work with. */
export interface DecisionPagesPorts {
  readonly desks: readonly DecisionDesk[];
  needsStepUp(operation: StepUpOperation): boolean;
}

interface Listed extends WaitingDecision {
  readonly desk: DecisionDesk;
}

const SAID = { approve: 'approved', refuse: 'refused', withdraw: 'withdrawn' } as const satisfies Record<
  string,
  Said
>;

/** Everything that waits for a second person: one inbox, one page for each, one way to decide. */
export function createDecisionHandlers(
  ports: DecisionPagesPorts,
): HandlersOf<'decisions' | 'decision' | 'decision.decide'> {
  return {
    decisions: async ({ at, person }) => {
      return { kind: 'page', page: listPage(await readWaiting(ports, person), at) };
    },
    decision: async (call) => {
      const { desk, shown } = await findOne(ports, call);
      const approvalFields = (await desk.approvalFields?.(shown.id, null)) ?? [];
      const { at, person } = call;
      return {
        kind: 'page',
        page: decisionPage({ desk, shown, person, at, approvalFields, typed: null }),
      };
    },
    'decision.decide': (call) => decide(ports, call),
  };
}

/** Desks whose matters this person may see and decide. */
function desksOf({ desks }: DecisionPagesPorts, person: ConsolePerson): readonly DecisionDesk[] {
  return desks.filter(({ roles }) => roleAt(roles, person) !== undefined);
}

function roleAt(roles: readonly RoleName[], { roles: held }: ConsolePerson): RoleName | undefined {
  return roles.find((wanted) => held.some(({ role }) => role === wanted));
}

async function readWaiting(ports: DecisionPagesPorts, person: ConsolePerson): Promise<readonly Listed[]> {
  const lists = await Promise.all(
    desksOf(ports, person).map(async (desk) =>
      (await desk.waiting(person)).map((one): Listed => ({ ...one, desk })),
    ),
  );
  return lists.flat().sort((a, b) => b.proposedAt.getTime() - a.proposedAt.getTime());
}

async function findOne(
  ports: DecisionPagesPorts,
  { params, person }: ConsoleCall,
): Promise<{ readonly desk: DecisionDesk; readonly shown: ShownDecision }> {
  for (const desk of desksOf(ports, person)) {
    const shown = await desk.find(person, params.proposal ?? '');
    if (shown !== null) return { desk, shown };
  }
  throw new ConsoleRefusal('NOT_FOUND');
}

async function decide(ports: DecisionPagesPorts, call: ConsoleCall): Promise<Answer> {
  const { at, fields, person } = call;
  const { desk, shown } = await findOne(ports, call);
  const typed = readDecision(fields);
  const { decision, reason } = typed;
  if (ports.needsStepUp(desk.operation) && !person.steppedUp) throw new ConsoleRefusal('STEP_UP_REQUIRED');
  const isApproval = decision === 'approve';
  const waits = shown.state === 'open' || shown.state === 'unreadable';
  const asks = isApproval && shown.state === 'open' && !shown.isOwn;
  const approvalFields = (await desk.approvalFields?.(shown.id, asks ? fields : null)) ?? [];
  const isWrong = typed.error !== undefined || approvalFields.some(hasError);
  // What this person cannot decide, or nobody any more, is for the room to refuse, whatever is missing; what was typed is looked at always.
  if (isWrong && (waits || reason !== null)) {
    const page = decisionPage({ desk, shown, person, at, approvalFields, typed });
    return { kind: 'page', status: 422, page };
  }
  const role = roleAt(desk.roles, person) ?? person.officer.role;
  const acting = { ...call, person: { ...person, officer: { ...person.officer, role } } };
  try {
    await desk.decide(acting, shown.id, decision, reason);
  } catch (error) {
    const told = refusalOf(desk, error);
    if (told === null) throw error;
    const { refusal, refused } = told;
    // As it stands now: another may have ended it meanwhile.
    const now = (await desk.find(person, shown.id)) ?? shown;
    const page = decisionPage({ desk, shown: now, person, at, approvalFields, typed, refusal });
    return { kind: 'page', status: 409, page, refused };
  }
  return { kind: 'see-other', to: `${DECISIONS_PATH}/${shown.id}`, told: SAID[decision] };
}

/** The refusal of a room, where its desk has words for it. */
function refusalOf(desk: DecisionDesk, error: unknown) {
  if (!isBridgeError(error)) return null;
  const { code, fields } = error;
  const reason = typeof fields.reason === 'string' ? fields.reason : null;
  const refusal = desk.refusalText?.(code, reason) ?? null;
  return refusal === null ? null : { refusal, refused: { code, reason } };
}

function hasError({ error }: Field): boolean {
  return error !== undefined;
}

function listPage(list: readonly Listed[], now: Date): Page {
  return {
    title: { tr: 'Bekleyen kararlar', en: 'Waiting decisions' },
    help: {
      tr: 'İki kişinin kararını isteyen işler burada toplanır. Birinin önerdiğini bir başkası onaylar ya da reddeder; süresi içinde karar verilmeyen öneri kendiliğinden düşer.',
      en: 'What needs the decision of two persons is collected here. What one proposes another approves or refuses; a proposal that nobody decides in time lapses.',
    },
    parts: [
      {
        part: 'table',
        caption: { tr: 'Öneriler, en yenisi üstte', en: 'Proposals, newest first' },
        columns: [
          { label: { tr: 'İş', en: 'Matter' } },
          { label: { tr: 'Konu', en: 'About' } },
          { label: { tr: 'Önerildi', en: 'Proposed' } },
          { label: { tr: 'Son karar zamanı', en: 'To be decided by' } },
          { label: { tr: 'Kalan', en: 'Left' } },
          { label: { tr: 'Durum', en: 'State' } },
        ],
        rows: list.map((one): Cell[] => [
          { href: `${DECISIONS_PATH}/${one.id}`, text: one.desk.name },
          one.subject,
          momentText(one.proposedAt),
          momentText(one.expiresAt),
          remainingText(one.expiresAt, now),
          stateMark(one),
        ]),
        empty: {
          tr: 'Görevlerinizle ilgili, karar bekleyen bir öneri yok.',
          en: 'No proposal waits that concerns your roles.',
        },
      },
    ],
  };
}
