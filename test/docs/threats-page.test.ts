import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { testNames } from './named-tests.js';

interface Row {
  readonly threat: string;
  readonly proofs: readonly { readonly file: string; readonly name: string }[];
}

/** Reads `- **threat.** control` with one line `  - \`file\` “name of a test”` for each proof, in the sections of threats. */
function threatsOf(page: string): readonly Row[] {
  return page.split(/^- \*\*/m).flatMap((item) => {
    const [, threat] = /^(.+?)\.\*\*/.exec(item) ?? [];
    if (threat === undefined) return [];
    const proofs = [...item.matchAll(/^ {2}- (.*)$/gm)].map(([, proof = '']) => {
      const [, file = '', name = ''] = /^`([^`]+)` “(.+)”$/.exec(proof) ?? [];
      return { file, name };
    });
    return [{ threat, proofs }];
  });
}

/** What of a page does not hold: a threat without proof, a file or a test that does not exist. */
function brokenPromises(page: string): readonly string[] {
  return threatsOf(page).flatMap(({ threat, proofs }) => [
    ...(proofs.length === 0 ? [`no test is named: ${threat}`] : []),
    ...proofs.flatMap(({ file, name }) => {
      if (name === '') return [`no test is named: ${threat}`];
      if (!/^test\/.+\.test\.ts$/.test(file) || !existsSync(file)) return [`no such file: ${file}`];
      return testNames(readFileSync(file, 'utf8')).has(name) ? [] : [`no such test in ${file}: ${name}`];
    }),
  ]);
}

describe('docs/threats.md', () => {
  const page = readFileSync('docs/threats.md', 'utf8');

  it('names for every threat tests that exist', () => {
    expect(brokenPromises(page)).toEqual([]);
  });

  it('is read whole: every item of its sections has a control, and a proof below it', () => {
    const [threats = ''] = page.split('## Not controlled yet');
    const items = threats.split('\n').filter((line) => line.startsWith('- '));
    expect(items.length).toBeGreaterThan(40);
    expect(threatsOf(threats)).toHaveLength(items.length);
    for (const item of items) expect(item).toMatch(/^- \*\*[^*]+\.\*\* [A-Z]/);
  });
});

describe('a page of threats that promises too much', () => {
  const row = (...proofs: string[]) => `- **x.** Y.\n${proofs.map((proof) => `  - ${proof}\n`).join('')}`;

  it.each([
    ['names no test', 'a test somewhere', 'no test is named: x'],
    [
      'names a file that is not there',
      '`test/docs/gone.test.ts` “a”',
      'no such file: test/docs/gone.test.ts',
    ],
    ['names a file that is no test', '`src/main.ts` “a”', 'no such file: src/main.ts'],
    [
      'names a test that its file does not have',
      '`test/docs/threats-page.test.ts` “holds for ever”',
      'no such test in test/docs/threats-page.test.ts: holds for ever',
    ],
  ])('is told where it %s', (_how, proof, problem) => {
    expect(brokenPromises(row(proof))).toEqual([problem]);
  });

  it('is told behind proofs that hold, too', () => {
    const good = '`test/docs/threats-page.test.ts` “is told where it %s”';
    expect(brokenPromises(row(good))).toEqual([]);
    expect(brokenPromises(row(good, 'and more'))).toEqual(['no test is named: x']);
  });
});

describe('the names of tests', () => {
  it('are those that run: no comments, texts, skipped ones or groups', () => {
    const names = testNames(`
      // it('in a comment', () => {});
      const text = "it('in a text', () => {})";
      describe('a group', () => { it('runs', () => {}); it.skip('is skipped', () => {}); });
      it.each([1, 2])('runs for %s', () => {});
      test('runs too', () => {}); test.skip('is skipped too', () => {});
      for (const way of ['a']) it(\`runs by \${way}\`, () => {});
    `);
    expect([...names].sort()).toEqual(['runs', 'runs by …', 'runs for %s', 'runs too']);
  });
});
