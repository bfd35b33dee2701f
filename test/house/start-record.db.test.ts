import { hostname } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { issueCa } from '../../certs-example/issue.js';
import { checkLine } from '../../src/audit/catalogue/check-line.js';
import type { EffectApplier } from '../../src/audit/lane.js';
import { configHash } from '../../src/config/show-config.js';
import { osUser } from '../../src/house/os-user.js';
import { recordStart, recordStop, startApplier } from '../../src/house/start-record.js';
import { failureOf, type OpenLog, openLog, requireSoundLog } from '../audit/support/log.js';
import { type Loose, makeWorkplace, PASSWORD, type Workplace } from '../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let place: Workplace;
let test: TestDatabase;
let log: OpenLog;
let instance = 0;

beforeAll(async () => {
  place = await makeWorkplace();
  test = await createTestDatabase({ migrations: true });
  const appliers = new Map([[startApplier.kind, startApplier as EffectApplier]]);
  log = openLog(test.appUrl, { deps: { appliers } });
});
beforeEach(() => {
  instance += 1;
});
afterAll(async () => {
  await log.close();
  await test.drop();
  place.remove();
});

const load = (change: (settings: Loose) => void = () => undefined) =>
  place.load((settings) => {
    settings.instance = `bridge-${instance}`;
    change(settings);
  });
const start = async (change?: (settings: Loose) => void) => {
  const config = await load(change);
  await recordStart(config, log.appender);
  return config;
};
// biome-ignore lint/suspicious/noExplicitAny: data of any kind
const told = async (kind: string): Promise<any[]> =>
  (await requireSoundLog(test.db))
    .map(({ line }) => checkLine(line))
    .filter((entry) => entry.kind === kind && entry.data.instance === `bridge-${instance}`)
    .map((entry) => entry.data);

describe('a start', () => {
  it('is an entry with what runs, where, as whom, under which settings and which tariff', async () => {
    const config = await start();
    const [started, ...more] = await told('bridge.started');
    expect(more).toEqual([]);
    expect(started).toMatchObject({
      checkpointOrigin: 'log.example/test',
      configHash: configHash(config),
      environment: 'sandbox',
      host: hostname(),
      node: process.version,
      osUser: osUser(),
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect(started.tariff).toEqual(
      config.fees.tariff.map(({ amountKurus, basis, from, gazette }) => {
        return { active: from !== '2020-06-27', amountKurus, basis, from, gazette };
      }),
    );
  });

  it('tells all settings the first time, and afterwards what has changed since the start before', async () => {
    await start();
    await start();
    await start((settings) => {
      settings.limits = { queriesPerUserPerDay: 77 };
      settings.clients[0].sourceAddresses = ['127.0.0.1/32'];
      settings.accounts[0].technicalUser.name = 'Üçüncü Kişi';
    });
    const [first, second, third] = (await told('bridge.started')).map(({ changes }) => changes);
    expect(first.length).toBeGreaterThan(50);
    expect(first).toContainEqual({ after: 'sandbox', before: null, path: 'environment' });
    expect(second).toEqual([]);
    expect(third).toEqual([
      { after: null, before: '::1/128', path: 'clients[koopbis-core].sourceAddresses[1]' },
      { after: '77', before: expect.any(String), path: 'limits.queriesPerUserPerDay' },
    ]);
  });

  it('tells no secret, no name and no address of a responsible person', async () => {
    await start();
    const text = JSON.stringify(await told('bridge.started'));
    for (const hidden of [PASSWORD, 'PRIVATE KEY', 'Birinci', 'İkinci', '@example'])
      expect(text).not.toContain(hidden);
    const state = 'SELECT state::text AS text FROM bridge.log_state';
    const rows = await test.db.query<{ text: string }>({ text: state });
    for (const hidden of [PASSWORD, 'PRIVATE KEY', 'Birinci', 'İkinci', '@example'])
      expect(rows.rows.map(({ text: one }) => one).join()).not.toContain(hidden);
  });

  it('tells which certificates of ours are new, and that one is gone', async () => {
    await start();
    await start();
    const { certPem, keyPem } = await issueCa('koopbis-foreign-ca', new Date());
    place.write('web.crt', certPem);
    place.write('web.key', keyPem);
    await start((settings) => {
      settings.listeners.web = { certificate: 'web.crt', key: { file: 'web.key' } };
      delete settings.kps.clientCertificate;
      settings.kps.mutualTls = false;
    });
    const changes = await told('certificate.changed');
    expect(
      changes.map(({ name, before, fingerprintSha256, notAfter }) => [
        name,
        before,
        fingerprintSha256,
        notAfter,
      ]),
    ).toEqual([
      ['kps', null, changes[0].fingerprintSha256, expect.any(String)],
      ['service', null, changes[0].fingerprintSha256, expect.any(String)],
      ['web', null, changes[0].fingerprintSha256, expect.any(String)],
      ['kps', changes[0].fingerprintSha256, null, null],
      ['web', changes[0].fingerprintSha256, expect.stringMatching(/^[0-9a-f]{64}$/), expect.any(String)],
    ]);
    expect(changes[4].fingerprintSha256).not.toBe(changes[0].fingerprintSha256);
  });

  it('that cannot be written down is no start, and is not remembered as one', async () => {
    const config = await load();
    const nobodyApplies = openLog(test.appUrl);
    expect(await failureOf(recordStart(config, nobodyApplies.appender))).toMatchObject({
      code: 'ENTRY_INVALID',
    });
    await nobodyApplies.close();
    expect(await told('bridge.started')).toEqual([]);
    await start();
    expect((await told('bridge.started'))[0].changes.length).toBeGreaterThan(50);
  });
});

describe('a stop', () => {
  it('is an entry with its reason', async () => {
    await recordStop({ instance: `bridge-${instance}`, reason: 'SIGTERM' }, log.appender);
    expect(await told('bridge.stopped')).toEqual([{ instance: `bridge-${instance}`, reason: 'SIGTERM' }]);
  });
});
