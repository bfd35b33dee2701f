import { type Html, html } from './html.js';
import { page } from './layout.js';
import { maskNumber } from './mask.js';
import { KOOPBIS_PATHS } from './paths.js';
import { ACR_STEP_UP } from './provider.js';
import type { Session } from './sessions.js';

/** Who is signed in, or the button that starts a sign-in. `issuer`: where the person's own page at the bridge stands. */
export function homePage(session: Session | undefined, issuer: string): string {
  if (session === undefined) {
    return page(
      'koopbis-start',
      'Kooperatif Bilgi Sistemi',
      html`<p>Devam etmek için e-Devlet ile giriş yapın. e-Devlet hesabınızda iki aşamalı giriş açık olmalıdır.</p>
<p lang="en">Sign in through e-Devlet to go on. Two-step sign-in must be switched on in your e-Devlet account.</p>
<p><a class="button" href="${KOOPBIS_PATHS.start}">e-Devlet ile giriş yap <span lang="en">(sign in)</span></a></p>`,
    );
  }
  const { person, csrf } = session;
  return page(
    'koopbis-home',
    'Hoş geldiniz',
    html`<dl>
${row('Ad soyad', 'name', `${person.ad} ${person.soyad}`.trim(), 'ad-soyad')}
${row('Kimlik no', 'number', maskNumber(person.kimlikNo), 'kimlik-no')}
${row('Giriş gücü', 'acr', person.acr, 'acr')}
${row('Giriş yöntemi', 'amr', person.amr.join(', '), 'amr')}
${row('Giriş zamanı', 'auth_time', whenOf(person.authTime), 'auth-time')}
</dl>
<ul>
<li><a href="${KOOPBIS_PATHS.member}">Ortak kaydı <span lang="en">(member registration)</span></a></li>
${
  person.acr === ACR_STEP_UP
    ? null
    : html`<li><a href="${KOOPBIS_PATHS.stepUp}">İkinci adımla doğrula <span lang="en">(step up)</span></a></li>`
}
<li><a href="${issuer}/hesabim">Hesabım ve oturumlarım <span lang="en">(my account and sessions)</span></a></li>
</ul>
<form method="post" action="${KOOPBIS_PATHS.signOut}">
<input type="hidden" name="csrf" value="${csrf}">
<button type="submit">Çıkış yap <span lang="en">(sign out)</span></button>
</form>`,
  );
}

function row(tr: string, en: string, value: string, id: string): Html {
  return html`<dt>${tr} <span lang="en">(${en})</span></dt><dd id="${id}">${value === '' ? '—' : value}</dd>`;
}

function whenOf(authTime: number | null): string {
  if (authTime === null) return '';
  const options = { timeZone: 'Europe/Istanbul', dateStyle: 'long', timeStyle: 'medium' } as const;
  return new Intl.DateTimeFormat('tr-TR', options).format(new Date(authTime * 1000));
}
