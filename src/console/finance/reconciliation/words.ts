import type { DifferenceClass } from '../../../fees/reconciliation/classify.js';
import type { DifferenceDecision } from '../../../fees/reconciliation/decide-difference.js';
import type { Detail } from '../../../fees/reconciliation/figures.js';
import type { ImportView } from '../../../fees/reconciliation/list-imports.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Text } from '../../frame/parts.js';

export const RECONCILIATION_PATH = '/konsol/mali/mutabakat';

/** Classes of differences in words. */
export const CLASS_NAMES: Readonly<Record<DifferenceClass, BothLanguages>> = {
  'day-boundary': { tr: 'Gün sınırı', en: 'Day boundary' },
  'unknown-outcome': { tr: 'Sonucu bilinmeyenler', en: 'Unknown outcomes' },
  'only-with-us': { tr: 'Yalnız bizde', en: 'Only with us' },
  'only-with-them': { tr: 'Yalnız onlarda', en: 'Only with them' },
  'tariff-differs': { tr: 'Tarife farklı', en: 'Tariff differs' },
  rounding: { tr: 'Yuvarlama', en: 'Rounding' },
};

/** What each class is, and which decision fits. */
export const CLASS_HELP: Readonly<Record<DifferenceClass, BothLanguages>> = {
  'day-boundary': {
    tr: 'Bir günün eksiği ertesi günün fazlası: gece yarısı çevresinde gönderilen sorgular onlarda öteki güne yazılmış olabilir. Genellikle “Açıklandı” uygundur.',
    en: 'A lack on one day and the excess on the next: queries sent around midnight may stand on the other day with them. Usually “Explained” fits.',
  },
  'unknown-outcome': {
    tr: 'Gönderildi, cevap gelmedi; sayılar eşit olsa da burada görünür. Tek karar vardır: onların sayısına göre kesinleştirmek. Defteri değiştiren tek karar budur.',
    en: 'Sent, and no answer came; shown even where counts agree. There is one decision: settle them by their count. It alone changes the book.',
  },
  'only-with-us': {
    tr: 'Biz daha çok saydık. “Onların sayısı kabul” uygundur: daha az ödenir. Çoksa, neyi saymadıklarını NVİ’ye sorun.',
    en: 'We counted more. “Theirs accepted” fits: less is paid. Where it is much, ask NVİ what they do not count.',
  },
  'only-with-them': {
    tr: 'Onlar daha çok saydı. Arkasındaki kayıtlar kadarsa “Onların sayısı kabul” uygundur. Arkasındakilerden çoksa itiraz edin ve güvenlik görevlisini arayın: hesabı başkası kullanıyor olabilir.',
    en: 'They counted more. Up to as many as the entries behind it, “Theirs accepted” fits. Where it is more than those, object and call the security officer: somebody else may use the account.',
  },
  'tariff-differs': {
    tr: 'Sayı aynı, fiyat başka. İtiraz edin ya da fiyatı değiştiren yazıyı bulup tarife satırını etkinleştirin, sonra “Açıklandı” deyin. Bedel dışı hesapta itiraz edin.',
    en: 'The same count, another price. Object, or find the letter that changed the price and switch the row on, then “Explained”. Of an account outside the fee, object.',
  },
  rounding: {
    tr: 'Bir kuruş. “Onların sayısı kabul” uygundur.',
    en: 'One kuruş. “Theirs accepted” fits.',
  },
};

export const DECISION_NAMES: Readonly<Record<DifferenceDecision, BothLanguages>> = {
  'accept-theirs': { tr: 'Onların sayısı kabul', en: 'Theirs accepted' },
  object: { tr: 'İtiraz', en: 'Objected' },
  settle: { tr: 'Onların sayısına göre kesinleştir', en: 'Settled by their count' },
  explained: { tr: 'Açıklandı, yapılacak yok', en: 'Explained, nothing to be done' },
};

export const DETAIL_NAMES: Readonly<Record<Detail, BothLanguages>> = {
  total: { tr: 'dönemin toplamı', en: 'the period as a whole' },
  day: { tr: 'güne göre', en: 'by day' },
  service: { tr: 'hizmete göre', en: 'by service' },
  'day-service': { tr: 'güne ve hizmete göre', en: 'by day and service' },
};

export const WHOLE_PERIOD: BothLanguages = { tr: 'bütün dönem', en: 'the whole period' };
export const EVERY_SERVICE: BothLanguages = { tr: 'her hizmet', en: 'every service' };

/** How a difference was decided, as a mark. */
export function decisionMark(decision: string | null): Cell {
  if (decision === null) return { mark: 'warning', text: { tr: 'Karar bekliyor', en: 'Not decided' } };
  return { mark: 'good', text: decisionText(decision) };
}

/** A decision in words; one that is none of ours as it stands. */
function decisionText(decision: string): Text {
  return Object.hasOwn(DECISION_NAMES, decision) ? DECISION_NAMES[decision as DifferenceDecision] : decision;
}

/** How far the differences of an import are decided. */
export function openMark({ differences, open }: Pick<ImportView, 'differences' | 'open'>): Cell {
  if (differences === 0) return { mark: 'good', text: { tr: 'Fark yok', en: 'No difference' } };
  if (open === 0)
    return {
      mark: 'good',
      text: { tr: `${differences} fark, hepsi karara bağlı`, en: `${differences} differences, all decided` },
    };
  return {
    mark: 'warning',
    text: {
      tr: `${differences} fark, ${open} karar bekliyor`,
      en: `${differences} differences, ${open} not decided`,
    },
  };
}
