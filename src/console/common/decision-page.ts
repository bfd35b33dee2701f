import { momentText } from '../../pages/formatting.js';
import type { BothLanguages } from '../../pages/views.js';
import type { DecisionDesk, ShownDecision } from '../decisions/port.js';
import { REASON_FIELDS, type TypedDecision } from '../decisions/read-decision.js';
import type { ConsolePerson } from '../frame/call.js';
import type { Cell, Field, FormPart, Page, Part, Text } from '../frame/parts.js';
import { decidersText, remainingText, stateMark } from './decisions-words.js';

/** What the page of one decision is made of. */
export interface DecisionView {
  readonly desk: DecisionDesk;
  readonly shown: ShownDecision;
  readonly person: ConsolePerson;
  readonly at: Date;
  /** Fields that who approves fills in beside the note. */
  readonly approvalFields: readonly Field[];
  /** What came back wrong; null: nothing was typed yet. */
  readonly typed: TypedDecision | null;
  /** Why a decision was refused just now. */
  readonly refusal?: BothLanguages;
}

type PartOf<Kind extends Part['part']> = Extract<Part, { part: Kind }>;

/** Where all of them are listed. */
export const DECISIONS_PATH = '/konsol/kararlar';

/** One decision: what it is, what will change, how far it is, and what the person may do. */
export function decisionPage(view: DecisionView): Page {
  const { desk, refusal, shown } = view;
  return {
    title: desk.name,
    back: { href: DECISIONS_PATH, text: { tr: 'Bekleyen kararlar', en: 'Waiting decisions' } },
    help: {
      tr: 'Öneriyi ve neyi değiştireceğini okuyun. Onaylarsanız hemen uygulanır; reddederseniz hiçbir şey değişmez. Kendi önerinizi onaylayamazsınız, yalnızca geri çekebilirsiniz.',
      en: 'Read the proposal and what it will change. Approved, it is carried out at once; refused, nothing changes. You cannot approve your own, only withdraw it.',
    },
    parts: [
      ...(refusal === undefined
        ? []
        : [{ part: 'notice' as const, tone: 'problem' as const, text: refusal }]),
      noticeOf(shown),
      factsOf(view),
      changesOf(shown),
      ...shown.parts,
      stepsOf(shown, desk),
      ...formsOf(view),
    ],
  };
}

function noticeOf({ isOwn, state }: ShownDecision): Part {
  const { mark, text } = stateMark({ isOwn, state });
  if (state === 'open' && !isOwn) {
    const own = {
      tr: 'Bu öneri sizin gibi yetkili ikinci bir kişinin kararını bekliyor.',
      en: 'This proposal waits for the decision of a second person, such as you.',
    };
    return { part: 'notice', tone: 'warning', text: own };
  }
  return { part: 'notice', tone: mark, text };
}

function factsOf({ at, desk, person, shown }: DecisionView): Part {
  const { expiresAt, id, isOwn, proposedAt, proposedLeaf, reason, state, subject } = shown;
  const own = { tr: 'Siz', en: 'You' };
  const other = { tr: 'Başka bir görevli', en: 'Another officer' };
  const waits = state === 'open' || state === 'unreadable';
  const until: Cell = waits
    ? { lines: [momentText(expiresAt), remaining(expiresAt, at)] }
    : momentText(expiresAt);
  return {
    part: 'facts',
    rows: [
      { label: { tr: 'Konu', en: 'About' }, value: subject },
      { label: { tr: 'Öneren', en: 'Proposed by' }, value: isOwn ? own : other },
      { label: { tr: 'Önerildi', en: 'Proposed' }, value: momentText(proposedAt) },
      { label: { tr: 'Gerekçe', en: 'Reason' }, value: reason ?? { tr: 'Yazılmamış', en: 'None given' } },
      { label: { tr: 'Karar verebilecek', en: 'Who may decide' }, value: decidersText(desk.roles) },
      { label: { tr: 'Son karar zamanı', en: 'To be decided by' }, value: until },
      { label: { tr: 'Öneri kaydı', en: 'Entry of the proposal' }, value: leafCell(proposedLeaf, person) },
      { label: { tr: 'Öneri numarası', en: 'Number of the proposal' }, value: { code: id } },
    ],
  };
}

function remaining(until: Date, now: Date): BothLanguages {
  const { en, tr } = remainingText(until, now);
  return { tr: `kalan: ${tr}`, en: `left: ${en}` };
}

const LOG_ROLES: readonly string[] = ['security-officer', 'log-inspector'];

/** The entry, as a link for whoever may look into the log. */
function leafCell(leaf: bigint, { roles }: ConsolePerson): Cell {
  const mayLook = roles.some(({ role }) => LOG_ROLES.includes(role));
  return mayLook ? { href: `/konsol/guvenlik/kayit/${leaf}`, text: String(leaf) } : String(leaf);
}

