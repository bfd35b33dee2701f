import { checkSearch } from '../../../api/audit-search-schema.js';
import type { SearchAttempt, SearchRequest } from '../../../audit/search/attempt.js';
import { periodOf, personsOf } from '../../../audit/search/criteria.js';
import { requireDated } from '../../../audit/search/decide-search.js';
import { Refusal } from '../../../errors/refusal.js';
import type { BothLanguages } from '../../../pages/views.js';
import { MAX_AUTHORITY, MAX_DOCUMENT_NO } from '../ground.js';
import type { SearchField } from './typed.js';

type FaultyField = SearchField | 'kinds';

/** What is wrong, by field. */
export type Faults = Readonly<Partial<Record<FaultyField, BothLanguages>>>;

/** A typed search: sound, or what is to be handed to the search all the same, so that it is written down, and told beside the fields. */
export type Judged =
  | { readonly ok: true; readonly value: SearchRequest }
  | { readonly ok: false; readonly request: SearchAttempt['request']; readonly faults: Faults };

const line = (max: number): BothLanguages => ({
  tr: `Doldurulmalıdır; en çok ${max} karakter, tek satır, içinde kimlik numarası olmadan.`,
  en: `Needed; one line of ${max} characters at the most, without an identity number.`,
});
const number: BothLanguages = {
  tr: 'Geçerli bir kimlik numarası değil. 11 rakamı denetleyip yeniden yazınız.',
  en: 'Not a valid identity number. Check the 11 digits and type it again.',
};
const id: BothLanguages = {
  tr: 'Numara, 8-4-4-4-12 haneli olarak, kayıtta göründüğü gibi yazılmalıdır.',
  en: 'Type the id as the log shows it, in groups of 8-4-4-4-12.',
};

/** What each field must be. */
const TEXTS: Readonly<Record<FaultyField, BothLanguages>> = {
  authority: line(MAX_AUTHORITY),
  documentNo: line(MAX_DOCUMENT_NO),
  date: {
    tr: 'Belgenin tarihi yazılmalıdır ve bugünden sonra olamaz.',
    en: 'The day of the document is needed, and it cannot be after today.',
  },
  from: { tr: 'Geçerli bir tarih ve saat değil.', en: 'Not a valid date and time.' },
  to: {
    tr: 'Geçerli bir tarih ve saat değil ya da başlangıçtan sonra değil.',
    en: 'Not a valid date and time, or not after the start.',
  },
  person: number,
  actor: number,
  cooperative: {
    tr: 'MERSİS numarası 0 ile başlayan 16 rakamdır.',
    en: 'A MERSİS number has 16 digits and begins with 0.',
  },
  purpose: { tr: 'Listeden bir amaç seçiniz.', en: 'Choose a purpose of the list.' },
  outcome: { tr: 'Listeden bir sonuç seçiniz.', en: 'Choose an outcome of the list.' },
  screen: {
    tr: 'Ekran kodu en çok 32 harf, rakam, nokta, çizgidir.',
    en: 'A screen code has letters, digits, dots and dashes, 32 at the most.',
  },
  service: {
    tr: 'Servis adı en çok 64 harf, rakam, nokta, çizgidir.',
    en: 'The name of a service has letters, digits, dots and dashes, 64 at the most.',
  },
  reference: {
    tr: 'Dosya ya da karar numarası en çok 64 karakter, tek satır, içinde kimlik numarası olmadan.',
    en: 'A file or decision number is one line of 64 characters at the most, without an identity number.',
  },
  query: id,
  session: id,
  kinds: { tr: 'Listeden kayıt türü seçiniz.', en: 'Choose kinds of the list.' },
  code: {
    tr: 'Kod büyük harf ve alt çizgiyle yazılır, örneğin ROLE_REQUIRED.',
    en: 'A code is written in capitals and underscores, such as ROLE_REQUIRED.',
  },
};

/** Whether a search may be handed on as it was typed, and if not, everything that is wrong with it. */
export function judge(body: object, now: Date): Judged {
  const checked = checkSearch(body);
  if (!checked.ok) {
    const { reason, reasons } = checked;
    return { ok: false, request: { ok: false, code: 'REQUEST_INVALID', reason }, faults: faultsOf(reasons) };
  }
  const { value } = checked;
  const reasons = valueFaults(value, now);
  if (reasons.length > 0) return { ok: false, request: checked, faults: faultsOf(reasons) };
  return { ok: true, value };
}

/** What the search would say of the values, one fault after the other. */
function valueFaults(request: SearchRequest, now: Date): readonly string[] {
  const { criteria } = request;
  return [
    () => requireDated(request, now),
    () => periodOf({ ...criteria, to: null }),
    () => periodOf(criteria),
    () => personsOf({ ...criteria, actor: null }),
    () => personsOf({ ...criteria, person: null }),
  ].flatMap((look) => {
    try {
      look();
      return [];
    } catch (error) {
      if (error instanceof Refusal) return [error.detail.reason ?? ''];
      throw error;
    }
  });
}

/** The reasons of a search (`body.criteria.from`, `person`) as faults of their fields. */
function faultsOf(reasons: readonly string[]): Faults {
  const names = reasons.map((reason) => reason.split('.').at(-1) ?? '');
  return Object.fromEntries(
    names.flatMap((name) =>
      Object.hasOwn(TEXTS, name) ? [[name, TEXTS[name as FaultyField]] as const] : [],
    ),
  );
}
