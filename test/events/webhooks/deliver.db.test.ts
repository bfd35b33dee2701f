import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { CloudEvent } from '../../../src/events/cloud-event.js';
import { createDeliverer, type Deliverer, type DeliverTools } from '../../../src/events/webhooks/deliver.js';
import { giveUpUnregistered } from '../../../src/events/webhooks/expired.js';
import { giveUp } from '../../../src/events/webhooks/give-up.js';
import { createPace, type Pace } from '../../../src/events/webhooks/pace.js';
import {
  claimDelivery,
  dropDelivery,
  postponeDelivery,
  queueEvents,
} from '../../../src/events/webhooks/queue.js';
import type { Message, Sent } from '../../../src/events/webhooks/sender.js';
import { createSender, type Sender } from '../../../src/events/webhooks/sender.js';
import {
  type Loopback,
  type LoopbackCertificates,
  makeLoopbackCertificates,
  startLoopback,
} from '../../edevlet/support/loopback.js';
import {
  DAY_S,
  digitsOf,
  type EventHouse,
  later,
  NOW,
  openEventHouse,
  telling,
} from '../support/event-house.js';

const SOURCE = 'urn:koopbis:bridge:log.example/test';
const RETRY_DAYS = 5;

let house: EventHouse;
let clock = NOW;
const open: Deliverer[] = [];

beforeAll(async () => {
  house = await openEventHouse();
});
afterAll(async () => house.close());
beforeEach(async () => {
  await house.reset();
  clock = NOW;
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((deliverer) => deliverer.stop()));
});

const free: Pace = { turn: async () => true, stop: async () => undefined };

/** A receiver that is told by a call of `answer` instead of a connection. */
function fake(id: string, answer: (message: Message) => Sent | Promise<Sent>, permissions = ['events']) {
  const got: Message[] = [];
  const sender: Sender = {
    send: async (message) => {
      got.push(message);
      return answer(message);
    },
    close: async () => undefined,
  };
  const receiver = {
    id,
    permissions,
    url: `https://${id}.example/`,
    secret: '',
    privateAddresses: [],
    ca: [],
  };
  return { got, line: { receiver, sender } };
}

const delivered: Sent = { kind: 'delivered' };
const failure = (
  problem: 'failed' | 'gone' | 'timeout' | 'unavailable' = 'failed',
  retryAfter: string | null = null,
): Sent => ({
  kind: 'failed',
  problem,
  retryAfter,
});

function delivererOf(
  lines: readonly { line: Parameters<typeof createDeliverer>[0][number] }[],
  changes: Partial<DeliverTools> = {},
) {
  const failures: unknown[] = [];
  const deliverer = createDeliverer(
    lines.map(({ line }) => line),
    {
      db: house.test.db,
      log: house.log.appender,
      telling,
      source: SOURCE,
      pace: free,
      retryDays: RETRY_DAYS,
      timeoutMs: 10_000,
      now: () => clock,
      chance: () => 0.5,
      failed: (error) => failures.push(error),
      ...changes,
    },
  );
  open.push(deliverer);
  const run = async () => {
    await deliverer.step();
    await deliverer.idle();
    expect(failures).toEqual([]);
  };
  return { deliverer, run };
}

interface Row {
  client: string;
  position: number;
  attempts: number;
  next: Date;
  problem: string | null;
  dead: Date | null;
}
const queue = () =>
  house.rows<Row>(`SELECT client_id AS client, position::int AS position, attempts, next_at AS next, problem, dead_at AS dead
    FROM bridge.webhook_delivery ORDER BY client_id, position`);
const deadEntries = async () =>
  (await house.told()).filter(({ kind }) => kind === 'webhook.dead').map(({ data }) => data);
const ids = (got: readonly Message[]) => got.map(({ id }) => id);

