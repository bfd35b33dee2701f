import { describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { eventsRoutes } from '../../src/api/events/events-routes.js';
import type { EventsApiTools } from '../../src/api/events/get-events.js';
import { openApiDocument } from '../../src/api/openapi.js';
import { problemReply } from '../../src/api/reply.js';
import type { FeedPage } from '../../src/events/feed.js';
import type { SnapshotPage, SnapshotPlace } from '../../src/events/snapshot.js';
import { feedEvent, MERSIS } from '../events/support/event-house.js';

const FEED = '/v1/authority-events';
const SNAPSHOT = '/v1/authority-events/snapshot';
const UUID = '44444444-4444-4444-8444-444444444444';

interface Asked {
  readonly events: { after: bigint | null; limit: number }[];
  readonly pages: { place: SnapshotPlace | null; limit: number }[];
}

/** The routes over a feed of the events 4 to 9, and a snapshot of one page. */
function house(changes: Partial<EventsApiTools> = {}) {
  const asked: Asked = { events: [], pages: [] };
  const ends = { first: 4n, last: 9n };
  const tools: EventsApiTools = {
    source: 'urn:koopbis:bridge:test',
    pageSize: 3,
    readEvents: async (after, limit): Promise<FeedPage> => {
      asked.events.push({ after, limit });
      const all = [4n, 5n, 6n, 7n, 8n, 9n].filter((position) => position > (after ?? 3n));
      return { ...ends, events: all.slice(0, limit).map((position) => feedEvent({ position })) };
    },
    readSnapshot: async (place, limit): Promise<SnapshotPage> => {
      asked.pages.push({ place, limit });
      const { data, basis, tag } = feedEvent();
      const { reason: _reason, ...grant } = data;
      return {
        ends,
        position: place?.position ?? 9n,
        grants: [{ ...grant, basis, tag, mersisNo: MERSIS, leaf: null }],
        next: place === null ? { position: 9n, part: 'seats', after: UUID } : null,
      };
    },
    tellPersons: async (client, tags) => (tag) => ({
      pseudonym: `${client.id} ${tags.some((one) => one.equals(tag)) ? 'known' : 'not asked for'}`,
    }),
    ...changes,
  };
  const { routes } = eventsRoutes(tools);
  const ask = async (url: string, permissions: readonly string[] = ['events']) => {
    const route = routes.find(({ path }) => path === url.split('?')[0]);
    const client = { id: 'core', institution: 'x', account: null, permissions, requestsPerMinute: 10 };
    const caller = { client, certificateSha256: Buffer.alloc(32), requestId: 'r' };
    const reply = await Promise.resolve()
      .then(() => route?.handle({ url } as Request, caller))
      .catch(problemReply);
    const text = String(reply?.body ?? '');
    return { status: reply?.status, body: JSON.parse(text || 'null'), text };
  };
  return { ask, asked, routes };
}

describe('GET /v1/authority-events', () => {
  it('gives what follows the cursor, where to go on, and whether something is left', async () => {
    const { ask, asked } = house();
    const { status, body } = await ask(`${FEED}?after=5&limit=2`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ next: '7', more: true });
    expect(body.events.map(({ id }: { id: string }) => id)).toEqual(['ae-6', 'ae-7']);
    expect(body.events[0].data.person).toEqual({ pseudonym: 'core known' });
    expect(asked.events).toEqual([{ after: 5n, limit: 2 }]);
  });

  it('begins with the oldest that is kept, and gives no more than the settings say', async () => {
    const { ask, asked } = house();
    expect((await ask(`${FEED}?limit=10000`)).body).toMatchObject({ next: '6', more: true });
    expect((await ask(FEED)).body.next).toBe('6');
    expect(asked.events).toEqual([
      { after: null, limit: 3 },
      { after: null, limit: 3 },
    ]);
  });

  it('gives the same cursor at the end', async () => {
    expect((await house().ask(`${FEED}?after=9`)).body).toEqual({ events: [], next: '9', more: false });
    const empty = house({ readEvents: async () => ({ events: [], first: 10n, last: 9n }) });
    expect((await empty.ask(FEED)).body).toEqual({ events: [], next: '9', more: false });
  });

  it.each([
    ['0', 'too-old'],
    ['2', 'too-old'],
    ['10', 'ahead'],
    ['9223372036854775807', 'ahead'],
    ['9223372036854775808', 'ahead'],
    ['9999999999999999999', 'ahead'],
  ])('says that the cursor %s is no place to go on from, and what to do', async (after, fault) => {
    const { status, body } = await house().ask(`${FEED}?after=${after}`);
    expect([status, body.code, body.reason]).toEqual([410, 'CURSOR_EXPIRED', `${fault}: take the snapshot`]);
  });

  it('takes the cursor in front of the first event that is kept', async () => {
    expect((await house().ask(`${FEED}?after=3`)).body.next).toBe('6');
  });

  it.each([
    ['?after=', 'after'],
    ['?after=-1', 'after'],
    ['?after=1.5', 'after'],
    ['?after=1e3', 'after'],
    ['?after=007', 'after'],
    ['?after=%31%20', 'after'],
    ['?after=99999999999999999999', 'after'],
    ['?after=x', 'after'],
    ['?limit=0', 'limit'],
    ['?limit=-5', 'limit'],
    ['?limit=10001', 'limit'],
    ['?limit=', 'limit'],
    ['?limit=5x', 'limit'],
    ['?after=5&after=6', 'after: given twice'],
    ['?since=5', 'query: unknown member'],
    ['?after[]=5', 'query: unknown member'],
    ['?page=x', 'query: unknown member'],
    ['?__proto__=1', 'query: unknown member'],
    ['?', null],
  ])('with the query %j: %s', async (query, reason) => {
    const { ask, asked } = house();
    const { status, body } = await ask(`${FEED}${query}`);
    expect([status, body.code, body.reason]).toEqual(
      reason === null ? [200, undefined, undefined] : [400, 'REQUEST_INVALID', reason],
    );
    if (reason !== null) expect(asked.events).toEqual([]);
  });

  it('repeats nothing of a query that it refuses', async () => {
    const { text } = await house().ask(`${FEED}?after=10000000146&10000000146=1`);
    expect(text).not.toContain('10000000146');
  });

  it.each([FEED, SNAPSHOT])('needs the permission events: %s', async (path) => {
    const { ask, asked } = house();
    for (const permissions of [[], ['identity', 'evaluation', 'kimlik-no']])
      expect((await ask(path, permissions)).body.code).toBe('CLIENT_NOT_PERMITTED');
    expect([asked.events, asked.pages]).toEqual([[], []]);
  });
});

