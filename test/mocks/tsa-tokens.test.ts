import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTsaMemory } from '../../mocks/tsa/memory.js';
import {
  basic,
  digest,
  identity,
  integer,
  octets,
  POLICY,
  sequence,
  timeStampReq,
} from './support/tsa-client.js';
import {
  makeTsaCertificates,
  startTsaHarness,
  type TsaCertificates,
  type TsaHarness,
} from './support/tsa-harness.js';
import { at, statusOf, tokenOf } from './support/tsa-reply.js';

let certificates: TsaCertificates;
let stand: TsaHarness;
let signer: X509Certificate;

beforeAll(async () => {
  certificates = await makeTsaCertificates();
  signer = new X509Certificate(certificates.tsa.certPem);
  stand = await startTsaHarness(certificates);
});
afterAll(() => stand.stop());

const token = async (body = timeStampReq()) => tokenOf((await stand.stamp('/plain', body)).body);

describe('a time stamp', () => {
  it.each<[string, () => Record<string, string>]>([
    ['/', () => ({ identity: identity() })],
    ['/basic', () => basic()],
    ['/plain', () => ({})],
  ])('is given at %s, as a timestamp-reply over plain HTTP, and seen', async (path, headers) => {
    const reply = await stand.stamp(path, timeStampReq(), headers());
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'application/timestamp-reply']);
    expect(statusOf(reply.body)).toEqual({ status: 0, text: '', failInfo: [], token: true });
    expect(tokenOf(reply.body).signedBy(signer)).toBe(true);
    const seen = await stand.lastSeen('tsa');
    expect(seen).toEqual({
      n: expect.any(Number),
      at: expect.any(String),
      action: 'timestamp',
      answered: true,
    });
  });

  it('is signed by the signer of its ESSCertIDv2, and not by another', async () => {
    expect((await token()).signedBy(signer)).toBe(true);
    expect((await token()).signedBy(new X509Certificate(certificates.server.certPem))).toBe(false);
  });

  it('names the signer with issuer and serial number beside the hash', async () => {
    const essCertId = at((await token()).attributes.get('2a864886f70d010910022f'), 0, 0);
    expect(essCertId.children).toHaveLength(2);
    expect(at(essCertId, 1, 1).content.toString('hex').toUpperCase()).toBe(signer.serialNumber);
  });

  it('has its signed attributes in the order of DER, each once', async () => {
    const { attributes, attributesInOrder } = await token();
    expect([attributes.size, attributesInOrder]).toEqual([4, true]);
  });

  it('says what was asked: imprint and nonce byte by byte, under its policy', async () => {
    const nonce = integer(0xf123_4567_89ab_cdefn);
    const said = await token(timeStampReq({ nonce, policy: POLICY, imprint: digest('another') }));
    expect(said.imprint).toEqual(digest('another'));
    expect(said.nonce).toEqual(nonce);
    expect(said.policy).toEqual(POLICY);
  });

  it('keeps the algorithm as it was asked, with and without the NULL', async () => {
    const without = sequence(sequence(Buffer.from('0609608648016503040201', 'hex')), octets(digest('x')));
    const body = sequence(integer(1), without, Buffer.from('0101ff', 'hex'));
    expect((await token(body)).messageImprint.whole).toEqual(without);
    expect(at((await token()).messageImprint, 0).children).toHaveLength(2);
  });

  it('has no nonce where none was sent', async () => {
    expect((await token()).nonce).toBeUndefined();
  });

  it('carries the certificate of its signer where that is asked, and none otherwise', async () => {
    expect((await token()).certificates.map(({ fingerprint256 }) => fingerprint256)).toEqual([
      signer.fingerprint256,
    ]);
    expect((await token(timeStampReq({ certReq: null }))).certificates).toEqual([]);
  });

  it('tells its time in whole seconds of UTC, and one second as its accuracy', async () => {
    const clock = await startTsaHarness(certificates, { now: () => Date.UTC(2026, 1, 3, 4, 5, 6, 789) });
    try {
      const said = tokenOf((await clock.stamp()).body);
      expect([said.genTime, said.accuracySeconds]).toEqual(['20260203040506Z', 1]);
    } finally {
      await clock.stop();
    }
  });
});

describe('serial numbers', () => {
  it('are unique and rise, also across a restart, and are kept for the owner alone', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tsa-'));
    try {
      const serials: bigint[] = [];
      for (let start = 0; start < 3; start += 1) {
        const running = await startTsaHarness(certificates, { directory });
        for (let n = 0; n < 3; n += 1) serials.push(tokenOf((await running.stamp()).body).serial);
        await running.stop();
      }
      const sorted = [...new Set(serials)].sort((a, b) => (a < b ? -1 : 1));
      expect([serials.length, serials]).toEqual([9, sorted]);
      for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o077).toBe(0);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('rise after a crash too, whatever had been reserved', () => {
    const directory = mkdtempSync(join(tmpdir(), 'tsa-'));
    try {
      const crashed = openTsaMemory(directory);
      const before = Array.from({ length: 1001 }, () => crashed.nextSerial());
      const next = openTsaMemory(directory);
      expect(next.nextSerial() > (before.at(-1) ?? 0n)).toBe(true);
      expect(new Set(before).size).toBe(before.length);
      crashed.close();
      next.close();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
