import { isSuspendedOn, statusOn } from '../../authority/record.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { formatCount } from '../../fees/kurus.js';
import { momentText } from '../../pages/formatting.js';
import type { BothLanguages } from '../../pages/views.js';
import type { Cell, Page, Part } from '../frame/parts.js';
import { actingTable, rightsParts, silentTable } from './cooperative-seats.js';
import type { ShownCooperative } from './ports.js';
import { READING_WORDS, type ReadingWord } from './reading-words.js';
import { createMask, ministryText, periodText, roleText, statusCell, statusText } from './words.js';

/** What the page shows beside the cooperative itself. `read`: what an immediate reading has just come to. */
export interface CooperativeView {
  readonly now: Date;
  readonly mayRefresh: boolean;
  readonly read: ReadingWord | null;
}

/** A cooperative, who may act for it and why, and how that came about. Nobody's number, nobody's name. */
export function cooperativePage(shown: ShownCooperative, { mayRefresh, now, read }: CooperativeView): Page {
  const { record } = shown.held;
  const mask = createMask();
  return {
    title: record.unvan,
    help: {
      tr: 'Kimin hangi tescile dayanarak işlem yapabildiği. Kişiler gizlidir: aynı numara bu sayfada aynı kişidir. Görüntülemeniz kayda geçer.',
      en: 'Who may act, and by which registration. Persons are masked: the same number is the same person on this page. That you look is written down.',
    },
    back: { href: '/konsol/mudurluk/kooperatifler', text: { tr: 'Kooperatifler', en: 'Cooperatives' } },
    parts: [
      ...(read === null ? [] : [{ part: 'notice' as const, ...READING_WORDS[read] }]),
      ...waitingNotice(shown),
      factsOf(shown, now),
      ...(mayRefresh ? [refreshForm(record.mersisNo)] : []),
      { part: 'heading', text: { tr: 'Kim işlem yapabilir?', en: 'Who may act?' } },
      ...successorNotice(shown),
      actingTable(shown, mask),
      ...rightsParts(shown),
      representatives(shown, mask),
      silentTable(shown, mask, now),
      versions(shown),
    ],
  };
}

function waitingNotice({ waiting }: ShownCooperative): readonly Part[] {
  if (waiting === null) return [];
  const { en, tr } = momentText(waiting.seenAt);
  return [
    {
      part: 'notice',
      tone: 'warning',
      text: {
        tr: `${tr} tarihli MERSİS okuması ${waiting.lost} görevi kaldıracaktı; ikinci bir okuma ya da iki görevlinin kararı bekleniyor. Şimdilik hiçbir şey değişmedi.`,
        en: `The reading of ${en} would have taken ${waiting.lost} seat(s) away; it waits for a second reading or for two officers. Nothing has changed so far.`,
      },
    },
  ];
}

/** How old the reading is that everything on the page rests on. */
export const FRESHNESS: Readonly<Record<'fresh' | 'reads-only' | 'nothing', Cell>> = {
  fresh: { mark: 'good', text: { tr: 'Güncel', en: 'New enough' } },
  'reads-only': {
    mark: 'warning',
    text: {
      tr: 'Eski: yalnız görüntüleme yetkisi verir',
      en: 'Old: it gives a right to read only',
    },
  },
  nothing: {
    mark: 'problem',
    text: { tr: 'Çok eski: hiçbir yetki vermez', en: 'Too old: it gives no right' },
  },
};

