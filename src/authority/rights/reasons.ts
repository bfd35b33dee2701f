import type { NoAuthorityReason } from '../decide.js';

/** Why a decision is what it is. Closed. */
export type ReasonCode =
  | 'granted'
  | 'unknown-action'
  | 'subject-unknown'
  | 'resource-unknown'
  | 'request-invalid'
  | 'two-step-required'
  | 'step-up-required'
  | 'right-not-in-table'
  | 'outside-own-area'
  | NoAuthorityReason;

/** What people are told; nothing personal, and nothing of what was asked. */
export const REASON_TEXTS: Readonly<Record<ReasonCode, { readonly tr: string; readonly en: string }>> = {
  granted: {
    tr: 'Yetki vardır.',
    en: 'The right is there.',
  },
  'unknown-action': {
    tr: 'Bu işlem, işlem listesinde yoktur.',
    en: 'This action is not in the list of actions.',
  },
  'subject-unknown': {
    tr: 'Kişi, bir kimlik numarasıyla gösterilmemiştir.',
    en: 'The subject is no person with an identity number.',
  },
  'resource-unknown': {
    tr: 'Bu MERSİS numarasıyla bilinen bir kooperatif yoktur.',
    en: 'No cooperative is known by this MERSİS number.',
  },
  'request-invalid': {
    tr: 'Bu soru eksik veya hatalıdır.',
    en: 'This question is incomplete or wrong.',
  },
  'two-step-required': {
    tr: 'İki aşamalı giriş gereklidir.',
    en: 'Sign-in with two steps is needed.',
  },
  'step-up-required': {
    tr: 'Bu işlem için ikinci doğrulama gereklidir.',
    en: 'This action needs the further step (step-up).',
  },
  'right-not-in-table': {
    tr: 'Kişinin sıfatı bu işlem için yetki vermez.',
    en: 'What the person is gives no right to this action.',
  },
  'outside-own-area': {
    tr: 'Kooperatif, görevlinin bakanlığının veya ilinin alanında değildir.',
    en: 'The cooperative is outside the area of the person’s ministry or il.',
  },
  'no-seat': {
    tr: 'Kişinin bu kooperatifte görevi yoktur.',
    en: 'The person holds no seat at this cooperative that lets them act.',
  },
  'not-registered-yet': {
    tr: 'Görev henüz tescil edilmemiştir veya başlamamıştır.',
    en: 'The seat is not registered yet, or has not begun.',
  },
  'term-ended': {
    tr: 'Görev süresi dolmuştur.',
    en: 'The term is over.',
  },
  'legacy-ended': {
    tr: 'Eski sistemdeki yetki sona ermiştir; yeni bir yönetim kurulu kararıyla yeniden atama gerekir (m.15(2)).',
    en: 'The authority of the closed system has ended; a new appointment by a new board decision is needed (m.15(2)).',
  },
  suspended: {
    tr: 'Organlar görevden uzaklaştırılmıştır veya yerlerinde kayyım vardır.',
    en: 'The organs are suspended, or a trustee stands in their place.',
  },
  stale: {
    tr: 'MERSİS bilgisi bu işlem için çok eskidir; kooperatif yeniden sorgulanmalıdır.',
    en: 'What MERSİS said is too old for this action; the cooperative has to be read anew.',
  },
};