function changesOf({ changes }: ShownDecision): Part {
  return {
    part: 'table',
    caption: { tr: 'Ne değişecek', en: 'What will change' },
    columns: [
      { label: { tr: 'Ne', en: 'What' } },
      { label: { tr: 'Şimdi', en: 'Now' } },
      { label: { tr: 'Onaylanırsa', en: 'If approved' } },
    ],
    rows: changes.map(({ after, before, field }) => [field, before ?? '–', after ?? '–']),
    empty: {
      tr: 'Değişiklikler okunamadı: önerinin kaydı bulunamıyor ya da değiştirilmiş.',
      en: 'The changes cannot be read: the entry of the proposal is not at hand, or it was changed.',
    },
  };
}

type Step = PartOf<'steps'>['steps'][number];

function stepsOf(shown: ShownDecision, { roles }: DecisionDesk): Part {
  const { ended, proposedAt, proposedLeaf, state } = shown;
  const waits = state === 'open' || state === 'unreadable';
  const proposed: Step = {
    title: { tr: 'Önerildi', en: 'Proposed' },
    state: 'done',
    at: momentText(proposedAt),
    body: [entryText(proposedLeaf)],
  };
  const second: Step = {
    title: { tr: 'İkinci kişinin kararı', en: 'Decision of the second person' },
    state: waits ? 'current' : state === 'expired' ? 'failed' : 'done',
    body: waits ? [decidersText(roles)] : [],
  };
  return {
    part: 'steps',
    label: { tr: 'Kararın aşamaları', en: 'Steps of the decision' },
    steps: [proposed, second, endStep(state, ended)],
  };
}

function endStep(state: ShownDecision['state'], ended: ShownDecision['ended']): Step {
  if (ended === null) {
    const title: Text =
      state === 'expired'
        ? { tr: 'Karar verilmedi: hiçbir şey değişmedi', en: 'Nobody decided: nothing has changed' }
        : { tr: 'Sonuç', en: 'Outcome' };
    return { title, state: state === 'expired' ? 'failed' : 'todo' };
  }
  const { at, leaf, reason } = ended;
  return {
    title: stateMark({ state, isOwn: false }).text,
    state: state === 'approved' ? 'done' : 'failed',
    ...(at === null ? {} : { at: momentText(at) }),
    body: [...(reason === null ? [] : [reason]), entryText(leaf)],
  };
}

function entryText(leaf: bigint): BothLanguages {
  return { tr: `Kayıt sırası: ${leaf}`, en: `Leaf of the entry: ${leaf}` };
}

/** What this person may do; nothing once it has ended. */
function formsOf(view: DecisionView): readonly Part[] {
  const { approvalFields, shown } = view;
  const { isOwn, state } = shown;
  if (state !== 'open' && state !== 'unreadable') return [];
  if (isOwn)
    return [
      { part: 'heading', text: { tr: 'Önerinizi geri çekin', en: 'Withdraw your proposal' } },
      formOf(view, 'withdraw', [], { tr: 'Öneriyi geri çek', en: 'Withdraw it' }),
    ];
  const refuse = [
    { part: 'heading', text: { tr: 'Reddedin', en: 'Refuse' } },
    formOf(view, 'refuse', [], { tr: 'Öneriyi reddet', en: 'Refuse it' }),
  ] as const;
  if (state === 'unreadable') return refuse;
  return [
    { part: 'heading', text: { tr: 'Onaylayın', en: 'Approve' } },
    formOf(view, 'approve', approvalFields, { tr: 'Onayla ve uygula', en: 'Approve and carry out' }),
    ...refuse,
  ];
}

const REASON_LABELS = {
  approve: { tr: 'Not (isterseniz)', en: 'Note (optional)' },
  refuse: { tr: 'Neden reddediyorsunuz?', en: 'Why do you refuse it?' },
  withdraw: { tr: 'Neden (isterseniz)', en: 'Why (optional)' },
} as const;

function formOf(
  { shown, typed }: DecisionView,
  decision: TypedDecision['decision'],
  fields: readonly Field[],
  submit: BothLanguages,
): FormPart {
  const came = typed?.decision === decision ? typed : null;
  const reason: Field = {
    kind: 'textarea',
    name: REASON_FIELDS[decision],
    label: REASON_LABELS[decision],
    hint: {
      tr: 'Kayıtlarda açık olarak durur: kişi adı ve kimlik numarası yazmayın.',
      en: 'It stands in the log in clear: write no names of persons and no identity numbers.',
    },
    required: decision === 'refuse',
    maxLength: 500,
    ...(came === null ? {} : { value: came.reason ?? '', error: came.error }),
  };
  return {
    part: 'form',
    action: `${DECISIONS_PATH}/${shown.id}`,
    method: 'post',
    hidden: { karar: decision },
    fields: [...fields, reason],
    submit,
    ...(decision === 'approve' ? {} : { grave: true }),
  };
}