function factsOf({ authorities, held }: ShownCooperative, now: Date): Part {
  const { record, readAt, version } = held;
  const today = istanbulDay(now);
  const suspended = isSuspendedOn(record, today);
  const suspension = record.suspensions.filter(
    ({ from, to }) => from <= today && (to === null || to > today),
  );
  const { freshness } = authorities;
  const row = (label: BothLanguages, value: Cell) => ({ label, value });
  return {
    part: 'facts',
    rows: [
      row({ tr: 'MERSİS no', en: 'MERSİS number' }, record.mersisNo),
      row({ tr: 'VKN', en: 'VKN' }, record.vkn ?? { tr: 'Bilinmiyor', en: 'Not known' }),
      row({ tr: 'Tür', en: 'Kind' }, record.tur),
      row({ tr: 'Kanun', en: 'Law' }, record.kanun),
      row({ tr: 'İl', en: 'Province' }, record.il),
      row({ tr: 'İlgili bakanlık', en: 'Competent ministry' }, ministryText(record.ilgiliBakanlik)),
      row({ tr: 'Durum', en: 'Status' }, statusCell(statusOn(record, today), suspended)),
      ...suspension.map(({ decisionNo, from, to }) =>
        row(
          { tr: 'Askıya alma kararı (1163 m.90)', en: 'Suspension (1163 m.90)' },
          {
            lines: [decisionNo, periodText(from, to)],
          },
        ),
      ),
      row(
        { tr: 'MERSİS’ten okunduğu an', en: 'Read from MERSİS' },
        {
          lines: [momentText(readAt), ageText(now.getTime() - readAt.getTime())],
        },
      ),
      ...(freshness === null
        ? []
        : [row({ tr: 'Okumanın güncelliği', en: 'Age of the reading' }, FRESHNESS[freshness])]),
      row({ tr: 'Sürüm', en: 'Version' }, formatCount(version)),
    ],
  };
}

const HOUR_MS = 3_600_000;

/** How old a reading is, in whole hours or days. */
function ageText(ms: number): BothLanguages {
  const hours = Math.max(0, Math.floor(ms / HOUR_MS));
  if (hours === 0) return { tr: 'bir saatten yeni', en: 'less than an hour old' };
  if (hours < 48) return { tr: `${hours} saat önce`, en: `${hours} hours ago` };
  const days = Math.floor(hours / 24);
  return { tr: `${days} gün önce`, en: `${days} days ago` };
}

function refreshForm(mersisNo: string): Part {
  return {
    part: 'form',
    action: `/konsol/mudurluk/kooperatif/${mersisNo}/yenile`,
    method: 'post',
    fields: [],
    submit: { tr: 'MERSİS’ten şimdi oku', en: 'Read from MERSİS now' },
  };
}

function successorNotice({ authorities: { successor } }: ShownCooperative): readonly Part[] {
  if (successor === null) return [];
  return [
    {
      part: 'notice',
      tone: 'calm',
      text: {
        tr: 'Kooperatif birleşmiştir: aşağıda, katıldığı kooperatifin görevlileri görünür.',
        en: 'The cooperative has merged: below stand those who act at the one that it went into.',
      },
      list: [successor.mersisNo],
    },
  ];
}

function representatives({ representatives: all }: ShownCooperative, mask: (tag: string) => string): Part {
  return {
    part: 'table',
    caption: { tr: 'Bakanlık temsilcileri (1163 m.87)', en: 'Ministry representatives (1163 m.87)' },
    columns: [
      { label: { tr: 'Sıfat', en: 'Capacity' } },
      { label: { tr: 'Kişi', en: 'Person' } },
      { label: { tr: 'Genel kurul günleri', en: 'Days of the assembly' } },
    ],
    rows: all.map(({ endsOn, startsOn, tag }) => [
      roleText('ministry-representative'),
      mask(tag),
      periodText(startsOn, endsOn),
    ]),
    empty: { tr: 'Görevlendirilmiş temsilci yok.', en: 'Nobody is sent to an assembly.' },
  };
}

function versions({ versions: all }: ShownCooperative): Part {
  return {
    part: 'more',
    summary: { tr: `Geçmiş: son ${all.length} sürüm`, en: `History: the last ${all.length} versions` },
    parts: [
      {
        part: 'table',
        caption: { tr: 'Sürümler', en: 'Versions' },
        columns: [
          { label: { tr: 'Sürüm', en: 'Version' }, numeric: true },
          { label: { tr: 'Kaydedildiği an', en: 'Recorded' } },
          { label: { tr: 'Durum', en: 'Status' } },
          { label: { tr: 'Süren görev', en: 'Seats that run' }, numeric: true },
          { label: { tr: 'Değişen görev', en: 'Seats that differ' }, numeric: true },
          { label: { tr: 'Kayıt no', en: 'Entry' }, numeric: true },
        ],
        rows: all.map(({ different, durum, leaf, recordedAt, running, suspended, version }) => [
          formatCount(version),
          momentText(recordedAt),
          suspended ? statusCell(durum, true) : statusText(durum),
          formatCount(running),
          different === null ? '–' : formatCount(different),
          String(leaf),
        ]),
        empty: { tr: 'Saklanmış sürüm yok.', en: 'No version is kept.' },
      },
    ],
  };
}
