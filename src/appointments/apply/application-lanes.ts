import { randomUUID } from 'node:crypto';
import type { DataOf } from '../../audit/catalogue/catalogue.js';
import { draftOf } from '../../audit/draft.js';
import type { EntryDraft, Receipt } from '../../audit/entry.js';
import type { Lane, Settled } from '../../audit/lane.js';
import type { Refusal } from '../../errors/refusal.js';
import { type AppliedAppointment, appointmentPlace } from '../appointment-rows.js';
import type { ApplicationCall } from '../call.js';
import { actorData, actorNumber, refusedEntry, subjectNumber } from '../entries.js';
import type { AppointmentTools } from '../ports.js';
import { judgeApplication, type RefusedApplication, type SoundApplication } from './judge-application.js';

/** The applicant waits, and asks again. */
const PATIENCE_MS = 2_000;

export type Looked =
  | { readonly kind: 'sound'; readonly sound: SoundApplication }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Looks whether an application may be followed up; writes down where it may not. */
export function lookLane(tools: AppointmentTools): Lane<ApplicationCall, Looked> {
  return {
    name: '3-appointment-look',
    patienceMs: PATIENCE_MS,
    settle: async (tx, items, now) => {
      const settled: Settled<Looked>[] = [];
      for (const item of items) {
        const judged = await judgeApplication(tx, item, tools, now);
        settled.push(
          judged.kind === 'refused'
            ? refusedItem(item, judged, tools.instance)
            : { entries: [], effects: [], answer: () => judged },
        );
      }
      return settled;
    },
  };
}

/** An application whose person KPS has confirmed. */
export interface CheckedApplication extends ApplicationCall {
  readonly queryId: string;
}

export type Applied =
  | { readonly kind: 'applied'; readonly appointment: string; readonly receipt: Receipt }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Writes an application down: everything is judged again here, since KPS and MERSİS were asked in between. Exclusive though it takes
 * nothing away: no two of the same person come to stand beside each other, whichever instance they reach.
 */
export function applyLane(tools: AppointmentTools): Lane<CheckedApplication, Applied> {
  return {
    name: '5-appointment-apply',
    patienceMs: PATIENCE_MS,
    exclusive: true,
    settle: async (tx, items, now) => {
      const settled: Settled<Applied>[] = [];
      for (const item of items) {
        const judged = await judgeApplication(tx, item, tools, now);
        settled.push(
          judged.kind === 'refused'
            ? refusedItem(item, judged, tools.instance)
            : appliedItem(item, judged.sound, tools, now),
        );
      }
      return settled;
    },
  };
}

function refusedItem(
  { call, sent }: ApplicationCall,
  { refusal, signedIn, tokenFault }: RefusedApplication,
  instance: string,
): Settled<{ readonly kind: 'refused'; readonly refusal: Refusal }> {
  const cooperative = sent.ok ? sent.value.cooperative : null;
  const operation = 'appointment-apply';
  const entry = refusedEntry({ call, operation, cooperative, user: signedIn, tokenFault, refusal }, instance);
  return { entries: [entry], effects: [], answer: () => ({ kind: 'refused', refusal }) };
}

function appliedItem(
  item: CheckedApplication,
  sound: SoundApplication,
  { instance, masterKeys }: AppointmentTools,
  now: Date,
): Settled<Applied> {
  const { application, capacity, person, personTag, user } = sound;
  const appointment = randomUUID();
  const entry = appliedEntry(item, sound, appointment, instance);
  const effect: AppliedAppointment = {
    kind: 'appointment-applied',
    entryId: entry.id,
    appointment,
    mersisNo: application.cooperative,
    personTag,
    personBox: masterKeys.wrap(Buffer.from(person.reveal(), 'utf8'), appointmentPlace(appointment)),
    masterKeyId: masterKeys.activeId,
    applicantTag: user.tag,
    applicantSeat: capacity.basis,
    decisionNo: application.decision.no,
    decisionDate: application.decision.date,
    documentSha256: application.decision.documentSha256,
    vkn: application.vkn,
    startsOn: application.from,
    endsOn: application.to,
    queryId: item.queryId,
    appliedAt: now,
  };
  return {
    entries: [entry],
    effects: [effect],
    answer: ([receipt]) => ({ kind: 'applied', appointment, receipt: receipt as Receipt }),
  };
}

function appliedEntry(
  { call, queryId }: CheckedApplication,
  { application, capacity, person, user }: SoundApplication,
  appointment: string,
  instance: string,
): EntryDraft {
  const { cooperative, decision, from, to, vkn } = application;
  const data: DataOf<'appointment.applied'> = {
    actor: actorData(user),
    appointment,
    client: call.client.id,
    cooperative,
    decisionDate: decision.date,
    decisionNo: decision.no,
    documentSha256: decision.documentSha256,
    endsOn: to,
    instance,
    query: queryId,
    seat: capacity.basis,
    startsOn: from,
    vkn,
  };
  return draftOf('appointment.applied', call.receivedAt, data, [
    actorNumber(user.person),
    subjectNumber(person),
  ]);
}
