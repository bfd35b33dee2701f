import type { SnapshotPlace } from '../../events/snapshot.js';

const PLACE =
  /^(0|[1-9]\d{0,17})\.(seats|roles)\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?$/;
/** Longer than any page mark of ours. */
const MAX_TEXT = 128;

/** A place in a snapshot as a client carries it to the next page: opaque to it. It gives no right, so nothing protects it. */
export function writePlace({ position, part, after }: SnapshotPlace): string {
  return Buffer.from(`${position}.${part}.${after ?? ''}`, 'utf8').toString('base64url');
}

/** The place behind a mark of ours; null for whatever else. */
export function readPlace(mark: string): SnapshotPlace | null {
  if (mark.length > MAX_TEXT) return null;
  const found = PLACE.exec(Buffer.from(mark, 'base64url').toString('utf8'));
  const [, position = '', part = 'seats', after] = found ?? [];
  if (found === null) return null;
  const place: SnapshotPlace = {
    position: BigInt(position),
    part: part === 'roles' ? 'roles' : 'seats',
    after: after ?? null,
  };
  return writePlace(place) === mark ? place : null;
}
