import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { KOOPBIS_PATHS } from '../../../mocks/koopbis/paths.js';
import { readKoopbisSettings } from '../../../mocks/koopbis/settings.js';
import { type Layout, layoutOf, PORT_COUNT } from '../../../mocks/sandbox/layout.js';
import { prepareSandbox } from '../../../mocks/sandbox/prepare.js';
import { loadSettings, type StandInSettings } from '../../../mocks/settings.js';
import { loadConfig } from '../../../src/config/load-config.js';
import type { BridgeConfig } from '../../../src/config/schema.js';

const OPTIONS = { people: 100, cooperatives: 3, seed: 'prepare' };
const BASE = 21_000;
let directory: string;
let layout: Layout;
let config: BridgeConfig;
let standIns: StandInSettings;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'prepare-'));
  layout = layoutOf(join(directory, 'sandbox'), BASE);
  await prepareSandbox(layout, OPTIONS);
  config = await loadConfig({ path: layout.configFile, env: {} });
  standIns = (await loadSettings(layout.standInsFile)).settings;
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the settings of a sandbox', () => {
  it('are taken by the bridge, without a warning', () => {
    expect(config.warnings).toEqual([]);
    expect(config.environment).toBe('sandbox');
  });

  it('give each listener and stand-in a port of its own, in a row', () => {
    const ports = Object.values(layout.ports).sort();
    expect(ports).toEqual(Array.from({ length: PORT_COUNT }, (_, i) => BASE + i));
    const usual = Object.values(layoutOf(directory, null).ports);
    expect(new Set(usual).size).toBe(PORT_COUNT);
    expect(config.listeners.web).toMatchObject({ host: '127.0.0.1', port: layout.ports.web });
  });

  it('name both time stamping authorities with the accounts that the stand-in knows', () => {
    const [customer] = standIns.tsa?.customers ?? [];
    const [user] = standIns.tsa?.users ?? [];
    const yaml = parse(readFileSync(layout.configFile, 'utf8'));
    const [first, second] = yaml.audit.timestamps.authorities;
    const url = `http://127.0.0.1:${standIns.tsa?.port}/`;
    expect([first.url, first.customerNo]).toEqual([url, customer?.customerNo]);
    expect([second.url, second.userName]).toEqual([`${url}basic`, user?.userName]);
    expect(readFileSync(first.password.file, 'utf8')).toBe(customer?.password);
    expect(readFileSync(second.password.file, 'utf8')).toBe(user?.password);
    expect(customer?.password).not.toBe(user?.password);
  });

  it('let the MERSİS stand-in know the bridge by the same account, at the same address', () => {
    const [known] = standIns.mersis?.accounts ?? [];
    const { mersis } = parse(readFileSync(layout.configFile, 'utf8'));
    expect(mersis.url).toBe(`https://localhost:${standIns.mersis?.port}/SicilSorguServisi`);
    expect(config.mersis).toMatchObject({ adapter: 'soap', url: mersis.url, userName: known?.userName });
    expect(readFileSync(mersis.password.file, 'utf8')).toBe(known?.password);
    expect(known?.sourceAddresses).toEqual([mersis.localAddress]);
    expect(mersis.clientCertificate.certificate).toBe(
      parse(readFileSync(layout.configFile, 'utf8')).kps.clientCertificate.certificate,
    );
  });

  it('let the Interior Ministry ask nothing of whom the bridge holds outside the fee, and 2 kuruş of whom it holds to pay', () => {
    const { accounts } = parse(readFileSync(layout.configFile, 'utf8'));
    const asked = standIns.accounts.map(({ kurusPerQuery, userName }) => [userName, kurusPerQuery]);
    expect(asked).toEqual(
      accounts.map((one: { userName: string; feeClass: string }) => [
        one.userName,
        one.feeClass === 'paying' ? 2 : 0,
      ]),
    );
    expect(new Set(asked.map(([, price]) => price)).size).toBe(2);
  });

  it('keep the ports that every sandbox had, and put MERSİS behind them', () => {
    const names = ['api', 'web', 'ops', 'sts', 'kps', 'control', 'edevlet', 'tsa', 'koopbis', 'mersis'];
    expect(layout.ports).toEqual(Object.fromEntries(names.map((name, i) => [name, BASE + i])));
    expect(layoutOf(directory, null).ports.mersis).toBe(8448);
  });

  it('let the e-Devlet stand-in know the bridge by the same id, secret and return address', () => {
    const [known] = standIns.edevlet?.clients ?? [];
    expect(config.edevlet?.clientId).toBe(known?.clientId);
    expect(config.edevlet?.clientId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const yaml = parse(readFileSync(layout.configFile, 'utf8'));
    expect(readFileSync(yaml.edevlet.clientSecret.file, 'utf8')).toBe(known?.clientSecret);
    expect(known?.redirectUris).toEqual([`${config.signIn?.issuer}/giris/donus`]);
    expect(config.edevlet?.baseUrl).toBe(
      `https://localhost:${standIns.edevlet?.port}/OAuth2AuthorizationServer/`,
    );
    expect(config.signIn?.startClient).toBeUndefined();
  });

  it('register each application with addresses that the demo application serves, numbers only for koopbis-core', () => {
    const koopbis = readKoopbisSettings(layout.koopbisFile);
    expect([koopbis.issuer, koopbis.api]).toEqual([config.signIn?.issuer, config.signIn?.apiOrigin]);
    const paths: string[] = Object.values(KOOPBIS_PATHS);
    for (const { id, signIn } of config.clients) {
      const { redirectUris = [], backChannelLogoutUri, initiateLoginUri, scopes } = signIn ?? {};
      const all = [...redirectUris, backChannelLogoutUri, initiateLoginUri].filter(
        (one) => one !== undefined,
      );
      for (const uri of all) {
        expect(uri.startsWith(`${koopbis.origin}/`)).toBe(true);
        expect(paths).toContain(new URL(uri).pathname);
      }
      expect(redirectUris).toContain(`${koopbis.origin}${KOOPBIS_PATHS.command}`);
      expect([id, scopes]).toEqual([id, id === 'koopbis-core' ? ['openid', 'kimlik'] : ['openid']]);
    }
  });

  it('keep the checkpoint in a folder beside the database, not in it', () => {
    const { checkpointFile } = parse(readFileSync(layout.configFile, 'utf8')).audit;
    expect(checkpointFile).toBe(layout.checkpointFile);
    expect(checkpointFile.startsWith(`${layout.database}/`)).toBe(false);
    expect(statSync(join(checkpointFile, '..')).mode & 0o777).toBe(0o700);
    expect(existsSync(checkpointFile)).toBe(false);
  });
});

