import { expect } from '@jest/globals';
import type { SandboxFile } from '../../mocks/sandbox/sandbox-file.js';
import type { BrowserPerson } from './browser-person.js';

type Person = SandboxFile['people'][number];
type Place = Pick<SandboxFile, 'mocks'>;

const START = /e-Devlet ile giriş yap/;

/** From the demo application's home page to e-Devlet and through it. Gives the status of the page that comes then. */
export async function signInFromApplication(
  sat: BrowserPerson,
  { mocks }: Place,
  person: Person,
): Promise<number> {
  await sat.open(mocks.koopbis);
  await sat.met('koopbis-start');
  await sat.press('link', START);
  return sat.passEdevlet(person);
}

/** The same for somebody who signs in for the first time: over the KVKK notice to the application's home page. */
export async function signInFirst(sat: BrowserPerson, place: Place, person: Person): Promise<void> {
  await signInFromApplication(sat, place, person);
  await sat.met('notice');
  await sat.press('button', /Okudum/);
  await sat.met('koopbis-home');
}

/** Signs out of everything, from the application. */
export async function signOutFromApplication(sat: BrowserPerson): Promise<void> {
  await sat.press('button', /Çıkış yap/);
  await sat.met('sign-out');
  await sat.press('button', /Evet, çıkış yap/);
  await sat.met('koopbis-start');
}

/** What the application's home page must say of who is signed in. */
export async function expectSignedIn(sat: BrowserPerson, person: Person, acr: string): Promise<void> {
  const { kimlikNo, ad, soyad } = person;
  expect(await sat.text('#ad-soyad')).toBe(`${ad} ${soyad}`.trim());
  expect(await sat.text('#kimlik-no')).toBe(`${kimlikNo.slice(0, 2)}*******${kimlikNo.slice(-2)}`);
  expect(await sat.text('#acr')).toBe(`urn:koopbis:acr:${acr}`);
}
