import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { configCommand } from '../../src/commands/config.js';
import { makeWorkplace, PASSWORD, type Workplace } from '../config/fixture.js';
import { run } from './support.js';

let workplace: Workplace;

beforeAll(async () => {
  workplace = await makeWorkplace();
});

beforeEach(() => workplace.load());

afterAll(() => workplace.remove());

const config = (...args: string[]) =>
  run({ config: configCommand }, ['config', ...args], {
    ...workplace.env,
    BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml'),
  });

describe('bridge config check', () => {
  it('says ok with the hash of what is in force, and exits 0', async () => {
    const plain = await config('check');
    expect(plain).toMatchObject({ code: 0, out: expect.stringMatching(/^ok [0-9a-f]{8,64}$/) });
    const json = await config('check', '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      ok: true,
      hash: plain.out.slice(3),
      warnings: expect.any(Array),
    });
  });

  it('names everything that is wrong at once, with the nearest known name, and exits 1', async () => {
    workplace.write('bridge.yaml', 'enviroment: sandbox\ninstance: bridge-1\nlisteners: {}\n');
    const { code, out, err } = await config('check');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^CONFIG_INVALID: /);
    expect(err).toMatch(/enviroment.*environment/);
    expect(err.split('\n').length).toBeGreaterThan(2);
  });

  it('names a settings file that is not there, and exits 1', async () => {
    const { code, err } = await run({ config: configCommand }, ['config', 'check'], {
      BRIDGE_CONFIG: join(workplace.folder, 'missing.yaml'),
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^CONFIG_INVALID: /);
  });
});

describe('bridge config show', () => {
  it('shows what is in force, with secrets as ***', async () => {
    for (const args of [['show'], ['show', '--json']]) {
      const { code, out, err } = await config(...args);
      expect(code).toBe(0);
      expect(out).toContain('bridge-1');
      expect(out).toContain('***');
      expect(out + err).not.toContain(PASSWORD);
      expect(out + err).not.toContain('PRIVATE KEY');
    }
    const { hash, settings } = JSON.parse((await config('show', '--json')).out);
    expect(settings).toBe((await config('show')).out);
    expect((await config('check')).out).toBe(`ok ${hash}`);
  });
});

describe('without a database', () => {
  it.each([['check'], ['show']])(
    'config %s does its work, and says that its use could not be recorded',
    async (action) => {
      const { code, err } = await config(action);
      expect([code, err]).toEqual([
        0,
        'warning: the use of this command could not be recorded in the audit log (DATABASE_UNAVAILABLE)',
      ]);
    },
  );
});

describe('wrong use', () => {
  it.each([[[]], [['frobnicate']], [['check', 'show']], [['check', '--force']]])(
    'exits 2: %j',
    async (args) => {
      const { code, out, err } = await config(...args);
      expect([code, out, err]).toEqual([2, '', 'WRONG_USE: usage: bridge config check|show [--json]']);
    },
  );
});