describe('queueing', () => {
  it('begins for a new receiver with what comes now, and queues everything after it once', async () => {
    await house.grantMany(3);
    await queueEvents(house.test.db, ['a'], NOW);
    expect(await queue()).toEqual([]);
    await house.grantMany(2);
    await queueEvents(house.test.db, ['a', 'b'], NOW);
    await queueEvents(house.test.db, ['a', 'b'], NOW);
    await house.grantMany(1);
    await queueEvents(house.test.db, ['a', 'b'], later(60));
    expect((await queue()).map(({ client, position }) => [client, position])).toEqual([
      ['a', 4],
      ['a', 5],
      ['a', 6],
      ['b', 6],
    ]);
  });

  it('by several instances at once leaves nothing out and queues nothing twice', async () => {
    await queueEvents(house.test.db, ['a', 'b'], NOW);
    const writers = Array.from({ length: 10 }, (_, n) => house.grantMany(n + 1));
    const queuers = Array.from({ length: 10 }, () => queueEvents(house.log.db, ['b', 'a'], NOW));
    const others = Array.from({ length: 10 }, () => queueEvents(house.other.db, ['a', 'b'], NOW));
    await Promise.all([...writers, ...queuers, ...others]);
    await queueEvents(house.test.db, ['a', 'b'], NOW);
    const all = Array.from({ length: 55 }, (_, n) => n + 1);
    const rows = await queue();
    for (const client of ['a', 'b'])
      expect(rows.filter((row) => row.client === client).map(({ position }) => position)).toEqual(all);
  });

  it('takes more than one statement holds', async () => {
    await queueEvents(house.test.db, ['a'], NOW);
    await house.grantMany(2_500);
    await queueEvents(house.test.db, ['a'], NOW);
    const [row] = await house.rows('SELECT count(*)::int AS n FROM bridge.webhook_delivery');
    expect(row).toEqual({ n: 2_500 });
  });
});

async function queued(count: number, ...clients: string[]): Promise<void> {
  await queueEvents(house.test.db, clients, clock);
  await house.grantMany(count);
  await queueEvents(house.test.db, clients, clock);
}

