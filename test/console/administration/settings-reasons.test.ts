import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { settingsInForce } from '../../../src/config/settings-in-force.js';
import { settingsTable } from '../../../src/config/settings-table.js';
import { TURKISH_REASONS } from '../../../src/console/administration/settings/reasons/reasons.js';
import { type Loose, makeWorkplace } from '../../config/fixture.js';

const rows = settingsTable();
const turkishOf = (path: string) => TURKISH_REASONS.get(path) ?? '';

/** Paths of the settings whose two reasons do not agree. */
const unlike = (agree: (english: string, turkish: string) => boolean) =>
  rows.filter(({ path, reason }) => !agree(reason, turkishOf(path))).map(({ path }) => path);

/** Without the sections of papers that only developers have. */
const numbersOf = (text: string) =>
  [...text.replace(/\(?facts\/[^)]*\)/g, '').matchAll(/\d+(?:[.,]\d{3}\b)*/g)]
    .map(([number]) => number.replace(/[.,]/g, ''))
    .sort();
const settingsNamed = (text: string) =>
  [...text.replace(/\(?facts\/[^)]*\)/g, '').matchAll(/\b[a-z]+(?:\.[a-z]+)*(?:[A-Z][a-z]*)+\b/g)]
    .map(([name]) => name)
    .sort();

describe('reasons of the settings in Turkish', () => {
  it('are there for every setting that the schema knows', () => {
    expect(rows.length).toBeGreaterThan(250);
    expect(rows.map(({ path }) => path).filter((path) => turkishOf(path) === '')).toEqual([]);
  });

  it('are there for no setting that the schema does not know', () => {
    const known = new Set(rows.map(({ path }) => path));
    expect([...TURKISH_REASONS.keys()].filter((path) => !known.has(path))).toEqual([]);
  });

  it('are never the English one, and are sentences without marks of code', () => {
    expect(unlike((english, turkish) => turkish !== english)).toEqual([]);
    expect(unlike((_, turkish) => /^[^\s`'"<>][^`'"<>]*\.$/u.test(turkish))).toEqual([]);
    expect(unlike((_, turkish) => turkish === turkish.normalize('NFC'))).toEqual([]);
  });

  it('are free of common English words', () => {
    const english = /\b(?:the|of|and|is|are|with|which|where|that|whoever|nobody)\b/i;
    expect(unlike((_, turkish) => !english.test(turkish))).toEqual([]);
  });

  it('have the numbers of the English one and name the same settings', () => {
    expect(
      unlike((english, turkish) => numbersOf(english).join(' ') === numbersOf(turkish).join(' ')),
    ).toEqual([]);
    expect(
      unlike((english, turkish) => settingsNamed(english).join(' ') === settingsNamed(turkish).join(' ')),
    ).toEqual([]);
  });

  it('are there for every setting in force where persons sign in and MERSİS is read, whatever the lists hold', async () => {
    const place = await makeWorkplace();
    try {
      place.write('sign-in.key', randomBytes(32).toString('base64'));
      const config = await place.load(withEverything, { SECRET: 'a-secret-of-the-test' });
      const shown = settingsInForce(config);
      for (const top of ['signIn.', 'edevlet.twoStep.levels[0].', 'mersis.', 'accounts[ticaret].budget.'])
        expect(shown.filter(({ path }) => path.startsWith(top))).not.toEqual([]);
      expect(shown.filter(({ row }) => turkishOf(row) === '').map(({ path }) => path)).toEqual([]);
    } finally {
      place.remove();
    }
  });
});

function withEverything(settings: Loose): void {
  settings.edevlet = { clientId: 'ticaret', clientSecret: { env: 'SECRET' } };
  settings.signIn = {
    issuer: 'https://giris.example.org',
    apiOrigin: 'https://api.example.org:8443',
    cookieKeys: [{ file: 'sign-in.key' }],
    pairwiseKey: { file: 'sign-in.key' },
  };
  settings.clients[0].signIn = { name: 'KOOPBİS', redirectUris: ['https://koopbis.example.org/donus'] };
  settings.mersis = {
    url: 'https://mersis.example.org/sorgu',
    userName: 'köprü',
    password: { env: 'SECRET' },
  };
  settings.accounts[0].budget = { quarterQueries: 1000 };
}
