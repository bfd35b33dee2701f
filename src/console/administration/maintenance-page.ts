import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { WindowList } from '../../maintenance/list-windows.js';
import {
  MAINTAINED_SYSTEMS,
  MAX_AHEAD_DAYS,
  MAX_WINDOW_DAYS,
  type MaintenanceWindow,
  stateOf,
  type WindowFault,
} from '../../maintenance/window.js';
import { dayText, momentText } from '../../pages/formatting.js';
import type { BothLanguages } from '../../pages/views.js';
import type { Cell, Field, Page, Part } from '../frame/parts.js';
import { systemWords } from './system-words.js';

/** What was typed into the form, and what is wrong with it. */
export interface TypedWindow {
  readonly system: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly errors: Readonly<Partial<Record<WindowFault['field'], BothLanguages>>>;
}

export const NOTHING_TYPED: TypedWindow = { system: 'kps', from: '', to: '', reason: '', errors: {} };

/** Words for what is wrong with a field. */
export const FAULT_WORDS: Readonly<Record<WindowFault['fault'], BothLanguages>> = {
  'unknown-system': { tr: 'Listeden bir sistem seçin.', en: 'Choose one of the systems.' },
  'in-the-past': { tr: 'Başlangıç geçmişte olamaz.', en: 'It cannot begin in the past.' },
  'too-far-ahead': {
    tr: `Başlangıç en çok ${MAX_AHEAD_DAYS} gün sonrası olabilir.`,
    en: `It can begin at most ${MAX_AHEAD_DAYS} days ahead.`,
  },
  'not-after-begin': { tr: 'Bitiş, başlangıçtan sonra olmalı.', en: 'It must end after it begins.' },
  'too-long': {
    tr: `En çok ${MAX_WINDOW_DAYS} gün sürebilir.`,
    en: `It can last ${MAX_WINDOW_DAYS} days at the most.`,
  },
  missing: { tr: 'Bu alanı doldurun.', en: 'Fill this in.' },
  'too-long-text': { tr: 'En çok 500 karakter yazın.', en: 'Write 500 characters at the most.' },
  'control-characters': { tr: 'Tek satır, düz metin yazın.', en: 'Write plain text of one line.' },
  'identity-number': {
    tr: 'Bu metin açık olarak kayda geçer; kimlik numarası yazmayın.',
    en: 'This text stands in the log in clear; do not write an identity number.',
  },
};

/** Windows now, ahead and past, and the form for a new one. */
export function maintenancePage(windows: WindowList, typed: TypedWindow, at: Date): Page {
  return {
    title: { tr: 'Bakım', en: 'Maintenance' },
    help: {
      tr: 'Bir ulusal sistemin planlı bakımı sırasında o sisteme hiçbir şey sorulmaz; çağıranlar “bakım” cevabını ve ne zaman yeniden deneyeceklerini alır. Bir zaman değiştirilmez: kapatılır ve yenisi açılır.',
      en: 'During planned maintenance a national system is not asked anything; callers are told so, and when to try again. A window is never changed: it is closed, and another one opened.',
    },
    parts: [
      table({ tr: 'Şu anda bakımda', en: 'Now' }, windows.current, at),
      table({ tr: 'Duyurulan', en: 'Announced' }, windows.ahead, at),
      form(typed, at),
      {
        part: 'more',
        summary: { tr: 'Geçmiş (son 50)', en: 'Past (the last 50)' },
        parts: [table({ tr: 'Geçmiş', en: 'Past' }, windows.past, at)],
      },
    ],
  };
}

const STATES: Readonly<Record<ReturnType<typeof stateOf>, Cell>> = {
  ahead: { mark: 'calm', text: { tr: 'Duyuruldu', en: 'Announced' } },
  current: { mark: 'warning', text: { tr: 'Sürüyor', en: 'Current' } },
  over: { mark: 'good', text: { tr: 'Bitti', en: 'Over' } },
  closed: { mark: 'good', text: { tr: 'Kapatıldı', en: 'Closed' } },
};

function table(caption: BothLanguages, windows: readonly MaintenanceWindow[], at: Date): Part {
  return {
    part: 'table',
    caption,
    columns: [
      { label: { tr: 'Sistem', en: 'System' } },
      { label: { tr: 'Başlangıç', en: 'From' } },
      { label: { tr: 'Bitiş', en: 'To' } },
      { label: { tr: 'Neden', en: 'Reason' } },
      { label: { tr: 'Durum', en: 'State' } },
      { label: { tr: 'İşlem', en: 'Action' } },
    ],
    rows: windows.map((one) => [
      systemWords(one.system).family,
      momentText(one.startsAt),
      momentText(one.endsAt),
      one.reason,
      STATES[stateOf(one, at)],
      one.closedAt === null && one.endsAt > at
        ? closing(one)
        : one.closedAt === null
          ? '–'
          : momentText(one.closedAt),
    ]),
    empty: { tr: 'Yok.', en: 'None.' },
  };
}

function closing({ startsAt, system, window }: MaintenanceWindow): Cell {
  return {
    button: {
      action: `/konsol/yonetim/bakim/${window}/kapat`,
      text: { tr: 'Kapat', en: 'Close' },
      about: {
        tr: `${systemWords(system).family.tr}, ${momentText(startsAt).tr}`,
        en: `${systemWords(system).family.en}, ${momentText(startsAt).en}`,
      },
    },
  };
}

function form({ errors, from, reason, system, to }: TypedWindow, at: Date): Part {
  const today = istanbulDay(at);
  const fields: readonly Field[] = [
    {
      kind: 'radio',
      name: 'sistem',
      label: { tr: 'Sistem', en: 'System' },
      value: system,
      options: MAINTAINED_SYSTEMS.map((value) => ({ value, text: systemWords(value).family })),
      error: errors.system,
      required: true,
    },
    {
      kind: 'datetime',
      name: 'bas',
      label: { tr: 'Başlangıç (boş: şimdi)', en: 'From (empty: now)' },
      hint: {
        tr: `Türkiye saatiyle, örneğin ${dayText(today).tr} 22:00`,
        en: `In Turkish time, such as ${dayText(today).en} 22:00`,
      },
      value: from,
      error: errors.from,
    },
    {
      kind: 'datetime',
      name: 'son',
      label: { tr: 'Bitiş', en: 'To' },
      hint: {
        tr: `Türkiye saatiyle, örneğin ${dayText(today).tr} 23:30`,
        en: `In Turkish time, such as ${dayText(today).en} 23:30`,
      },
      value: to,
      error: errors.to,
      required: true,
    },
    {
      kind: 'text',
      name: 'neden',
      label: { tr: 'Neden', en: 'Reason' },
      hint: { tr: 'Açık olarak kayda geçer.', en: 'Stands in the log in clear.' },
      value: reason,
      maxLength: 500,
      error: errors.reason,
      required: true,
    },
  ];
  return {
    part: 'form',
    legend: { tr: 'Yeni bakım zamanı', en: 'A new window' },
    action: '/konsol/yonetim/bakim',
    method: 'post',
    fields,
    submit: { tr: 'Bakım zamanını aç', en: 'Open the window' },
  };
}
