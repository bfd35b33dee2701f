import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generatePopulation } from '../../mocks/population/generate-population.js';
import { type RunningStandIns, startStandIns } from '../../mocks/stand-ins.js';
import { createWorld } from '../../mocks/world/world.js';
import { createKpsClient, type KpsClient } from '../../src/kps/kps-client.js';
import type { KpsService } from '../../src/kps/port.js';
import { KPS_SERVICES } from '../../src/kps/services.js';
import { KimlikNo } from '../../src/person/kimlik-no.js';
import { formatPartialDate, parsePartialDate } from '../../src/person/partial-date.js';
import { question, settingsFor, testCertificates } from './support/bench.js';

// The stand-in was written apart from the client and recomputes every signature: that both agree says something.
const TODAY = '2026-01-15';
const population = generatePopulation({ seed: 'kps client', people: 120, cooperatives: 6, today: TODAY });
type Person = (typeof population.people)[number];

const directory = mkdtempSync(join(tmpdir(), 'kps-stand-in-'));
let standIns: RunningStandIns;
let client: KpsClient;

beforeAll(async () => {
  const made = testCertificates();
  const patches = { patchPerson: notPatched, patchCooperative: notPatched };
  standIns = await startStandIns(
    {
      dataDirectory: directory,
      control: { host: '127.0.0.1', port: 0 },
      sts: { host: '127.0.0.1', port: 0 },
      kps: { host: '127.0.0.1', port: 0 },
      tls: { cert: made.server.certPem, key: made.server.keyPem, clientCa: made.ca },
      accounts: [{ userName: 'KRM-ticaret', password: 'gizli & <çok>', sourceAddresses: ['127.0.0.1'] }],
      tokenLifetimeS: 600,
      unknownSource: 'reset',
    },
    { world: createWorld({ population, patches }) },
  );
  client = await createKpsClient(settingsFor(standIns.urls.sts, standIns.urls.kps));
});

afterAll(async () => {
  await client.close();
  await standIns.stop();
  rmSync(directory, { recursive: true, force: true });
});

function notPatched(): { ok: false; problem: string } {
  return { ok: false, problem: 'not here' };
}

function askAbout(person: Person, service: KpsService, change: Partial<Person> = {}) {
  const { kimlikNo, ad, soyad, dogumTarihi } = { ...person, ...change };
  const number = KimlikNo.parse(kimlikNo);
  const date = parsePartialDate(dogumTarihi, TODAY);
  if (!number.ok || !date.ok) throw new Error('the population is not well made');
  return client.ask(question({ service, kimlikNo: number.value, ad, soyad, dogumTarihi: date.value }));
}

const STATUS = { açık: 'open', ölüm: 'dead', kapalı: 'closed' } as const;
const kinds: readonly (readonly [string, (person: Person) => boolean])[] = [
  ['a living citizen', (person) => person.durum === 'açık' && !person.kimlikNo.startsWith('9')],
  ['a dead person', (person) => person.durum === 'ölüm'],
  ['a closed record', (person) => person.durum === 'kapalı'],
  ['a foreigner', (person) => person.kimlikNo.startsWith('9')],
  ['a person with an unknown birth day', (person) => person.dogumTarihi.endsWith('-00')],
  ['a person with an unknown birth month', (person) => person.dogumTarihi.includes('-00-00')],
  ['a person without a surname', (person) => person.soyad === ''],
];
const combined = KPS_SERVICES.filter(({ answer }) => answer === 'bilesik-kutuk');
const yesNo = KPS_SERVICES.filter(({ answer }) => answer === 'tum-kutuk-dogrula');

function find(kind: (person: Person) => boolean): Person {
  const person = population.people.find(kind);
  if (person === undefined) throw new Error('the population has no such person');
  return person;
}

describe.each(combined)('$name $version at the stand-in that verifies every byte', (service) => {
  it.each(kinds)('finds %s with the fields and the status of the register', async (_name, kind) => {
    const person = find(kind);
    const reply = await askAbout(person, service);
    if (reply.kind !== 'record') throw new Error(`not a record: ${JSON.stringify(reply)}`);
    const { dogumTarihi, ...names } = reply.record;
    expect(names).toEqual({ ad: person.ad, soyad: person.soyad, status: STATUS[person.durum] });
    expect(formatPartialDate(dogumTarihi)).toBe(person.dogumTarihi);
  });

  it('finds no record where the birth date differs', async () => {
    const person = find((one) => one.durum === 'açık');
    const reply = await askAbout(person, service, { dogumTarihi: '1901-02-03' });
    expect(reply).toMatchObject({ kind: 'no-record' });
  });
});

describe.each(yesNo)('$name $version at the stand-in that verifies every byte', (service) => {
  it.each(kinds)('confirms %s with the status of the register', async (_name, kind) => {
    const person = find(kind);
    expect(await askAbout(person, service)).toMatchObject({
      kind: 'confirmed',
      status: STATUS[person.durum],
    });
  });

  it('does not confirm where name or birth date differ', async () => {
    const person = find((one) => one.durum === 'açık');
    expect(await askAbout(person, service, { ad: 'BAŞKASI' })).toMatchObject({ kind: 'not-confirmed' });
    expect(await askAbout(person, service, { dogumTarihi: '1901-02-03' })).toMatchObject({
      kind: 'not-confirmed',
    });
  });
});
