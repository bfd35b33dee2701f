import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { deedPortsOf } from '../../src/house/deed-ports.js';
import { closeWindow } from '../../src/maintenance/close-window.js';
import { createKnownWindows } from '../../src/maintenance/known-windows.js';
import { listWindows, readCurrentWindows } from '../../src/maintenance/list-windows.js';
import { openWindow } from '../../src/maintenance/open-window.js';
import type { WindowWish } from '../../src/maintenance/window.js';
import type { ActingOfficer } from '../../src/proposals/officer.js';
import { doneValue } from '../../src/proposals/verdict.js';
import { digitsOf } from '../audit/support/parts.js';
import { ConsoleDesk } from '../console/support/console-desk.js';

const HOUR_MS = 3_600_000;
const ADMIN = 60;

let desk: ConsoleDesk;
let owner: pg.Client;
let officer: ActingOfficer;
beforeAll(async () => {
  desk = await ConsoleDesk.open();
  owner = new pg.Client(desk.test.ownerUrl);
  await owner.connect();
  const { officer: plain } = await desk.person(ADMIN, [{ role: 'administrator' }]);
  officer = { ...plain, role: 'administrator' };
});
afterAll(async () => {
  await owner.end();
  await desk.close();
});
beforeEach(async () => {
  await owner.query('TRUNCATE bridge.maintenance_window');
});

const ports = () => deedPortsOf('bridge-1', 'operator', ['administrator']);
const later = (hours: number) => new Date(Date.now() + hours * HOUR_MS);
const open = (changes: Partial<WindowWish> = {}, by = officer) =>
  openWindow(desk.log.appender, ports(), {
    ...{ system: 'kps', from: null, to: later(2), reason: 'NVİ duyurusu 2026/11', officer: by },
    ...changes,
  });
const close = (window: string, by = officer) =>
  closeWindow(desk.log.appender, ports(), { window, officer: by });
const size = async () => (await desk.sql<{ n: number }>('SELECT size::int AS n FROM bridge.log_head'))[0]?.n;