describe('the secrets of a sandbox', () => {
  it('are for their owner alone, the checkpoint key an Ed25519 key', () => {
    for (const name of readdirSync(layout.secrets))
      expect([name, statSync(join(layout.secrets, name)).mode & 0o777]).toEqual([name, 0o600]);
    const pem = readFileSync(join(layout.secrets, 'checkpoint-key.pem'), 'utf8');
    expect(pem).toMatch(/^-{5}BEGIN PRIVATE KEY-{5}\n/);
    expect(createPrivateKey(pem).asymmetricKeyType).toBe('ed25519');
  });

  it('stay as they are at the next start, and with them the log’s name and key', async () => {
    const all = () =>
      readdirSync(layout.secrets).map((name) => [name, readFileSync(join(layout.secrets, name), 'utf8')]);
    const before = [all(), readFileSync(layout.configFile, 'utf8')];
    await prepareSandbox(layout, OPTIONS);
    expect([all(), readFileSync(layout.configFile, 'utf8')]).toEqual(before);
  });

  it('are others in another sandbox', async () => {
    const other = layoutOf(join(directory, 'other'), BASE);
    await prepareSandbox({ ...other, certificates: layout.certificates }, OPTIONS);
    for (const name of readdirSync(layout.secrets))
      expect(readFileSync(join(other.secrets, name))).not.toEqual(readFileSync(join(layout.secrets, name)));
  });
});
