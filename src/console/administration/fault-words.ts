import type { StampFailure } from '../../audit/timestamp/stamp.js';
import type { WebhookProblem } from '../../events/webhooks/problem.js';
import type { StsProblem } from '../../kps/events.js';
import type { KpsUnknownReason } from '../../kps/port.js';
import type { AnswerProblem, MersisFault } from '../../mersis/port.js';
import type { BothLanguages } from '../../pages/views.js';
import type { Cell } from '../frame/parts.js';

/** Every reason for which a national system, a time stamp authority or a receiver counts as failing (house/health, events/webhooks). */
type FaultCode =
  | KpsUnknownReason
  | StsProblem
  | Extract<MersisFault, { kind: 'unavailable' }>['cause']
  | AnswerProblem
  | StampFailure
  | WebhookProblem
  | 'connection-refused'
  | 'answer-invalid'
  | 'unknown';

const FAULT_WORDS: Readonly<Record<FaultCode, BothLanguages>> = {
  connection: { tr: 'bağlantı kurulamadı', en: 'no connection' },
  'connection-refused': { tr: 'bağlantı kabul edilmedi', en: 'the connection was refused' },
  'connection-failed': { tr: 'bağlantı kurulamadı', en: 'no connection' },
  'connection-lost': { tr: 'bağlantı koptu', en: 'the connection was lost' },
  'name-not-resolved': { tr: 'sunucu adı çözülemedi', en: 'the name was not resolved' },
  'address-not-allowed': { tr: 'izin verilmeyen ağ adresi', en: 'an address that is not allowed' },
  'tls-failed': { tr: 'TLS bağlantısı kurulamadı', en: 'no TLS connection' },
  timeout: { tr: 'süresi içinde yanıt gelmedi', en: 'no answer in time' },
  unavailable: { tr: 'hizmet veremiyor', en: 'unavailable' },
  overloaded: { tr: 'aşırı yüklü', en: 'overloaded' },
  'too-many-requests': { tr: 'istek sınırı aşıldı', en: 'too many requests' },
  http: { tr: 'hata yanıtı (HTTP)', en: 'an error answer (HTTP)' },
  'http-error': { tr: 'hata yanıtı (HTTP)', en: 'an error answer (HTTP)' },
  'http-status': { tr: 'hata yanıtı (HTTP)', en: 'an error answer (HTTP)' },
  fault: { tr: 'hata yanıtı (SOAP)', en: 'an error answer (SOAP)' },
  redirect: { tr: 'başka adrese yönlendirdi', en: 'it led to another address' },
  refused: { tr: 'istek reddedildi', en: 'the request was refused' },
  failed: { tr: 'alıcının hatası', en: 'an error of the receiver' },
  gone: { tr: 'alıcı artık bildirim istemiyor', en: 'the receiver wants no more' },
  'event-purged': { tr: 'olay artık saklanmıyor', en: 'the event is not kept any longer' },
  'not-registered': { tr: 'alıcı artık kayıtlı değil', en: 'the receiver is no longer registered' },
  'password-refused': { tr: 'parola reddedildi', en: 'the password was refused' },
  'clock-skew': { tr: 'saatler uyuşmuyor', en: 'the clocks differ' },
  'already-expired': { tr: 'süresi dolmuş belirteç verdi', en: 'a token that had expired' },
  'unsupported-proof-token': { tr: 'belirtecin anahtarı desteklenmiyor', en: 'an unsupported proof token' },
  'not-ours': { tr: 'yanıt bu isteğe ait değil', en: 'an answer to another request' },
  'answer-not-ours': { tr: 'yanıt bu isteğe ait değil', en: 'an answer to another request' },
  unreadable: { tr: 'yanıt okunamadı', en: 'the answer could not be read' },
  'answer-unreadable': { tr: 'yanıt okunamadı', en: 'the answer could not be read' },
  'answer-invalid': { tr: 'yanıt geçersiz', en: 'the answer was not valid' },
  'too-large': { tr: 'yanıt çok büyük', en: 'the answer was too large' },
  'content-type': { tr: 'yanıtın türü yanlış', en: 'an answer of another type' },
  'not-as-contracted': { tr: 'yanıt sözleşmeye uymuyor', en: 'not as contracted' },
  'other-cooperative': { tr: 'yanıt başka kooperatife ait', en: 'an answer about another cooperative' },
  'vkn-mismatch': { tr: 'VKN uyuşmuyor', en: 'the VKN differs' },
  'natural-person': { tr: 'gerçek kişi bilgisi hatalı', en: 'a natural person was not as it must be' },
  'duplicate-seat': { tr: 'aynı görev iki kez', en: 'the same seat twice' },
  'dates-out-of-order': { tr: 'tarihlerin sırası yanlış', en: 'dates out of order' },
  'too-many-seats': { tr: 'görev sayısı sınırı aşıyor', en: 'too many seats' },
  'status-2': { tr: 'damga verilmedi (ret)', en: 'no stamp: rejected' },
  'status-3': { tr: 'damga verilmedi (beklemede)', en: 'no stamp: waiting' },
  'status-4': { tr: 'damga verilmedi (iptal uyarısı)', en: 'no stamp: revocation is near' },
  'status-5': { tr: 'damga verilmedi (iptal edildi)', en: 'no stamp: revoked' },
  malformed: { tr: 'damga biçimsiz', en: 'a malformed stamp' },
  imprint: { tr: 'damga başka özete ait', en: 'a stamp of another imprint' },
  nonce: { tr: 'damga başka isteğe ait', en: 'a stamp of another request' },
  policy: { tr: 'damganın ilkesi farklı', en: 'a stamp under another policy' },
  signer: { tr: 'damganın imzacısı belirsiz', en: 'the signer of the stamp is not clear' },
  eku: { tr: 'sertifika damga için değil', en: 'a certificate that is not for stamps' },
  signature: { tr: 'damganın imzası tutmuyor', en: 'the signature of the stamp does not hold' },
  chain: { tr: 'damganın sertifika zinciri tutmuyor', en: 'the chain of the stamp does not hold' },
  time: { tr: 'damganın zamanı uyuşmuyor', en: 'the time of the stamp does not fit' },
  unknown: { tr: 'bilinmiyor', en: 'unknown' },
};

const KNOWN: ReadonlyMap<string, BothLanguages> = new Map(Object.entries(FAULT_WORDS));

/** A reason in words, its code beneath; a code from another version stands alone. */
export function faultReason(code: string): Cell {
  const words = KNOWN.get(code);
  return words === undefined ? { code } : { lines: [words, { code }] };
}
