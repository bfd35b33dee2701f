import { formatCount } from '../../../fees/kurus.js';
import type { HoldReason } from '../../../mersis/guard.js';
import type { HeldChange, StoppedRun } from '../../../mersis/held/list-held.js';
import type { HeldPage } from '../../../mersis/held/read-held.js';
import type { Progress } from '../../../mersis/poll/progress.js';
import { dayText, momentText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Page, Part, Text } from '../../frame/parts.js';
import { type FieldErrors, reasonField, withQuery } from '../staff-fields.js';
import { RUN_STATES, SEAT_WORDS, WHY_WORDS } from './mersis-words.js';

export const MERSIS_PATH = '/konsol/yonetim/mersis';

/** What was typed into the form, and what is wrong with it. */
export interface TypedRelease {
  readonly decision: string;
  readonly reason: string;
  readonly errors: FieldErrors;
}

export const NOTHING_TYPED: TypedRelease = { decision: '', reason: '', errors: {} };

/** All that the page shows at `at`. `held` null: no run stands stopped. */
export interface MersisView {
  readonly progress: Progress | null;
  readonly held: HeldPage | null;
  readonly proposal: string | null;
  readonly at: Date;
}

/** How far the reading of MERSİS is, and what a stopped run holds. */
export function mersisPage(view: MersisView, typed: TypedRelease): Page {
  const { at, held, progress, proposal } = view;
  return {
    title: { tr: 'MERSİS okumaları', en: 'Readings of MERSİS' },
    help: {
      tr: 'Kooperatiflerin kurulları MERSİS’ten okunur. Bir okuma turu beklenenden çok kişinin yetkisini düşürecekse durur ve iki görevlinin kararını bekler: biri burada önerir, öteki “Bekleyen kararlar”da onaylar.',
      en: 'Boards of cooperatives are read from MERSİS. A run that would take more rights away than expected stops and waits for two officers: one proposes here, the other approves among the waiting decisions.',
    },
    parts: [
      ...(progress === null ? [NO_MERSIS] : progressParts(progress)),
      ...(held === null ? [] : heldParts(held, proposal, typed, at)),
    ],
  };
}

const NO_MERSIS: Part = {
  part: 'notice',
  tone: 'warning',
  text: {
    tr: 'Ayarlarda MERSİS yok: hiçbir şey okunmaz, okunmuş olanlar eskir.',
    en: 'The settings name no MERSİS: nothing is read, and what was read grows old.',
  },
};

function progressParts(progress: Progress): readonly Part[] {
  const { budget, cooperatives, due, held, neverRead, oldestReadAt, pause, run, troubled, wished } = progress;
  const tile = (tr: string, en: string, value: Text, note?: BothLanguages) => ({
    label: { tr, en },
    value,
    ...(note === undefined ? {} : { note }),
  });
  const waited = formatCount(wished);
  return [
    ...(pause === null ? [] : [pauseNotice(pause)]),
    {
      part: 'tiles',
      tiles: [
        tile('Kooperatif', 'Cooperatives', formatCount(cooperatives)),
        tile('Okunma zamanı gelmiş', 'Due now', formatCount(due), {
          tr: `${waited} tanesi beklenen`,
          en: `${waited} of them waited for`,
        }),
        tile('En eski okuma', 'Oldest reading', oldestReadAt === null ? '–' : momentText(oldestReadAt)),
        tile('Bugünkü istek', 'Requests today', `${formatCount(budget.used)} / ${formatCount(budget.limit)}`),
        tile('Bekleyen kayıp', 'Losses that wait', formatCount(held)),
        tile('Hiç okunmamış', 'Never read', formatCount(neverRead)),
        tile('Sorunlu', 'In trouble', formatCount(troubled)),
      ],
    },
    { part: 'heading', text: { tr: 'Son okuma turu', en: 'The last run' } },
    run === null
      ? { part: 'text', text: { tr: 'Henüz bir tur yok.', en: 'No run yet.' } }
      : { part: 'facts', rows: runFacts(run) },
  ];
}

function pauseNotice({ reason, until }: NonNullable<Progress['pause']>): Part {
  const at = momentText(until);
  const why =
    reason === 'refused'
      ? {
          tr: 'MERSİS bizi reddediyor (ayarlardaki kullanıcı, parola, sertifika ya da adres)',
          en: 'MERSİS refuses us (user, password, certificate or address in the settings)',
        }
      : { tr: 'MERSİS cevap vermiyor', en: 'MERSİS does not answer' };
  return {
    part: 'notice',
    tone: 'warning',
    text: {
      tr: `${at.tr} saatine kadar hiçbir şey sorulmuyor: ${why.tr}.`,
      en: `Nothing is asked until ${at.en}: ${why.en}.`,
    },
  };
}

function runFacts(run: NonNullable<Progress['run']>) {
  const { asked, changed, endedAt, failed, losses, lossLimit, refused, runId, startedAt, state } = run;
  const row = (tr: string, en: string, value: Cell) => ({ label: { tr, en }, value });
  const isBad = state === 'stopped';
  return [
    row('Durum', 'State', { mark: isBad ? 'problem' : 'calm', text: RUN_STATES[state] }),
    row('Başladı', 'Began', momentText(startedAt)),
    row('Bitti', 'Ended', endedAt === null ? '–' : momentText(endedAt)),
    row('Sorulan', 'Asked', formatCount(asked)),
    row('Değişen', 'Changed', formatCount(changed)),
    row('İnanılmayan cevap', 'Answers not believed', formatCount(refused)),
    row('Cevapsız', 'Without an answer', formatCount(failed)),
    row('Yetki kaybı / sınır', 'Losses / limit', `${formatCount(losses)} / ${formatCount(lossLimit)}`),
    row('Tur numarası', 'Id of the run', { code: runId }),
  ];
}

function heldParts(
  { changes, hasMore, run, summary }: HeldPage,
  proposal: string | null,
  typed: TypedRelease,
  at: Date,
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
      first: `${MERSIS_PATH}#duran`,
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
