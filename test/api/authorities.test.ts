import { describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { authoritiesRoutes } from '../../src/api/authorities/authorities-routes.js';
import type { AuthoritiesApiTools, AuthorityRead } from '../../src/api/authorities/get-authorities.js';
import { openApiDocument } from '../../src/api/openapi.js';
import { problemReply } from '../../src/api/reply.js';
import type { Authorities, CouldAct } from '../../src/authority/history/read-authorities.js';
import { BridgeError } from '../../src/errors/bridge-error.js';

const MERSIS = '0000000000000017';
const TODAY = '2026-05-04';
const NOW = new Date('2026-05-04T09:00:00.000Z');
const PERSONAL = '40000000001';

const seat = (n: number, changes: Partial<CouldAct> = {}): CouldAct => ({
  tag: String(n).repeat(32),
  role: 'board',
  seatId: `11111111-1111-4111-8111-11111111111${n}`,
  from: '2025-01-01',
  to: null,
  registeredOn: '2025-01-05',
  state: 'tescil-edildi',
  representation: 'MUSTEREKEN',
  gazette: '11231/3',
  actsFor: null,
  appointment: null,
  may: ['member.add'],
  ...changes,
});

const found = (changes: Partial<Authorities> = {}): Authorities => ({
  asked: {
    ...{ mersisNo: MERSIS, durum: 'faal', suspended: false, underTrustee: false },
    ...{ version: 3, leaf: 41n, knownFrom: null },
  },
  successor: null,
  readAt: NOW,
  freshness: 'fresh',
  authorities: [seat(1), seat(2), seat(2, { role: 'denetci' })],
  ...changes,
});

/** The route over one cooperative; `order` is what happened, in its order. */
function house(changes: Partial<AuthoritiesApiTools> = {}, answer: Authorities | null = found()) {
  const order: string[] = [];
  const asked: { mersisNo: string; day: string; knownLeaf: bigint | null }[] = [];
  const recorded: AuthorityRead[] = [];
  const instants: Date[] = [];
  const tools: AuthoritiesApiTools = {
    now: () => NOW,
    today: () => TODAY,
    requireSound: () => undefined,
    leafKnownAt: async (instant) => {
      instants.push(instant);
      return 30n;
    },
    read: async (mersisNo, day, knownLeaf) => {
      order.push('read');
      asked.push({ mersisNo, day, knownLeaf });
      return answer;
    },
    tellPersons: async (client) => (tag) => {
      return client.permissions.includes('kimlik-no')
        ? { kimlikNo: PERSONAL }
        : { pseudonym: `${client.id} ${tag.toString('hex').slice(0, 2)}` };
    },
    recordRead: async (read) => {
      order.push('recorded');
      recorded.push(read);
    },
    ...changes,
  };
  const { routes } = authoritiesRoutes(tools);
  const ask = async (
    query = '',
    {
      no = MERSIS,
      permissions = ['evaluation'],
      headers = {},
    }: {
      no?: string;
      permissions?: readonly string[];
      headers?: Record<string, string>;
    } = {},
  ) => {
    const client = { id: 'core', institution: 'x', account: null, permissions, requestsPerMinute: 10 };
    const caller = { client, certificateSha256: Buffer.alloc(32), requestId: 'r-1' };
    const request = {
      ...{ url: `/v1/cooperatives/${no}/authorities${query}`, params: { mersisNo: no }, headers },
    } as unknown as Request;
    const reply = await Promise.resolve()
      .then(() => routes[0]?.handle(request, caller))
      .catch(problemReply);
    order.push('answered');
    const text = String(reply?.body ?? '');
    return { status: reply?.status, body: JSON.parse(text || 'null'), text };
  };
  return { ask, asked, order, recorded, instants, routes };
}

describe('GET /v1/cooperatives/{mersisNo}/authorities', () => {
  it('tells who could act, by which seat and entry, and to what that seat gives a right', async () => {
    const { ask, asked } = house();
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ mersisNo: MERSIS, at: TODAY, knownAt: null, durum: 'faal', suspended: false, underTrustee: false },
      ...{ version: 3, entry: { leafIndex: 41 }, knownFrom: null, readAt: NOW.toISOString() },
      ...{ freshness: 'fresh', successor: null },
    });
    expect(body.authorities[0]).toEqual({
      person: { pseudonym: 'core 11' },
      ...{ role: 'board', seat: seat(1).seatId, from: '2025-01-01', to: null, registeredOn: '2025-01-05' },
      ...{ state: 'tescil-edildi', representation: 'MUSTEREKEN', gazette: '11231/3', actsFor: null },
      ...{ appointment: null, may: ['member.add'] },
    });
    expect(asked).toEqual([{ mersisNo: MERSIS, day: TODAY, knownLeaf: null }]);
  });

  it('is asked about a day, and as known at an instant', async () => {
    const { ask, asked, instants } = house();
    const { body } = await ask('?at=2026-01-02&knownAt=2026-02-03');
    expect(body).toMatchObject({ at: '2026-01-02', knownAt: '2026-02-02T21:00:00.000Z' });
    expect(asked).toEqual([{ mersisNo: MERSIS, day: '2026-01-02', knownLeaf: 30n }]);
    await ask(`?knownAt=${encodeURIComponent('2026-02-03T10:00:00.5+03:00')}`);
    expect(instants.map((one) => one.toISOString())).toEqual([
      '2026-02-02T21:00:00.000Z',
      '2026-02-03T07:00:00.500Z',
    ]);
  });

  it('is told only once its entry is durable, and the entry says what was told to whom', async () => {
    const { ask, order, recorded } = house();
    await ask('?knownAt=2026-02-03');
    expect(order).toEqual(['read', 'recorded', 'answered']);
    expect(recorded).toEqual([
      {
        ...{ at: TODAY, client: 'core', cooperative: MERSIS, knownLeaf: 30n, numbers: false },
        ...{ requestId: 'r-1', shown: 2 },
      },
    ]);
  });

  it('tells numbers where the registration allows them, and says so in the entry', async () => {
    const { ask, recorded } = house();
    const { body } = await ask('', { permissions: ['evaluation', 'kimlik-no'] });
    expect(body.authorities[0].person).toEqual({ kimlikNo: PERSONAL });
    expect(recorded).toMatchObject([{ numbers: true }]);
  });

  it('tells nothing where the entry cannot be written, or the log is not sound', async () => {
    const away = new BridgeError('AUDIT_UNAVAILABLE', 'away');
    const failing = house({ recordRead: () => Promise.reject(away) });
    const { status, text } = await failing.ask();
    expect([status, text.includes('board')]).toEqual([503, false]);
    const unsound = house({
      requireSound: () => {
        throw away;
      },
    });
    expect((await unsound.ask()).status).toBe(503);
    expect(unsound.asked).toEqual([]);
  });

  it('tells of one that went into another whose seats these are', async () => {
    const asked = { ...found().asked, durum: 'birleşme' };
    const successor = { ...found().asked, mersisNo: '0000000000000025', leaf: null, knownFrom: NOW };
    const { body } = await house({}, found({ asked, successor, freshness: 'nothing' })).ask();
    expect(body).toMatchObject({
      durum: 'birleşme',
      freshness: 'stale',
      successor: { mersisNo: '0000000000000025', entry: null, knownFrom: NOW.toISOString() },
    });
  });

  it('is for services with the permission alone', async () => {
    const { ask, asked } = house();
    expect(await ask('', { permissions: ['events', 'kimlik-no'] })).toMatchObject({
      status: 403,
      body: { code: 'CLIENT_NOT_PERMITTED' },
    });
    expect(asked).toEqual([]);
  });

  it('of a cooperative that was not known is not found, and leaves no entry', async () => {
    const { ask, recorded } = house({}, null);
    expect(await ask()).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(recorded).toEqual([]);
  });

  it.each([
    ['another member', '?on=2026-01-01', 'query: unknown member'],
    ['a member twice', '?at=2026-01-01&at=2026-01-02', 'at: given twice'],
    ['an empty day', '?at=', 'at'],
    ['a day that is none', '?at=2026-02-30', 'at'],
    ['a month that is none', '?at=2026-13-01', 'at'],
    ['an instant as a day', '?at=2026-01-01T00:00:00Z', 'at'],
    ['a number as a day', `?at=${PERSONAL}`, 'at'],
    ['an instant without a zone', '?knownAt=2026-01-01T00:00:00', 'knownAt'],
    ['an instant of a day that is none', '?knownAt=2026-02-30T00:00:00Z', 'knownAt'],
    ['an instant of an hour that is none', '?knownAt=2026-02-03T24:00:00Z', 'knownAt'],
    ['finer parts than entries have', '?knownAt=2026-02-03T00:00:00.0001Z', 'knownAt'],
    ['an empty instant', '?knownAt=', 'knownAt'],
    ['a word', '?knownAt=now', 'knownAt'],
    ['the present instant', `?knownAt=${NOW.toISOString()}`, 'knownAt: in the future'],
    ['a later instant', '?knownAt=2026-05-05', 'knownAt: in the future'],
  ])('with %s is refused by its name, before anything is read', async (_what, query, reason) => {
    const { ask, asked } = house();
    const { status, body, text } = await ask(query);
    expect([status, body.code, body.reason]).toEqual([400, 'REQUEST_INVALID', reason]);
    expect(text).not.toContain(PERSONAL);
    expect(asked).toEqual([]);
  });

  it.each([
    ['a natural person’s number', `${PERSONAL}00001`, 'natural-person'],
    ['too few digits', '000000000000001', 'mersisNo'],
    ['too many digits', `${MERSIS}1`, 'mersisNo'],
    ['letters', 'abcdefghijklmnop', 'mersisNo'],
    ['digits of another script', '٠٠٠٠٠٠٠٠٠٠٠٠٠٠١٧', 'mersisNo'],
  ])('with %s in the path is refused and never repeated', async (_what, no, reason) => {
    const { ask, asked } = house();
    const { status, body, text } = await ask('', { no });
    expect([status, body.code, body.reason]).toEqual([400, 'REQUEST_INVALID', reason]);
    expect(text).not.toContain(no);
    expect(asked).toEqual([]);
  });

  it('with a header of another form is refused', async () => {
    const { ask } = house();
    expect((await ask('', { headers: { 'x-koopbis-screen': 'a b' } })).body).toMatchObject({
      code: 'REQUEST_INVALID',
      reason: 'x-koopbis-screen',
    });
  });

  it('stands in the OpenAPI document with a schema for every member that it answers', async () => {
    const { ask, routes } = house();
    const { schemas } = authoritiesRoutes({} as AuthoritiesApiTools);
    const document = openApiDocument({ routes, schemas } as never) as unknown as {
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    expect(document.paths['/v1/cooperatives/{mersisNo}/authorities']?.get?.operationId).toBe(
      'readAuthorities',
    );
    const described = (schemas.Authorities as { properties: Record<string, never> }).properties;
    const { body } = await ask();
    expect(Object.keys(described).sort()).toEqual(Object.keys(body).sort());
    const { items } = described.authorities as unknown as { items: { properties: object } };
    expect(Object.keys(items.properties).sort()).toEqual(Object.keys(body.authorities[0]).sort());
  });
});
