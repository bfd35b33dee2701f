import { formatCount } from '../../../fees/kurus.js';
import type { HoldReason } from '../../../mersis/guard.js';
import type { HeldChange, StoppedRun } from '../../../mersis/held/list-held.js';
import type { HeldPage } from '../../../mersis/held/read-held.js';
import { dayText, momentText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Part, Text } from '../../frame/parts.js';
import { type FieldErrors, reasonField, withQuery } from '../staff-fields.js';
import { SEAT_WORDS, WHY_WORDS } from './mersis-words.js';

export const MERSIS_PATH = '/konsol/yonetim/mersis';

/** What was typed into the form, and what is wrong with it. */
export interface TypedRelease {
  readonly decision: string;
  readonly reason: string;
  readonly errors: FieldErrors;
}

export const NOTHING_TYPED: TypedRelease = { decision: '', reason: '', errors: {} };

/** What a stopped run holds, and the form by which its release is proposed; `proposal`: one that waits already. */
export function heldParts(
  { changes, hasMore, run, summary }: HeldPage,
  {
    at,
    isFirst,
    proposal,
  }: { readonly at: Date; readonly isFirst: boolean; readonly proposal: string | null },
  typed: TypedRelease,
): readonly Part[] {
  const last = changes.at(-1);
  return [
    {
      part: 'heading',
      text: { tr: 'Duran turun tuttukları', en: 'What the stopped run holds' },
      id: 'duran',
    },
    stoppedNotice(run, summary),
    proposal === null ? releaseForm(run, typed, at) : waitingNotice(proposal),
    counts({ tr: 'Nedenlere göre', en: 'By reason' }, { tr: 'Kooperatif', en: 'Cooperatives' }, [
      ...summary.reasons.map(({ cooperatives, why }) => [WHY_WORDS[why], cooperatives] as const),
    ]),
    counts({ tr: 'Düşecek görevlere göre', en: 'By seat that would be lost' }, { tr: 'Görev', en: 'Seats' }, [
      ...summary.roles.map(({ role, seats }) => [SEAT_WORDS[role] ?? role, seats] as const),
    ]),
    changesTable(changes),
    {
      part: 'pager',
      shown: {
        tr: `${formatCount(summary.cooperatives)} kooperatiften ${formatCount(changes.length)} tanesi`,
        en: `${formatCount(changes.length)} of ${formatCount(summary.cooperatives)} cooperatives`,
      },
      first: isFirst ? null : `${MERSIS_PATH}#duran`,
      next: hasMore && last !== undefined ? withQuery(MERSIS_PATH, { sonra: last.mersisNo }) : null,
    },
  ];
}

function stoppedNotice(run: StoppedRun, { cooperatives, seats }: HeldPage['summary']): Part {
  const [n, lost, asked, limit] = [cooperatives, seats, run.asked, run.lossLimit].map(formatCount);
  const seen = run.reviewedAt === null ? null : momentText(run.reviewedAt);
  return {
    part: 'notice',
    tone: 'problem',
    text: {
      tr: `Tur durdu: sorulan ${asked} kooperatiften ${n} tanesinde toplam ${lost} görev düşecekti; sınır ${limit}.`,
      en: `The run stands stopped: ${n} of ${asked} cooperatives asked would lose ${lost} seats; the limit is ${limit}.`,
    },
    list: [
      seen === null
        ? { tr: 'Henüz kimse incelemedi.', en: 'Nobody has reviewed it.' }
        : { tr: `İnceleme: ${seen.tr}`, en: `Reviewed: ${seen.en}` },
    ],
  };
}

function waitingNotice(proposal: string): Part {
  return {
    part: 'notice',
    tone: 'warning',
    text: {
      tr: 'Bu tur hakkında bir öneri ikinci görevlinin kararını bekliyor.',
      en: 'A proposal about this run waits for a second officer.',
    },
    link: { href: `/konsol/kararlar/${proposal}`, text: { tr: 'Öneriyi aç', en: 'Open the proposal' } },
  };
}

function releaseForm({ runId }: StoppedRun, { decision, errors, reason }: TypedRelease, at: Date): Part {
  return {
    part: 'form',
    legend: { tr: 'Karar önerin', en: 'Propose a decision' },
    action: MERSIS_PATH,
    method: 'post',
    // What comes later, who proposes has not seen.
    hidden: { tur: runId, goruldu: at.toISOString() },
    fields: [
      {
        kind: 'radio',
        name: 'karar',
        label: { tr: 'Karar', en: 'Decision' },
        value: decision,
        required: true,
        error: errors.karar,
        options: [
          {
            value: 'released',
            text: {
              tr: 'Serbest bırak: yeniden okununca aynıysa uygulanır',
              en: 'Release: applied when it is read again and still says so',
            },
          },
          {
            value: 'rejected',
            text: { tr: 'Reddet: unutulur ve yeniden okunur', en: 'Reject: forgotten, and read again' },
          },
        ],
      },
      reasonField(reason, errors.neden),
    ],
    submit: { tr: 'Öner', en: 'Propose' },
    grave: true,
  };
}

function counts(caption: BothLanguages, of: BothLanguages, rows: readonly (readonly [Text, number])[]): Part {
  return {
    part: 'table',
    caption,
    columns: [{ label: caption }, { label: of, numeric: true }],
    rows: rows.map(([text, count]) => [text, formatCount(count)]),
    empty: { tr: 'Yok.', en: 'None.' },
  };
}

/** Seats of one cooperative that are named one by one; a board has some, a wrong reading may name more. */
const SEATS_SHOWN = 10;

function changesTable(changes: readonly HeldChange[]): Part {
  return {
    part: 'table',
    caption: { tr: 'Kooperatif kooperatif', en: 'Cooperative by cooperative' },
    columns: [
      { label: { tr: 'MERSİS no', en: 'MERSİS no' } },
      { label: { tr: 'Unvan', en: 'Title' } },
      { label: { tr: 'Neden', en: 'Reason' } },
      { label: { tr: 'Görüldü', en: 'Seen' } },
      { label: { tr: 'Düşecek görevler', en: 'Seats lost' } },
    ],
    rows: changes.map(({ gained, inForce, lost, mersisNo, seenAt, unvan, why }) => [
      { code: mersisNo },
      unvan ?? '–',
      WHY_WORDS[why satisfies HoldReason],
      momentText(seenAt),
      {
        lines: [
          {
            tr: `${inForce} görevden ${lost.length} düşer, ${gained} gelir`,
            en: `${lost.length} of ${inForce} seats lost, ${gained} new`,
          },
          ...lost.slice(0, SEATS_SHOWN).map(seatLine),
        ],
      },
    ]),
    empty: { tr: 'Bu sayfada yok.', en: 'None on this page.' },
  };
}

function seatLine({ from, role, to }: HeldChange['lost'][number]): Cell {
  const words = SEAT_WORDS[role] ?? { tr: role, en: role };
  const [start, end] = [dayText(from), to === null ? { tr: '–', en: '–' } : dayText(to)];
  return { tr: `${words.tr}, ${start.tr} / ${end.tr}`, en: `${words.en}, ${start.en} / ${end.en}` };
}
