import { formatCount } from '../../../fees/kurus.js';
import type { HeldPage } from '../../../mersis/held/read-held.js';
import type { Progress } from '../../../mersis/poll/progress.js';
import { momentText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Page, Part, Text } from '../../frame/parts.js';
import { heldParts, type TypedRelease } from './held-parts.js';
import { RUN_STATES } from './mersis-words.js';

/** All that the page shows at `at`. `held` null: no run stands stopped. */
export interface MersisView {
  readonly progress: Progress | null;
  readonly held: HeldPage | null;
  readonly proposal: string | null;
  readonly at: Date;
  /** Whether what is held is shown from its beginning. */
  readonly isFirst: boolean;
}

/** How far the reading of MERSİS is, and what a stopped run holds. */
export function mersisPage(view: MersisView, typed: TypedRelease): Page {
  const { held, progress } = view;
  return {
    title: { tr: 'MERSİS okumaları', en: 'Readings of MERSİS' },
    help: {
      tr: 'Kooperatiflerin kurulları MERSİS’ten okunur. Bir okuma turu beklenenden çok kişinin yetkisini düşürecekse durur ve iki görevlinin kararını bekler: biri burada önerir, öteki “Bekleyen kararlar”da onaylar.',
      en: 'Boards of cooperatives are read from MERSİS. A run that would take more rights away than expected stops and waits for two officers: one proposes here, the other approves among the waiting decisions.',
    },
    parts: [
      ...(progress === null ? [NO_MERSIS] : progressParts(progress)),
      ...(held === null ? [] : heldParts(held, view, typed)),
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
