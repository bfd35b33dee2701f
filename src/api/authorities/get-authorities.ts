import type { Request } from 'express';
import { dayOf, knownInstantOf } from '../../authority/history/known-instant.js';
import type { Authorities, KnownCooperative } from '../../authority/history/read-authorities.js';
import { Refusal } from '../../errors/refusal.js';
import type { ToldClient, ToldPerson } from '../../events/telling.js';
import { type MersisNo, mersisHolder, parseMersisNo } from '../../person/mersis-no.js';
import { readQuery } from '../events/read-query.js';
import type { Caller } from '../post-verification.js';
import { jsonReply, type Reply } from '../reply.js';
import { checkHeaders } from '../request-headers.js';

/** What the entry of such a call says. */
export interface AuthorityRead {
  readonly at: string;
  readonly client: string;
  readonly cooperative: string;
  readonly knownLeaf: bigint | null;
  readonly numbers: boolean;
  readonly requestId: string;
  readonly shown: number;
}

export interface AuthoritiesApiTools {
  now(): Date;
  /** Day of now in Europe/Istanbul. */
  today(): string;
  /** Throws `AUDIT_UNAVAILABLE` while the log cannot be relied on. */
  requireSound(): void;
  /** The leaf before which everything was known at an instant. */
  leafKnownAt(instant: Date): Promise<bigint>;
  read(mersisNo: string, day: string, knownLeaf: bigint | null): Promise<Authorities | null>;
  tellPersons(client: ToldClient, tags: readonly Buffer[]): Promise<(tag: Buffer) => ToldPerson>;
  /** Resolves once the entry is durable. */
  recordRead(read: AuthorityRead): Promise<void>;
}

/**
 * `GET /v1/cooperatives/{mersisNo}/authorities`: who could act on a day, as known at an instant. Nothing is told before its entry is
 * durable. Errors: `CLIENT_NOT_PERMITTED`, `REQUEST_INVALID`, `NOT_FOUND`, and those of log and database.
 */
export async function getAuthorities(
  request: Request,
  { client, requestId }: Caller,
  tools: AuthoritiesApiTools,
): Promise<Reply> {
  if (!client.permissions.includes('evaluation')) throw new Refusal('CLIENT_NOT_PERMITTED');
  const headers = checkHeaders(request.headers);
  if (!headers.ok) throw invalid(headers.reason);
  const mersisNo = legalPerson(String(request.params.mersisNo));
  const query = readQuery(request.url, ['at', 'knownAt'] as const);
  const at = query.at === undefined ? tools.today() : dayOf(query.at);
  if (at === null) throw invalid('at');
  const knownAt = query.knownAt === undefined ? null : pastInstant(query.knownAt, tools.now());
  tools.requireSound();
  const knownLeaf = knownAt === null ? null : await tools.leafKnownAt(knownAt);
  const found = await tools.read(mersisNo, at, knownLeaf);
  if (found === null) throw new Refusal('NOT_FOUND');
  const tags = found.authorities.map(({ tag }) => Buffer.from(tag, 'hex'));
  const personOf = await tools.tellPersons(client, tags);
  const persons = tags.map(personOf);
  await tools.recordRead({
    at,
    client: client.id,
    cooperative: mersisNo,
    knownLeaf,
    numbers: persons.some((person) => 'kimlikNo' in person),
    requestId,
    shown: new Set(found.authorities.map(({ tag }) => tag)).size,
  });
  return jsonReply(documentOf(found, persons, at, knownAt));
}

/** A natural person's MERSİS number holds that person's own (facts/mersis-koopbis.md §1): it is never asked about here. */
function legalPerson(text: string): MersisNo {
  const parsed = parseMersisNo(text);
  if (!parsed.ok) throw invalid('mersisNo');
  if (mersisHolder(parsed.value) === 'natural-person') throw invalid('natural-person');
  return parsed.value;
}

/** Only of a moment that is over is everything known that was known then. */
function pastInstant(text: string, now: Date): Date {
  const instant = knownInstantOf(text);
  if (instant === null) throw invalid('knownAt');
  if (instant.getTime() >= now.getTime()) throw invalid('knownAt: in the future');
  return instant;
}

function invalid(reason: string): Refusal {
  return new Refusal('REQUEST_INVALID', { reason });
}

function documentOf(
  { asked, successor, readAt, freshness, authorities }: Authorities,
  persons: readonly ToldPerson[],
  at: string,
  knownAt: Date | null,
) {
  return {
    ...cooperativeOf(asked),
    at,
    knownAt: knownAt?.toISOString() ?? null,
    readAt: readAt?.toISOString() ?? null,
    // The word of the evaluation.
    freshness: freshness === 'nothing' ? 'stale' : freshness,
    successor: successor === null ? null : cooperativeOf(successor),
    authorities: authorities.map(({ tag: _tag, seatId: seat, ...one }, i) => ({
      person: persons[i],
      seat,
      ...one,
    })),
  };
}

function cooperativeOf({ leaf, knownFrom, ...known }: KnownCooperative) {
  return {
    ...known,
    entry: leaf === null ? null : { leafIndex: Number(leaf) },
    knownFrom: knownFrom?.toISOString() ?? null,
  };
}
