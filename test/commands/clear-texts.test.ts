import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { auditCommand } from '../../src/commands/audit/audit.js';
import { authorityCommand } from '../../src/commands/authority/authority.js';
import { feesCommand } from '../../src/commands/fees/fees.js';
import { maintenanceCommand } from '../../src/commands/maintenance/maintenance.js';
import { mersisCommand } from '../../src/commands/mersis/mersis.js';
import { rolesCommand } from '../../src/commands/roles/roles.js';
import { sessionsCommand } from '../../src/commands/sessions/sessions.js';
import { stepUpCommand } from '../../src/commands/step-up.js';
import { digitsOf } from '../audit/support/parts.js';
import { type Ran, run } from './support.js';

const COMMANDS = {
  audit: auditCommand,
  authority: authorityCommand,
  fees: feesCommand,
  maintenance: maintenanceCommand,
  mersis: mersisCommand,
  roles: rolesCommand,
  sessions: sessionsCommand,
  'step-up': stepUpCommand,
};
const ID = '00000000-0000-4000-8000-000000000000';
const DAY = '2026-05-04';
const TOMORROW = new Date(Date.now() + 86_400_000).toISOString();
const TOKENS = ['--token-file', 'x', '--second-token-file', 'y'];
const noticed = ['--account', 'a', '--quarter', '2026-Q1'];
const money = ['--amount', '1,00'];

/** Every text of an argument that comes to stand in an entry. The text goes behind the last word. */
const ARGUMENTS: readonly (readonly string[])[] = [
  ['audit', 'continue', ...TOKENS, '--reason'],
  ...['suspend', 'lift'].map((name) => [
    ...['authority', name, '--cooperative', '0123456789000015', '--decided-on', DAY, '--decision-no'],
  ]),
  ['fees', 'close', '2026-Q1', '--reason'],
  ['fees', 'notice', 'record', ...noticed, '--date', DAY, '--queries', '1', ...money, '--number'],
  ...[
    ['--reference', 'R-1', '--notice-number'],
    ['--notice-number', 'N-1', '--reference'],
  ].map((words) => ['fees', 'payment', 'record', ...noticed, '--paid-on', DAY, ...money, ...words]),
  ['fees', 'reconcile', 'decide', ID, '--decision', 'object', '--note'],
  ['fees', 'statement', '--users', '--reveal', '--reason'],
  ['fees', 'stop', 'lift', 'a', '--altogether', '--reason'],
  ['fees', 'stop', 'refuse', ID, '--reason'],
  ['fees', 'tariff', 'propose', 'a', '--from', '2027-01-01', '--reason'],
  ['fees', 'tariff', 'refuse', ID, '--reason'],
  ['maintenance', 'open', '--system', 'kps', '--to', TOMORROW, '--reason'],
  ['mersis', 'release', '--reject', '--reason'],
  ['roles', 'grant', 'finance', '--reason'],
  ['roles', 'grant', 'finance', '--letter-date', DAY, '--letter-no'],
  ['roles', 'import', 'x', '--letter-no', 'E-1', '--letter-date', DAY, '--reason'],
  ['roles', 'import', 'x', '--letter-date', DAY, '--letter-no'],
  ['roles', 'revoke', 'finance', '--reason'],
  ['roles', 'revoke', 'finance', '--letter-date', DAY, '--letter-no'],
];
/** The same of what is read before anything is opened. */
const INPUTS: readonly (readonly [args: readonly string[], body: (text: string) => object])[] = [
  [['audit', 'signals', 'decide', '--signal', ID], (note) => ({ decision: 'justified', note })],
  [['sessions', 'end', ID], (reason) => ({ reason })],
  [['step-up', 'reset'], (reason) => ({ person: digitsOf(1), reason })],
];
const HIDDEN = [
  '\u202eters',
  'ters\u2066',
  'yaz\u200fı',
  'bel\u0007',
  'ge\u001b[31mri',
  'a\u009bb',
  'sıfır\u0000',
];

/** Where there are no settings, whatever is not refused before ends with them. */
const env = { BRIDGE_CONFIG: '/nowhere/bridge.yaml' };
const withText = (args: readonly string[], text: string) => run(COMMANDS, [...args, text], env);
const withInput = (args: readonly string[], body: object) =>
  run(COMMANDS, [...args, '--token-file', 'x'], env, JSON.stringify(body));

