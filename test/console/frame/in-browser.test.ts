import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { showParts } from '../../../src/console/common/parts-page.js';
import type { Answer, Language } from '../../../src/console/frame/call.js';
import type { Page as ConsolePage, FormPart } from '../../../src/console/frame/parts.js';
import { axeViolations } from '../../support/axe.js';
import { startBrowser } from '../../support/browser.js';
import { FrameServer, madePerson } from './support/frame-server.js';

const SCREENSHOTS = join(process.cwd(), 'var/screenshots/console');
const WIDTHS = [360, 768, 1280, 1920];
const HOLD = '/konsol/guvenlik/saklama/tutma';
const words = (tr: string, en: string) => ({ tr, en });
const REASON = { kind: 'textarea', name: 'gerekce', label: words('Gerekçe', 'Reason') } as const;
const SEND = words('Gönder', 'Send');

const HOLD_FORM: FormPart = {
  part: 'form',
  action: HOLD,
  method: 'post',
  fields: [REASON],
  submit: SEND,
};
const pageOf = (title: { tr: string; en: string }, form: FormPart): ConsolePage => ({
  title,
  help: words('Deneme sayfasıdır.', 'A page for trying out.'),
  parts: [form],
});
const WRONG: Answer = {
  kind: 'page',
  status: 422,
  page: pageOf(words('Form', 'Form'), {
    ...HOLD_FORM,
    action: '/konsol/oturumlarim/kapat',
    fields: [
      { ...REASON, value: 'kısa', error: words('En az 10 harf yazın.', 'Write at least 10 letters.') },
      {
        kind: 'date',
        name: 'gun',
        label: words('Gün', 'Day'),
        value: '2099-01-01',
        error: words('Bugünden sonra olamaz.', 'Not after today.'),
      },
      {
        kind: 'radio',
        name: 'karar',
        label: words('Karar', 'Decision'),
        options: [
          { value: 'a', text: words('Kabul', 'Accept') },
          { value: 'r', text: words('Ret', 'Refuse') },
        ],
        error: words('Birini seçin.', 'Choose one.'),
      },
    ],
  }),
};

/** How each page is come to from an empty window. */
const PAGES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  parts: (page) => page.goto(`${server.origin}/konsol/parcalar`),
  refused: (page) => page.goto(`${server.origin}/konsol/mali`),
  'not-found': (page) => page.goto(`${server.origin}/konsol/yok`),
  'step-up': (page) => sent(page, '/konsol/guvenlik/saklama'),
  'wrong-form': (page) => sent(page, '/konsol/oturumlarim'),
};
/** Where somebody can come to with the keyboard. */
const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';

let browser: Browser;
let server: FrameServer;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  [browser, server] = await Promise.all([startBrowser(), FrameServer.open()]);
  server.seat('officer', madePerson(1, ['security-officer', 'administrator']));
  server.answers.set('parts', showParts);
  server.answers.set('retention', async () => ({
    kind: 'page',
    page: pageOf(words('Tutma', 'Hold'), HOLD_FORM),
  }));
  server.answers.set('sessions', async () => ({
    kind: 'page',
    page: pageOf(words('Form', 'Form'), { ...HOLD_FORM, action: '/konsol/oturumlarim/kapat' }),
  }));
  server.answers.set('sessions.end', async () => WRONG);
  server.answers.set('language', async () => ({ kind: 'see-other', to: '/konsol/parcalar', language: 'en' }));
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** Fills in the form of a page and sends it. */
async function sent(page: Page, path: string): Promise<void> {
  await page.goto(`${server.origin}${path}`);
  await page.locator('textarea[name=gerekce]').fill('kısa');
  await Promise.all([page.waitForEvent('load'), page.getByRole('button').last().click()]);
}

