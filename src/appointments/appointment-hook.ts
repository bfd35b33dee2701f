import { draftOf } from '../audit/draft.js';
import type { EntryDraft } from '../audit/entry.js';
import type { Effect } from '../audit/lane.js';
import type { MasterKeys } from '../audit/master-keys.js';
import { openPersons } from '../authority/recording/persons.js';
import type { RecordChange } from '../authority/recording/port.js';
import { istanbulDay } from '../calendar/istanbul-day.js';
import type { KimlikNo } from '../person/kimlik-no.js';
import type { Queryable } from '../storage/database.js';
import type { EndedAppointments } from './appointment-rows.js';
import { toldEffect } from './disagreements/disagreement-rows.js';
import {
  appointmentsToEnd,
  type Disagreement,
  type EndedAppointment,
  newDisagreements,
  withoutAppointments,
} from './end-with-board.js';
import { subjectNumber } from './entries.js';
import type { AppointmentPolicy, DisagreementMatter } from './ports.js';

/** Changes with what they bring about for appointments, to be handed to `settleChanges`, and effects beside those that it makes. */
export interface WithAppointments {
  readonly changes: readonly RecordChange[];
  readonly effects: readonly Effect[];
  /** For metric and log, once it is durable. */
  readonly matters: readonly DisagreementMatter[];
}

interface Concerned {
  readonly change: RecordChange;
  readonly ended: readonly EndedAppointment[];
  readonly disagreements: readonly Disagreement[];
}

/**
 * Ends the appointments that these changes end, in the same transaction: entries in front of their cooperative's, days in its record,
 * the row by an effect. For every change of a record, before `settleChanges`; also where only the day has changed (`before.record` the
 * same as `after`, `lastDay` the day of the turn before). `log` needs `APPOINTMENT_APPLIERS`. Errors: those of `Queryable`.
 */
export async function withEndedAppointments(
  tx: Queryable,
  changes: readonly RecordChange[],
  { masterKeys, policy }: { readonly masterKeys: MasterKeys; readonly policy: AppointmentPolicy },
  now: Date,
  lastDay?: string,
): Promise<WithAppointments> {
  const today = istanbulDay(now);
  const all = changes.map((change): Concerned => {
    const before = change.before?.record ?? null;
    const ended = appointmentsToEnd(before, change.after, today, policy);
    const over = new Set(ended.map(({ seatId }) => seatId));
    const disagreements = newDisagreements(before, change.after, today, lastDay).filter(
      ({ seatId }) => !over.has(seatId),
    );
    return { change, ended, disagreements };
  });
  const ended = all.flatMap((one) => one.ended);
  const tags = [...new Set(ended.map(({ tag }) => tag))].map((tag) => Buffer.from(tag, 'hex'));
  const persons = await openPersons(tx, masterKeys, tags);
  const effect: EndedAppointments = {
    kind: 'appointments-ended',
    appointments: ended.map(({ appointment }) => appointment),
  };
  const done = all.map((one) => changed(one, persons, now));
  return {
    changes: done.map(({ change }) => change),
    effects: [...(ended.length === 0 ? [] : [effect]), ...done.flatMap(({ effects }) => effects)],
    matters: all.flatMap(({ disagreements }) => disagreements.map(({ matter }) => matter)),
  };
}

function changed(
  { change, ended, disagreements }: Concerned,
  persons: ReadonlyMap<string, KimlikNo>,
  now: Date,
): { readonly change: RecordChange; readonly effects: readonly Effect[] } {
  if (ended.length === 0 && disagreements.length === 0) return { change, effects: [] };
  const { mersisNo: cooperative } = change.after;
  const told = disagreements.map(({ appointment, matter }) => {
    const entry = draftOf('authority.disagreed', now, { appointment, cooperative, matter });
    return { entry, effect: toldEffect(entry, { appointment, mersisNo: cooperative, matter }) };
  });
  const entries = [
    ...ended.map((one) => endedEntry(one, cooperative, persons.get(one.tag), now)),
    ...told.map(({ entry }) => entry),
  ];
  const after = withoutAppointments(change.after, ended, istanbulDay(now));
  return {
    change: { ...change, after, lead: [...change.lead, ...entries] },
    effects: told.map(({ effect }) => effect),
  };
}

function endedEntry(
  { appointment, reason }: EndedAppointment,
  cooperative: string,
  person: KimlikNo | undefined,
  now: Date,
): EntryDraft {
  const personal = person === undefined ? [] : [subjectNumber(person)];
  return draftOf('appointment.ended', now, { appointment, cooperative, reason }, personal);
}
