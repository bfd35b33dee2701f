import { createHash } from 'node:crypto';
import type { DataOf } from '../audit/catalogue/catalogue.js';
import { FoundDifference } from '../audit/check/difference.js';
import type { LineCheck, ReadEntry } from '../audit/check/line-check.js';
import type { Transaction } from '../storage/database.js';
import type { HolderKeys } from './check-holders.js';
import { holdRoles, rememberRole, type ToldRoles } from './check-roles.js';

type Changed = DataOf<'authority.changed'>;

/** What the last entry about a cooperative said: its leaf, and a digest of all that decides. */
interface Told {
  readonly leaf: bigint;
  readonly digest: string;
}

interface CooperativeRow {
  mersis_no: string;
  version: bigint;
  suspended: boolean;
  durum: string;
  il: string;
  ministry: string;
  seats: Changed['seats'] | null;
}

const NAME = 'authority-history';
/** Cooperatives read at once, with their seats. */
const CHUNK = 1_000;

const COOPERATIVES = `SELECT c.mersis_no, c.version, c.suspended_by IS NOT NULL AS suspended, c.durum, c.il,
    c.ilgili_bakanlik AS ministry,
    (SELECT json_agg(json_build_object('endsOn', s.ends_on, 'registeredOn', s.registered_on, 'role', s.role,
        'seat', s.seat_id, 'startsOn', s.starts_on) ORDER BY s.seat_id)
      FROM bridge.authority_seat s WHERE s.mersis_no = c.mersis_no) AS seats
  FROM bridge.authority_cooperative c WHERE c.mersis_no > $1 ORDER BY c.mersis_no LIMIT ${CHUNK}`;

/**
 * Who may act, as the tables have it, against the log: each cooperative is what its last `authority.changed` says, seats included;
 * each role was granted, to the person who holds it, as persons decided where they did, and not revoked. Keeps a digest for each
 * cooperative and role (some 10 MB for 50,000), and for each role in force the sealed numbers of its grant and its decision. Holders
 * whose key is destroyed, or not at hand, are only counted. Not compared: the person of a seat, since no entry names them (a seat's
 * `person_tag` that was exchanged is not found here), and name and time of reading, which decide nothing. Where ranges are detached,
 * what was told there is not at hand, and what has no entry is only counted.
 */
export async function checkHistory(tx: Transaction, keys: HolderKeys): Promise<LineCheck> {
  const { rows } = await tx.query<{ any: boolean }>({
    text: 'SELECT EXISTS (SELECT 1 FROM bridge.log_detached) AS any',
  });
  const isWhole = rows[0]?.any !== true;
  const cooperatives = new Map<string, Told>();
  const roles: ToldRoles = new Map();
  return {
    name: NAME,
    take: async ({ entries }) => {
      for (const entry of entries) {
        rememberCooperative(entry, cooperatives);
        rememberRole(entry, roles);
      }
    },
    finish: async () => {
      const seen = await holdCooperatives(tx, cooperatives, isWhole);
      const held = await holdRoles(tx, NAME, keys, roles, isWhole);
      const unknown = seen.unknown + held.unknown;
      const rest = unknown === 0 ? '' : `; ${unknown} told of in detached ranges only, if at all`;
      const closed =
        held.closed === 0
          ? ''
          : `; holders of ${held.closed} roles not compared: their keys are destroyed or not at hand`;
      return `${seen.count} cooperatives and ${held.count} roles are what the log says${rest}${closed}`;
    },
  };
}

function rememberCooperative({ kind, leaf, data }: ReadEntry, told: Map<string, Told>): void {
  if (kind !== 'authority.changed') return;
  const { cooperative, durum, il, ministry, seats, suspended, version } = data as unknown as Changed;
  told.set(cooperative, {
    leaf,
    digest: digestOf([version, suspended, durum, il, ministry, ...seats.map(seatText)]),
  });
}

async function holdCooperatives(tx: Transaction, told: Map<string, Told>, isWhole: boolean) {
  const counts = { count: 0, unknown: 0 };
  for (let after = ''; ; ) {
    const { rows } = await tx.query<CooperativeRow>({ text: COOPERATIVES, values: [after] });
    for (const row of rows) {
      const entry = told.get(row.mersis_no);
      told.delete(row.mersis_no);
      counts.count += 1;
      if (entry === undefined && !isWhole) counts.unknown += 1;
      else if (entry === undefined)
        throw new FoundDifference(NAME, `no entry tells of cooperative ${row.mersis_no}`);
      else if (entry.digest !== digestOfRow(row))
        throw new FoundDifference(
          NAME,
          `cooperative ${row.mersis_no} or its seats are not what the log said last`,
          entry.leaf,
        );
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.mersis_no;
  }
  for (const [cooperative, { leaf }] of told)
    throw new FoundDifference(NAME, `cooperative ${cooperative} is gone from the tables`, leaf);
  return counts;
}

function digestOfRow(row: CooperativeRow): string {
  const { version, suspended, durum, il, ministry, seats } = row;
  return digestOf([Number(version), suspended, durum, il, ministry, ...(seats ?? []).map(seatText)]);
}

function seatText({ endsOn, registeredOn, role, seat, startsOn }: Changed['seats'][number]): string {
  return JSON.stringify([seat, role, startsOn, endsOn, registeredOn]);
}

function digestOf(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64');
}