function expectRefused(ran: Ran, text: string): void {
  expect(ran).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^REQUEST_INVALID: .*must be plain text/),
  });
  expect(ran.err).not.toContain(text);
}

describe('a text for the log', () => {
  it.each(ARGUMENTS.map((args) => [args.filter((one) => one !== TOMORROW).join(' '), args] as const))(
    'of an argument, bridge %s …: nothing hidden, no number, only so long',
    async (_, args) => {
      for (const hidden of HIDDEN) expectRefused(await withText(args, hidden), hidden);
      const long = await withText(args, 'a'.repeat(501));
      expect(long).toMatchObject({
        code: 1,
        err: expect.stringMatching(/^REQUEST_INVALID: .*must be shorter/),
      });
      const number = await withText(args, `bkz. ${digitsOf(3)}`);
      expect(number).toMatchObject({ code: 2, err: expect.stringMatching(/^WRONG_USE: .*identity number/) });
      expect(number.err).not.toContain(digitsOf(3));
      expect((await withText(args, 'E-12/3 sayılı yazı')).err).toMatch(/^CONFIG_INVALID/);
    },
  );

  it.each(INPUTS.map(([args, body]) => [args.join(' '), args, body] as const))(
    'of standard input, bridge %s: the same',
    async (_, args, body) => {
      for (const hidden of HIDDEN) expectRefused(await withInput(args, body(hidden)), hidden);
      const number = await withInput(args, body(`bkz. ${digitsOf(3)}`));
      expect(number).toMatchObject({
        code: 1,
        err: expect.stringMatching(/^REQUEST_INVALID: .*identity number/),
      });
      expect((await withInput(args, body('E-12/3\nsayılı yazı'))).err).toMatch(/^CONFIG_INVALID/);
    },
  );

  it('of the file that evidence rests on: the same', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'basis-')), 'basis.json');
    const good = { basis: { authority: 'Savcılık', documentNo: '1', date: DAY }, reason: 'soruşturma' };
    const evidence = async (json: object) => {
      await writeFile(file, JSON.stringify(json));
      return run(COMMANDS, ['audit', 'evidence', '--query', ID, '--out', 'x', '--basis-file', file], env);
    };
    for (const hidden of HIDDEN) {
      expectRefused(await evidence({ ...good, reason: hidden }), hidden);
      expectRefused(await evidence({ ...good, basis: { ...good.basis, authority: hidden } }), hidden);
      expectRefused(await evidence({ ...good, basis: { ...good.basis, documentNo: hidden } }), hidden);
    }
    expect((await evidence(good)).err).toMatch(/^CONFIG_INVALID/);
  });

  it('is looked at wherever a command takes one: no option and no schema of a text is missing here', () => {
    const folder = 'src/commands';
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const sources = files.map((name) => readFileSync(join(folder, name), 'utf8'));
    const options = sources.flatMap((text) =>
      [...text.matchAll(/'?([a-z-]+)'?: \{ type: 'string'/g)].map((one) => one[1] ?? ''),
    );
    const tried = ARGUMENTS.map((args) => (args.at(-1) ?? '').slice(2));
    const rest = [...new Set(options)].filter((name) => !tried.includes(name) && !NO_TEXTS.includes(name));
    expect(rest).toEqual([]);
    // Free texts of bodies come through the one schema; `personSchema` and the like hold forms of their own.
    expect(
      sources.filter((text) => /z\s*\.string\(\)/.test(text.replace('personSchema = z.string()', ''))),
    ).toHaveLength(1);
  });
});

/** Ids, paths, days, sums, names that the settings or a closed list must know, and two texts that `fees agreements` hands to its own rule. */
const NO_TEXTS = [
  ...[
    'basis-file',
    'criteria-file',
    'decided-on',
    'known-at',
    'letter-date',
    'log-key',
    'paid-on',
    'second-token-file',
  ],
  ...[
    'client',
    'role',
    'to-percent',
    'token-file',
    'tsa-ca',
    'account',
    'action',
    'after',
    'amount',
    'at',
    'columns',
    'cooperative',
    'date',
  ],
  ...[
    'decision',
    'file',
    'format',
    'from',
    'hold',
    'kind',
    'limit',
    'out',
    'proposal',
    'quarter',
    'queries',
    'query',
  ],
  ...['separator', 'service', 'sheet', 'signal', 'step', 'system', 'to', 'document', 'wanted'],
];
