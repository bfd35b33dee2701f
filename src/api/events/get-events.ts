import type { IncomingMessage } from 'node:http';
import { Refusal } from '../../errors/refusal.js';
import { cloudEvent } from '../../events/cloud-event.js';
import { cursorFault, type FeedEnds, type FeedPage } from '../../events/feed.js';
import type { SnapshotPage, SnapshotPlace } from '../../events/snapshot.js';
import type { ToldClient, ToldPerson } from '../../events/telling.js';
import type { Caller } from '../post-verification.js';
import { jsonReply, type Reply } from '../reply.js';
import { readQuery } from './read-query.js';
import { readPlace, writePlace } from './snapshot-place.js';

export interface EventsApiTools {
  /** Of the events. */
  readonly source: string;
  /** Events or grants in one answer, at the most. */
  readonly pageSize: number;
  readEvents(after: bigint | null, limit: number): Promise<FeedPage>;
  readSnapshot(place: SnapshotPlace | null, limit: number): Promise<SnapshotPage>;
  /** How persons behind these tags are named to this client. */
  tellPersons(client: ToldClient, tags: readonly Buffer[]): Promise<(tag: Buffer) => ToldPerson>;
}

/** What may be asked for; the settings decide how many come. */
export const MAX_LIMIT = 10_000;
/** The greatest bigint of PostgreSQL: no position is beyond. */
const MAX_POSITION = 2n ** 63n - 1n;

/** `GET /v1/authority-events`: what follows a cursor. */
export async function getEvents(
  request: IncomingMessage,
  caller: Caller,
  tools: EventsApiTools,
): Promise<Reply> {
  requireEventsPermission(caller);
  const query = readQuery(request.url, ['after', 'limit'] as const);
  const after = query.after === undefined ? null : positionOf(query.after);
  const limit = Math.min(query.limit === undefined ? tools.pageSize : limitOf(query.limit), tools.pageSize);
  if (after !== null && after > MAX_POSITION) throw expired('ahead');
  const { events, first, last } = await tools.readEvents(after, limit);
  if (after !== null) requireKept(after, { first, last });
  const personOf = await tools.tellPersons(
    caller.client,
    events.map(({ tag }) => tag),
  );
  const next = events.at(-1)?.position ?? after ?? last;
  return jsonReply({
    events: events.map((event) => cloudEvent(event, personOf(event.tag), tools.source)),
    next: String(next),
    more: next < last,
  });
}

/** `GET /v1/authority-events/snapshot`: a page of everything in force, and where the feed goes on behind it. */
export async function getSnapshot(
  request: IncomingMessage,
  caller: Caller,
  tools: EventsApiTools,
): Promise<Reply> {
  requireEventsPermission(caller);
  const { page } = readQuery(request.url, ['page'] as const);
  const place = page === undefined ? null : readPlace(page);
  if (page !== undefined && place === null) throw new Refusal('REQUEST_INVALID', { reason: 'page' });
  const { ends, grants, next, position } = await tools.readSnapshot(place, tools.pageSize);
  // Begun so long ago that the feed could not go on behind it.
  requireKept(position, ends);
  const personOf = await tools.tellPersons(
    caller.client,
    grants.map(({ tag }) => tag),
  );
  return jsonReply({
    source: tools.source,
    position: String(position),
    grants: grants.map(({ tag, mersisNo: cooperative, leaf, ...grant }) => ({
      person: personOf(tag),
      cooperative,
      ...grant,
      receipt: leaf === null ? null : { leafIndex: Number(leaf) },
    })),
    next: next === null ? null : writePlace(next),
  });
}

/** Without it in the client's registration nothing is read. */
function requireEventsPermission({ client }: Caller): void {
  if (!client.permissions.includes('events')) throw new Refusal('CLIENT_NOT_PERMITTED');
}

function positionOf(text: string): bigint {
  if (!/^(?:0|[1-9]\d{0,18})$/.test(text)) throw new Refusal('REQUEST_INVALID', { reason: 'after' });
  return BigInt(text);
}

function limitOf(text: string): number {
  const limit = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new Refusal('REQUEST_INVALID', { reason: 'limit' });
  return limit;
}

function requireKept(after: bigint, ends: FeedEnds): void {
  const fault = cursorFault(after, ends);
  if (fault !== null) throw expired(fault);
}

function expired(fault: 'too-old' | 'ahead'): Refusal {
  return new Refusal('CURSOR_EXPIRED', { reason: `${fault}: take the snapshot` });
}
