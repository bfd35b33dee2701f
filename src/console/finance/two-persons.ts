import { momentText } from '../../pages/formatting.js';
import type { BothLanguages } from '../../pages/views.js';
import { isExpired, type Proposal } from '../../proposals/proposal.js';
import type { FormFields } from '../frame/call.js';
import type { Cell, Field, TablePart } from '../frame/parts.js';
import type { FieldErrors } from './settling-words.js';
import { clearTextError } from './steps/typed-text.js';

/** What was typed wrongly; null: nothing was typed. */
export type TypedWrongly = { readonly fields: FormFields; readonly errors: FieldErrors } | null;

const MAX_REASON = 500;

/** What a page shows of one proposal: the cells of its own two columns. */
interface OwnColumns {
  readonly labels: readonly [BothLanguages, BothLanguages];
  readonly cells: (proposal: Proposal) => readonly [Cell, Cell];
}

/** Proposals that wait for a second person, each with the way to its decision and until when. */
export function waitingTable(
  waiting: readonly Proposal[],
  at: Date,
  { cells, labels }: OwnColumns,
): TablePart {
  return {
    part: 'table',
    caption: { tr: 'İkinci kişiyi bekleyen öneriler', en: 'Proposals that wait for a second person' },
    columns: [
      { label: { tr: 'Öneri', en: 'Proposal' } },
      ...labels.map((label) => ({ label })),
      { label: { tr: 'Son an', en: 'Waits until' } },
    ],
    rows: waiting.map((one) => [
      { href: `/konsol/kararlar/${one.id}`, text: momentText(one.proposedAt) },
      ...cells(one),
      untilCell(one, at),
    ]),
    empty: { tr: 'Bekleyen öneri yok.', en: 'None waits.' },
  };
}

/** Until when a proposal waits, or that its time is over. */
function untilCell(proposal: Proposal, at: Date): Cell {
  return isExpired(proposal, at)
    ? { mark: 'calm', text: { tr: 'Süresi doldu', en: 'Expired' } }
    : momentText(proposal.expiresAt);
}

/** What is wrong with the reason that was typed; null: nothing. */
export function reasonError(fields: FormFields): BothLanguages | null {
  return clearTextError(fields.get('gerekce'), MAX_REASON, true);
}

/** The field of the reason. `ask`: a question before its hint. */
export function reasonField(typed: TypedWrongly, ask: BothLanguages | null = null): Field {
  return {
    ...{ kind: 'textarea', name: 'gerekce', required: true, maxLength: MAX_REASON },
    ...{ error: typed?.errors.gerekce, value: typed?.fields.get('gerekce') ?? '' },
    label: { tr: 'Gerekçe', en: 'Reason' },
    hint: inClearHint(ask),
  };
}

/** That a text stands in the log in clear. `ask`: a question before it. */
export function inClearHint(ask: BothLanguages | null): BothLanguages {
  const { en, tr } = {
    tr: 'Açık olarak kayda geçer: kimlik numarası yazmayın.',
    en: 'It stands in the log in clear: write no identity number.',
  };
  return ask === null ? { tr, en } : { tr: `${ask.tr} ${tr}`, en: `${ask.en} ${en}` };
}
