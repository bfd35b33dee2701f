import type { BothLanguages } from '../../pages/views.js';
import type { ConsoleRoom } from '../access-row.js';
import type { Said } from './call.js';

/** Names of the console's rooms, in the order of the navigation. */
export const ROOM_NAMES: Readonly<Record<ConsoleRoom, BothLanguages>> = {
  common: { tr: 'Genel', en: 'General' },
  security: { tr: 'Güvenlik', en: 'Security' },
  finance: { tr: 'Mali işler', en: 'Finance' },
  directorate: { tr: 'Müdürlük', en: 'Directorate' },
  administration: { tr: 'Yönetim ve işletme', en: 'Administration and operation' },
};

/** What a page says after an action. */
export const SAID: Readonly<Record<Said, BothLanguages>> = {
  done: { tr: 'İşlem tamamlandı ve kayda geçti.', en: 'Done, and written down in the log.' },
  proposed: {
    tr: 'Öneriniz kaydedildi. İkinci bir görevlinin kararını bekliyor; bekleyen kararlar arasında görünür.',
    en: 'Your proposal is recorded. It waits for a second officer and is listed among the waiting decisions.',
  },
  approved: { tr: 'Öneri onaylandı ve uygulandı.', en: 'The proposal was approved and carried out.' },
  refused: { tr: 'Öneri reddedildi.', en: 'The proposal was refused.' },
  withdrawn: { tr: 'Öneri geri çekildi.', en: 'The proposal was withdrawn.' },
  'job-started': {
    tr: 'İş sıraya alındı. Bu sayfadan ayrılabilirsiniz; sonuç “İşlerim” altında bekler.',
    en: 'The work is queued. You may leave this page; the result waits under “My work”.',
  },
  ended: { tr: 'Oturum kapatıldı.', en: 'The session was ended.' },
};
