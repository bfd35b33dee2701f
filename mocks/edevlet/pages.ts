import type { HttpReply } from '../http/http-reply.js';
import { html, type Markup, nothing } from './html.js';
import type { Login } from './logins.js';
import { pageReply } from './page-frame.js';
import { PATHS } from './parts.js';
import { withParameters } from './replies.js';

/** What can be wrong with what a person typed. */
export type FormProblem = 'password-refused' | 'record-not-open' | 'number-locked' | 'code-refused';

const PROBLEMS: Readonly<Record<FormProblem, string>> = {
  'password-refused': 'T.C. kimlik numarası veya şifre hatalı.',
  'record-not-open': 'Kaydınız açık olmadığı için e-Devlet’e giriş yapamazsınız. Nüfus müdürlüğüne başvurun.',
  'number-locked': 'Çok sayıda hatalı deneme yapıldı. On beş dakika sonra yeniden deneyin.',
  'code-refused': 'Doğrulama kodu hatalı veya süresi dolmuş.',
};

/** Kimlik no and password. `kimlikNo`: what to show again, digits alone. */
export function passwordPage(login: Login, problem?: FormProblem, kimlikNo = ''): HttpReply {
  return pageReply(200, {
    page: 'password',
    code: problem,
    title: 'e-Devlet ile giriş',
    body: html`${intro(login)}${told(problem)}
<form method="post" action="${PATHS.login}">
${hidden(login)}
<label for="kimlikNo">T.C. kimlik no</label>
<input id="kimlikNo" name="kimlikNo" inputmode="numeric" autocomplete="username" maxlength="11" required value="${kimlikNo}"${about(problem)}>
<label for="sifre">e-Devlet şifresi</label>
<input id="sifre" name="sifre" type="password" autocomplete="current-password" maxlength="200" required${about(problem)}>
<button type="submit">Giriş yap</button>
</form>
${cancelForm(login)}`,
  });
}

/** The code of the second step. */
export function secondStepPage(login: Login, problem?: FormProblem): HttpReply {
  return pageReply(200, {
    page: 'second-step',
    code: problem,
    title: 'İki aşamalı giriş',
    body: html`${intro(login)}${told(problem)}
<form method="post" action="${PATHS.secondStep}">
${hidden(login)}
<label for="kod">Doğrulama kodu</label>
<p class="hint" id="hint">Doğrulama uygulamanızdaki altı haneli kod</p>
<input id="kod" name="kod" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required${about(problem, 'hint ')}>
<button type="submit">Doğrula</button>
</form>
${cancelForm(login)}`,
  });
}

/** A login that cannot go on; `login` where the person can be sent back to whom they came from. */
export function errorPage(
  status: number,
  { code, text, login }: { readonly code: string; readonly text: string; readonly login?: Login },
  headers: Readonly<Record<string, string>> = {},
): HttpReply {
  const back =
    login === undefined
      ? nothing
      : html`\n<p><a href="${deniedUrl(login.asked, 'Giris tamamlanamadi')}">Uygulamaya dön</a></p>`;
  return pageReply(
    status,
    { page: 'error', code, title: 'Giriş yapılamadı', body: html`<p class="problem">${text}</p>${back}` },
    headers,
  );
}

/** Where a person goes who gives up. `description`: ASCII (RFC 6749 §4.1.2.1). */
export function deniedUrl(
  asked: { readonly redirectUri: string; readonly state: string },
  description: string,
): string {
  return withParameters(asked.redirectUri, {
    error: 'access_denied',
    error_description: description,
    state: asked.state,
  });
}

function intro({ asked }: Login): Markup {
  return html`<p>Giriş yapılacak uygulama: ${new URL(asked.redirectUri).host}</p>`;
}

function told(problem: FormProblem | undefined): Markup {
  return problem === undefined
    ? nothing
    : html`\n<p class="problem" id="problem" role="alert">${PROBLEMS[problem]}</p>`;
}

function about(problem: FormProblem | undefined, hint = ''): Markup {
  if (problem !== undefined) return html` aria-invalid="true" aria-describedby="${hint}problem"`;
  return hint === '' ? nothing : html` aria-describedby="${hint.trim()}"`;
}

function hidden({ id }: Login): Markup {
  return html`<input type="hidden" name="giris" value="${id}">`;
}

function cancelForm(login: Login): Markup {
  return html`<form method="post" action="${PATHS.cancel}">
${hidden(login)}
<button class="second" type="submit">Vazgeç</button>
</form>`;
}
