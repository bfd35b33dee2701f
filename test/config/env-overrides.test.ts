import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Loose, makeWorkplace, PASSWORD, problemsOf, type Workplace } from './fixture.js';

let place: Workplace;
beforeAll(async () => {
  place = await makeWorkplace();
});
afterAll(() => place.remove());

const load = (env: Record<string, string>, change?: (settings: Loose) => void) => place.load(change, env);

describe('environment overrides', () => {
  it('win over the file and over defaults, whatever the case of their parts', async () => {
    const config = await load(
      { BRIDGE__LISTENERS__SERVICE__PORT: '9443', BRIDGE__limits__IdempotencyHours: '48' },
      (settings) => {
        settings.listeners.service.port = 1234;
      },
    );
    expect(config.listeners.service.port).toBe(9443);
    expect(config.limits.idempotencyHours).toBe(48);
  });

  it('take the type of their setting: number, truth, text that looks like a number, null, list', async () => {
    const config = await load({
      BRIDGE__KPS__MUTUALTLS: 'false',
      BRIDGE__INSTANCE: '0123',
      BRIDGE__KPS__BREAKERRESETMINUTES: 'null',
      BRIDGE__KPS__EXTRACA: '["server.crt"]',
      BRIDGE__DATABASE__MIGRATEONSTART: 'false',
    });
    expect(config.kps.mutualTls).toBe(false);
    expect(config.instance).toBe('0123');
    expect(config.kps.breakerResetMinutes).toBeNull();
    expect(config.kps.extraCa).toEqual([`${place.folder}/server.crt`]);
    expect(config.database.migrateOnStart).toBe(false);
  });

  it('reach an item of a list by its position', async () => {
    const config = await load({ BRIDGE__CLIENTS__0__REQUESTSPERMINUTE: '7' });
    expect(config.clients[0]?.requestsPerMinute).toBe(7);
  });

  it('make groups that the file does not have', async () => {
    const config = await load({ BRIDGE__LOG__LEVEL: 'debug' }, (settings) => {
      delete settings.log;
    });
    expect(config.log.level).toBe('debug');
  });

  it('replace the source of a secret whole', async () => {
    place.write('password', PASSWORD);
    const fromFile = await load({ BRIDGE__ACCOUNTS__0__PASSWORD__FILE: 'password', KPS_PASSWORD: 'other' });
    expect(fromFile.accounts[0]?.password.reveal()).toBe(PASSWORD);
    const fromEnv = await load(
      { BRIDGE__ACCOUNTS__0__PASSWORD__ENV: 'OTHER', OTHER: 'from-env' },
      (settings) => {
        settings.accounts[0].password = { file: 'password' };
      },
    );
    expect(fromEnv.accounts[0]?.password.reveal()).toBe('from-env');
  });

  it.each([
    [
      'an unknown setting',
      'BRIDGE__LISTENERS__SERVICE__PROT',
      '1',
      'names an unknown setting in listeners.service; the nearest is port',
    ],
    [
      'an unknown group',
      'BRIDGE__LISTENRS__OPS__PORT',
      '1',
      'names an unknown setting; the nearest is listeners',
    ],
    ['a prototype', 'BRIDGE____PROTO____ENVIRONMENT', 'x', 'names an unknown setting'],
    [
      'a part too many',
      'BRIDGE__ENVIRONMENT__X',
      '1',
      'goes on after environment, which is a single setting',
    ],
    [
      'an item that is not there',
      'BRIDGE__CLIENTS__5__ID',
      'x',
      'must name an item that the file has in clients',
    ],
    ['an item by name', 'BRIDGE__CLIENTS__LENGTH__ID', 'x', 'must name an item that the file has in clients'],
    ['a whole group', 'BRIDGE__KPS', '{}', 'is a group of settings: name one setting in it'],
    ['words for a number', 'BRIDGE__LISTENERS__OPS__PORT', 'hunter2', 'must be a whole number'],
    ['an empty number', 'BRIDGE__LISTENERS__OPS__PORT', '', 'must be a whole number'],
    ['a number for a truth', 'BRIDGE__KPS__MUTUALTLS', '0', 'must be true or false'],
    ['text for a list', 'BRIDGE__KPS__EXTRACA', 'hunter2', 'must be a list, such as ["a", "b"]'],
    [
      'a literal secret',
      'BRIDGE__ACCOUNTS__0__PASSWORD',
      PASSWORD,
      'is a secret: name it with …__FILE or …__ENV, never the value itself',
    ],
    [
      'a strange source of a secret',
      'BRIDGE__ACCOUNTS__0__PASSWORD__VALUE',
      PASSWORD,
      'is a secret: its name must end in __FILE or __ENV',
    ],
  ])('are refused for %s, without repeating the value', async (_what, name, value, problem) => {
    const problems = await problemsOf(load({ [name]: value }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name}: ${problem}`);
    expect(problems.join('\n')).not.toContain('hunter2');
    expect(({} as Loose).environment).toBeUndefined();
  });

  it('are refused where two variables name one setting', async () => {
    const problems = await problemsOf(load({ BRIDGE__INSTANCE: 'a', BRIDGE__instance: 'b' }));
    expect(problems).toEqual(['BRIDGE__instance: instance is also set by BRIDGE__INSTANCE']);
  });

  it('are checked like the file', async () => {
    expect(await problemsOf(load({ BRIDGE__LISTENERS__OPS__PORT: '70000' }))).toEqual([
      'listeners.ops.port: must be at most 65535',
    ]);
  });

  it('leave variables of other programs alone', async () => {
    const config = await load({ BRIDGE_CONFIG: 'x', BRIDGE_: 'x', PATH: '/bin' });
    expect(config.instance).toBe('bridge-1');
  });
});
