import type { ProblemCode } from '../errors/problem-code.js';

/** Status and texts of one problem code. Turkish first; both fixed, so that nothing personal can get into them. */
export interface ProblemText {
  readonly status: number;
  readonly tr: string;
  readonly en: string;
}

/** Every code of CONTRACT §4 that can be met, in one table. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemText>> = {
  REQUEST_INVALID: { status: 400, tr: 'İstek biçimi geçersiz.', en: 'The form of the request is not valid.' },
  TOKEN_INVALID: {
    status: 401,
    tr: 'Oturum geçersiz ya da sona ermiş. Yeniden giriş yapınız.',
    en: 'The session is not valid or has ended. Please sign in again.',
  },
  CLIENT_CERTIFICATE_UNKNOWN: {
    status: 403,
    tr: 'İstemci sertifikası kayıtlı değil.',
    en: 'The client certificate is not registered.',
  },
  SOURCE_ADDRESS_NOT_ALLOWED: {
    status: 403,
    tr: 'Bu istemci bu adresten bağlanamaz.',
    en: 'This client may not connect from this address.',
  },
  CLIENT_NOT_PERMITTED: {
    status: 403,
    tr: 'Bu istemcinin bu işlem için yetkisi yoktur.',
    en: 'This client is not permitted to make this call.',
  },
  TWO_STEP_REQUIRED: {
    status: 403,
    tr: 'e-Devlet’te iki aşamalı giriş ile oturum açılmalıdır.',
    en: 'Sign-in with two steps at e-Devlet is required.',
  },
  STEP_UP_REQUIRED: {
    status: 403,
    tr: 'Bu işlem için ikinci adımın yeniden doğrulanması gerekir.',
    en: 'This needs a fresh second step.',
  },
  ROLE_REQUIRED: {
    status: 403,
    tr: 'Bu işlem için gereken göreviniz bulunmuyor.',
    en: 'You do not hold the role that this needs.',
  },
  NOT_AUTHORISED_FOR_COOPERATIVE: {
    status: 403,
    tr: 'Bu kooperatif adına işlem yapma yetkiniz bulunmuyor.',
    en: 'You have no authority to act for this cooperative.',
  },
  PURPOSE_NOT_ALLOWED: {
    status: 403,
    tr: 'Bu amaçla sorgu yapılamaz.',
    en: 'A query for this purpose is not allowed.',
  },
  SERVICE_NOT_IN_AGREEMENT: {
    status: 403,
    tr: 'Bu servis kurumun ikili anlaşmasında yer almıyor ya da anlaşma yürürlükte değil.',
    en: 'The service is not in the institution’s agreement, or the agreement is not in force.',
  },
  OUTSIDE_OWN_AREA: {
    status: 403,
    tr: 'Kooperatif, görev alanınızın dışındadır.',
    en: 'The cooperative is outside your own area of duty.',
  },
  NOT_FOUND: { status: 404, tr: 'Kayıt bulunamadı.', en: 'Not found.' },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    tr: 'Aynı anahtarla yapılan ilk istek henüz sonuçlanmadı.',
    en: 'The first request with this key has not ended yet.',
  },
  STATE_CONFLICT: {
    status: 409,
    tr: 'Kayıt bu arada değişmiş; işlem bu durumda yapılamaz.',
    en: 'The record is not in a state in which this can be done.',
  },
  SECOND_PERSON_REQUIRED: {
    status: 409,
    tr: 'Bu işlemi ikinci bir kişi onaylamalıdır.',
    en: 'A second person must confirm this.',
  },
  CURSOR_EXPIRED: {
    status: 410,
    tr: 'İmleç artık geçerli değil. Aramayı yeniden başlatınız; olay akışında anlık durumu alınız.',
    en: 'The cursor is no longer valid. Please start the search again; of the feed of events, take the snapshot.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    tr: 'İstek gövdesi çok büyük.',
    en: 'The body of the request is too large.',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    tr: 'İstek gövdesi application/json olmalıdır.',
    en: 'The body of the request must be application/json.',
  },
  IDENTITY_NUMBER_INVALID: {
    status: 422,
    tr: 'Kimlik numarası geçersiz. Rakamları kontrol ediniz; sorgu yapılmadı.',
    en: 'The identity number is not valid. Please check the digits; nothing was asked.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    tr: 'Bu anahtar başka bir istek için kullanılmış.',
    en: 'This key was used for another request.',
  },
  RATE_LIMITED: {
    status: 429,
    tr: 'Sorgu sınırına ulaşıldı. Daha sonra yeniden deneyiniz.',
    en: 'The limit of queries is reached. Please try again later.',
  },
  BUDGET_STOP: {
    status: 429,
    tr: 'Kurumun bu çeyrek için ayırdığı sorgu bütçesi doldu. Mali işler birimine başvurunuz.',
    en: 'The budget of queries that the institution set for this quarter is used up. Please ask its finance unit.',
  },
  INTERNAL: { status: 500, tr: 'Beklenmeyen bir hata oluştu.', en: 'An unexpected error occurred.' },
  KPS_REFUSED: {
    status: 502,
    tr: 'Kimlik Paylaşımı Sistemi sorguyu kabul etmedi.',
    en: 'The identity sharing system (KPS) refused the query.',
  },
  KPS_UNAVAILABLE: {
    status: 503,
    tr: 'Kimlik Paylaşımı Sistemine ulaşılamıyor; sorgu gönderilmedi. Daha sonra yeniden deneyiniz.',
    en: 'The identity sharing system (KPS) cannot be reached; nothing was asked. Please try again later.',
  },
  MERSIS_UNAVAILABLE: {
    status: 503,
    tr: 'MERSİS’e ulaşılamıyor veya yanıtına güvenilemiyor; hiçbir şey değişmedi. Daha sonra yeniden deneyiniz.',
    en: 'MERSİS cannot be reached, or its answer cannot be relied on; nothing has changed. Please try again later.',
  },
  MAINTENANCE: {
    status: 503,
    tr: 'Sorgulanacak sistemde planlı bakım var; hiçbir şey sorulmadı. Bakım bitince yeniden deneyiniz.',
    en: 'The system to be asked is under planned maintenance; nothing was asked. Please try again once it is over.',
  },
  OVERLOADED: {
    status: 503,
    tr: 'Sistem şu anda çok yoğun. Biraz sonra yeniden deneyiniz.',
    en: 'The system is overloaded. Please try again in a moment.',
  },
  AUDIT_UNAVAILABLE: {
    status: 503,
    tr: 'Sorgu kaydı yazılamadığı için işlem yapılamıyor. Daha sonra yeniden deneyiniz.',
    en: 'The audit log cannot be written, so nothing can be done. Please try again later.',
  },
  KPS_OUTCOME_UNKNOWN: {
    status: 504,
    tr: 'Sorgu gönderildi, yanıt alınamadı. Yeniden sormak yeni bir sorgudur; bu sorgunun numarasını belirtiniz.',
    en: 'The query was sent but no answer came. Asking again is a new query; name this one in it.',
  },
};
