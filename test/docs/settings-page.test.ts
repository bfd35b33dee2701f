import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { settingsTable } from '../../src/config/settings-table.js';

const page = readFileSync('docs/settings.md', 'utf8');

describe('docs/settings.md', () => {
  it('is what the schema of the settings says now', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        './test/support/typescript-loader.mjs',
        'scripts/write-settings-doc.mjs',
        '--source',
        '--check',
      ],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('has one row for each setting, with type, default and a reason', () => {
    const rows = page
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
    expect(rows.map(([, path]) => path).sort()).toEqual(
      settingsTable()
        .map(({ path }) => `\`${path}\``)
        .sort(),
    );
    for (const row of rows) expect(row.slice(1, -1).filter((cell) => cell !== '')).toHaveLength(4);
  });
});