describe('delivering', () => {
  it('sends each event once, in order, as the feed has it, and forgets it then', async () => {
    await queued(4, 'a');
    const a = fake('a', () => delivered);
    await delivererOf([a]).run();
    expect(ids(a.got)).toEqual(['ae-1', 'ae-2', 'ae-3', 'ae-4']);
    expect(a.got[0]?.at).toEqual(NOW);
    expect(JSON.parse(a.got[2]?.body ?? '')).toMatchObject({
      specversion: '1.0',
      id: 'ae-3',
      source: SOURCE,
      type: 'tr.gov.koopbis.authority.granted.v1',
      sequence: '0000000000000000003',
      data: { person: { pseudonym: expect.any(String) }, role: 'board' },
    });
    expect(await queue()).toEqual([]);
  });

  it('names persons to each receiver as its registration allows', async () => {
    await house.rows('DELETE FROM bridge.authority_person');
    await house.sealNumber(0);
    await queued(2, 'a', 'b', 'n');
    const [a, b, n] = [
      fake('a', () => delivered),
      fake('b', () => delivered),
      fake('n', () => delivered, ['events', 'kimlik-no']),
    ];
    await delivererOf([a, b, n]).run();
    const persons = [a, b, n].map(({ got }) =>
      got.map(({ body }) => (JSON.parse(body) as CloudEvent).data.person),
    );
    expect(persons[2]).toEqual([{ kimlikNo: digitsOf(0) }, { pseudonym: expect.any(String) }]);
    const pseudonyms = persons.flat().flatMap((person) => ('pseudonym' in person ? [person.pseudonym] : []));
    expect(new Set(pseudonyms).size).toBe(5);
    for (const { got } of [a, b]) for (const { body } of got) expect(body).not.toContain(digitsOf(0));
  });

  it('tries again with longer waits, under the same id and with the instant of the try, until it is taken', async () => {
    await queued(1, 'a');
    let taken = false;
    const a = fake('a', () => (taken ? delivered : failure()));
    const { run } = delivererOf([a]);
    const waits: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      await run();
      const [row] = await queue();
      expect(row).toMatchObject({ attempts: n + 1, problem: 'failed', dead: null });
      waits.push(((row?.next.getTime() ?? 0) - clock.getTime()) / 1000);
      await run();
      clock = new Date((row?.next.getTime() ?? 0) + 400_000);
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160]);
    taken = true;
    await run();
    expect(ids(a.got)).toEqual(Array.from({ length: 7 }, () => 'ae-1'));
    expect(new Set(a.got.map(({ body }) => body)).size).toBe(1);
    expect(new Set(a.got.map(({ at }) => at.getTime())).size).toBe(7);
    expect(await queue()).toEqual([]);
  });

  it('gives up after the days of trying, with one entry, and not before the last try', async () => {
    await queued(1, 'a');
    const a = fake('a', () => failure('timeout'));
    const { run } = delivererOf([a]);
    clock = later(RETRY_DAYS * DAY_S - 1);
    await run();
    expect(await queue()).toMatchObject([{ attempts: 1, dead: null, next: later(RETRY_DAYS * DAY_S) }]);
    clock = later(RETRY_DAYS * DAY_S);
    await run();
    expect(await queue()).toMatchObject([{ attempts: 2, dead: clock, problem: 'timeout' }]);
    clock = later((RETRY_DAYS + 30) * DAY_S);
    await run();
    expect(a.got).toHaveLength(2);
    expect(await deadEntries()).toEqual([{ attempts: 2, client: 'a', position: 1, problem: 'timeout' }]);
  });

  it('gives up at once where the receiver says 410', async () => {
    await queued(1, 'a');
    const before = (await deadEntries()).length;
    await delivererOf([fake('a', () => failure('gone'))]).run();
    expect(await queue()).toMatchObject([{ attempts: 1, dead: NOW, problem: 'gone' }]);
    expect((await deadEntries()).length).toBe(before + 1);
  });

  it('leaves a receiver alone for as long as it asks, at most a day', async () => {
    await queued(3, 'a');
    const a = fake('a', () => failure('unavailable', '999999'));
    const { run } = delivererOf([a], { chance: () => 0 });
    await run();
    expect(ids(a.got)).toEqual(['ae-1']);
    expect((await queue())[0]?.next).toEqual(later(DAY_S));
    clock = later(DAY_S - 1);
    await run();
    expect(a.got).toHaveLength(1);
    clock = later(DAY_S);
    await run();
    expect(a.got).toHaveLength(2);
  });

  it('pauses after three failures in a row: what else waits is not tried in vain', async () => {
    await queued(20, 'a');
    let up = false;
    const a = fake('a', () => (up ? delivered : failure()));
    const { run } = delivererOf([a]);
    await run();
    expect(ids(a.got)).toEqual(['ae-1', 'ae-2', 'ae-3']);
    clock = later(4);
    await run();
    expect(a.got).toHaveLength(3);
    up = true;
    clock = later(3600);
    await run();
    expect(await queue()).toEqual([]);
  });

  it('gives up with the last try what is as old and waits for the same silent receiver', async () => {
    await queued(6, 'a');
    const before = (await deadEntries()).length;
    const a = fake('a', () => failure('timeout'));
    const { run } = delivererOf([a]);
    await run();
    clock = later(RETRY_DAYS * DAY_S);
    await run();
    const rows = await queue();
    expect(rows.map(({ dead, problem }) => [dead, problem])).toEqual(rows.map(() => [clock, 'timeout']));
    // Three before the pause, one behind it; the others never.
    expect(rows.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 0, 0]);
    expect((await deadEntries()).length).toBe(before + 6);
    expect(a.got).toHaveLength(4);
  });

  it('holds nobody up by one receiver that does not answer', async () => {
    await queued(3, 'a', 'b');
    let answer: (sent: Sent) => void = () => undefined;
    const a = fake('a', () => new Promise((resolve) => (answer = resolve)));
    const b = fake('b', () => delivered);
    const { deliverer } = delivererOf([a, b]);
    await deliverer.step();
    while (b.got.length < 3 || a.got.length < 1) await sleep(5);
    await queued(1, 'a', 'b');
    while (b.got.length < 4) {
      await deliverer.step();
      await sleep(5);
    }
    expect(a.got).toHaveLength(1);
    answer({ kind: 'stopped' });
    await deliverer.stop();
  });

  it('by two instances at once runs none of them twice', async () => {
    await queued(30, 'a', 'b');
    const instances = [house.log, house.other].map((log) => {
      const lines = [fake('a', () => sleep(1, delivered)), fake('b', () => sleep(1, delivered))];
      return { lines, ...delivererOf(lines, { db: log.db, log: log.appender }) };
    });
    await Promise.all(instances.map(({ run }) => run()));
    for (const n of [0, 1]) {
      const got = instances.flatMap(({ lines }) => ids(lines[n]?.got ?? []));
      expect([...got].sort()).toEqual(Array.from({ length: 30 }, (_, i) => `ae-${i + 1}`).sort());
    }
    expect(await queue()).toEqual([]);
  });

  it('gives a row to another instance once the lease of a dead one has ended, and not before', async () => {
    await queued(1, 'a');
    await claimDelivery(house.test.db, 'a', NOW, 70_000);
    const a = fake('a', () => delivered);
    const { run } = delivererOf([a]);
    clock = later(69);
    await run();
    expect(a.got).toEqual([]);
    clock = later(70);
    await run();
    expect(ids(a.got)).toEqual(['ae-1']);
    expect(await queue()).toEqual([]);
  });

  it('changes nothing by an instance whose lease has ended in the meantime', async () => {
    await queued(1, 'a');
    const late = await claimDelivery(house.test.db, 'a', NOW, 1_000);
    const other = await claimDelivery(house.test.db, 'a', later(2), 60_000);
    if (late === null || other === null) throw new Error('nothing was due');
    await dropDelivery(house.test.db, late);
    await postponeDelivery(house.test.db, late, later(9_999), 'failed');
    expect(await giveUp(house.log.appender, { ...late, problem: 'failed' }, NOW)).toBe(false);
    expect(await queue()).toMatchObject([{ attempts: 2, next: later(62), problem: null, dead: null }]);
  });

  it('is given up once where two instances would', async () => {
    await queued(1, 'a');
    const claimed = await claimDelivery(house.test.db, 'a', NOW, 1_000);
    if (claimed === null) throw new Error('nothing was due');
    const before = (await deadEntries()).length;
    const both = [house.log, house.other].map((log) =>
      giveUp(log.appender, { ...claimed, problem: 'failed' }, NOW),
    );
    expect((await Promise.all(both)).sort()).toEqual([false, true]);
    expect((await deadEntries()).length).toBe(before + 1);
  });

  it('is given up where its event is not there any longer', async () => {
    await queued(2, 'a');
    await house.rows('DELETE FROM bridge.authority_event WHERE position = 1');
    const a = fake('a', () => delivered);
    await delivererOf([a]).run();
    expect(ids(a.got)).toEqual(['ae-2']);
    expect(await queue()).toMatchObject([{ position: 1, problem: 'event-purged', dead: NOW }]);
  });

  it('is given up after the days of trying where nobody is registered for it any longer', async () => {
    await queued(2, 'gone', 'a');
    const tools = { db: house.test.db, log: house.log.appender };
    const days = RETRY_DAYS * DAY_S;
    await giveUpUnregistered(tools, ['a'], { now: later(days - 1), before: later(-1) });
    expect((await queue()).filter(({ dead }) => dead !== null)).toEqual([]);
    await giveUpUnregistered(tools, ['a'], { now: later(days), before: NOW });
    expect((await queue()).map(({ client, problem }) => [client, problem])).toEqual([
      ['a', null],
      ['a', null],
      ['gone', 'not-registered'],
      ['gone', 'not-registered'],
    ]);
  });

  it('stops without waiting for those who are slow, and tries their events again', async () => {
    await queued(1, 'a');
    const { line } = fake('a', () => delivered);
    const stopping: Sender = {
      send: (_message, stop) =>
        new Promise((resolve) => {
          const end = () => resolve({ kind: 'stopped' });
          // The attempt is in the table before it is sent: the stop may come between.
          if (stop.aborted) end();
          else stop.addEventListener('abort', end);
        }),
      close: async () => undefined,
    };
    const { deliverer } = delivererOf([{ line: { ...line, sender: stopping } }], { pace: createPace(1_000) });
    await deliverer.step();
    while ((await queue())[0]?.attempts !== 1) await sleep(5);
    await deliverer.stop();
    expect(await queue()).toMatchObject([{ attempts: 1, dead: null, problem: null }]);
  });
});

