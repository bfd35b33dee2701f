import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSettings } from '../../mocks/settings.js';

let directory: string;
const CLIENT = {
  clientId: 'id',
  clientSecretFile: 'secret',
  redirectUris: ['https://localhost:8444/giris/donus'],
};
const EDEVLET = { host: '127.0.0.1', port: 0, clients: [CLIENT] };

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'edevlet-settings-'));
  writeFileSync(join(directory, 'secret'), 'gizli=\n');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function load(edevlet: unknown) {
  const service = { host: '127.0.0.1', port: 0 };
  const account = { userName: 'a', passwordFile: 'secret', sourceAddresses: ['127.0.0.1'] };
  const settings = {
    dataDirectory: 'data',
    worldFile: 'world.json',
    control: service,
    sts: service,
    kps: service,
    tls: { cert: 'secret', key: 'secret', clientCa: 'secret' },
    accounts: [account],
    edevlet,
  };
  const path = join(directory, 'settings.json');
  writeFileSync(path, JSON.stringify(settings));
  return loadSettings(path).then((loaded) => loaded.settings.edevlet);
}

describe('the settings of the stand-in of e-Devlet', () => {
  it('come with the secrets read and what was left out', async () => {
    expect(await load(EDEVLET)).toMatchObject({
      resourceTransport: 'form',
      clients: [{ clientId: 'id', clientSecret: 'gizli=', separator: ';' }],
    });
  });

  it('may be absent: then there is no such stand-in', async () => {
    expect(await load(undefined)).toBeUndefined();
  });

  it.each([
    ['an address beyond this machine', { ...EDEVLET, host: '0.0.0.0' }],
    ['no client', { ...EDEVLET, clients: [] }],
    ['a client twice', { ...EDEVLET, clients: [CLIENT, CLIENT] }],
    ['a client without an address', { ...EDEVLET, clients: [{ ...CLIENT, redirectUris: [] }] }],
    ['an address with a fragment', { ...EDEVLET, clients: [{ ...CLIENT, redirectUris: ['https://a/#b'] }] }],
    ['an address without TLS', { ...EDEVLET, clients: [{ ...CLIENT, redirectUris: ['http://localhost/'] }] }],
    ['a script as address', { ...EDEVLET, clients: [{ ...CLIENT, redirectUris: ['javascript:alert(1)'] }] }],
    ['another separator', { ...EDEVLET, clients: [{ ...CLIENT, separator: ',' }] }],
    ['another transport', { ...EDEVLET, resourceTransport: 'xml' }],
    ['a secret in the file itself', { ...EDEVLET, clients: [{ ...CLIENT, clientSecret: 'x' }] }],
    ['a missing secret', { ...EDEVLET, clients: [{ ...CLIENT, clientSecretFile: 'nowhere' }] }],
  ])('are refused with %s', async (_what, edevlet) => {
    await expect(load(edevlet)).rejects.toThrow();
  });
});
