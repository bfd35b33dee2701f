import { PURPOSES } from '../../../fees/words.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Text, Tone } from '../../frame/parts.js';

/** Words of one closed list; what is not in it is shown as it is. */
function wordsOf(words: Readonly<Record<string, BothLanguages>>): (code: string) => Text {
  return (code) => (Object.hasOwn(words, code) ? (words[code] ?? code) : code);
}

/** What came of a query, and the states of one without an outcome. */
export const RESULTS = {
  match: { tr: 'eşleşti', en: 'match' },
  deceased: { tr: 'ölüm kaydı', en: 'deceased' },
  inactive: { tr: 'kapalı kayıt', en: 'inactive' },
  mismatch: { tr: 'eşleşmedi', en: 'mismatch' },
  'not-found': { tr: 'kayıt bulunamadı', en: 'not found' },
  refused: { tr: 'KPS reddetti', en: 'refused by KPS' },
  unknown: { tr: 'sonuç bilinmiyor', en: 'outcome unknown' },
} as const satisfies Readonly<Record<string, BothLanguages>>;

export const resultWord = wordsOf(RESULTS);

const TONES: Readonly<Record<string, Tone>> = { match: 'good', unknown: 'warning', refused: 'problem' };

/** The same as a cell that is told apart by its mark too. */
export function resultCell(result: string | null): Cell {
  return result === null ? '' : { mark: TONES[result] ?? 'calm', text: resultWord(result) };
}

export const purposeWord = wordsOf(PURPOSES);

/** In what capacity somebody acts: seats, appointments and roles of staff. */
export const capacityWord = wordsOf({
  board: { tr: 'yönetim kurulu üyesi', en: 'member of the board' },
  liquidator: { tr: 'tasfiye memuru', en: 'liquidator' },
  trustee: { tr: 'kayyım', en: 'trustee' },
  appointee: { tr: 'KOOPBİS yetkilisi', en: 'KOOPBİS yetkilisi' },
  directorate: { tr: 'il müdürlüğü', en: 'provincial directorate' },
  'ministry-central': { tr: 'bakanlık merkez birimi', en: 'ministry, central unit' },
  'ministry-manager': { tr: 'bakanlık sistem yöneticisi', en: 'ministry manager' },
  'ministry-representative': { tr: 'bakanlık temsilcisi', en: 'ministry representative' },
  administrator: { tr: 'yönetici', en: 'administrator' },
  'security-officer': { tr: 'güvenlik görevlisi', en: 'security officer' },
  'log-inspector': { tr: 'kayıt denetçisi', en: 'log inspector' },
  finance: { tr: 'mali görevli', en: 'finance officer' },
});

/** How strong a sign-in was. */
export const strengthWord = wordsOf({
  'urn:koopbis:acr:one-step': { tr: 'tek aşamalı giriş', en: 'sign-in in one step' },
  'urn:koopbis:acr:two-step': { tr: 'iki aşamalı giriş', en: 'sign-in in two steps' },
  'urn:koopbis:acr:step-up': {
    tr: 'iki aşamalı giriş ve ikinci adım',
    en: 'sign-in in two steps and a second step',
  },
});

/** Why KPS gave no answer, in words. */
export const reasonWord = wordsOf({
  timeout: { tr: 'süresi içinde yanıt gelmedi', en: 'no answer in time' },
  'deadline-passed': { tr: 'yanıt için süre doldu', en: 'the deadline passed' },
  'no-outcome': { tr: 'sonuç kaydedilmedi', en: 'no outcome was recorded' },
  'outcome-not-recorded': { tr: 'sonuç kaydedilemedi', en: 'the outcome could not be recorded' },
  'connection-refused': { tr: 'bağlantı kurulamadı', en: 'the connection was refused' },
  'connection-lost': { tr: 'bağlantı koptu', en: 'the connection was lost' },
  'answer-unreadable': { tr: 'yanıt okunamadı', en: 'the answer could not be read' },
  'answer-not-ours': { tr: 'gelen yanıt bu soruya ait değil', en: 'the answer was not to this question' },
  'http-error': { tr: 'KPS hata yanıtı verdi (HTTP)', en: 'KPS gave an error (HTTP)' },
  'soap-fault': { tr: 'KPS hata yanıtı verdi (SOAP)', en: 'KPS gave an error (SOAP)' },
  'security-refused': { tr: 'KPS güvenlik bilgisini reddetti', en: 'KPS refused the credentials' },
  'sts-refused': { tr: 'KPS oturum anahtarını vermedi', en: 'KPS gave no token' },
  'sts-unavailable': {
    tr: 'KPS oturum servisine ulaşılamadı',
    en: 'the token service of KPS was not reached',
  },
  'breaker-open': {
    tr: 'yinelenen hatalar yüzünden soru gönderilmedi',
    en: 'not asked after repeated failures',
  },
  'not-authorised': { tr: 'hesabın bu soruya yetkisi yok', en: 'the account may not ask this' },
  'criterion-empty': { tr: 'sorgu ölçütü boş', en: 'the criterion was empty' },
  'provider-error': { tr: 'KPS’nin kendi hatası', en: 'an error of KPS itself' },
});

/** Sealed fields by what they hold. */
export const sealedWord = wordsOf({
  'actor.number': { tr: 'İşlemi yapanın kimlik numarası', en: 'Number of who acted' },
  'actor.address': { tr: 'İşlemi yapanın ağ adresi', en: 'Network address of who acted' },
  'second.number': { tr: 'İkinci kişinin kimlik numarası', en: 'Number of the second person' },
  'proposer.number': { tr: 'Önerenin kimlik numarası', en: 'Number of who proposed' },
  'subject.number': { tr: 'Hakkında işlem yapılanın kimlik numarası', en: 'Number of the person concerned' },
  'sought.person': { tr: 'Aranan kişinin kimlik numarası', en: 'Number of the person sought' },
  'sought.actor': { tr: 'Aranan kullanıcının kimlik numarası', en: 'Number of the user sought' },
});
