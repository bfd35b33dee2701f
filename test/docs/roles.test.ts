import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { FORBIDDEN_PAIRS } from '../../src/authority/roles/forbidden-pairs.js';
import { GRANT_RULES } from '../../src/authority/roles/grant-rules.js';
import { ROLES } from '../../src/authority/roles/role-list.js';

const page = readFileSync('docs/roles.md', 'utf8');

describe('docs/roles.md', () => {
  it('is what the tables of roles say now', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        './test/support/typescript-loader.mjs',
        'scripts/write-roles-doc.mjs',
        '--source',
        '--check',
      ],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('shows every role, every right to grant and every forbidden pair', () => {
    for (const name of Object.keys(ROLES)) expect(page).toMatch(new RegExp(`^\\| \`${name}[:\`]`, 'm'));
    const hasRow = (a: string, b: string) =>
      page.split('\n').some((line) => {
        const [, first, second] = line.split('|').map((cell) => cell.trim());
        return first === `\`${a}\`` && second === `\`${b}\``;
      });
    for (const { granter, grants } of GRANT_RULES)
      expect([granter, grants, hasRow(granter, grants)]).toContain(true);
    for (const { one, other } of FORBIDDEN_PAIRS) expect([one, other, hasRow(one, other)]).toContain(true);
  });
});
