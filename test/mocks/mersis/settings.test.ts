import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSettings } from '../../../mocks/settings.js';

let directory: string;
const ACCOUNT = { userName: 'KOOPBIS-MERSIS', passwordFile: 'secret', sourceAddresses: ['127.0.0.1'] };
const MERSIS = { host: '127.0.0.1', port: 0, accounts: [ACCOUNT] };

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mersis-settings-'));
  writeFileSync(join(directory, 'secret'), 'giz:li=ğ\n');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function load(mersis: unknown) {
  const service = { host: '127.0.0.1', port: 0 };
  const settings = {
    dataDirectory: 'data',
    worldFile: 'world.json',
    control: service,
    sts: service,
    kps: service,
    tls: { cert: 'secret', key: 'secret', clientCa: 'secret' },
    accounts: [{ ...ACCOUNT, userName: 'a' }],
    mersis,
  };
  const path = join(directory, 'settings.json');
  writeFileSync(path, JSON.stringify(settings));
  return loadSettings(path).then((loaded) => loaded.settings.mersis);
}

describe('the settings of the stand-in of MERSİS', () => {
  it('come with the password read', async () => {
    const { passwordFile: _file, ...account } = ACCOUNT;
    expect(await load(MERSIS)).toEqual({ ...MERSIS, accounts: [{ ...account, password: 'giz:li=ğ' }] });
  });

  it('may be absent: then there is no such stand-in', async () => {
    expect(await load(undefined)).toBeUndefined();
  });

  it.each([
    ['an address beyond this machine', { ...MERSIS, host: '0.0.0.0' }],
    ['no account', { ...MERSIS, accounts: [] }],
    ['an account twice', { ...MERSIS, accounts: [ACCOUNT, ACCOUNT] }],
    ['a user name that HTTP Basic cannot carry', { ...MERSIS, accounts: [{ ...ACCOUNT, userName: 'a:b' }] }],
    ['an account without an address', { ...MERSIS, accounts: [{ ...ACCOUNT, sourceAddresses: [] }] }],
    ['a password in the file itself', { ...MERSIS, accounts: [{ ...ACCOUNT, password: 'x' }] }],
    ['a missing password', { ...MERSIS, accounts: [{ ...ACCOUNT, passwordFile: 'nowhere' }] }],
    ['an unknown key', { ...MERSIS, url: 'https://localhost/' }],
  ])('are refused with %s', async (_what, mersis) => {
    await expect(load(mersis)).rejects.toThrow();
  });
});
