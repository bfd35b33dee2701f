import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AppenderDeps } from '../../src/audit/appender.js';
import { CuttingProxy, type ProxyMode } from '../storage/cutting-proxy.js';
import type { TestDatabase } from '../support/database.js';
import { numberedDraft } from '../support/drafts.js';
import {
  createLogDatabase,
  failureOf,
  gate,
  type Item,
  type OpenLog,
  openLog,
  probeLane,
  readProbes,
  requireSoundLog,
} from './support/log.js';
import { numberOf } from './support/parts.js';

let test: TestDatabase;
let proxy: CuttingProxy;
let url: string;
let log: OpenLog;
/** What happens while the appender waits for its database. */
let whilePaused: () => Promise<unknown>;

beforeEach(async () => {
  test = await createLogDatabase();
  proxy = new CuttingProxy(new URL(test.appUrl));
  url = await proxy.listen(test.appUrl);
  whilePaused = () => sleep(20);
  log = open();
});
afterEach(async () => {
  proxy.mode = 'pass';
  await log.close();
  await proxy.close();
  await test.drop();
});

function open(deps: Partial<AppenderDeps> = {}): OpenLog {
  return openLog(url, {
    settings: { maxBatch: 8 },
    pool: { connectTimeoutMs: 300, statementTimeoutMs: 2_000 },
    deps: {
      sleep: async () => {
        await whilePaused();
      },
      ...deps,
    },
  });
}

const item = (n: number): Item => ({ n, draft: () => numberedDraft(n, [numberOf('subject', n)]) });
const patient = probeLane('1-patient', 60_000);
const impatient = probeLane('2-impatient', 0);
const down = () => {
  proxy.mode = 'freeze';
  proxy.cutAll();
};
const requireWritten = async (...items: number[]) => {
  const rows = await requireSoundLog(test.db);
  expect(
    rows
      .map((row) => Number((JSON.parse(row.line) as { data: { reference: string } }).data.reference))
      .sort(),
  ).toEqual(items);
  const probes = await readProbes(test.db);
  expect([...probes.keys()].sort()).toEqual(items);
  return probes;
};

describe.each<[string, ProxyMode]>([
  ['after the server had committed', 'cut-after-commit'],
  ['before the server got it', 'cut-at-commit'],
])('a connection that breaks in COMMIT, %s', (_, mode) => {
  it('loses nothing, doubles nothing, and every item gets the receipt of its entry', async () => {
    await log.appender.submit(patient, item(0));
    proxy.mode = mode;
    whilePaused = async () => {
      proxy.mode = 'pass';
    };
    const receipts = await Promise.all([1, 2, 3].map((n) => log.appender.submit(patient, item(n))));
    const probes = await requireWritten(0, 1, 2, 3);
    const rows = await requireSoundLog(test.db);
    receipts.forEach((receipt, i) => {
      expect(probes.get(i + 1)).toBe(receipt.leafIndex);
      const row = rows[Number(receipt.leafIndex)];
      expect(row?.leaf_hash.equals(receipt.leafHash)).toBe(true);
      expect(row?.at).toEqual(receipt.at);
    });
  });

  it('among the single items of a spoilt batch fails the poisonous one alone', async () => {
    const broken = new Set<number>();
    const lane = probeLane('1-single', 60_000, async (_tx, items) => {
      const [only] = items;
      if (items.length > 1 || only === undefined || only.n < 0 || broken.has(only.n)) return;
      broken.add(only.n);
      proxy.mode = mode;
    });
    whilePaused = async () => {
      proxy.mode = 'pass';
    };
    const good = [1, 2].map((n) => log.appender.submit(lane, item(n)));
    const bad = failureOf(log.appender.submit(lane, { ...item(9), n: -1 }));
    const last = log.appender.submit(lane, item(3));
    expect(await bad).toMatchObject({ code: '23514' });
    await Promise.all([...good, last]);
    expect(broken).toEqual(new Set([1, 2, 3]));
    await requireWritten(1, 2, 3);
  });

  it('and that stays away: the fate is unknown, nobody is answered as written, and nothing is written again', async () => {
    await log.appender.submit(patient, item(0));
    proxy.mode = mode;
    const failures = await Promise.all([1, 2].map((n) => failureOf(log.appender.submit(impatient, item(n)))));
    for (const failure of failures) expect(failure).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    proxy.mode = 'pass';
    await log.appender.submit(patient, item(3));
    await requireWritten(...(mode === 'cut-after-commit' ? [0, 1, 2, 3] : [0, 3]));
  });

  it('tells the impatient of the batch and of the queue, while the patient learn the fate', async () => {
    proxy.mode = mode;
    const fate = log.appender.submit(patient, item(1));
    const together = failureOf(log.appender.submit(impatient, item(2)));
    const opened = gate();
    const behind = opened.opened.then(() => failureOf(log.appender.submit(impatient, item(3))));
    whilePaused = async () => {
      opened.open();
      await sleep(20);
    };
    expect(await behind).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(await together).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    proxy.mode = 'pass';
    await fate;
    await requireWritten(...(mode === 'cut-after-commit' ? [1, 2] : [1]));
  });
});

