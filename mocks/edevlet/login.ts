import { verifySync } from 'otplib';
import type { SystemRequest, Verdict } from '../http/national-system.js';
import type { WorldPerson } from '../world/world.js';
import { browserOf, forgetBrowser } from './browser-cookie.js';
import type { Login } from './logins.js';
import { deniedUrl, errorPage, passwordPage, secondStepPage } from './pages.js';
import type { EdevletParts } from './parts.js';
import { readForm } from './read-form.js';
import { readPostedForm } from './read-posted.js';
import { redirect, withParameters } from './replies.js';
import { sameText } from './same-text.js';

/** Wrong passwords, or codes, of one login; then it is over. */
const MAX_WRONG = 5;
/** One step of 30 s on each side. A code may come twice: one person may sign in twice within a step. */
const TOLERANCE_S = 30;
const NUMBER = /^[1-9][0-9]{10}$/;
const OVER = 'Çok sayıda hatalı deneme yapıldı. Giriş sonlandırıldı.';
const NOT_OPEN = 'Giriş oturumunuz bulunamadı veya süresi doldu. Uygulamadan yeniden başlayın.';

/** The page of a login that this browser has open. */
export function showLogin(request: SystemRequest, query: string, { logins }: EdevletParts): Verdict {
  const read = readForm(query);
  const fields = read.ok ? read.fields : new Map<string, string>();
  const browser = browserOf(request.headers.cookie);
  const login = logins.at(browser, fields.get('oauthClientId'), fields.get('continue'));
  const seen = [{ action: '' }];
  if (login === undefined) return { seen, refused: 'login-unknown', reply: unknownLogin };
  return { seen, reply: login.kimlikNo === undefined ? passwordPage(login) : secondStepPage(login) };
}

/** The posted password page. */
export function postPassword(request: SystemRequest, parts: EdevletParts): Verdict {
  const posted = readLoginForm(request, parts);
  if (!posted.ok) return { seen: [{ action: 'login' }], ...posted.problem };
  const { login, fields } = posted;
  const typed = (fields.get('kimlikNo') ?? '').trim();
  // What is no number may be a password in the wrong field: it is neither shown again nor written down.
  const kimlikNo = NUMBER.test(typed) ? typed : undefined;
  const seen = [{ action: 'login', kimlikNo }];
  login.kimlikNo = undefined;
  if (kimlikNo !== undefined && parts.attempts.locked(kimlikNo))
    return { seen, refused: 'number-locked', reply: passwordPage(login, 'number-locked', kimlikNo) };
  const person = kimlikNo === undefined ? undefined : parts.world.person(kimlikNo);
  if (!sameText(fields.get('sifre') ?? '', person?.password) || person === undefined) {
    if (kimlikNo !== undefined) parts.attempts.wrong(kimlikNo);
    login.wrongPasswords += 1;
    if (login.wrongPasswords >= MAX_WRONG) return { seen, ...over(login, parts, 'too-many-passwords') };
    return { seen, refused: 'password-refused', reply: passwordPage(login, 'password-refused', kimlikNo) };
  }
  // Only to whoever knows the password: a stranger must not learn who is dead.
  if (person.durum !== 'açık')
    return { seen, refused: 'record-not-open', reply: passwordPage(login, 'record-not-open', kimlikNo) };
  if (secretOf(person) === undefined) return { seen, reply: finish(login, person, parts) };
  login.kimlikNo = person.kimlikNo;
  return { seen, reply: secondStepPage(login) };
}

/** The posted code of the second step. */
export function postCode(request: SystemRequest, parts: EdevletParts): Verdict {
  const posted = readLoginForm(request, parts);
  if (!posted.ok) return { seen: [{ action: 'second-step' }], ...posted.problem };
  const { login, fields } = posted;
  const { kimlikNo } = login;
  const seen = [{ action: 'second-step', kimlikNo }];
  const person = kimlikNo === undefined ? undefined : parts.world.person(kimlikNo);
  const secret = person && secretOf(person);
  // Without a password before, and where the account was changed meanwhile, the login starts anew.
  if (person === undefined || secret === undefined || person.durum !== 'açık') {
    login.kimlikNo = undefined;
    return { seen, refused: 'no-password-before', reply: passwordPage(login) };
  }
  if (parts.attempts.locked(person.kimlikNo)) return { seen, ...over(login, parts, 'number-locked') };
  if (!holds(secret, fields.get('kod') ?? '', parts.now())) {
    parts.attempts.wrong(person.kimlikNo);
    login.wrongCodes += 1;
    if (login.wrongCodes >= MAX_WRONG) return { seen, ...over(login, parts, 'too-many-codes') };
    return { seen, refused: 'code-refused', reply: secondStepPage(login, 'code-refused') };
  }
  return { seen, reply: finish(login, person, parts) };
}

/** The button to go back to the relying party. */
export function postCancel(request: SystemRequest, parts: EdevletParts): Verdict {
  const posted = readLoginForm(request, parts);
  if (!posted.ok) return { seen: [{ action: 'login' }], ...posted.problem };
  const { login } = posted;
  const seen = [{ action: login.kimlikNo === undefined ? 'login' : 'second-step', kimlikNo: login.kimlikNo }];
  const headers = endLogin(login, parts);
  return {
    seen,
    refused: 'cancelled',
    reply: redirect(deniedUrl(login.asked, 'Kullanici vazgecti'), headers),
  };
}

type Posted =
  | { readonly ok: true; readonly login: Login; readonly fields: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly problem: Pick<Verdict, 'refused' | 'reply'> };

/** A form of our own page, from the browser that got it. */
function readLoginForm(request: SystemRequest, { logins }: EdevletParts): Posted {
  const read = readPostedForm(request);
  if (!read.ok) {
    const text = 'Form okunamadı. Uygulamadan yeniden başlayın.';
    return {
      ok: false,
      problem: { refused: read.problem, reply: errorPage(400, { code: read.problem, text }) },
    };
  }
  const login = logins.of(browserOf(request.headers.cookie), read.fields.get('giris'));
  if (login === undefined) return { ok: false, problem: { refused: 'login-unknown', reply: unknownLogin } };
  return { ok: true, login, fields: read.fields };
}

const unknownLogin = errorPage(400, { code: 'login-unknown', text: NOT_OPEN });

function finish(login: Login, person: WorldPerson, parts: EdevletParts) {
  const { client, redirectUri, scopes, state } = login.asked;
  parts.attempts.passed(person.kimlikNo);
  const code = parts.issued.code({
    clientId: client.clientId,
    redirectUri,
    kimlikNo: person.kimlikNo,
    level: person.level ?? '',
    scopes,
  });
  return redirect(withParameters(redirectUri, { code, state }), endLogin(login, parts));
}

function over(login: Login, parts: EdevletParts, code: string): Pick<Verdict, 'refused' | 'reply'> {
  return {
    refused: code,
    reply: errorPage(403, { code, text: OVER, login }, endLogin(login, parts)),
  };
}

/** Ends a login; the cookie goes with the browser's last one. */
function endLogin(login: Login, { logins }: EdevletParts): Readonly<Record<string, string>> {
  logins.end(login);
  return logins.hasMore(login.browser) ? {} : forgetBrowser();
}

function secretOf({ edevletTotp }: WorldPerson): string | undefined {
  return edevletTotp ?? undefined;
}

function holds(secret: string, typed: string, now: number): boolean {
  const token = typed.replaceAll(' ', '');
  if (!/^[0-9]{6}$/.test(token)) return false;
  return verifySync({ secret, token, epoch: Math.floor(now / 1_000), epochTolerance: TOLERANCE_S }).valid;
}
