import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { historySeedOf, moveMonths } from '../../../mocks/mersis/history.js';
import type { Cooperative } from '../../../mocks/population/population.js';
import { makeCertificates } from '../support/certificates.js';
import { type MersisHarness, population, startMersisHarness, TODAY } from '../support/mersis-harness.js';

let stand: MersisHarness;
beforeAll(async () => {
  stand = await startMersisHarness(await makeCertificates());
});
afterAll(() => stand.stop());

describe('POST /months', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no count', {}],
    ['no month', { count: 0 }],
    ['months back', { count: -1 }],
    ['half a month', { count: 1.5 }],
    ['a text', { count: '1' }],
    ['more than ten years', { count: 121 }],
    ['an unknown field', { count: 1, from: TODAY }],
  ])('refuses %s with a reason, and nothing moves', async (_what, body) => {
    expect(await stand.control('POST', '/months', body)).toEqual({
      status: 400,
      body: { error: expect.any(String) },
    });
    const [first] = population.cooperatives as readonly Cooperative[];
    const { kooperatif } = await stand.record(first?.mersisNo ?? '');
    expect(kooperatif.gorevler).toHaveLength(first?.board.length ?? 0);
  });

  it('answers 405 to other methods and 404 below it', async () => {
    expect((await stand.control('GET', '/months')).status).toBe(405);
    expect((await stand.control('POST', '/months/1', { count: 1 })).status).toBe(404);
  });

  it('moves the world on by what the history of this population is, and MERSİS answers so at once', async () => {
    const seed = historySeedOf(population);
    const expected = moveMonths(population, { seed, count: 12, today: TODAY });
    expect(expected.changes.length).toBeGreaterThan(5);
    const moved = await stand.control('POST', '/months', { count: 12 });
    expect(moved).toEqual({ status: 200, body: { changes: expected.changes } });
    expect(JSON.stringify(moved.body)).not.toMatch(/kimlikNo/);
    for (const { mersisNo, board, durum, durumTarihi } of expected.population.cooperatives) {
      const { kooperatif } = await stand.record(mersisNo);
      expect(kooperatif.durumTarihi).toBe(durumTarihi);
      expect(kooperatif.durum).toBe(
        { faal: 'FAAL', tasfiye: 'TASFIYE', terkin: 'TERKIN', birleşme: 'BIRLESME' }[durum],
      );
      const told = kooperatif.gorevler as { baslangic: string; bitis?: string; tescil: { tarih?: string } }[];
      expect(told.map(({ baslangic, bitis, tescil }) => [baslangic, bitis, tescil.tarih])).toEqual(
        board.map(({ baslangic, bitis, tescil }) => [baslangic, bitis, tescil]),
      );
    }
    const next = moveMonths(expected.population, { seed, count: 1, today: TODAY });
    expect((await stand.control('POST', '/months', { count: 1 })).body).toEqual({ changes: next.changes });
  });
});
