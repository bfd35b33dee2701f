import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createFeedFile } from '../../../src/audit/feed/feed-file.js';
import { plainLane } from '../../../src/audit/plain-lane.js';
import type { TestDatabase } from '../../support/database.js';
import { numberedDraft } from '../../support/drafts.js';
import { createLogDatabase, type OpenLog, openLog } from '../support/log.js';

let test: TestDatabase;
let log: OpenLog;
let folder: string;
let file: string;

beforeAll(async () => {
  test = await createLogDatabase();
  log = openLog(test.appUrl);
});
afterAll(async () => {
  await log.close();
  await test.drop();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feed-'));
  file = join(folder, 'logs', 'feed.ndjson');
});
afterEach(() => rmSync(folder, { recursive: true }));

const append = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => log.appender.submit(plainLane, numberedDraft(n))));
const leaves = (name = file) =>
  readFileSync(name, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { leafIndex: number }).leafIndex);
const size = async () => {
  const { rows } = await test.db.query<{ size: bigint }>({ text: 'SELECT size FROM bridge.log_head' });
  return Number(rows[0]?.size);
};
const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, i) => from + i);

it('every entry stands in it once and in order, over several steps and restarts', async () => {
  await append(1_203);
  await createFeedFile(test.db, file, 'one').step();
  await append(5);
  const again = createFeedFile(test.db, file, 'one');
  await again.step();
  await again.step();
  expect(leaves()).toEqual(upTo(await size()));
});

it('a line that a crash cut off is written again, whole', async () => {
  const feed = createFeedFile(test.db, file, 'two');
  await feed.step();
  truncateSync(file, readFileSync(file).length - 30);
  await feed.step();
  expect(leaves()).toEqual(upTo(await size()));
  appendFileSync(file, '{"leafIndex":');
  await createFeedFile(test.db, file, 'two').step();
  expect(leaves()).toEqual(upTo(await size()));
});

it('a file that was moved away is begun where it ended', async () => {
  const feed = createFeedFile(test.db, file, 'three');
  await feed.step();
  const before = await size();
  renameSync(file, `${file}.1`);
  await append(3);
  await createFeedFile(test.db, file, 'three').step();
  expect(leaves(`${file}.1`)).toEqual(upTo(before));
  expect(leaves()).toEqual(upTo(before + 3, before));
});
