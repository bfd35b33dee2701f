import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createWorld, saveWorld, type WorldPopulation } from '../../mocks/world/world.js';
import { makeCertificates, type TestCertificates } from './support/certificates.js';
import { bilesikBody, type Harness, people, startHarness } from './support/harness.js';

let certificates: TestCertificates;
let stand: Harness;
beforeAll(async () => {
  certificates = await makeCertificates();
  stand = await startHarness(certificates);
});
afterAll(() => stand.stop());

describe('GET /seen', () => {
  it('serves every system of the contract, those without a stand-in empty', async () => {
    for (const system of ['edevlet', 'mersis', 'tsa'])
      expect(await stand.seen(system)).toEqual({ next: 0, requests: [] });
  });

  it.each([
    '/seen',
    '/seen?system=nvi',
    '/seen?system=kps&after=x',
    '/seen?system=kps&after=-1',
    '/seen?system=kps&after=1.5',
  ])('refuses %s with a reason', async (path) => {
    expect(await stand.control('GET', path)).toEqual({ status: 400, body: { error: expect.any(String) } });
  });

  it('numbers from 1 without a gap, resumes behind "after", and is empty at the end', async () => {
    const token = await stand.token();
    for (let time = 0; time < 3; time += 1)
      await stand.query(token, { body: bilesikBody('2024/04/01', people.alive) });
    const all = await stand.seen('kps');
    expect(all.requests.map((item) => item.n)).toEqual(all.requests.map((_item, index) => index + 1));
    expect(all.next).toBe(all.requests.length);
    expect((await stand.seen('kps', all.next - 1)).requests).toEqual(all.requests.slice(-1));
    expect(await stand.seen('kps', all.next)).toEqual({ next: all.next, requests: [] });
    expect(await stand.seen('kps', 999_999)).toEqual({ next: 999_999, requests: [] });
  });

  it('keeps everything across a restart and goes on counting', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'stand-ins-'));
    try {
      const first = await startHarness(certificates, { directory });
      const body = bilesikBody('2024/04/01', people.alive);
      await first.query(await first.token(), { body });
      await first.control('POST', '/faults', { system: 'kps', kind: 'reset-mid-answer', count: 1 });
      await first.query(await first.token(), { body }).catch(() => undefined);
      const before = [await first.seen('kps'), await first.seen('sts')];
      expect(before[0]?.requests.map((item) => item.answered)).toEqual([true, false]);
      await first.stop();
      const second = await startHarness(certificates, { directory });
      expect([await second.seen('kps'), await second.seen('sts')]).toEqual(before);
      await second.query(await second.token(), { body });
      expect((await second.seen('kps')).requests.map((item) => item.n)).toEqual([1, 2, 3]);
      await second.stop();
      for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o077).toBe(0);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe('POST /faults', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', []],
    ['an unknown system', { system: 'nvi', kind: 'hang' }],
    ['a system without a stand-in yet', { system: 'mersis', kind: 'hang' }],
    ['an unknown kind', { system: 'kps', kind: 'explode' }],
    ["another system's kind", { system: 'kps', kind: 'bad-password' }],
    ['an unknown field', { system: 'kps', kind: 'hang', times: 1 }],
    ['a count of nothing', { system: 'kps', kind: 'hang', count: 0 }],
    ['a negative after', { system: 'kps', kind: 'hang', after: -1 }],
    ['milliseconds as text', { system: 'kps', kind: 'slow', ms: '10' }],
  ])('refuses %s with a reason', async (_what, spec) => {
    expect(await stand.control('POST', '/faults', spec)).toEqual({
      status: 400,
      body: { error: expect.any(String) },
    });
  });

  it('shows what is on', async () => {
    const posted = await stand.control('POST', '/faults', {
      system: 'kps',
      kind: 'slow',
      ms: 1,
      after: 3,
      count: 2,
    });
    expect(posted.body).toEqual({ faults: [{ system: 'kps', kind: 'slow', after: 3, left: 2 }] });
    expect((await stand.control('DELETE', '/faults')).body).toEqual({ faults: [] });
  });
});

describe('PATCH', () => {
  it('changes what the next query finds', async () => {
    const token = await stand.token();
    const query = async () =>
      (await stand.query(token, { body: bilesikBody('2024/04/01', people.noSurname) })).text;
    expect(await query()).toContain('<Durum><a:Aciklama>Açık');
    const patched = await stand.control('PATCH', `/people/${people.noSurname.kimlikNo}`, { durum: 'ölüm' });
    expect(patched).toMatchObject({ status: 200, body: { durum: 'ölüm' } });
    expect(await query()).toContain('<Durum><a:Aciklama>Ölüm');
  });

  it.each([
    ['an unknown person', '/people/10000000999', { durum: 'ölüm' }, 404],
    ['an unknown cooperative', '/cooperatives/0', {}, 404],
    ['a bad value', `/people/${people.alive.kimlikNo}`, { durum: 'x' }, 400],
    ['an unknown room', '/boards/1', {}, 404],
    ['a deeper path', `/people/${people.alive.kimlikNo}/x`, {}, 404],
  ])('answers %s', async (_what, path, change, status) => {
    expect((await stand.control('PATCH', path, change)).status).toBe(status);
  });

  it('answers 405 to other methods and 400 to what is not JSON', async () => {
    expect((await stand.control('PUT', `/people/${people.alive.kimlikNo}`, {})).status).toBe(405);
    expect((await stand.control('POST', '/seen?system=kps', {})).status).toBe(405);
    const response = await fetch(`${stand.running.urls.control}/people/${people.alive.kimlikNo}`, {
      method: 'PATCH',
      body: '{',
    });
    expect(response.status).toBe(400);
  });
});

describe('the world', () => {
  it('is kept before a change is seen, and an unkept change is not seen', async () => {
    const saved: unknown[] = [];
    let full = false;
    const population: WorldPopulation = { people: Object.values(people), cooperatives: [] };
    const world = createWorld({
      population,
      patches: {
        patchPerson: (now) => ({
          ok: true,
          population: { ...now, people: now.people.map((person) => ({ ...person, ad: 'YENİ' })) },
        }),
        patchCooperative: (now) => ({ ok: true, population: now }),
      },
      save: async (population) => {
        if (full) throw new Error('disk full');
        saved.push(population);
      },
    });
    full = true;
    await expect(world.patchPerson(people.alive.kimlikNo, {})).rejects.toThrow('disk full');
    expect(world.person(people.alive.kimlikNo)?.ad).toBe(people.alive.ad);
    full = false;
    await world.patchPerson(people.alive.kimlikNo, {});
    expect(world.person(people.alive.kimlikNo)?.ad).toBe('YENİ');
    expect(saved).toHaveLength(1);
  });

  it('is written whole beside its file and renamed, readable by its owner only', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'world-'));
    try {
      const file = join(directory, 'world.json');
      const population = { people: [people.alive], cooperatives: [] };
      await saveWorld(file, population);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(population);
      expect(readdirSync(directory)).toEqual(['world.json']);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
