import { randomUUID } from 'node:crypto';
import type { DataOf } from '../../audit/catalogue/catalogue.js';
import { draftOf } from '../../audit/draft.js';
import type { EntryDraft, Receipt } from '../../audit/entry.js';
import type { Settled } from '../../audit/lane.js';
import type { RecordedSeat } from '../../authority/record.js';
import type { HeldRecord } from '../../authority/recording/port.js';
import { settleChanges } from '../../authority/recording/settle-changes.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { KimlikNo } from '../../person/kimlik-no.js';
import type { SignedIn } from '../../sign-in/access-tokens.js';
import type { Transaction } from '../../storage/database.js';
import { disagreementsAt, periodOf } from '../acceptance-rules.js';
import { type AppointmentRow, appointmentPlace, type DecidedAppointment } from '../appointment-rows.js';
import type { Verdict, VerdictCall } from '../call.js';
import { toldEffect } from '../disagreements/disagreement-rows.js';
import { actorData, actorNumber, subjectNumber } from '../entries.js';
import type { AppointmentTools, DisagreementMatter } from '../ports.js';

/** What was decided. `seat` null where it was refused. */
export interface Decided {
  readonly kind: 'decided';
  readonly appointment: string;
  readonly state: 'accepted' | 'refused';
  readonly seat: {
    readonly seatId: string;
    readonly startsOn: string;
    readonly endsOn: string | null;
  } | null;
  readonly disagreements: readonly DisagreementMatter[];
  readonly receipt: Receipt;
}

/** A decision that no rule stands against, under the cooperative's lock. `roleId`: the role by which the directorate acts. */
export interface SoundVerdict {
  readonly item: VerdictCall;
  readonly verdict: Verdict;
  readonly row: AppointmentRow;
  readonly held: HeldRecord;
  readonly user: SignedIn;
  readonly roleId: string;
}

/** Entry and row of a refused application. */
export function settleRefusal(sound: SoundVerdict, tools: AppointmentTools, now: Date): Settled<Decided> {
  const { row, verdict } = sound;
  const entry = decidedEntry(sound, tools, row.vkn);
  const effect: DecidedAppointment = {
    kind: 'appointment-decided',
    entryId: entry.id,
    appointment: row.appointment,
    state: 'refused',
    vkn: row.vkn,
    startsOn: row.startsOn,
    seatId: null,
    reason: verdict.reason,
    decidedAt: now,
  };
  const { appointment } = row;
  return {
    entries: [entry],
    effects: [effect],
    answer: ([receipt]) => ({
      ...{ kind: 'decided', appointment, state: 'refused', seat: null, disagreements: [] },
      receipt: receipt as Receipt,
    }),
  };
}

/** The seat of an accepted appointment, with all that tells of it: the right is there from this COMMIT on. */
export async function settleAcceptance(
  tx: Transaction,
  sound: SoundVerdict,
  tools: AppointmentTools,
  now: Date,
): Promise<Settled<Decided>> {
  const { row, verdict, held } = sound;
  const { appointment } = row;
  const today = istanbulDay(now);
  const vkn = verdict.correctedVkn ?? row.vkn;
  const seat = seatOf(row, today);
  const entry = decidedEntry(sound, tools, vkn);
  const disagreements = disagreementsAt(held.record, { tag: seat.tag }, today);
  const { mersisNo } = row;
  const disagreed = disagreements.map((matter) => {
    const told = draftOf('authority.disagreed', now, { appointment, cooperative: mersisNo, matter });
    return { told, row: toldEffect(told, { appointment, mersisNo, matter }) };
  });
  const seats = [...held.record.seats, seat].sort((a, b) => (a.seatId < b.seatId ? -1 : 1));
  const change = {
    before: held,
    after: { ...held.record, seats },
    source: 'decision' as const,
    // A decision is no word of the registry: what that said grows no younger by it.
    asOf: held.asOf,
    readAt: held.readAt,
    persons: new Map([[seat.tag, openPerson(row, tools)]]),
    lead: [entry, ...disagreed.map(({ told }) => told)],
  };
  const changes = await settleChanges(tx, [change], tools, now);
  const { seatId, startsOn, endsOn } = seat;
  const effect: DecidedAppointment = {
    kind: 'appointment-decided',
    entryId: entry.id,
    appointment,
    state: 'accepted',
    ...{ vkn, startsOn, seatId },
    reason: verdict.reason,
    decidedAt: now,
  };
  const place = changes.entries.findIndex(({ id }) => id === entry.id);
  return {
    entries: changes.entries,
    effects: [...changes.effects, effect, ...disagreed.map(({ row: one }) => one)],
    answer: (receipts) => ({
      ...{
        kind: 'decided',
        appointment,
        state: 'accepted',
        seat: { seatId, startsOn, endsOn },
        disagreements,
      },
      receipt: receipts[place] as Receipt,
    }),
  };
}

/** Its acceptance is its registration: before it, nobody acts by it. */
function seatOf(row: AppointmentRow, today: string): RecordedSeat {
  return {
    seatId: randomUUID(),
    role: 'appointee',
    ...periodOf(row, today),
    registeredOn: today,
    goneOn: null,
    tag: row.personTag.toString('hex'),
    source: 'decision',
    state: null,
    representation: null,
    gazette: null,
    actsFor: null,
    appointment: row.appointment,
  };
}

function decidedEntry(
  { item: { call }, verdict, row, user, roleId }: SoundVerdict,
  tools: AppointmentTools,
  vkn: string,
): EntryDraft {
  const data: DataOf<'appointment.decided'> = {
    actor: actorData(user),
    appointment: row.appointment,
    client: call.client.id,
    cooperative: row.mersisNo,
    corrected: vkn !== row.vkn,
    decision: verdict.decision === 'accept' ? 'accepted' : 'refused',
    instance: tools.instance,
    reason: verdict.reason,
    role: roleId,
  };
  const personal = [actorNumber(user.person), subjectNumber(openPerson(row, tools))];
  return draftOf('appointment.decided', call.receivedAt, data, personal);
}

/** Errors: `KEY_DESTROYED`, `SEALED_VALUE_INVALID`: nobody is appointed whose number cannot be read. */
function openPerson(
  { appointment, personBox, masterKeyId }: AppointmentRow,
  { masterKeys }: AppointmentTools,
) {
  const digits = masterKeys.unwrap(personBox, appointmentPlace(appointment), masterKeyId).toString('utf8');
  const parsed = KimlikNo.parse(digits);
  if (!parsed.ok)
    throw new BridgeError('SEALED_VALUE_INVALID', 'the person of an appointment cannot be read');
  return parsed.value;
}