/** A window of an officer, and what it complains of or asks other hosts for. */
async function opened({ width = 1280, javaScriptEnabled = true, language = 'tr' as Language } = {}): Promise<{
  context: BrowserContext;
  page: Page;
  trouble: string[];
}> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled });
  await context.addCookies([
    { name: 'kim', value: 'officer', url: server.origin },
    { name: 'konsol_dil', value: language, url: server.origin },
  ]);
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on('console', (message) => {
    if (!/status of 4\d\d/.test(message.text())) trouble.push(message.text());
  });
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('requestfailed', (request) => trouble.push(`failed: ${request.url()}`));
  page.on('request', (request) => {
    const isOurs = request.url().startsWith(server.origin) || request.url().startsWith('data:');
    if (!isOurs) trouble.push(`asked for ${request.url()}`);
  });
  return { context, page, trouble };
}

describe.each(Object.entries(PAGES))('%s in a browser', (name, come) => {
  test.each(['tr', 'en'] as const)(
    'axe-core finds nothing in %s, and neither does the Content-Security-Policy',
    async (language) => {
      const { context, page, trouble } = await opened({ language });
      await come(page);
      expect(await page.locator('html').getAttribute('lang')).toBe(language);
      expect(await page.evaluate('[...document.images].every((one) => one.naturalWidth > 0)')).toBe(true);
      expect(await axeViolations(page)).toEqual([]);
      for (const closed of await page.locator('main summary').all()) await closed.click();
      expect(await axeViolations(page)).toEqual([]);
      expect(trouble).toEqual([]);
      await context.close();
    },
  );

  test('nothing is wider than the screen, from 360 px to 1920 px, or smaller than a finger', async () => {
    const { context, page } = await opened();
    await come(page);
    for (const closed of await page.locator('main summary').all()) await closed.click();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([width, width]);
      const small = await page.$$eval(
        'button, .button, textarea, select, input:not([type=hidden], [type=radio], [type=checkbox])',
        (all) =>
          all
            .filter((one) => one.getClientRects().length > 0 && one.getBoundingClientRect().height < 44)
            .map((one) => one.outerHTML),
      );
      expect(small).toEqual([]);
      await page.screenshot({ path: join(SCREENSHOTS, `frame-${name}-${width}.png`), fullPage: true });
    }
    await context.close();
  });

  test('every control is reached by the keyboard, in the order of the page, with a visible focus', async () => {
    const { context, page } = await opened({ width: 360 });
    await come(page);
    // Somebody who has just come is at the top of the page.
    await page.evaluate('document.activeElement?.blur(); window.getSelection()?.removeAllRanges(); 0');
    const all = `[...document.querySelectorAll(${JSON.stringify(CONTROLS)})]`;
    const wanted = (await page.evaluate(
      `${all}.flatMap((one, n) => one.checkVisibility() && (one.type !== 'radio' || one.checked
        || (document.querySelectorAll('[name="' + one.name + '"]:checked').length === 0 && one.id.endsWith('-0'))) ? [n] : [])`,
    )) as number[];
    expect(wanted.length).toBeGreaterThan(3);
    const reached: number[] = [];
    for (let tabs = 0; tabs < wanted.length * 6; tabs += 1) {
      await page.keyboard.press('Tab');
      const [at, style, outline] = (await page.evaluate(
        `[${all}.indexOf(document.activeElement), getComputedStyle(document.activeElement).outlineStyle,
          getComputedStyle(document.activeElement).outlineWidth]`,
      )) as [number, string, string];
      if (at === -1 || at < (reached.at(-1) ?? -1)) break;
      expect([at, style, outline]).toEqual([at, 'solid', '3px']);
      // A date has several places of its own.
      if (at !== reached.at(-1)) reached.push(at);
    }
    expect(reached).toEqual(wanted);
    await context.close();
  });
});

