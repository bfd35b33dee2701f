import { describe, expect, it } from '@jest/globals';
import { settingsTable } from '../../../src/config/settings-table.js';
import { TURKISH_REASONS } from '../../../src/console/administration/settings/reasons/reasons.js';

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
});
