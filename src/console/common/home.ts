import { ACCESS_WORDS } from '../access-words.js';
import type { Answer, ConsoleCall } from '../frame/call.js';
import { navOf } from '../frame/nav.js';
import type { Part } from '../frame/parts.js';
import { roleText } from './role-words.js';

/** `GET /konsol`: in which roles the person is here, and the pages that these open. */
export async function showHome({ person }: ConsoleCall): Promise<Answer> {
  const groups: readonly Part[] = navOf(person).flatMap(({ links, name }): readonly Part[] => [
    { part: 'heading', text: name },
    {
      part: 'table',
      caption: { tr: `${name.tr}: sayfalar`, en: `${name.en}: pages` },
      columns: [{ label: { tr: 'Sayfa', en: 'Page' } }, { label: { tr: 'Ne işe yarar?', en: 'What for?' } }],
      rows: links
        .filter(({ id }) => id !== 'home')
        .map(({ id, path, text }) => [{ href: path, text }, ACCESS_WORDS[id]]),
      empty: { tr: 'Bu bölümde sayfa yok.', en: 'There is no page here.' },
    },
  ]);
  return {
    kind: 'page',
    page: {
      title: { tr: 'Konsol', en: 'Console' },
      help: {
        tr: 'Görevlerinize açık olan sayfaları bölüm bölüm görürsünüz. Aradığınız sayfa yoksa görevinizi yöneticinize sorun; ayrıntılar Yardım sayfasındadır.',
        en: 'You see the pages that your roles open, part by part. If one is missing, ask your administrator about your role; the help page says more.',
      },
      parts: [rolesPart(person), ...groups],
    },
  };
}

function rolesPart({ roles }: ConsoleCall['person']): Part {
  if (roles.length === 0)
    return {
      part: 'notice',
      tone: 'calm',
      text: {
        tr: 'Bugün yürürlükte olan bir personel göreviniz yok. Yalnız size ait sayfalar açıktır.',
        en: 'You hold no role of staff today. Only your own pages are open.',
      },
    };
  return {
    part: 'notice',
    tone: 'calm',
    text: { tr: 'Bugün yürürlükte olan görevleriniz:', en: 'Your roles in force today:' },
    list: roles.map(roleText),
  };
}
