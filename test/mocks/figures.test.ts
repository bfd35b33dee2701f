import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { makeCertificates, type TestCertificates } from './support/certificates.js';
import {
  ACCOUNT,
  BILESIK_2024,
  bilesikBody,
  type Harness,
  people,
  startHarness,
  TUM_KUTUK,
} from './support/harness.js';
import {
  type QueryParts,
  queryXml,
  type Reply,
  readToken,
  send,
  type Token,
  timestampXml,
} from './support/reference-client.js';

const MINISTRY = { ...ACCOUNT, userName: 'KRM-2', kurusPerQuery: 0 };
const FEW_SERVICES = { ...ACCOUNT, userName: 'KRM-3', services: ['TumKutukDogrulaServis'] };
const BILESIK = 'BilesikKutukSorgulaKimlikNoServis';
const HEADER = 'Tarih;Hizmet;Adet;Tutar\r\n';
const body = bilesikBody('2024/04/01', people.alive);
const settings = { accounts: [ACCOUNT, MINISTRY, FEW_SERVICES] };

let certificates: TestCertificates;
let stand: Harness;
let at = Date.parse('2026-03-31T10:00:00+03:00');
let days = 0;
beforeAll(async () => {
  certificates = await makeCertificates();
  stand = await startHarness(certificates, { settings, now: () => at });
});
afterEach(() => stand.control('DELETE', '/faults'));
afterAll(() => stand.stop());

async function figures(harness: Harness, query: string) {
  const response = await fetch(`${harness.running.urls.control}/figures?${query}`);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    text: await response.text(),
  };
}
/** The whole count of an account. */
async function total(userName: string = ACCOUNT.userName): Promise<number> {
  const { text } = await figures(stand, `account=${userName}&from=2026-01-01&to=2027-01-01`);
  return Number(/^TOPLAM;;(\d+);/m.exec(text)?.[1]);
}
/** What a call added to the count, whatever became of it. */
async function counted(call: () => Promise<unknown>): Promise<number> {
  const before = await total();
  await call().catch(() => undefined);
  return (await total()) - before;
}
/** Timestamps by the stand-in's clock. */
const timely = () => ({
  timestamp: timestampXml({
    created: new Date(at).toISOString(),
    expires: new Date(at + 300_000).toISOString(),
  }),
});
const tokenOf = async (userName: string = ACCOUNT.userName, harness = stand): Promise<Token> =>
  readToken((await harness.rst({ userName, ...timely() })).text);
const ask = (token: Token, parts: QueryParts, harness = stand) =>
  harness.query(token, { ...parts, ...timely() });
const query = async (harness = stand) => ask(await tokenOf(ACCOUNT.userName, harness), { body }, harness);
const fault = (spec: object) => stand.control('POST', '/faults', { system: 'kps', count: 1, ...spec });
/** A day that no other test has used. */
const nextDay = () => {
  days += 1;
  at = Date.parse('2026-04-01T10:00:00+03:00') + days * 86_400_000;
  return { from: dayOf(0), to: dayOf(1) };
};
const dayOf = (more: number) => new Date(at + more * 86_400_000).toISOString().slice(0, 10);

