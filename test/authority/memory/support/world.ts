import { randomUUID } from 'node:crypto';
import type { StatusSpan, Suspension } from '../../../../src/authority/record.js';
import type { Database, Transaction } from '../../../../src/storage/database.js';

/** What a test says of a cooperative; everything else is sound. */
export interface GivenCooperative {
  readonly mersisNo: string;
  readonly statuses?: readonly StatusSpan[];
  readonly successor?: string | null;
  readonly suspensions?: readonly Suspension[];
  readonly il?: string;
  readonly readAt?: Date;
  readonly seats?: readonly GivenSeat[];
}

export interface GivenSeat {
  readonly seatId?: string;
  readonly tag: Buffer;
  readonly role?: string;
  readonly startsOn?: string;
  readonly endsOn?: string | null;
  readonly registeredOn?: string | null;
  readonly goneOn?: string | null;
}

export interface GivenRole {
  readonly tag: Buffer;
  readonly role: string;
  readonly ministry?: string | null;
  readonly il?: string | null;
  readonly mersisNo?: string | null;
  readonly startsOn?: string | null;
  readonly endsOn?: string | null;
}

export const READ_AT = new Date('2026-11-22T06:00:00Z');
export const DAY = '2026-11-22';

/** A tag of an invented person. */
export function tagOf(n: number): Buffer {
  return Buffer.alloc(16, n);
}

/** A MERSİS number of an invented cooperative. */
export function mersisNoOf(n: number): string {
  return `0${String(n).padStart(10, '0')}00011`;
}

const COOPERATIVE = `INSERT INTO bridge.authority_cooperative AS c (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum,
    statuses, successor, suspensions, read_at, changed_at_version)
  VALUES ($1, 'Deneme', 'tüketim', '1163', 'birim', $2, 'ticaret', '', $3, $4, $5, $6, $7)
  ON CONFLICT (mersis_no) DO UPDATE SET il = excluded.il, statuses = excluded.statuses, successor = excluded.successor,
    suspensions = excluded.suspensions, read_at = excluded.read_at, changed_at_version = excluded.changed_at_version,
    version = c.version + 1`;
const SEAT = `INSERT INTO bridge.authority_seat (seat_id, person_tag, mersis_no, role, starts_on, ends_on, registered_on, gone_on)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

/** Writes cooperatives as a recording does: rows, seats in place of those before, and the version, in one transaction. */
export function writeCooperatives(db: Database, given: readonly GivenCooperative[]): Promise<void> {
  return db.transaction(async (tx) => {
    const version = await raise(tx);
    for (const one of given) {
      const { mersisNo, il = 'Ankara', statuses = [{ durum: 'faal', since: '2000-01-01' }] } = one;
      const { successor = null, suspensions = [], readAt = READ_AT, seats = [] } = one;
      const lists = [JSON.stringify(statuses), successor, JSON.stringify(suspensions)];
      await tx.query({ text: COOPERATIVE, values: [mersisNo, il, ...lists, readAt, version] });
      await tx.query({ text: 'DELETE FROM bridge.authority_seat WHERE mersis_no = $1', values: [mersisNo] });
      for (const seat of seats) await tx.query({ text: SEAT, values: seatValues(mersisNo, seat) });
    }
  });
}

function seatValues(mersisNo: string, seat: GivenSeat): unknown[] {
  const { seatId = randomUUID(), tag, role = 'board', startsOn = '2024-01-01' } = seat;
  const { endsOn = null, registeredOn = startsOn, goneOn = null } = seat;
  return [seatId, tag, mersisNo, role, startsOn, endsOn, registeredOn, goneOn];
}

/** Puts these roles in the place of all roles. */
export function writeRoles(db: Database, given: readonly GivenRole[]): Promise<void> {
  return db.transaction(async (tx) => {
    await raise(tx);
    await tx.query({ text: 'UPDATE bridge.authority_head SET roles_version = version' });
    await tx.query({ text: 'DELETE FROM bridge.authority_role' });
    for (const one of given) {
      const { tag, role, ministry = null, il = null, mersisNo = null, startsOn = null, endsOn = null } = one;
      const text = `INSERT INTO bridge.authority_role (role_id, person_tag, role, ministry, il, mersis_no, starts_on, ends_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;
      const values = [randomUUID(), tag, role, ministry, il, mersisNo, startsOn, endsOn];
      await tx.query({ text, values });
    }
  });
}

async function raise(tx: Transaction): Promise<bigint> {
  const { rows } = await tx.query<{ version: bigint }>({
    text: 'UPDATE bridge.authority_head SET version = version + 1 RETURNING version',
  });
  return rows[0]?.version ?? 0n;
}
