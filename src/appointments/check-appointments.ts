import { createHash } from 'node:crypto';
import type { DataOf } from '../audit/catalogue/catalogue.js';
import { FoundDifference } from '../audit/check/difference.js';
import type { LineCheck, ReadEntry } from '../audit/check/line-check.js';
import {
  type HeldRole,
  type HolderKeys,
  holderOf,
  requireHolders,
  type ToldHolder,
} from '../authority/check-holders.js';
import { requireNumbers } from '../authority/check-persons.js';
import type { Transaction } from '../storage/database.js';
import { appointmentPlace } from './appointment-rows.js';

/** What the entries said of one appointment. */
interface Told {
  applied: {
    readonly digest: string;
    readonly vkn: string;
    readonly startsOn: string;
    readonly holder: ToldHolder;
  } | null;
  decided: {
    readonly decision: 'accepted' | 'refused';
    readonly isCorrected: boolean;
    readonly reason: string | null;
    readonly holder: ToldHolder;
  } | null;
  isEnded: boolean;
  seat: { readonly id: string; readonly startsOn: string } | null;
}

interface Row {
  id: string;
  mersis_no: string;
  tag: Buffer;
  box: Buffer;
  key_id: string;
  applicant_seat: string;
  state: string;
  decision_no: string;
  decision_date: string;
  document_sha256: string;
  vkn: string;
  starts_on: string;
  ends_on: string | null;
  query_id: string;
  applied_leaf: bigint;
  decided_leaf: bigint | null;
  seat_id: string | null;
  reason: string | null;
}

const NAME = 'appointments';
const ROWS = `SELECT appointment_id AS id, mersis_no, person_tag AS tag, person_box AS box, master_key_id AS key_id, applicant_seat, state,
    decision_no, decision_date::text AS decision_date, document_sha256, vkn, starts_on::text AS starts_on, ends_on::text AS ends_on,
    query_id, applied_leaf, decided_leaf, seat_id, reason
  FROM bridge.appointment WHERE appointment_id > $1 ORDER BY appointment_id LIMIT 1000`;

/**
 * Applications and appointments against the log: each was applied for as its row says, for the person whom the entries name, and stands
 * where decision and end have left it, with the seat that they brought. Persons whose key is destroyed or not at hand are only counted,
 * and, where ranges are detached, what they alone could tell. Not compared: the applicant, whose seat is, and times beside the entries’.
 */
export async function checkAppointments(tx: Transaction, keys: HolderKeys): Promise<LineCheck> {
  const { rows } = await tx.query<{ any: boolean }>({
    text: 'SELECT EXISTS (SELECT 1 FROM bridge.log_detached) AS any',
  });
  const isWhole = rows[0]?.any !== true;
  const told = new Map<string, Told>();
  return {
    name: NAME,
    take: async ({ entries }) => {
      for (const entry of entries) remember(entry, told);
    },
    finish: async () => {
      const { count, unknown, closed } = await holdRows(tx, keys, told, isWhole);
      const rest = unknown === 0 ? '' : `; ${unknown} told of in detached ranges only, if at all`;
      const shut =
        closed === 0 ? '' : `; persons of ${closed} not compared: their keys are destroyed or not at hand`;
      return `${count} applications and appointments are what the log says${rest}${shut}`;
    },
  };
}

function remember({ kind, leaf, id, data, sealed }: ReadEntry, all: Map<string, Told>): void {
  const holder = { leaf, entryId: id, number: holderOf(sealed) };
  const of = (appointment: string): Told => {
    const told = all.get(appointment) ?? { applied: null, decided: null, isEnded: false, seat: null };
    all.set(appointment, told);
    return told;
  };
  if (kind === 'appointment.applied') {
    const it = data as unknown as DataOf<'appointment.applied'>;
    const { cooperative, decisionDate, decisionNo, documentSha256, endsOn, query, seat } = it;
    const digest = digestOf([cooperative, decisionDate, decisionNo, documentSha256, endsOn, query, seat]);
    of(it.appointment).applied = { digest, vkn: it.vkn, startsOn: it.startsOn, holder };
  } else if (kind === 'appointment.decided') {
    const { appointment, corrected, decision, reason } = data as unknown as DataOf<'appointment.decided'>;
    of(appointment).decided = { decision, isCorrected: corrected, reason, holder };
  } else if (kind === 'appointment.ended') {
    of((data as unknown as DataOf<'appointment.ended'>).appointment).isEnded = true;
  } else if (kind === 'seat.recorded') {
    const { appointment, seat, startsOn } = data as unknown as DataOf<'seat.recorded'>;
    if (appointment !== null) of(appointment).seat = { id: seat, startsOn };
  }
}

async function holdRows(tx: Transaction, keys: HolderKeys, all: Map<string, Told>, isWhole: boolean) {
  const counts = { count: 0, unknown: 0, closed: 0 };
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await tx.query<Row>({ text: ROWS, values: [after] });
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
    const held: HeldRole[] = [];
    for (const row of rows) {
      const told = all.get(row.id);
      all.delete(row.id);
      counts.count += 1;
      const trouble = troubleOf(row, told);
      const holders = [told?.applied?.holder, told?.decided?.holder].filter((one) => one !== undefined);
      if (trouble === null) held.push({ roleId: row.id, tag: row.tag, holders });
      else if (isWhole)
        throw new FoundDifference(NAME, `appointment ${row.id} ${trouble}`, holders.at(-1)?.leaf ?? null);
      else counts.unknown += 1;
    }
    counts.closed += await requireHolders(tx, NAME, keys, held, 'appointment');
    counts.closed += requireNumbers(NAME, keys, rows.map(numberOf));
  }
  for (const [id, { applied, decided }] of all)
    throw new FoundDifference(NAME, `appointment ${id} is gone`, (decided ?? applied)?.holder.leaf ?? null);
  return counts;
}

function troubleOf(row: Row, told: Told | undefined): string | null {
  const applied = told?.applied ?? null;
  if (told === undefined || applied === null) return 'was applied for by no entry';
  const { decided, seat } = told;
  if (row.applied_leaf !== applied.holder.leaf || row.decided_leaf !== (decided?.holder.leaf ?? null))
    return 'names other entries than its own';
  if (row.state !== stateOf(told)) return 'is not where its entries have left it';
  const isAccepted = decided?.decision === 'accepted';
  if (row.seat_id !== (isAccepted ? (seat?.id ?? '') : null)) return 'is not the seat that it brought';
  const { mersis_no, decision_date, decision_no, document_sha256, ends_on, query_id, applicant_seat } = row;
  const grounds = [mersis_no, decision_date, decision_no, document_sha256, ends_on, query_id, applicant_seat];
  const isSame =
    applied.digest === digestOf(grounds) &&
    row.starts_on === (isAccepted ? seat?.startsOn : applied.startsOn) &&
    row.reason === (decided?.reason ?? null) &&
    // What is corrected is corrected to the right one: it stands inside the MERSİS number.
    row.vkn === (decided?.isCorrected === true ? mersis_no.slice(1, 11) : applied.vkn);
  return isSame ? null : 'is not what was applied for and decided';
}

function stateOf({ decided, isEnded }: Told): string {
  return isEnded ? 'ended' : (decided?.decision ?? 'applied');
}

function numberOf({ id, tag, box, key_id: masterKeyId }: Row) {
  return { tag, box, masterKeyId, place: appointmentPlace(id), name: `the number of appointment ${id}` };
}

function digestOf(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64');
}
