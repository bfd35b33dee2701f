import type { Answer, OpenCall } from '../frame/call.js';
import { ownPath } from '../frame/own-path.js';
import type { Page, Part } from '../frame/parts.js';

const BACK: Part = {
  part: 'links',
  label: { tr: 'Devam', en: 'Go on' },
  links: [{ href: '/konsol', text: { tr: 'Konsola git', en: 'Go to the console' }, kind: 'main' }],
};

/**
 * `GET /konsol/don`: where sign-in and the second step lead back to. `state` is the page that was wanted: only a path of the console counts,
 * since whoever makes the address can write anything there.
 */
export async function comeBack({ person, query }: OpenCall): Promise<Answer> {
  const wanted = ownPath(query.get('state'));
  // Not on after a refusal: the page would send the browser to sign-in again, and so on.
  const isRefused = query.has('error');
  if (wanted !== null && !isRefused) return { kind: 'see-other', to: wanted };
  if (person === null) return { kind: 'page', page: isRefused ? NOT_FINISHED : SIGNED_OUT };
  return { kind: 'page', page: person.steppedUp ? STEPPED_UP : isRefused ? NOT_FINISHED : SIGNED_IN };
}

const HELP = {
  tr: 'Giriş ya da ikinci adım bittiğinde tarayıcınız bu sayfaya döner.',
  en: 'Your browser comes back to this page when sign-in or the second step is over.',
};

const STEPPED_UP: Page = {
  title: { tr: 'İkinci adım tamam', en: 'The second step is done' },
  help: HELP,
  parts: [
    {
      part: 'notice',
      tone: 'good',
      text: {
        tr: 'İkinci adım tamam, önceki sekmeye dönüp işlemi yeniden gönderebilirsiniz. Bu sekmeyi kapatabilirsiniz.',
        en: 'The second step is done: go back to the tab before and send it once more. You may close this tab.',
      },
    },
    BACK,
  ],
};

const SIGNED_IN: Page = {
  title: { tr: 'Oturumunuz açık', en: 'You are signed in' },
  help: HELP,
  parts: [
    {
      part: 'text',
      text: { tr: 'Konsola devam edebilirsiniz.', en: 'You can go on to the console.' },
    },
    BACK,
  ],
};

const SIGNED_OUT: Page = {
  title: { tr: 'Oturumunuz kapalı', en: 'You are signed out' },
  help: HELP,
  parts: [
    {
      part: 'text',
      text: {
        tr: 'Konsola yeniden girmek için e-Devlet ile giriş yapın. Ortak kullanılan bir bilgisayardaysanız e-Devlet’ten de çıkış yapın.',
        en: 'To come in again, sign in with e-Devlet. At a computer that others use, sign out of e-Devlet too.',
      },
    },
    {
      part: 'links',
      label: { tr: 'Devam', en: 'Go on' },
      links: [
        {
          href: '/konsol',
          text: { tr: 'e-Devlet ile giriş yap', en: 'Sign in with e-Devlet' },
          kind: 'main',
        },
      ],
    },
  ],
};

const NOT_FINISHED: Page = {
  title: { tr: 'Giriş tamamlanmadı', en: 'Sign-in was not finished' },
  help: HELP,
  parts: [
    {
      part: 'notice',
      tone: 'warning',
      text: {
        tr: 'Giriş ya da ikinci adım yarıda kaldı. Yeniden deneyebilirsiniz.',
        en: 'Sign-in or the second step was left unfinished. You can try again.',
      },
    },
    BACK,
  ],
};