describe('what the Interior Ministry counts', () => {
  it('one for each criterion, found or not, dead or closed, by the service that was asked', async () => {
    expect(await counted(query)).toBe(1);
    const three = bilesikBody('2024/04/01', people.alive, people.dead, {
      kimlikNo: people.closed.kimlikNo,
      dogumTarihi: '1901-01-01',
    });
    expect(await counted(async () => ask(await tokenOf(), { body: three }))).toBe(3);
  });

  it.each(['hata-2', 'hata-8', 'hata-10'])('an answer of %s alone counts', async (kind) => {
    await fault({ kind });
    expect(await counted(query)).toBe(1);
  });

  it('a service outside the account’s list is answered with HataBilgisi and counts for that account', async () => {
    const token = await tokenOf(FEW_SERVICES.userName);
    const before = await total(FEW_SERVICES.userName);
    expect((await ask(token, { body })).status).toBe(200);
    expect((await total(FEW_SERVICES.userName)) - before).toBe(1);
  });

  it.each(['reset-mid-answer', 'truncate', 'wrong-relates-to'])(
    'an answer spoilt by %s was given all the same',
    async (kind) => {
      await fault({ kind });
      expect(await counted(query)).toBe(1);
    },
  );

  it('a query whose asker waited in vain was carried out, and counts once', async () => {
    await fault({ kind: 'hang' });
    const token = await tokenOf();
    const agent = new Agent({ keepAlive: false });
    const before = await total();
    const xml = queryXml(stand.running.urls.kps, token, { body, action: BILESIK_2024, ...timely() });
    const hanging: Promise<Reply | string> = send(
      { ...stand.transport, agent },
      { url: stand.running.urls.kps, body: xml },
    ).catch(() => 'broken');
    while ((await total()) === before) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const sockets of Object.values(agent.sockets)) for (const socket of sockets ?? []) socket.destroy();
    expect(await hanging).toBe('broken');
    await stand.control('DELETE', '/faults');
    expect((await total()) - before).toBe(1);
  });

  it.each(['invalid-security', 'expired-token', 'http-503', 'html-403', 'refuse-connection'])(
    'nothing is counted for %s: it was not carried out',
    async (kind) => {
      await fault({ kind });
      expect(await counted(query)).toBe(0);
    },
  );

  it('neither for what is refused for its own sake, nor for tokens', async () => {
    const token = await tokenOf();
    expect(await counted(() => tokenOf())).toBe(0);
    expect(await counted(() => ask(token, { body: '<nothing xmlns="urn:x"/>' }))).toBe(0);
    expect(await counted(() => ask(token, { body, action: 'urn:unknown' }))).toBe(0);
    expect(await counted(() => ask(token, { body: bilesikBody('2024/04/01') }))).toBe(0);
  });
});