describe('a database that is down', () => {
  it('is AUDIT_UNAVAILABLE for the impatient, and nothing of theirs is written later', async () => {
    await log.appender.submit(patient, item(0));
    down();
    const failures = await Promise.all([1, 2].map((n) => failureOf(log.appender.submit(impatient, item(n)))));
    for (const failure of failures) expect(failure).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    proxy.mode = 'pass';
    await log.appender.submit(patient, item(3));
    await requireWritten(0, 3);
  });

  it('is survived by the patient, who are written once it is back, each once and in order', async () => {
    await log.appender.submit(patient, item(0));
    down();
    let pauses = 0;
    whilePaused = async () => {
      pauses += 1;
      if (pauses === 3) proxy.mode = 'pass';
    };
    await Promise.all([1, 2, 3].map((n) => log.appender.submit(patient, item(n))));
    expect(pauses).toBe(3);
    expect(await requireWritten(0, 1, 2, 3)).toEqual(new Map([0, 1, 2, 3].map((n) => [n, BigInt(n)])));
  });

  it('is told to the impatient behind a patient one: they do not wait for the end of its patience', async () => {
    down();
    const first = log.appender.submit(patient, item(1));
    const failures = [2, 3].map((n) => failureOf(log.appender.submit(impatient, item(n))));
    const later = sleep(50).then(() => failureOf(log.appender.submit(impatient, item(4))));
    for (const failure of [...failures, later])
      expect(await failure).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    proxy.mode = 'pass';
    await first;
    await requireWritten(1);
  });

  it('in the middle of a batch undoes the batch, and the patient are written after all', async () => {
    let cut = false;
    const lane = probeLane('1-cut', 60_000, async () => {
      if (!cut) proxy.cutAll();
      cut = true;
    });
    await Promise.all([1, 2].map((n) => log.appender.submit(lane, item(n))));
    expect(cut).toBe(true);
    await requireWritten(1, 2);
  });

  it('does not keep close() from ending once everybody has been told', async () => {
    down();
    const lost = failureOf(log.appender.submit(impatient, item(1)));
    await log.appender.close();
    expect(await lost).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    await requireWritten();
  });

  it('is told to metrics once, not with each try', async () => {
    const told: boolean[] = [];
    const watched = open({ observe: ({ failed }) => told.push(failed) });
    down();
    let pauses = 0;
    whilePaused = async () => {
      pauses += 1;
      if (pauses === 4) proxy.mode = 'pass';
    };
    await watched.appender.submit(patient, item(1));
    await watched.close();
    expect(told).toEqual([true, false]);
  });
});

describe('a batch that hangs', () => {
  it('behind somebody’s lock is given up by the impatient and written once for the patient', async () => {
    const { opened, open: release } = gate();
    const locked = gate();
    const holder = test.db.transaction(async (tx) => {
      await tx.query({ text: 'SELECT 1 FROM bridge.log_head FOR UPDATE' });
      locked.open();
      await opened;
    });
    await locked.opened;
    const stay = log.appender.submit(patient, item(1));
    const leave = failureOf(log.appender.submit(impatient, item(2)));
    expect(await leave).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    release();
    await holder;
    await stay;
    await requireWritten(1);
  });
});
