import type { Arrival, Browser, Page } from './browser.js';
import { type Clock, codeNow, freshCodes } from './one-time-codes.js';
import { formWith } from './read-page.js';
import { refusedBy, SignInRefused } from './refused.js';

/** What a person types on the way. Secrets in base32; null = the person has none. */
export interface Typed {
  readonly kimlikNo: string;
  readonly password: string;
  readonly edevletTotp: string | null;
  readonly stepUpTotp: string | null;
}

/** Login, code, three pages of ours, the second step with its repeats: more is a circle. */
const MAX_PAGES = 20;

/**
 * Walks a sign-in from `start` to its end, as a person would: at e-Devlet (all of `edevletOrigin`) number, password and
 * code, then through our own pages. Returns the address of the end, with the application's answer in it. Throws
 * `SignInRefused` with the page's reason.
 */
export async function walk(
  browser: Pick<Browser, 'open' | 'submit'>,
  start: URL,
  person: Typed,
  edevletOrigin: string,
  clock: Clock,
): Promise<URL> {
  const nextStepUp = person.stepUpTotp === null ? null : freshCodes(person.stepUpTotp, clock);
  let at: Arrival = await browser.open(start);
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    if (at.kind === 'end') return at.url;
    const { page } = at;
    at =
      page.url.origin === edevletOrigin
        ? await answerEdevlet(browser, page, person, clock)
        : await answerBridge(browser, page, nextStepUp);
  }
  throw new Error('the sign-in goes round in a circle');
}

function answerEdevlet(
  browser: Pick<Browser, 'submit'>,
  page: Page,
  person: Typed,
  clock: Clock,
): Promise<Arrival> {
  if (page.content.code !== null) throw refusedBy(page.content.code);
  const login = formWith(page.content, 'kimlikNo', 'sifre');
  if (login !== undefined) {
    return browser.submit(page, login, { kimlikNo: person.kimlikNo, sifre: person.password });
  }
  const second = formWith(page.content, 'kod');
  if (second === undefined) throw stopped(page);
  if (person.edevletTotp === null) throw new SignInRefused('code-refused');
  return browser.submit(page, second, { kod: codeNow(person.edevletTotp, clock) });
}

async function answerBridge(
  browser: Pick<Browser, 'submit'>,
  page: Page,
  nextStepUp: (() => Promise<string | null>) | null,
): Promise<Arrival> {
  const { code, page: name, forms } = page.content;
  if (name === 'step-up-missing') throw new SignInRefused('step-up-unavailable');
  const stepUp = formWith(page.content, 'kod');
  if (code !== null && (stepUp === undefined || code !== 'STEP_UP_REPLAYED_CODE')) throw refusedBy(code);
  if (stepUp !== undefined) {
    const kod = nextStepUp === null ? null : await nextStepUp();
    if (kod === null)
      throw new SignInRefused(nextStepUp === null ? 'step-up-unavailable' : 'step-up-refused');
    return browser.submit(page, stepUp, { kod });
  }
  // Notice, told, announced: one form, whose button goes on.
  const [form] = forms.filter(({ method }) => method === 'post');
  if (page.status >= 400 || form === undefined) throw stopped(page);
  return browser.submit(page, form, {});
}

function stopped({ url, status, content }: Page): Error {
  return new Error(`the sign-in stops at ${url.host} (HTTP ${status}, page ${content.page ?? 'unknown'})`);
}