describe('with the keyboard', () => {
  test('the first stop leads past the navigation to the content', async () => {
    const { context, page } = await opened();
    await page.goto(`${server.origin}/konsol`);
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'İçeriğe geç' });
    expect(await skip.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
    expect((await skip.boundingBox())?.x).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('icerik');
    await context.close();
  });

  test('each error at the head of a wrong form leads to its field, which keeps what was typed', async () => {
    const { context, page } = await opened();
    await PAGES['wrong-form']?.(page);
    expect(await page.title()).toMatch(/^Hata: /);
    const ids: unknown[] = [];
    for (const link of await page.locator('.summary a').all()) {
      await link.press('Enter');
      ids.push(await page.evaluate('document.activeElement.id'));
    }
    expect(ids).toEqual(['gerekce', 'gun', 'karar']);
    expect(await page.getByLabel('Gerekçe').inputValue()).toBe('kısa');
    expect(await page.getByLabel('Gün').inputValue()).toBe('2099-01-01');
    const about = await page.getByLabel('Gerekçe').getAttribute('aria-describedby');
    expect(await page.locator(`[id="${about}"]`).textContent()).toContain('En az 10 harf yazın.');
    await context.close();
  });
});

describe('without scripts', () => {
  test('a page shows everything, folds open and closed, and leads on', async () => {
    const { context, page } = await opened({ javaScriptEnabled: false });
    await page.goto(`${server.origin}/konsol/parcalar`);
    const numbers = page.getByRole('table', { name: 'Günlük sorgu sayısı (örnek), tablo' });
    expect(await numbers.isVisible()).toBe(false);
    await page.locator('.chart summary').click();
    expect(await numbers.isVisible()).toBe(true);
    await page.getByRole('link', { name: 'Durumu yenile' }).first().click();
    await page.waitForLoadState('load');
    expect(await page.locator('h1').textContent()).toBe('Sayfa parçaları');
    await context.close();
  });

  test('a form that needs the second step keeps what was typed, and is sent again when that is given', async () => {
    const { context, page } = await opened({ javaScriptEnabled: false });
    await PAGES['step-up']?.(page);
    expect(await page.locator('main').getAttribute('data-code')).toBe('STEP_UP_REQUIRED');
    const [tab] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: /İkinci adımı doğrula/ }).click(),
    ]);
    await tab.waitForLoadState('load');
    expect(new URL(tab.url()).pathname).toBe('/oidc/auth');
    await tab.close();
    server.seat('officer', madePerson(1, ['security-officer', 'administrator'], true));
    server.calls.length = 0;
    await Promise.all([
      page.waitForEvent('load'),
      page.getByRole('button', { name: 'İşlemi yeniden gönder' }).click(),
    ]);
    expect(server.calls.map(({ call, id }) => [id, call.fields.get('gerekce')])).toEqual([
      ['retention.hold', 'kısa'],
    ]);
    server.seat('officer', madePerson(1, ['security-officer', 'administrator']));
    await context.close();
  });
});

test('all that the largest page of the frame loads is under 100 kB, from our own host', async () => {
  const { context, page, trouble } = await opened();
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    if (response.url().startsWith('http')) sizes.push(response.body().then((body) => body.length));
  });
  await page.goto(`${server.origin}/konsol/parcalar`, { waitUntil: 'load' });
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(sizes.length).toBe(4);
  expect(bytes).toBeLessThan(100_000);
  expect(trouble).toEqual([]);
  await context.close();
});

test('progress moves on by itself where scripts run, and asks our own host alone', async () => {
  const { context, page, trouble } = await opened();
  let done = 1;
  server.answers.set('job', async () => {
    done += 1;
    const progress = {
      part: 'progress',
      label: words('Satırlar', 'Lines'),
      done,
      total: 9,
      refresh: '/konsol/isler/7',
    } as const;
    return { kind: 'page', page: { ...pageOf(words('İş', 'Work'), HOLD_FORM), parts: [progress] } };
  });
  await page.goto(`${server.origin}/konsol/isler/7`);
  await page.getByText('4 / 9').waitFor({ timeout: 20_000 });
  expect(trouble).toEqual([]);
  await context.close();
});

test('a page of ours is not shown in a stranger’s frame', async () => {
  const { context, page } = await opened();
  await page.setContent(`<title>stranger</title><iframe src="${server.origin}/konsol/parcalar"></iframe>`);
  await page.waitForTimeout(300);
  expect(await page.frames()[1]?.locator('main').count()).toBe(0);
  await context.close();
});
