import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Cooperative } from '../../../mocks/population/population.js';
import { makeCertificates } from '../support/certificates.js';
import {
  type MersisAsk,
  type MersisHarness,
  population,
  startMersisHarness,
  TODAY,
  working,
} from '../support/mersis-harness.js';

const { mersisNo } = working;
const NOW = `${TODAY}T12:00:00.000+03:00`;
const THIRTY_DAYS_AGO = '2026-06-15';
const last = population.cooperatives.at(-1) as Cooperative;
let stand: MersisHarness;

beforeAll(async () => {
  stand = await startMersisHarness(await makeCertificates());
});
afterEach(() => stand.control('DELETE', '/faults'));
afterAll(() => stand.stop());

const fault = async (kind: string, more: object = {}) => {
  const posted = await stand.control('POST', '/faults', { system: 'mersis', kind, ...more });
  expect(posted.status).toBe(200);
};
const seats = async (number = mersisNo) =>
  ((await stand.record(number)).kooperatif.gorevler as unknown[]).length;
const outcome = (parts: MersisAsk = {}) =>
  stand.soap('SorgulaMersisNo', mersisNo, parts).then(
    ({ status }) => status,
    (error: NodeJS.ErrnoException) => error.code,
  );

describe('empty-board', () => {
  it('answers found, with everything but duties, and hits as many as it should after as many as it should', async () => {
    const before = await stand.record(mersisNo);
    await fault('empty-board', { after: 1, count: 2 });
    const all: number[] = [];
    for (let time = 0; time < 4; time += 1) all.push(await seats());
    expect(all).toEqual([working.board.length, 0, 0, working.board.length]);
    await fault('empty-board', { count: 1 });
    expect(await stand.record(mersisNo)).toEqual({
      ...before,
      kooperatif: { ...before.kooperatif, gorevler: [] },
    });
    await fault('empty-board', { count: 1 });
    const { text } = await stand.soap('SorgulaMersisNo', mersisNo);
    expect(text).toContain('<Kod>BULUNDU</Kod>');
    expect(text).toContain('<Gorevler></Gorevler>');
  });

  it('lasts until it is deleted where no count is given, for every cooperative', async () => {
    await fault('empty-board');
    for (const one of population.cooperatives.slice(0, 5)) expect(await seats(one.mersisNo)).toBe(0);
    await stand.control('DELETE', '/faults');
    expect(await seats()).toBe(working.board.length);
  });

  it('is used up neither by the WSDL nor by other systems', async () => {
    await fault('empty-board', { count: 1 });
    await stand.ask({ method: 'GET', path: '/SicilSorguServisi?wsdl' });
    await stand.rst();
    expect(await seats()).toBe(0);
  });
});

describe('stale', () => {
  it('answers of thirty days ago, without what was elected, registered or decided since', async () => {
    const kimlikNo = working.board[0]?.kimlikNo as string;
    const gorev = 'yönetim kurulu üyesi';
    const old = { kimlikNo, gorev, baslangic: '2024-01-01', bitis: TODAY, tescil: '2024-01-02' };
    const registeredSince = {
      kimlikNo: working.board[1]?.kimlikNo,
      gorev,
      baslangic: '2026-06-10',
      tescil: TODAY,
    };
    const electedSince = {
      kimlikNo: working.board[2]?.kimlikNo,
      gorev,
      baslangic: '2026-06-16',
      tescil: TODAY,
    };
    const board = [old, registeredSince, electedSince];
    await stand.control('PATCH', `/cooperatives/${mersisNo}`, { board, durum: 'tasfiye' });
    await fault('stale', { count: 1 });
    const { bilgiTarihi, kooperatif } = await stand.record(mersisNo);
    expect(bilgiTarihi).toBe(`${THIRTY_DAYS_AGO}T12:00:00.000+03:00`);
    expect(kooperatif).toMatchObject({ durum: 'FAAL' });
    expect((kooperatif.durumTarihi as string) <= THIRTY_DAYS_AGO).toBe(true);
    expect(kooperatif.gorevler).toMatchObject([
      { gercekKisi: { kimlikNo }, tescil: { durum: 'TESCIL_EDILDI', tarih: '2024-01-02' } },
      { gercekKisi: { kimlikNo: registeredSince.kimlikNo }, tescil: { durum: 'BEKLEMEDE' } },
    ]);
    expect(await stand.record(mersisNo)).toMatchObject({
      bilgiTarihi: NOW,
      kooperatif: { durum: 'TASFIYE' },
    });
    await stand.control('PATCH', `/cooperatives/${mersisNo}`, { board: working.board, durum: 'faal' });
  });

  it('respects after and count, and says the old instant of what it does not find too', async () => {
    await fault('stale', { after: 2, count: 1 });
    const told = async (number: string) =>
      JSON.parse((await stand.rest({ mersisNo: number })).text).data.bilgiTarihi.slice(0, 10);
    expect([await told(mersisNo), await told(mersisNo)]).toEqual([TODAY, TODAY]);
    expect(await told('0000000000000000')).toBe(THIRTY_DAYS_AGO);
    expect(await told(mersisNo)).toBe(TODAY);
  });

  it('of a status that is older than that keeps the status and its day', async () => {
    await fault('stale', { count: 1 });
    const { kooperatif } = await stand.record(last.mersisNo);
    expect(kooperatif).toMatchObject({ durum: last.durum.toUpperCase(), durumTarihi: last.durumTarihi });
  });
});

describe('faults of any system', () => {
  it.each([
    ['http-503', 503],
    ['html-403', 403],
    ['reset-mid-answer', 'ECONNRESET'],
    ['refuse-connection', 'ECONNREFUSED'],
  ])('%s is met by a question', async (kind, met) => {
    await fault(kind);
    expect(await outcome()).toBe(met);
    await stand.control('DELETE', '/faults');
    expect(await outcome()).toBe(200);
  });

  it('truncate gives half an answer that no parser takes, in both protocols', async () => {
    await fault('truncate', { count: 2 });
    expect((await stand.soap('SorgulaMersisNo', mersisNo)).text).not.toContain('</s:Envelope>');
    const { text } = await stand.rest({ mersisNo });
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it('hang is written down as unanswered until it is released', async () => {
    await fault('hang', { count: 1 });
    const asked = outcome();
    const hanging = async () => (await stand.lastSeen('mersis'))?.answered === false;
    for (let tries = 0; tries < 500 && !(await hanging()); tries += 1) await new Promise(setImmediate);
    expect(await hanging()).toBe(true);
    await stand.control('DELETE', '/faults');
    expect(await asked).toBe(200);
    expect(await stand.lastSeen('mersis')).toMatchObject({ mersisNo, answered: true });
  });

  it.each(['empty-board', 'stale'])(
    '%s never hides that a question was wrong or a caller unknown',
    async (kind) => {
      await fault(kind);
      expect(await outcome({ headers: { authorization: undefined } })).toBe(401);
      expect(await outcome({ body: '<x/>' })).toBe(500);
      expect(await stand.lastSeen('mersis')).toMatchObject({ refused: 'not-an-envelope' });
    },
  );

  it('are refused where they are another system’s', async () => {
    for (const kind of ['hata-2', 'cancel', 'wrong-imprint', 'empty'])
      expect((await stand.control('POST', '/faults', { system: 'mersis', kind })).status).toBe(400);
    expect((await stand.control('POST', '/faults', { system: 'kps', kind: 'empty-board' })).status).toBe(400);
  });
});
