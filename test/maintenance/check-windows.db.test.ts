import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { FoundDifference } from '../../src/audit/check/difference.js';
import { readPiece } from '../../src/audit/check/read-entries.js';
import { deedPortsOf } from '../../src/house/deed-ports.js';
import { checkWindows } from '../../src/maintenance/check-windows.js';
import { closeWindow } from '../../src/maintenance/close-window.js';
import { type OpenedWindow, openWindow } from '../../src/maintenance/open-window.js';
import { doneValue } from '../../src/proposals/verdict.js';
import { readHead } from '../audit/support/log.js';
import { ConsoleDesk } from '../console/support/console-desk.js';

let desk: ConsoleDesk;
let owner: pg.Client;
let stands: OpenedWindow;
let closed: OpenedWindow;
let closedLeaf: bigint;

beforeAll(async () => {
  desk = await ConsoleDesk.open();
  owner = new pg.Client(desk.test.ownerUrl);
  await owner.connect();
  const { officer: plain } = await desk.person(60, [{ role: 'administrator' }]);
  const officer = { ...plain, role: 'administrator' };
  const ports = deedPortsOf('bridge-1', null, ['administrator']);
  const { appender } = desk.log;
  const to = new Date(Date.now() + 3_600_000);
  const wish = { from: null, to, reason: 'duyuru', officer };
  stands = doneValue(await openWindow(appender, ports, { ...wish, system: 'kps' }));
  closed = doneValue(await openWindow(appender, ports, { ...wish, system: 'mersis' }));
  closedLeaf = doneValue(await closeWindow(appender, ports, { window: closed.window, officer })).leafIndex;
  await owner.query('CREATE TABLE kept_window AS TABLE bridge.maintenance_window');
});
afterEach(() =>
  owner.query(
    'DELETE FROM bridge.maintenance_window; INSERT INTO bridge.maintenance_window SELECT * FROM kept_window',
  ),
);
afterAll(async () => {
  await owner.end();
  await desk.close();
});

/** What the check says: its sentence, or its name and the leaf. */
function found(): Promise<string> {
  const { db } = desk.test;
  return db.transaction(async (tx) => {
    const { size } = await readHead(db);
    const check = await checkWindows(tx);
    await check.take(await readPiece(tx, () => null, 0n, size, ''));
    return check.finish(size).catch((error: unknown) => {
      if (!(error instanceof FoundDifference)) throw error;
      return `${error.difference.check} ${error.difference.leaf}`;
    });
  });
}

describe('maintenance windows against the log', () => {
  it('pass as they were opened and closed', async () => {
    expect(await found()).toBe('2 maintenance windows are what the log says');
  });

  it.each([
    [
      'deleted',
      () => `DELETE FROM bridge.maintenance_window WHERE window_id = '${stands.window}'`,
      () => stands.leafIndex,
    ],
    [
      'made longer',
      () =>
        `UPDATE bridge.maintenance_window SET ends_at = ends_at + interval '1 day' WHERE window_id = '${stands.window}'`,
      () => stands.leafIndex,
    ],
    [
      'closed by nobody',
      () =>
        `UPDATE bridge.maintenance_window SET closed_at = now(), closed_leaf = 0 WHERE window_id = '${stands.window}'`,
      () => 0n,
    ],
    [
      'opened again',
      () =>
        `UPDATE bridge.maintenance_window SET closed_at = NULL, closed_leaf = NULL WHERE window_id = '${closed.window}'`,
      () => closedLeaf,
    ],
    [
      'of another system',
      () => `UPDATE bridge.maintenance_window SET system = 'mersis' WHERE window_id = '${stands.window}'`,
      () => stands.leafIndex,
    ],
  ])('tell of a window that was %s behind the log’s back', async (_name, sql, leaf) => {
    await owner.query(sql());
    expect(await found()).toBe(`maintenance-windows ${leaf()}`);
  });
});
