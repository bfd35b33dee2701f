import { Refusal } from '../../errors/refusal.js';
import type { Answer } from '../frame/call.js';
import type { Page, Part } from '../frame/parts.js';

const NOTICE: Part = {
  part: 'notice',
  tone: 'warning',
  text: {
    tr: 'Bekleyen ve süren işleriniz en çok sayıya ulaştı; bu iş başlatılmadı. Birinin bitmesini bekleyin ya da gerekmeyeni iptal edin, sonra yeniden gönderin. Yazdıklarınız aşağıda duruyor.',
    en: 'As much work of yours waits or runs as may; this one was not begun. Wait until one ends or cancel what is not needed, then send the form again. What you typed is below.',
  },
  link: { href: '/konsol/isler', text: { tr: 'İşlerim', en: 'My work' } },
};

/**
 * Starts long work and goes on to its page; where too much of this person waits already, the form comes back with that above it. Other
 * errors are thrown.
 */
export async function startOrTell(
  start: () => Promise<string>,
  formAgain: () => Page | Promise<Page>,
): Promise<Answer> {
  try {
    return { kind: 'see-other', to: `/konsol/isler/${await start()}`, told: 'job-started' };
  } catch (error) {
    if (!(error instanceof Refusal) || error.detail.reason !== 'jobs-waiting') throw error;
    const page = await formAgain();
    return { kind: 'page', status: 429, page: { ...page, parts: [NOTICE, ...page.parts] } };
  }
}
