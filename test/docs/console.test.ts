import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ACCESS, type AccessId } from '../../src/console/access.js';
import type { AccessRow } from '../../src/console/access-row.js';
import { ACCESS_WORDS } from '../../src/console/access-words.js';

const page = readFileSync('docs/console.md', 'utf8');
const lines = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));

describe('docs/console.md', () => {
  it('is what the table of access says now', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        './test/support/typescript-loader.mjs',
        'scripts/write-console-doc.mjs',
        '--source',
        '--check',
      ],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('shows every page and action with its path, and marks exactly the roles that open it', () => {
    for (const id of Object.keys(ACCESS) as AccessId[]) {
      const row: AccessRow = ACCESS[id];
      const of = lines.filter(([, name]) => name === `\`${id}\``);
      expect([id, of.some(([, , place]) => place === `\`${row.method} ${row.path}\``)]).toEqual([id, true]);
      const crosses = of.flat().filter((cell) => cell === '×').length;
      expect([id, crosses]).toEqual([id, typeof row.audience === 'string' ? 0 : row.audience.length]);
    }
  });
});

describe('the words of pages and actions', () => {
  it('are a sentence in each language, and no two pages say the same', () => {
    const all = Object.values(ACCESS_WORDS);
    for (const { en, tr } of all)
      expect([tr, /^\p{Lu}.{5,120}\.$/u.test(tr), en, /^\p{Lu}.{5,120}\.$/u.test(en)]).toEqual([
        tr,
        true,
        en,
        true,
      ]);
    const pages = (Object.keys(ACCESS) as AccessId[]).filter((id) => ACCESS[id].method === 'GET');
    expect(new Set(pages.map((id) => ACCESS_WORDS[id].tr)).size).toBe(pages.length);
  });
});
