import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { axeViolations } from '../support/axe.js';
import { startBrowser } from '../support/browser.js';
import { keyPin } from '../support/server-key.js';
import { makeCertificates } from './support/certificates.js';
import { type EdevletHarness, persons, STATE, startEdevletHarness } from './support/edevlet-harness.js';

let stand: EdevletHarness;
let browser: Browser;
/** A relying party that sends the person on to an application at another origin, as the bridge does. */
let relyingParty: Server;
let redirectUri: string;

beforeAll(async () => {
  const certificates = await makeCertificates();
  const { certPem: cert, keyPem: key } = certificates.server;
  relyingParty = createServer({ cert, key }, (request, response) => {
    const isReturn = request.url?.startsWith('/giris/donus') === true;
    const { port } = relyingParty.address() as AddressInfo;
    const Location = `https://127.0.0.1:${port}/application`;
    if (isReturn) response.writeHead(302, { Location }).end();
    else response.setHeader('Content-Type', 'text/html').end('<h1>application</h1>');
  });
  await new Promise<void>((resolve) => relyingParty.listen(0, '127.0.0.1', resolve));
  redirectUri = `https://localhost:${(relyingParty.address() as AddressInfo).port}/giris/donus`;
  stand = await startEdevletHarness(certificates, { redirectUri });
  browser = await startBrowser({ trustedKeys: [keyPin(cert)] });
});
afterAll(async () => {
  await browser?.close();
  relyingParty?.close();
  await stand?.stop();
});

const start = (state: string = STATE) =>
  `${stand.origin}${stand.authorizePath({ redirect_uri: redirectUri, state })}`;

async function withPage(
  options: { javaScriptEnabled: boolean },
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, ...options });
  try {
    await use(await context.newPage());
  } finally {
    await context.close();
  }
}
const mark = (page: Page) => page.locator('main').getAttribute('data-page');

async function typePassword(page: Page, person: { kimlikNo: string; password: string }): Promise<void> {
  await page.getByLabel('T.C. kimlik no').fill(person.kimlikNo);
  await page.getByLabel('e-Devlet şifresi').fill(person.password);
  await page.keyboard.press('Enter');
}

describe('the pages of the stand-in, in a browser', () => {
  it('hold for axe-core and stay within 360 px, whatever they tell', async () => {
    const problems: string[] = [];
    const look = async (page: Page, name: string) => {
      const wide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
      if (wide) problems.push(`${name}: wider than the screen`);
      problems.push(...(await axeViolations(page)).map((one) => `${name}: ${one}`));
    };
    await withPage({ javaScriptEnabled: true }, async (page) => {
      await page.goto(start());
      await look(page, 'password');
      await typePassword(page, { ...persons.twoStep, password: 'x' });
      await page.locator('[data-code=password-refused]').waitFor();
      await look(page, 'password refused');
      await typePassword(page, persons.dead);
      await page.locator('[data-code=record-not-open]').waitFor();
      await look(page, 'record not open');
      await typePassword(page, persons.twoStep);
      await page.locator('[data-page=second-step]').waitFor();
      await look(page, 'second step');
      for (let i = 0; i < 5; i += 1) {
        await page.getByLabel('Doğrulama kodu').fill('12');
        await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
        if (i === 0) await look(page, 'code refused');
      }
      expect(await mark(page)).toBe('error');
      await look(page, 'error');
      await page.getByRole('link', { name: 'Uygulamaya dön' }).click();
      await page.waitForURL('**/application');
    });
    expect(problems).toEqual([]);
  });

  it('sign a person in by keyboard alone, without scripts, through to the application behind', async () => {
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(start());
      const keys = async (text: string) => {
        await page.keyboard.press('Tab');
        await page.keyboard.type(text);
      };
      await keys(persons.twoStep.kimlikNo);
      await keys(persons.twoStep.password);
      await page.keyboard.press('Enter');
      await page.locator('[data-page=second-step]').waitFor();
      await keys(stand.totp(persons.twoStep));
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/application');
    });
  });

  it('let a person go back', async () => {
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(start());
      const [asked] = await Promise.all([
        page.waitForRequest((request) => request.url().startsWith(redirectUri)),
        page.getByRole('button', { name: 'Vazgeç' }).click(),
      ]);
      expect(new URL(asked.url()).searchParams.get('error')).toBe('access_denied');
      await page.waitForURL('**/application');
    });
  });

  it('cannot be framed, run nothing and load nothing', async () => {
    const page = await stand.browser().open(stand.authorizePath());
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|script-src/);
    expect(page.headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(page.text).not.toMatch(/<script| on[a-z]+=| style=|<iframe| src=/);
  });
});