describe('opening a window', () => {
  it('writes it down with its reason and makes its row in the same transaction', async () => {
    const to = later(2);
    const opened = doneValue(await open({ to }));
    const [entry] = await desk.lastEntries(1);
    expect(entry).toMatchObject({
      kind: 'maintenance.opened',
      data: {
        ...{ instance: 'bridge-1', osUser: 'operator', reason: 'NVİ duyurusu 2026/11', system: 'kps' },
        ...{ window: opened.window, from: opened.startsAt.toISOString(), to: to.toISOString() },
      },
    });
    const { ahead, current, past } = await listWindows(desk.test.db, new Date());
    expect(current).toMatchObject([
      { window: opened.window, system: 'kps', endsAt: to, closedAt: null, openedLeaf: opened.leafIndex },
    ]);
    expect([ahead, past]).toEqual([[], []]);
  });

  it('that overlaps one of the same system is refused, and leaves nothing behind', async () => {
    doneValue(await open({ from: later(2), to: later(4) }));
    const before = await size();
    const overlapping = [
      [1, 3],
      [3, 5],
      [2.5, 3],
      [1, 6],
    ] as const;
    for (const [from, to] of overlapping)
      expect(await open({ from: later(from), to: later(to) })).toMatchObject({
        kind: 'refused',
        code: 'STATE_CONFLICT',
      });
    expect(await size()).toBe(before);
    const { ahead } = await listWindows(desk.test.db, new Date());
    expect(ahead).toHaveLength(1);
    // Half-open: the next one begins where this one ends. Another system has its own.
    expect(await open({ from: ahead[0]?.endsAt as Date, to: later(6) })).toMatchObject({ kind: 'done' });
    expect(await open({ system: 'mersis', from: later(2), to: later(4) })).toMatchObject({ kind: 'done' });
  });

  it('of two at the same moment lets one through', async () => {
    const both = await Promise.all([open(), open()]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
  });

  it('is refused field by field, with nothing of what was typed', async () => {
    const refusal = await open({ to: later(31 * 24), reason: digitsOf(1) });
    expect(refusal).toEqual({
      kind: 'refused',
      code: 'REQUEST_INVALID',
      message: 'to: too-long, reason: identity-number',
    });
  });

  it('needs the session and the role to stand at that moment', async () => {
    const other = (await desk.person(61, [{ role: 'finance' }])).officer;
    expect(await open({}, { ...other, role: 'administrator' })).toMatchObject({ code: 'TOKEN_INVALID' });
    const gone = (await desk.person(62, [{ role: 'administrator' }])).officer;
    await desk.sql('UPDATE bridge.sign_in_session SET ended_at = now() WHERE session_id = $1', [
      gone.sessionId,
    ]);
    expect(await open({}, { ...gone, role: 'administrator' })).toMatchObject({ code: 'TOKEN_INVALID' });
    expect(await desk.sql('SELECT 1 FROM bridge.maintenance_window')).toEqual([]);
  });
});

describe('closing a window', () => {
  it('ends one that is current and takes one that is ahead back, each with its entry, once', async () => {
    const current = doneValue(await open());
    const ahead = doneValue(await open({ from: later(3), to: later(4) }));
    for (const { window } of [current, ahead]) {
      const closed = doneValue(await close(window));
      const [entry] = await desk.lastEntries(1);
      expect(entry).toMatchObject({ kind: 'maintenance.closed', data: { system: 'kps', window } });
      expect(await close(window)).toMatchObject({ kind: 'refused', code: 'STATE_CONFLICT' });
      const { past } = await listWindows(desk.test.db, new Date());
      expect(past.find((one) => one.window === window)).toMatchObject({ closedLeaf: closed.leafIndex });
    }
  });

  it('that is over by itself, or that there is none of, is refused', async () => {
    const { window } = doneValue(await open());
    await desk.sql(
      "UPDATE bridge.maintenance_window SET starts_at = now() - interval '2 h', ends_at = now()",
    );
    expect(await close(window)).toMatchObject({ code: 'STATE_CONFLICT' });
    for (const none of [randomUUID(), 'x', digitsOf(1)])
      expect(await close(none)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('another instance', () => {
  it('knows what was opened and closed with its next reading', async () => {
    const known = createKnownWindows(desk.test.db, () => new Date());
    const { window } = doneValue(await open());
    expect(known.currentWindow('kps', new Date())).toBeNull();
    await known.refresh();
    expect(known.currentWindow('kps', new Date())?.window).toBe(window);
    doneValue(await close(window));
    await known.refresh();
    expect(known.currentWindow('kps', new Date())).toBeNull();
  });
});

describe('the list', () => {
  it('tells current, ahead and past apart, and shows so many past ones at the most', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => i);
    await desk.sql(
      `INSERT INTO bridge.maintenance_window (window_id, system, starts_at, ends_at, reason, opened_leaf)
       SELECT gen_random_uuid(), 'mersis', now() - (n + 2) * interval '1 h', now() - (n + 1) * interval '1 h', 'eski', n
       FROM unnest($1::int[]) AS n`,
      [rows],
    );
    doneValue(await open());
    doneValue(await open({ from: later(9), to: later(10) }));
    doneValue(await open({ from: later(5), to: later(6) }));
    const list = await listWindows(desk.test.db, new Date());
    expect(list.current).toHaveLength(1);
    expect(list.ahead.map(({ startsAt }) => startsAt.getTime())).toEqual(
      [...list.ahead].map(({ startsAt }) => startsAt.getTime()).sort(),
    );
    expect(list.past).toHaveLength(50);
    expect(list.past[0]?.openedLeaf).toBe(59n);
    expect((await listWindows(desk.test.db, new Date(), { pastLimit: 3 })).past).toHaveLength(3);
  });

  it('of what is not asked now holds what has begun and is neither over nor closed, and nothing else', async () => {
    await desk.sql(
      `INSERT INTO bridge.maintenance_window (window_id, system, starts_at, ends_at, reason, opened_leaf)
       SELECT gen_random_uuid(), 'mersis', now() - n * interval '2 h', now() - n * interval '2 h' + interval '1 h', 'eski', n
       FROM generate_series(1, 3) AS n`,
    );
    const { window: shut } = doneValue(await open({ system: 'mersis' }));
    doneValue(await close(shut));
    doneValue(await open({ from: later(5), to: later(6) }));
    const { window } = doneValue(await open());
    const now = new Date();
    const current = await readCurrentWindows(desk.test.db, now);
    expect(current.map((one) => one.window)).toEqual([window]);
    expect(current).toEqual((await listWindows(desk.test.db, now)).current);
  });
});