describe('GET /figures', () => {
  it('gives CSV by day and service with the sum in the last line, in Turkish form', async () => {
    const { from, to } = nextDay();
    const token = await tokenOf();
    const many = bilesikBody('2024/04/01', ...Array.from({ length: 100 }, () => people.alive));
    for (let time = 0; time < 6; time += 1) await ask(token, { body: many });
    const tum = `<k:Sorgula xmlns:k="http://kps.nvi.gov.tr/2025/08/01"><k:kriterListesi><k:TumKutukDogrulamaSorguKriteri><k:Ad>X</k:Ad><k:DogumAy>1</k:DogumAy><k:DogumGun>1</k:DogumGun><k:DogumYil>1980</k:DogumYil><k:KimlikNo>10000000101</k:KimlikNo><k:Soyad>Y</k:Soyad></k:TumKutukDogrulamaSorguKriteri></k:kriterListesi></k:Sorgula>`;
    expect((await ask(token, { body: tum, action: TUM_KUTUK })).status).toBe(200);
    const day = from.split('-').reverse().join('.');
    expect(await figures(stand, `account=${ACCOUNT.userName}&from=${from}&to=${to}`)).toEqual({
      status: 200,
      type: 'text/csv; charset=utf-8',
      text: `${HEADER}${day};${BILESIK};600;12,00\r\n${day};TumKutukDogrulaServis;1;0,02\r\nTOPLAM;;601;12,02\r\n`,
    });
  });

  it('parts thousands of money by dots, and only there', async () => {
    const harness = await startHarness(certificates, {
      settings: { accounts: [{ ...ACCOUNT, kurusPerQuery: 123_456 }] },
      now: () => at,
    });
    await query(harness);
    const { text } = await figures(harness, `account=KRM-1&from=${dayOf(0)}&to=${dayOf(1)}`);
    expect(text).toContain(`;${BILESIK};1;1.234,56\r\n`);
    await harness.stop();
  });

  it('a day ends at midnight in Istanbul, by the stand-in’s own clock', async () => {
    const { from } = nextDay();
    const of = async (first: string, end: string) =>
      (await figures(stand, `account=${ACCOUNT.userName}&from=${first}&to=${end}`)).text;
    at = Date.parse(`${from}T23:59:59.999+03:00`);
    const to = dayOf(1);
    await query();
    at = Date.parse(`${to}T00:00:00.000+03:00`);
    await query();
    expect(await of(from, to)).toContain('TOPLAM;;1;0,02');
    expect(await of(to, dayOf(2))).toContain('TOPLAM;;1;0,02');
    days += 2;
  });

  it('asks nothing of an institution outside the fee, whose queries are counted', async () => {
    const { from, to } = nextDay();
    const token = await tokenOf(MINISTRY.userName);
    await ask(token, { body });
    expect((await figures(stand, `account=${MINISTRY.userName}&from=${from}&to=${to}`)).text).toContain(
      'TOPLAM;;1;0,00',
    );
    expect((await figures(stand, `account=${ACCOUNT.userName}&from=${from}&to=${to}`)).text).toBe(
      `${HEADER}TOPLAM;;0;0,00\r\n`,
    );
  });

  it.each<[string, number, string]>([
    ['an unknown account', 404, 'account=KRM-9&from=2026-01-01&to=2026-02-01'],
    ['no account', 400, 'from=2026-01-01&to=2026-02-01'],
    ['no days', 400, 'account=KRM-1'],
    ['a name said twice', 400, 'account=KRM-1&from=2026-01-01&from=2026-01-02&to=2026-02-01'],
    ['an unknown name', 400, 'account=KRM-1&from=2026-01-01&to=2026-02-01&system=kps'],
    ['a day that there is not', 400, 'account=KRM-1&from=2026-02-29&to=2026-03-01'],
    ['another form of a day', 400, 'account=KRM-1&from=01.01.2026&to=01.02.2026'],
    ['an instant', 400, 'account=KRM-1&from=2026-01-01T00:00:00Z&to=2026-02-01'],
    ['no day between', 400, 'account=KRM-1&from=2026-01-01&to=2026-01-01'],
    ['days the wrong way round', 400, 'account=KRM-1&from=2026-02-01&to=2026-01-01'],
    ['more than a year', 400, 'account=KRM-1&from=2025-01-01&to=2026-01-03'],
  ])('refuses %s with a reason', async (_what, status, wish) => {
    const answer = await figures(stand, wish);
    expect(answer).toMatchObject({ status, type: 'application/json; charset=utf-8' });
    expect(JSON.parse(answer.text)).toEqual({ error: expect.stringMatching(/./) });
  });

  it('serves GET alone', async () => {
    expect((await stand.control('POST', '/figures', {})).status).toBe(405);
    expect((await stand.control('GET', '/figures/KRM-1')).status).toBe(404);
  });

  it('keeps its count across a restart, without a line that a crash tore and without identity numbers', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'figures-'));
    try {
      const wish = `account=KRM-1&from=${dayOf(0)}&to=${dayOf(1)}`;
      const first = await startHarness(certificates, { directory, now: () => at });
      await query(first);
      const before = await figures(first, wish);
      await first.stop();
      const file = join(directory, 'figures.ndjson');
      expect(readFileSync(file, 'utf8')).not.toContain(people.alive.kimlikNo);
      appendFileSync(file, '{"at":"2026');
      const second = await startHarness(certificates, { directory, now: () => at });
      expect(await figures(second, wish)).toEqual(before);
      await query(second);
      expect((await figures(second, wish)).text).toContain('TOPLAM;;2;0,04');
      await second.stop();
      const third = await startHarness(certificates, { directory, now: () => at });
      expect((await figures(third, wish)).text).toContain('TOPLAM;;2;0,04');
      await third.stop();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
