import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import { BOARD, dataOf, expectSound, Registry, restartWith } from '../support/system-authority.js';
import { type Actor, People } from '../support/system-people.js';
import { WebhookReceiver } from '../support/system-receiver.js';

/** More than one chunk of a run (src/mersis/poll/settings.ts): the second goes on where a crash left the first. */
const COOPERATIVES = 130;
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

let system: System;
let people: People;
let registry: Registry;
let receiver: WebhookReceiver;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'koopbis-receiver-'));
  const secretFile = join(folder, 'secret');
  writeFileSync(secretFile, SECRET, { mode: 0o600 });
  let ca = '';
  system = await startSystem({
    people: 700,
    cooperatives: COOPERATIVES,
    settings: (yaml) => {
      const { certificate, clientCa, key } = yaml.listeners.service;
      ca = clientCa;
      receiver = new WebhookReceiver(
        { cert: readFileSync(certificate, 'utf8'), key: readFileSync(key.file, 'utf8') },
        SECRET,
      );
      yaml.mersis.timeoutMs = 5000;
    },
  });
  const url = await receiver.listen();
  await restartWith(system, (yaml) => {
    const reports = yaml.clients.find((client: { id: string }) => client.id === 'koopbis-reports');
    const secret = { file: secretFile };
    reports.webhook = { url, secret, privateAddresses: ['127.0.0.1/32'], extraCa: [ca] };
  });
  people = new People(system.sandbox);
  registry = new Registry(system);
});
afterAll(async () => {
  await system?.stop();
  await receiver?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

interface Told {
  readonly id: string;
  readonly type: string;
  readonly subject?: string;
  readonly sequence: string;
  readonly data: { readonly role: string; readonly person: { readonly pseudonym: string } };
}
interface Page {
  readonly events: readonly Told[];
  readonly next: string;
  readonly more: boolean;
}

async function feed(query: string): Promise<Page> {
  const { status, body } = await system.call({
    client: 'koopbis-reports',
    path: `/v1/authority-events${query}`,
  });
  expect(status).toBe(200);
  return body;
}

/** Everything behind a cursor, page after page, as a client that keeps the last `next`. */
async function follow(after: string, limit = 100): Promise<{ events: Told[]; next: string }> {
  const events: Told[] = [];
  for (let next = after; ; ) {
    const page: Page = await feed(`?after=${next}&limit=${limit}`);
    events.push(...page.events);
    next = page.next;
    if (!page.more) return { events, next };
  }
}

/** A change that a registry really makes: this person goes, that one comes. */
async function exchange({ cooperative, kimlikNo }: Actor, comes: string): Promise<void> {
  const today = istanbulDay(new Date());
  const seat = { kimlikNo: comes, gorev: BOARD, baslangic: today, tescil: today };
  await registry.patchAndRead(cooperative, { board: [...registry.without(cooperative, kimlikNo), seat] });
}

// An attempt that was under way when its process was killed keeps its delivery for ten seconds and a minute (the lease).
const CAME_MS = 100_000;
const came = (ids: readonly string[]) =>
  until(async () => ids.every((id) => receiver.taken.some((one) => one.id === id)), CAME_MS);

describe('the feed', () => {
  it('tells of everything from the first on, numbered without a gap', async () => {
    const { events } = await follow('0');
    expect(events.length).toBeGreaterThan(COOPERATIVES);
    expect(events.map(({ sequence }) => Number(sequence))).toEqual(events.map((_, i) => i + 1));
    expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => `ae-${i + 1}`));
  });

  it('gives the same whatever the size of its pages, and names nobody', async () => {
    const [whole, small] = [await follow('0', 500), await follow('0', 77)];
    expect(small.events).toEqual(whole.events);
    const text = JSON.stringify(whole.events);
    expect(system.sandbox.people.filter(({ kimlikNo }) => text.includes(kimlikNo))).toEqual([]);
  });

  it('tells who comes and who goes, in the order in which it became so', async () => {
    const actor = people.actor('board');
    const { next } = await follow('0', 500);
    await exchange(actor, people.subject(0).kimlikNo);
    const { events } = await follow(next);
    expect(events.map(({ type, subject }) => [type.split('.')[4], subject]).sort()).toEqual([
      ['granted', actor.cooperative],
      ['lost', actor.cooperative],
    ]);
    const [one, other] = events.map(({ data }) => data.person.pseudonym);
    expect(one).not.toBe(other);
  });

  it('goes on behind a cursor over kill -9 and a restart: nothing twice, nothing left out', async () => {
    const { next } = await follow('0', 500);
    const actors = [1, 2].map((place) => people.actor('board', place));
    await exchange(actors[0] as Actor, people.subject(1).kimlikNo);
    const first = await follow(next);
    await system.bridge.kill9();
    await system.bridge.start();
    expect(await follow(first.next)).toEqual({ events: [], next: first.next });
    await exchange(actors[1] as Actor, people.subject(2).kimlikNo);
    const second = await follow(first.next);
    expect(await follow(next)).toEqual({ events: [...first.events, ...second.events], next: second.next });
    expect(second.events.map(({ subject }) => subject)).toEqual([
      actors[1]?.cooperative,
      actors[1]?.cooperative,
    ]);
  });

  it('refuses a cursor that it cannot go on from, and its snapshot holds what is in force', async () => {
    const { next } = await follow('0', 500);
    const call = (path: string, client: 'koopbis-reports' | 'koopbis-core' = 'koopbis-reports') =>
      system.call({ client, path: `/v1/authority-events${path}` });
    const ahead = await call(`?after=${Number(next) + 1}`);
    expect([ahead.status, ahead.body.code]).toEqual([410, 'CURSOR_EXPIRED']);
    for (const path of ['?after=-1', '?after=x', '?limit=0', '?after=1&after=2', '?kimlikNo=1'])
      expect((await call(path)).body.code).toBe('REQUEST_INVALID');
    for (const path of ['', '/snapshot'])
      expect((await call(path, 'koopbis-core')).body.code).toBe('CLIENT_NOT_PERMITTED');
    const grants = [];
    for (let page: string | null = ''; page !== null; ) {
      const { body } = await call(`/snapshot${page === '' ? '' : `?page=${page}`}`);
      expect(body.position).toBe(next);
      grants.push(...body.grants);
      page = body.next;
    }
    const [{ n }] = await system.sql(
      'SELECT (SELECT count(*) FROM bridge.authority_seat WHERE told)::int + (SELECT count(*) FROM bridge.authority_role WHERE told)::int AS n',
    );
    expect(grants).toHaveLength(n);
  });
});

