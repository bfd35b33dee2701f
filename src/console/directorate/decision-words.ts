import type { AcceptanceProblem } from '../../appointments/acceptance-rules.js';
import type { BothLanguages } from '../../pages/views.js';

/** Why an application cannot be decided on, or not so. Closed: the reasons of a refused decision. */
export type ConflictWord = AcceptanceProblem | 'already-decided' | 'own-application' | 'own-person';

/** The same in words. */
export const CONFLICTS: Readonly<Record<ConflictWord, BothLanguages>> = {
  'period-over': {
    tr: 'İstenen sürenin sonu geçmiş; başvuru kabul edilemez.',
    en: 'The period that was asked for is over; it cannot be accepted.',
  },
  'cooperative-not-active': {
    tr: 'Kooperatif faal değil; başvuru kabul edilemez.',
    en: 'The cooperative is not active; it cannot be accepted.',
  },
  'cooperative-suspended': {
    tr: 'Kooperatifin organları görevden uzaklaştırılmış; başvuru kabul edilemez.',
    en: 'The organs of the cooperative are suspended; it cannot be accepted.',
  },
  'vkn-unknown': {
    tr: 'Kooperatifin VKN’si MERSİS’te bilinmiyor; önce MERSİS’ten okutun.',
    en: 'The VKN of the cooperative is not known in MERSİS; have MERSİS read first.',
  },
  'vkn-differs': {
    tr: 'Başvurudaki VKN MERSİS’tekinden farklı; doğrusunu aşağıya yazın (m.15(1)).',
    en: 'The VKN of the application differs from that in MERSİS; write the right one below (m.15(1)).',
  },
  'board-gone': {
    tr: 'Karar tarihindeki yönetim kurulundan kimse görevde değil; başvuru kabul edilemez.',
    en: 'Nobody of the board that decided sits any longer; it cannot be accepted.',
  },
  'too-many-appointees': {
    tr: 'Kooperatifin aynı günlerde başka yetkilisi var; en çok izin verilen sayıya ulaşıldı.',
    en: 'The cooperative has as many appointees on these days as are allowed.',
  },
  'already-decided': {
    tr: 'Başvuru bu arada karara bağlanmış.',
    en: 'The application was decided on meanwhile.',
  },
  'own-application': {
    tr: 'Bu başvuruyu siz yaptınız; kararı başka bir görevli verir.',
    en: 'You applied for this yourself; somebody else decides.',
  },
  'own-person': {
    tr: 'Atanacak kişi sizsiniz; kararı başka bir görevli verir.',
    en: 'You are the person to be appointed; somebody else decides.',
  },
};

/** The word of a refusal; null for any other. */
export function conflictWord(reason: unknown): ConflictWord | null {
  return typeof reason === 'string' && Object.hasOwn(CONFLICTS, reason) ? (reason as ConflictWord) : null;
}
