import { expect, it } from '@jest/globals';
import { auditCommand } from '../../src/commands/audit/audit.js';
import { run } from './support.js';

const WHATS = [
  'export',
  'verify',
  'check',
  'search',
  'evidence',
  'destroy',
  'hold',
  'continue',
  'signals',
  'keys',
];

it('bridge audit --help names every subcommand, on standard output; each of them helps too', async () => {
  const { code, out, err } = await run({ audit: auditCommand }, ['audit', '--help']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const what of WHATS) {
    expect(out).toContain(`audit ${what}`);
    const help = await run({ audit: auditCommand }, ['audit', what, '--help']);
    expect(help.code).toBe(0);
    expect(help.out).toContain(`bridge audit ${what}`);
  }
});

it('bridge audit without a subcommand, or with one that is none, is wrong use and repeats nothing that was typed', async () => {
  for (const argv of [['audit'], ['audit', '10000000146']]) {
    const { code, out, err } = await run({ audit: auditCommand }, argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).not.toContain('10000000146');
  }
});
