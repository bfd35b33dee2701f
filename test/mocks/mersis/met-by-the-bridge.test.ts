import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { historySeedOf, moveMonths } from '../../../mocks/mersis/history.js';
import { createMersisSource } from '../../../src/mersis/mersis-client.js';
import type { MersisReply, MersisSource } from '../../../src/mersis/port.js';
import { makeCertificates, type TestCertificates } from '../support/certificates.js';
import {
  ACCOUNT,
  type MersisHarness,
  NOON,
  population,
  startMersisHarness,
  TODAY,
} from '../support/mersis-harness.js';

// The stand-in and the bridge's client were written apart, from wsdl/mersis.wsdl: here they meet.

const moved = moveMonths(population, { seed: historySeedOf(population), count: 36, today: TODAY }).population;
const ADAPTERS = ['soap', 'rest'] as const;
let certificates: TestCertificates;
let stand: MersisHarness;
const sources: MersisSource[] = [];

beforeAll(async () => {
  certificates = await makeCertificates();
  stand = await startMersisHarness(certificates, { of: moved });
});
afterAll(async () => {
  for (const source of sources) await source.close();
  await stand.stop();
});

function sourceOf(adapter: (typeof ADAPTERS)[number], password = ACCOUNT.password): MersisSource {
  const url = adapter === 'soap' ? '/SicilSorguServisi' : '/api/sicil/sorgula';
  const source = createMersisSource(
    {
      adapter,
      url: new URL(url, stand.running.urls.mersis).href,
      userName: ACCOUNT.userName,
      password,
      clientCertificate: { certPem: certificates.client.certPem, keyPem: certificates.client.keyPem },
      caPems: [certificates.ca],
      localAddress: '127.0.0.1',
      timeoutMs: 10_000,
      maxAnswerBytes: 262_144,
      maxConcurrent: 4,
    },
    { wsdlDirectory: 'wsdl' },
  );
  sources.push(source);
  return source;
}

const shown = (reply: MersisReply) =>
  reply.kind === 'found'
    ? reply.record.duties.map(({ person, duty, startsOn, endsOn, registeredOn, actsFor, representation }) => {
        return [person?.reveal(), duty, startsOn, endsOn, registeredOn, actsFor, representation];
      })
    : reply;

describe.each(ADAPTERS)('the bridge over %s', (adapter) => {
  it('believes every cooperative of a world with three years of history, and reads what the world has', async () => {
    const source = sourceOf(adapter);
    for (const { mersisNo, vkn, durum, durumTarihi, halef = null, board } of moved.cooperatives) {
      const reply = await source.read({ mersisNo });
      expect(reply).toMatchObject({
        kind: 'found',
        asOf: new Date(NOON),
        record: { mersisNo, vkn, durum, durumSince: durumTarihi, successor: halef },
      });
      expect(shown(reply)).toEqual(
        board.map(({ kimlikNo, gorev, baslangic, bitis = null, tescil = null, tuzelKisi, temsil = null }) => {
          return [kimlikNo, gorev, baslangic, bitis, tescil, tuzelKisi?.vkn ?? null, temsil];
        }),
      );
      expect(shown(await source.read({ vkn }))).toEqual(shown(reply));
    }
  });

  it('reads an empty board, an old word, and that there is none', async () => {
    const source = sourceOf(adapter);
    const [{ mersisNo }] = moved.cooperatives as unknown as readonly [{ mersisNo: string }];
    await stand.control('POST', '/faults', { system: 'mersis', kind: 'empty-board', count: 1 });
    expect(shown(await source.read({ mersisNo }))).toEqual([]);
    await stand.control('POST', '/faults', { system: 'mersis', kind: 'stale', count: 1 });
    expect(await source.read({ mersisNo })).toMatchObject({ asOf: new Date(NOON - 30 * 86_400_000) });
    expect(await source.read({ vkn: '0000000000' })).toEqual({ kind: 'not-found', asOf: new Date(NOON) });
  });

  it('is refused with a wrong password', async () => {
    const [{ mersisNo }] = moved.cooperatives as unknown as readonly [{ mersisNo: string }];
    expect(await sourceOf(adapter, 'wrong').read({ mersisNo })).toEqual({
      kind: 'fault',
      fault: { kind: 'refused' },
    });
  });
});
