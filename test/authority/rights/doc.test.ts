import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { COMPETENCE } from '../../../src/authority/competence.js';
import { ACTIONS } from '../../../src/authority/rights/actions.js';
import { REASON_TEXTS } from '../../../src/authority/rights/reasons.js';
import { RIGHTS } from '../../../src/authority/rights/rights.js';

const rows = readFileSync('docs/rights.md', 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));
const hasRow = (...cells: readonly string[]) =>
  rows.some((row) => cells.every((cell, i) => row[i + 1] === cell));

describe('docs/rights.md', () => {
  it('is what the tables of rights say now', () => {
    const loader = ['--import', './test/support/typescript-loader.mjs'];
    const script = ['scripts/write-rights-doc.mjs', '--source', '--check'];
    const { status, stderr } = spawnSync(process.execPath, [...loader, ...script], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('shows every action, every right, every reason and every kind', () => {
    for (const { name, tr } of ACTIONS.values()) expect([name, hasRow(`\`${name}\``, tr)]).toContain(true);
    for (const { role, action } of RIGHTS)
      expect([role, action, hasRow(`\`${role}\``, `\`${action}\``)]).toContain(true);
    for (const [code, { tr }] of Object.entries(REASON_TEXTS))
      expect([code, hasRow(`\`${code}\``, tr)]).toContain(true);
    for (const { tur, kanun, ministry } of COMPETENCE)
      expect([tur, hasRow(tur, kanun, `\`${ministry}\``)]).toContain(true);
  });

  it('says of each right under what it holds', () => {
    for (const { role, action, conditions } of RIGHTS) {
      const [, , , said = ''] =
        rows.find((row) => row[1] === `\`${role}\`` && row[2] === `\`${action}\``) ?? [];
      expect([role, action, said.includes('step-up')]).toEqual([role, action, conditions.stepUp]);
      expect([role, action, said.includes('own il')]).toEqual([role, action, conditions.il === 'own']);
      expect([role, action, said.includes('command line')]).toEqual([
        role,
        action,
        conditions.through === 'command-line',
      ]);
    }
  });
});
