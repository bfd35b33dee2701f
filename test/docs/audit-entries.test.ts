import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CATALOGUE } from '../../src/audit/catalogue/catalogue.js';

const page = readFileSync('docs/audit-entries.md', 'utf8');

describe('docs/audit-entries.md', () => {
  it('is what the catalogue of entry kinds says now', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        './test/support/typescript-loader.mjs',
        'scripts/write-audit-entries-doc.mjs',
        '--source',
        '--check',
      ],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('has one section for each kind, with every member of its data', () => {
    const sections = new Map(
      page
        .split(/^### /m)
        .slice(1)
        .map((section) => [section.slice(0, section.indexOf('\n')), section]),
    );
    expect([...sections.keys()]).toEqual(Object.keys(CATALOGUE));
    for (const [kind, row] of Object.entries(CATALOGUE)) {
      const shown = (sections.get(kind) ?? '')
        .split('\n')
        .flatMap((line) => /^\| `([A-Za-z0-9]+)`/.exec(line)?.[1] ?? []);
      expect([kind, shown]).toEqual([kind, Object.keys(row.data.shape).sort()]);
    }
  });
});
