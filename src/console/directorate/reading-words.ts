import type { BothLanguages } from '../../pages/views.js';
import type { Tone } from '../frame/parts.js';

interface ReadingNotice {
  readonly tone: Tone;
  readonly text: BothLanguages;
}

/** What an immediate reading came to, or why there was none: closed words, which stand in an address. */
export const READING_WORDS = {
  changed: {
    tone: 'good',
    text: {
      tr: 'MERSİS okundu; kooperatifin bilgileri değişti ve kaydedildi.',
      en: 'MERSİS was read; something had changed and is recorded.',
    },
  },
  unchanged: {
    tone: 'good',
    text: { tr: 'MERSİS okundu; hiçbir şey değişmemiş.', en: 'MERSİS was read; nothing has changed.' },
  },
  held: {
    tone: 'warning',
    text: {
      tr: 'MERSİS okundu; okuma çok sayıda görevi kaldıracağı için ikinci bir okuma ya da iki görevlinin kararı bekleniyor.',
      en: 'MERSİS was read; it would take much away, so a second reading or two officers are waited for.',
    },
  },
  refused: {
    tone: 'warning',
    text: {
      tr: 'MERSİS okundu, ama cevabına güvenilemedi; hiçbir şey değişmedi.',
      en: 'MERSİS was read, but its answer is not to be believed; nothing has changed.',
    },
  },
  'not-found': {
    tone: 'warning',
    text: { tr: 'MERSİS bu numarayı tanımıyor.', en: 'MERSİS does not know this number.' },
  },
  'just-read': {
    tone: 'warning',
    text: {
      tr: 'Bu kooperatif az önce okundu; kısa süre sonra yeniden deneyin.',
      en: 'This cooperative was read a moment ago; try again shortly.',
    },
  },
  'too-often': {
    tone: 'warning',
    text: {
      tr: 'Saatlik ya da günlük okuma sınırına ulaşıldı; daha sonra yeniden deneyin.',
      en: 'The limit of readings of this hour or day is reached; try again later.',
    },
  },
  unavailable: {
    tone: 'warning',
    text: {
      tr: 'MERSİS’e şu anda ulaşılamıyor; hiçbir şey değişmedi. Daha sonra yeniden deneyin.',
      en: 'MERSİS cannot be reached just now; nothing has changed. Try again later.',
    },
  },
  maintenance: {
    tone: 'warning',
    text: {
      tr: 'MERSİS’te planlı bakım var; hiçbir şey sorulmadı. Bakım bitince yeniden deneyin.',
      en: 'MERSİS is under planned maintenance; nothing was asked. Try again once it is over.',
    },
  },
} as const satisfies Readonly<Record<string, ReadingNotice>>;

export type ReadingWord = keyof typeof READING_WORDS;

/** The word of an address; null for anything else. */
export function readingWord(text: string | null): ReadingWord | null {
  return text !== null && Object.hasOwn(READING_WORDS, text) ? (text as ReadingWord) : null;
}
