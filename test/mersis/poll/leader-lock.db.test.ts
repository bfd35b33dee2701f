import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createLeaderLock } from '../../../src/house/mersis/leader-lock.js';
import { createTestDatabase, TEST_POOL, type TestDatabase } from '../../support/database.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase({ migrations: true });
});
afterAll(async () => test.drop());

const lock = () => createLeaderLock(async () => ({ url: test.appUrl, ...TEST_POOL }));

it('one session leads; giving up, or losing the connection, lets the next one lead', async () => {
  const first = await lock().tryTake();
  expect(await first?.holds()).toBe(true);
  expect(await lock().tryTake()).toBeNull();
  await first?.release();
  expect(await first?.holds()).toBe(false);

  const second = await lock().tryTake();
  expect(await second?.holds()).toBe(true);
  // As after a kill -9 of its process: the server sees the session end.
  await test.db.query({
    text: `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 7202 AND objid = 11`,
  });
  expect(await second?.holds()).toBe(false);
  const third = await lock().tryTake();
  expect(third).not.toBeNull();
  await second?.release();
  await third?.release();
});