describe('a receiver over TLS', () => {
  let certificates: LoopbackCertificates;
  let loopback: Loopback;
  const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

  beforeAll(async () => {
    certificates = await makeLoopbackCertificates();
  });
  beforeEach(async () => {
    loopback = await startLoopback(certificates);
  });
  afterEach(async () => loopback.close());

  it('gets a signed event after it has failed, by the same id', async () => {
    clock = new Date();
    await queued(1, 'a');
    const statuses = [500, 429, 200];
    loopback.replies.set('/hook', (_seen, response) => response.writeHead(statuses.shift() ?? 200).end());
    const { line } = fake('a', () => delivered);
    const receiver = {
      ...line.receiver,
      url: `${loopback.origin}/hook`,
      secret: SECRET,
      privateAddresses: ['127.0.0.1/32'],
      ca: [certificates.ca],
    };
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const sender = createSender(receiver, { timeoutMs: 20_000, resolve });
    const { run } = delivererOf([{ line: { receiver, sender } }]);
    try {
      for (let n = 0; n < 3; n += 1) {
        await run();
        clock = new Date(clock.getTime() + 20_000);
      }
    } finally {
      await sender.close();
    }
    expect(loopback.seen.map(({ headers }) => headers['webhook-id'])).toEqual(['ae-1', 'ae-1', 'ae-1']);
    for (const { body, headers } of loopback.seen)
      expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({
        id: 'ae-1',
      });
    expect(await queue()).toEqual([]);
  });
});
