import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { flatSettings } from '../../src/config/flat-settings.js';
import { type Loose, makeWorkplace, PASSWORD, type Workplace } from './fixture.js';

let place: Workplace;
beforeAll(async () => {
  place = await makeWorkplace();
});
afterAll(() => place.remove());

const flat = async (change?: (settings: Loose) => void) => flatSettings(await place.load(change));

describe('settings as text by path', () => {
  it('hold each setting in force, defaults too, under a path that names items of lists', async () => {
    const settings = await flat();
    expect(settings.get('environment')).toBe('sandbox');
    expect(settings.get('listeners.service.port')).toBe('8443');
    expect(settings.get('accounts[ticaret].agreement.validUntil')).toBe('2027-12-31');
    expect(settings.get('clients[koopbis-core].sourceAddresses[1]')).toBe('::1/128');
    expect(settings.get('purposes[ortak-kayit].roles[0]')).toBe('board');
    expect(settings.get('audit.oldCheckpointKeys')).toBe('[]');
    expect(settings.get('kps.breakerResetMinutes')).toBe('null');
  });

  it('keep their paths where an item comes in before others', async () => {
    const before = await flat();
    const after = await flat((settings) => {
      settings.clients.unshift({
        ...structuredClone(settings.clients[0]),
        id: 'a-first',
        certificates: ['cd'.repeat(32)],
      });
    });
    const changed = [...after].filter(([path, value]) => before.get(path) !== value).map(([path]) => path);
    expect(changed.length).toBeGreaterThan(3);
    for (const path of changed) expect(path).toMatch(/^clients\[a-first\]/);
  });

  it('hold no secret, and no name or address of a responsible person', async () => {
    const settings = await flat();
    for (const path of [
      'accounts[ticaret].password',
      'audit.masterKeys[2026-1].key',
      'accounts[ticaret].administrativeUser.name',
      'accounts[ticaret].technicalUser.email',
    ])
      expect([path, settings.get(path)]).toEqual([path, '***']);
    const all = [...settings].flat().join('\n');
    for (const hidden of [PASSWORD, 'PRIVATE KEY', 'Birinci', 'İkinci', '@example'])
      expect(all).not.toContain(hidden);
  });
});
