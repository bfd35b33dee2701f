import { describe, expect, it } from '@jest/globals';
import { createKnownWindows, maintenanceRefusal } from '../../src/maintenance/known-windows.js';
import type { MaintenanceWindow } from '../../src/maintenance/window.js';
import type { Queryable } from '../../src/storage/database.js';

const NOW = new Date('2026-11-22T09:00:00Z');
const later = (s: number) => new Date(NOW.getTime() + s * 1000);
const windowOf = (changes: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  window: '0b9c2a34-3a0e-4c43-9f5c-2c9ed7a2b001',
  system: 'kps',
  startsAt: NOW,
  endsAt: later(600),
  reason: 'NVİ',
  closedAt: null,
  openedLeaf: 1n,
  closedLeaf: null,
  ...changes,
});

function known(first: readonly MaintenanceWindow[]) {
  const database = { rows: first, isAway: false };
  const db = {
    query: async () => {
      if (database.isAway) throw new Error('away');
      return { rows: database.rows, count: database.rows.length };
    },
  } as unknown as Queryable;
  return { database, windows: createKnownWindows(db, () => NOW) };
}

describe('what is known of windows', () => {
  it('is nothing before the first reading', () => {
    expect(known([windowOf()]).windows.currentWindow('kps', NOW)).toBeNull();
  });

  it('is in force for its system alone, from begin to end', async () => {
    const { windows } = known([windowOf({ startsAt: later(5), endsAt: later(10) })]);
    await windows.refresh();
    const at = (s: number) => windows.currentWindow('kps', later(s)) !== null;
    expect([0, 4.999, 5, 9.999, 10].map(at)).toEqual([false, false, true, true, false]);
    expect(windows.currentWindow('mersis', later(7))).toBeNull();
  });

  it('stays in force until its end while the database cannot be read, and ends with it', async () => {
    const { database, windows } = known([windowOf()]);
    await windows.refresh();
    database.isAway = true;
    await expect(windows.refresh()).rejects.toThrow('away');
    expect(windows.currentWindow('kps', later(599))).not.toBeNull();
    expect(windows.currentWindow('kps', later(600))).toBeNull();
  });

  it('follows what is opened and closed elsewhere with the next reading', async () => {
    const { database, windows } = known([]);
    await windows.refresh();
    database.rows = [windowOf()];
    await windows.refresh();
    expect(windows.currentWindow('kps', NOW)).not.toBeNull();
    database.rows = [];
    await windows.refresh();
    expect(windows.currentWindow('kps', NOW)).toBeNull();
  });

  it.each([
    [599.2, 600 - 599],
    [1, 599],
    [-7200, 3600],
  ])('refuses with the seconds to its end, an hour at the most (at %s s)', async (at, retryAfterS) => {
    const { windows } = known([windowOf({ startsAt: later(-8000) })]);
    await windows.refresh();
    expect(maintenanceRefusal(windows, 'kps', later(at))).toMatchObject({
      ...{ code: 'MAINTENANCE', detail: { reason: 'kps', retryAfterS } },
    });
    expect(maintenanceRefusal(windows, 'mersis', later(at))).toBeNull();
  });
});
