import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Command, parseCommand } from '../../src/commands/command.js';
import { BridgeError } from '../../src/errors/bridge-error.js';
import { digitsOf, SUBJECT } from '../verification/support/parts.js';
import { run } from './support.js';

const NUMBER = digitsOf(SUBJECT);

const greet: Command = {
  usage: 'greet <name> [--loud]',
  summary: 'says hello',
  run: async (args, terminal) => {
    const { values } = parseCommand(greet, args, { loud: { type: 'boolean', default: false } }, 1);
    terminal.out(values.json ? '{}' : values.loud ? 'HELLO' : 'hello');
    return 0;
  },
};

/** A command that fails with what it is given. */
const failing = (error: unknown): Command => ({
  usage: 'fail',
  summary: 'fails',
  run: async () => {
    throw error;
  },
});

describe('the command line', () => {
  it('runs the command that is named, with its options', async () => {
    expect(await run({ greet }, ['greet', 'x'])).toEqual({ code: 0, out: 'hello', err: '' });
    expect(await run({ greet }, ['greet', '--loud', 'x'])).toMatchObject({ out: 'HELLO' });
    expect(await run({ greet }, ['greet', 'x', '--json'])).toMatchObject({ out: '{}' });
  });

  it('helps on standard output where it is asked to, and exits 0', async () => {
    for (const argv of [['--help'], ['help']]) {
      expect(await run({ greet }, argv)).toMatchObject({
        code: 0,
        err: '',
        out: expect.stringContaining(greet.usage),
      });
    }
    expect(await run({ greet }, ['greet', '--help'])).toMatchObject({
      code: 0,
      out: `bridge ${greet.usage}\n  ${greet.summary}`,
    });
  });

  it.each([[[]], [['unknown']], [['constructor']], [['__proto__']], [['']], [['Greet']]])(
    'exits 2 with the help on standard error for %j',
    async (argv) => {
      expect(await run({ greet }, argv)).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining('bridge <command>'),
      });
    },
  );

  it.each([
    [['greet']],
    [['greet', 'a', 'b']],
    [['greet', 'a', '--quiet']],
    [['greet', 'a', '--loud=1']],
    [['greet', 'a', '-x']],
  ])('exits 2 with the usage for wrong use: %j', async (argv) => {
    expect(await run({ greet }, argv)).toEqual({
      code: 2,
      out: '',
      err: `WRONG_USE: usage: bridge ${greet.usage}`,
    });
  });

  it('never repeats an argument: somebody may have typed a number there', async () => {
    const argument = fc.oneof(
      fc.string(),
      fc.constantFrom(NUMBER, `--kimlik=${NUMBER}`, `-${NUMBER}`, 'greet', '--'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(argument, { maxLength: 4 }), async (argv) => {
        const { out, err } = await run({ greet }, [...argv, NUMBER]);
        expect(out + err).not.toContain(NUMBER);
      }),
    );
  });

  it('shows an error of ours with its code, and exits 1', async () => {
    const error = new BridgeError('DATABASE_IN_USE', 'another bridge owns it');
    expect(await run({ fail: failing(error) }, ['fail'])).toEqual({
      code: 1,
      out: '',
      err: 'DATABASE_IN_USE: another bridge owns it',
    });
  });

  it('shows of any other error where it happened and nothing that it says', async () => {
    const error = new TypeError(`row of\n${NUMBER}\n    at person ${NUMBER}`);
    const ran = await run({ fail: failing(error) }, ['fail']);
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/^INTERNAL: an unexpected error\n {2}at /);
    expect(ran.err).not.toContain(NUMBER);
    const thrown = await run({ fail: failing(NUMBER) }, ['fail']);
    expect(thrown).toEqual({ code: 1, out: '', err: 'INTERNAL: an unexpected error' });
  });
});
