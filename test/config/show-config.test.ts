import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { configHash, showConfig } from '../../src/config/show-config.js';
import { makeWorkplace, PASSWORD, type Workplace } from './fixture.js';

let place: Workplace;
beforeAll(async () => {
  place = await makeWorkplace();
});
afterAll(() => place.remove());

describe('settings as shown', () => {
  it('are YAML that holds every setting in force, secrets as ***', async () => {
    const config = await place.load();
    const shown = parse(showConfig(config));
    expect(shown.accounts[0].password).toBe('***');
    expect(shown.listeners.service.key).toBe('***');
    expect(shown.audit.masterKeys[0].key).toBe('***');
    expect(shown.listeners.service.port).toBe(8443);
    expect(shown.purposes).toHaveLength(6);
  });

  it('hold no secret and nothing of how they were loaded', async () => {
    const text = showConfig(await place.load());
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain('PRIVATE KEY');
    expect(Object.keys(parse(text))).not.toEqual(expect.arrayContaining(['warnings']));
  });

  it('tell the source of each value that is not a default', async () => {
    const config = await place.load(undefined, {
      BRIDGE__LISTENERS__SERVICE__PORT: '9443',
      BRIDGE__KPS__EXTRACA: '[server.crt]',
    });
    const lines = showConfig(config)
      .split('\n')
      .map((line) => line.trim());
    expect(lines).toContain('environment: sandbox # file');
    expect(lines).toContain('port: 9443 # BRIDGE__LISTENERS__SERVICE__PORT');
    expect(lines).toContain('password: "***" # file');
    expect(lines).toContain('maxBodyBytes: 16384');
    expect(lines).toContain(`- ${place.folder}/server.crt # BRIDGE__KPS__EXTRACA`);
  });
});

describe('the hash of the settings', () => {
  it('is the same for the same settings, however they were given', async () => {
    const one = await place.load((settings) => {
      settings.log = { level: 'debug' };
    });
    const other = await place.load(undefined, { BRIDGE__LOG__LEVEL: 'debug' });
    expect(configHash(one)).toMatch(/^[0-9a-f]{64}$/);
    expect(configHash(other)).toBe(configHash(one));
  });

  it('changes with any setting', async () => {
    const one = configHash(await place.load());
    const other = configHash(
      await place.load((settings) => {
        settings.clients[0].requestsPerMinute = 5999;
      }),
    );
    expect(other).not.toBe(one);
  });

  it('does not depend on secrets: a reader of the log could guess a weak one from it', async () => {
    const one = configHash(await place.load());
    const other = configHash(await place.load(undefined, { KPS_PASSWORD: 'another' }));
    expect(other).toBe(one);
  });
});
