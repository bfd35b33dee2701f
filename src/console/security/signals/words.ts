import type { SignalDecision } from '../../../audit/signals/decide-lane.js';
import type { ListedSignal } from '../../../audit/signals/list-signals.js';
import { formatCount } from '../../../fees/kurus.js';
import { momentText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Text } from '../../frame/parts.js';

/** Users are never named on these pages. */
export const MASKED = '***';

interface MeasureWords {
  /** What happened, in a few words. */
  readonly name: BothLanguages;
  /** When a rule of this measure raises a signal. */
  readonly rule: BothLanguages;
  /** What the count counts. */
  readonly counted: BothLanguages;
}

const MEASURES: Readonly<Record<string, MeasureWords>> = {
  'people-asked-about': {
    name: {
      tr: 'Kısa sürede çok sayıda farklı kişi sorgulandı',
      en: 'Many different people in a short time',
    },
    rule: {
      tr: 'Bir kullanıcı, belirlenen süre içinde eşik kadar farklı kişiyi sorguladığında uyarı oluşur. Bir ortağın kaydı dakikalar sürer; kısa sürede çok kişi, bir listenin okunması olabilir.',
      en: 'Raised when one user looks up as many different people as the threshold within the time that is set. Registering a member takes minutes; many people in a short time may be a list being read off.',
    },
    counted: { tr: 'farklı kişi', en: 'different people' },
  },
  'outside-working-hours': {
    name: { tr: 'Çalışma saatleri dışında sorgu', en: 'Look-ups outside working hours' },
    rule: {
      tr: 'Bir kullanıcının bir gün içinde, çalışma saatleri dışında ya da hafta sonunda yaptığı sorgular eşiğe ulaştığında uyarı oluşur.',
      en: 'Raised when one user’s look-ups of a day outside working hours, or at the week-end, reach the threshold.',
    },
    counted: { tr: 'sorgu', en: 'look-ups' },
  },
  'non-matches': {
    name: { tr: 'Çok sayıda eşleşmeyen sorgu', en: 'Many look-ups without a match' },
    rule: {
      tr: 'Bir kullanıcının, belirlenen süre içinde kimseyle eşleşmeyen sorguları eşiğe ulaştığında uyarı oluşur. Bu, bir numaranın denenerek bulunması olabilir.',
      en: 'Raised when one user’s look-ups that match nobody reach the threshold within the time that is set. Somebody may be trying out numbers.',
    },
    counted: { tr: 'eşleşmeyen sorgu', en: 'look-ups without a match' },
  },
  'above-own-habit': {
    name: { tr: 'Kendi alışkanlığının çok üstünde sorgu', en: 'Far above the user’s own habit' },
    rule: {
      tr: 'Bir kullanıcının bir gündeki sorguları, hem eşiğe hem de kendi önceki günlük ortalamasının belirlenen katına ulaştığında uyarı oluşur.',
      en: 'Raised when one user’s look-ups of a day reach both the threshold and the set multiple of that user’s own daily mean before.',
    },
    counted: { tr: 'sorgu', en: 'look-ups' },
  },
  'log-reads': {
    name: { tr: 'Kayıtlar çok sık okundu', en: 'The log was read very often' },
    rule: {
      tr: 'Bir görevlinin, belirlenen süre içinde kayıtlarda yaptığı aramalar, açtığı değerler, dışa aktarmalar, deliller ve cevaplar eşiğe ulaştığında uyarı oluşur.',
      en: 'Raised when one officer’s searches, opened values, exports, evidence and answers reach the threshold within the time that is set.',
    },
    counted: { tr: 'okuma', en: 'reads' },
  },
};

const OTHER: MeasureWords = {
  name: { tr: 'Başka bir ölçü', en: 'Another measure' },
  rule: {
    tr: 'Bu uyarının ölçüsü bu sürümde tanınmıyor.',
    en: 'This version does not know the measure of this signal.',
  },
  counted: { tr: 'sayım', en: 'count' },
};

export function measureWords(measure: string): MeasureWords {
  return Object.hasOwn(MEASURES, measure) ? (MEASURES[measure] ?? OTHER) : OTHER;
}

/** `31 farklı kişi (eşik 30)`. */
export function countText({ measure, measured, threshold }: ListedSignal): Text {
  const { counted } = measureWords(measure);
  const [found, wanted] = [measured, threshold].map((count) => formatCount(count));
  return {
    tr: `${found} ${counted.tr} (eşik ${wanted})`,
    en: `${found} ${counted.en} (threshold ${wanted})`,
  };
}

/** From when to when was counted. */
export function windowText({ windowEnd, windowStart }: ListedSignal): BothLanguages {
  const [from, to] = [momentText(windowStart), momentText(windowEnd)];
  return { tr: `${from.tr} – ${to.tr}`, en: `${from.en} – ${to.en}` };
}

export const DECISIONS = {
  justified: { tr: 'İş gereği, haklı', en: 'Justified by the work' },
  reported: { tr: 'Bildirildi, inceleme istendi', en: 'Reported on' },
  'false-alarm': { tr: 'Yanlış uyarı', en: 'False alarm' },
} as const satisfies Readonly<Record<SignalDecision, BothLanguages>>;

/** Whether it waits, or how it was decided. */
export function stateCell(decision: SignalDecision | null): Cell {
  if (decision === null)
    return { mark: 'warning', text: { tr: 'Karar bekliyor', en: 'Waits for a decision' } };
  return { mark: decision === 'reported' ? 'problem' : 'good', text: DECISIONS[decision] };
}