describe('GET /v1/authority-events/snapshot', () => {
  it('gives pages with one position, and says which was the last', async () => {
    const { ask, asked } = house();
    const first = (await ask(SNAPSHOT)).body;
    expect(first).toEqual({
      source: 'urn:koopbis:bridge:test',
      position: '9',
      next: expect.any(String),
      grants: [
        {
          person: { pseudonym: 'core known' },
          cooperative: MERSIS,
          basis: feedEvent().basis,
          role: 'board',
          ministry: 'ticaret',
          il: '06',
          from: '2026-01-01',
          to: null,
          registeredOn: '2026-01-02',
          receipt: null,
        },
      ],
    });
    expect((await ask(`${SNAPSHOT}?page=${first.next}`)).body).toMatchObject({ position: '9', next: null });
    expect(asked.pages.map(({ place }) => place)).toEqual([
      null,
      { position: 9n, part: 'seats', after: UUID },
    ]);
  });

  const mark = (text: string) => Buffer.from(text).toString('base64url');

  it.each([
    '',
    'x',
    mark('9.seats'),
    mark('9.people.'),
    mark(`-9.seats.${UUID}`),
    mark('9.seats.1'),
    `${mark('9.seats.')}=`,
    mark(`09.seats.${UUID}`),
    mark(`9.seats.${UUID}' OR 1=1`),
    'A'.repeat(5_000),
    mark(`9.roles.${UUID}`).toLowerCase(),
  ])('refuses a mark that is none of ours: %#', async (page) => {
    const { ask, asked } = house();
    expect((await ask(`${SNAPSHOT}?page=${encodeURIComponent(page)}`)).body).toMatchObject({
      code: 'REQUEST_INVALID',
      reason: 'page',
    });
    expect(asked.pages).toEqual([]);
  });

  it('ends where it has taken so long that the feed cannot go on behind it', async () => {
    const { body } = await house().ask(`${SNAPSHOT}?page=${mark(`2.seats.${UUID}`)}`);
    expect([body.code, body.reason]).toEqual(['CURSOR_EXPIRED', 'too-old: take the snapshot']);
    expect((await house().ask(`${SNAPSHOT}?page=${mark(`10.roles.${UUID}`)}`)).body.reason).toBe(
      'ahead: take the snapshot',
    );
  });
});

describe('the OpenAPI document', () => {
  it('describes both calls with schemas that are there', () => {
    const { routes } = house();
    const { schemas } = eventsRoutes({} as EventsApiTools);
    const document = JSON.stringify(openApiDocument({ routes, schemas }));
    for (const path of [FEED, SNAPSHOT]) expect(document).toContain(`"${path}":{"get":`);
    const named = [...document.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    const components = JSON.parse(document).components.schemas;
    expect(named.filter((name) => !Object.hasOwn(components, String(name)))).toEqual([]);
  });
});
