import type { FeedEvent, GrantData } from './feed.js';
import type { ToldPerson } from './telling.js';

/** A grant as a client is told of it. */
interface ToldGrant extends GrantData {
  readonly person: ToldPerson;
  /** MERSİS number; null for roles that rest on no cooperative. */
  readonly cooperative: string | null;
  /** Seat or role. */
  readonly basis: string;
  /** Names the entry in the log; null where none is kept beside it. */
  readonly receipt: { readonly leafIndex: number } | null;
}

/** CloudEvents 1.0 with the extension `sequence`. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: `tr.gov.koopbis.authority.${FeedEvent['kind']}.v1`;
  readonly subject?: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly sequence: string;
  readonly data: ToldGrant & { readonly reason: string | null };
}

/** The digits of the greatest position (a bigint of PostgreSQL). */
const SEQUENCE_DIGITS = 19;

/** The same for every client and at every retry: what was seen already is known by it. */
export function eventId(position: bigint): string {
  return `ae-${position}`;
}

/**
 * An event as a client gets it. `source`: names this feed; with `id` it names the event (CloudEvents 1.0 §3.1.1). `sequence` has its
 * zeros in front, since the extension wants texts that are in order as texts. Pure.
 */
export function cloudEvent(event: FeedEvent, person: ToldPerson, source: string): CloudEvent {
  const { position, kind, mersisNo, at, basis, data, leaf } = event;
  const { role, ministry, il, from, to, registeredOn, reason } = data;
  return {
    specversion: '1.0',
    id: eventId(position),
    source,
    type: `tr.gov.koopbis.authority.${kind}.v1`,
    ...(mersisNo === null ? {} : { subject: mersisNo }),
    time: at.toISOString(),
    datacontenttype: 'application/json',
    sequence: String(position).padStart(SEQUENCE_DIGITS, '0'),
    data: {
      person,
      cooperative: mersisNo,
      basis,
      role,
      ministry,
      il,
      from,
      to,
      registeredOn,
      reason,
      receipt: { leafIndex: Number(leaf) },
    },
  };
}