describe('a registered receiver', () => {
  it('gets what changes, signed, as the feed tells it', async () => {
    const { next } = await follow('0', 500);
    await exchange(people.actor('board', 3), people.subject(3).kimlikNo);
    const { events } = await follow(next);
    await came(events.map(({ id }) => id));
    for (const event of events)
      expect(receiver.taken.find(({ id }) => id === event.id)?.event).toEqual(event);
    expect(receiver.forged).toBe(0);
  });

  it('that says no gets it again, by the same id, until it has it', async () => {
    const { next } = await follow('0', 500);
    receiver.answering = 500;
    await exchange(people.actor('board', 4), people.subject(4).kimlikNo);
    const ids = (await follow(next)).events.map(({ id }) => id);
    await until(async () => receiver.turnedAway.length > 0, 30_000);
    expect(receiver.taken.some(({ id }) => ids.includes(id))).toBe(false);
    await system.bridge.kill9();
    await system.bridge.start();
    receiver.answering = 204;
    await came(ids);
    const tried = receiver.turnedAway.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([...new Set(tried)]));
    const left = 'SELECT 1 FROM bridge.webhook_delivery';
    await until(async () => (await system.sql(left)).length === 0);
  }, 200_000);

  it('has had every event of the feed by now since it was registered, none of another sort', async () => {
    const all = new Map((await follow('0', 500)).events.map((event) => [event.id, event]));
    for (const { event, id } of receiver.taken) expect(event).toEqual(all.get(id));
    const numbers = receiver.taken.map(({ id }) => Number(id.slice(3)));
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    expect(new Set(numbers).size).toBe(most - least + 1);
  });
});

describe('kill -9 in the middle of a run over MERSİS', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a row
  const runs = (): Promise<any[]> =>
    system.sql('SELECT run_id, state, asked FROM bridge.mersis_run ORDER BY started_at DESC LIMIT 1');
  const asking = async () =>
    (await dataOf(system, 'mersis.asking')) as { cooperatives: string[]; run: string }[];

  it('the next start goes on with the same run, and asks nothing without an entry before it', async () => {
    const from = (await system.control.seen('mersis')).length;
    const entries = (await asking()).length;
    await system.control.fault({ system: 'mersis', kind: 'slow', ms: 400 });
    await system.sql('UPDATE bridge.mersis_cooperative SET due_at = now()');
    const seen = async () => (await system.control.seen('mersis')).length - from;
    await until(async () => (await seen()) > 20, 30_000);
    const [run] = await runs();
    expect(run).toMatchObject({ state: 'running', asked: 100 });
    await system.bridge.kill9();
    await system.control.clear();
    expect(await seen()).toBeLessThan(100);
    await system.bridge.start();
    // What the killed one had claimed comes due again by time, which a test need not wait for.
    await until(async () => (await seen()) > 30);
    await system.sql(
      "UPDATE bridge.mersis_cooperative SET due_at = now() WHERE problem = 'asking' AND due_at > now()",
    );
    await until(async () => (await runs())[0].state === 'done', 30_000);
    expect((await runs())[0].run_id).toBe(run.run_id);
    expect((await dataOf(system, 'mersis.run-ended')).at(-1)?.run).toBe(run.run_id);

    const written = (await asking()).slice(entries);
    expect(new Set(written.map((one) => one.run))).toEqual(new Set([run.run_id]));
    const allowed = countOf(written.flatMap((one) => one.cooperatives));
    const reached = countOf(
      (await system.control.seen('mersis')).slice(from).map(({ mersisNo }) => mersisNo ?? ''),
    );
    expect(reached.size).toBe(COOPERATIVES);
    for (const [mersisNo, times] of reached) expect(allowed.get(mersisNo) ?? 0).toBeGreaterThanOrEqual(times);
  });

  it('leaves a log that holds against its tables', () => expectSound(system));

  function countOf(numbers: readonly string[]): Map<string, number> {
    const counts = new Map<string, number>();
    for (const one of numbers) counts.set(one, (counts.get(one) ?? 0) + 1);
    return counts;
  }
});
