import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';

const text = (max: number) => z.string().max(max);
const cooperative = text(16).describe('MERSİS number');
const day = z.iso.date();
const appointment = member.uuid.describe('the appointment, as its seat names it');
const source = text(40).describe(
  'what brought it: `mersis`, `decision`, `legacy`, `takeover`, `registry`, `clock`',
);
const osUser = text(255).describe('operating-system user');
const status = z.strictObject({
  durum: text(40).describe('status'),
  since: day.describe('its first day'),
});
const suspension = z.strictObject({
  decidedOn: day.describe('day of the decision'),
  decisionNo: text(100).describe('its number'),
  from: day.describe('first day'),
  to: day.nullable().describe('the day on which it is over; null while it stands'),
});

const HOLDER = { 'subject.number': { side: 'subject', indexed: true } } as const;
const BOTH = { ...ACTOR, ...HOLDER } as const;

/** Who may act, from version 2 on: the cooperative and each seat have entries of their own, a seat's with its person. */
export const AUTHORITY_RECORD_KINDS = {
  'seat.recorded': {
    when: 'when a seat or appointment is new or has changed: all of it as it is now; in front of `authority.recorded`',
    data: z.strictObject({
      actsFor: text(16)
        .nullable()
        .describe('VKN of the legal person that sits there through this representative'),
      appointment: member.uuid.nullable().describe('the appointment that it rests on'),
      cooperative,
      endsOn: day.nullable().describe('the day on which the term is over'),
      gazette: text(100).nullable().describe('trade registry gazette'),
      goneOn: day.nullable().describe('the day on which its source did not name it any longer'),
      registeredOn: day.nullable().describe('day of registration (tescil); without it no authority'),
      representation: text(40).nullable().describe('signature rule; decides nothing'),
      role: text(40).describe('what the seat is'),
      seat: member.uuid.describe('the seat, as `authority.basis` of an intent names it'),
      source,
      startsOn: day.describe('first day of the term'),
      state: text(40).nullable().describe('state of the registration'),
    }),
    sealed: HOLDER,
  },
  'authority.recorded': {
    when: 'when what decides about acting for a cooperative has changed: all of it as it is now; seats by id, each with its own entry',
    data: z.strictObject({
      asOf: member.instant.nullable().describe('the instant of which the source’s word is'),
      before: z.int().min(1).nullable().describe('the version before; null where there was none'),
      cooperative,
      il: text(40).describe('il: a directorate is competent in its own'),
      ministry: z.enum(['ticaret', 'tarim', 'cevre']).describe('competent ministry'),
      seats: z.array(member.uuid).max(1000).describe('every seat that was ever known, in order'),
      source,
      statuses: z
        .array(status)
        .max(200)
        .describe('in the order in which they became known; of those that have begun the last one holds'),
      successor: text(16).nullable().describe('MERSİS number of the cooperative that it went into'),
      suspensions: z.array(suspension).max(200).describe('by recorded decision (1163 m.90)'),
      version: z.int().min(1).describe('rises by one with each change'),
    }),
    sealed: {},
  },
  'authority.turned': {
    when: 'when a day has begun or ended a seat’s or role’s time: nothing has changed but the day',
    data: z.strictObject({
      cooperative: cooperative.nullable().describe('null for roles that rest on none'),
      day: day.describe('the day, Europe/Istanbul'),
      ended: z.array(member.uuid).max(1000).describe('seats and roles that are over'),
      started: z.array(member.uuid).max(1000).describe('seats and roles that have begun'),
    }),
    sealed: {},
  },
  'authority.read': {
    when: 'when a service asked who may act for a cooperative; no answer is given before',
    data: z.strictObject({
      at: day.describe('on which day'),
      client: text(64).describe('the registered service'),
      cooperative,
      instance: member.instance,
      knownLeaf: z.int().min(0).nullable().describe('as known before this leaf; null = now'),
      numbers: z.boolean().describe('true where identity numbers were told, not pseudonyms'),
      requestId: text(64).nullable().describe('`X-Request-Id`, or one of ours'),
      shown: z.int().min(0).describe('persons in the answer'),
    }),
    sealed: {},
  },
  'authority.disagreed': {
    when: 'when a seat and an appointment contradict each other: somebody has to look',
    data: z.strictObject({
      appointment: member.uuid.describe('the appointment'),
      cooperative,
      matter: z
        .enum([
          'appointee-on-board',
          'board-gone',
          'appointed-while-in-liquidation',
          'appointed-under-trustee',
        ])
        .describe('what contradicts'),
    }),
    sealed: {},
  },
  'disagreement.settled': {
    when: 'when the competent directorate has decided what follows from such a contradiction; nothing is changed by it',
    data: z.strictObject({
      actor: member.actor,
      appointment: member.uuid.describe('the appointment'),
      cooperative,
      decision: z
        .enum(['appointment-stands', 'board-applies-anew', 'registry-to-be-corrected'])
        .describe('what is to follow'),
      disagreement: member.leaf.describe('leaf of `authority.disagreed`'),
      instance: member.instance,
      note: text(500).describe('why, in the directorate’s words'),
      role: member.uuid.describe('the role by which the person acted'),
    }),
    sealed: ACTOR,
  },
  'suspension.decided': {
    when: 'when a ministry’s suspension of a cooperative’s organs (1163 m.90), or its end, is recorded; `authority.recorded` follows in the same transaction',
    data: z.strictObject({
      actor: member.actor,
      cooperative,
      decidedOn: day.describe('day of the ministry’s decision'),
      decision: z.enum(['suspended', 'lifted']).describe('what the ministry decided: it begins, or it ends'),
      decisionNo: text(100).describe('number of the ministry’s decision'),
      from: day.describe('first day on which it acts'),
      osUser,
    }),
    sealed: ACTOR,
  },
  'appointment.applied': {
    when: 'when somebody applies for a KOOPBİS yetkilisi (m.15(1)), the person checked and matching',
    data: z.strictObject({
      actor: member.actor,
      appointment,
      client: text(64).describe('the registered service that called'),
      cooperative,
      decisionDate: day.describe('day of the board’s decision'),
      decisionNo: text(100).describe('its number'),
      documentSha256: member.sha256.describe('of the decision’s document'),
      endsOn: day.nullable().describe('the day on which the appointment is over'),
      instance: member.instance,
      query: member.uuid.describe('the identity check, purpose `yetkili-atama`'),
      seat: member.uuid.describe('the seat by which the applicant acted'),
      startsOn: day.describe('first day'),
      vkn: text(10).describe('VKN that was given'),
    }),
    sealed: BOTH,
  },
  'appointment.decided': {
    when: 'when the competent directorate has decided on an application; where accepted, the seat follows in the same transaction',
    data: z.strictObject({
      actor: member.actor,
      appointment,
      client: text(64).describe('the registered service that called'),
      cooperative,
      corrected: z.boolean().describe('true where the directorate corrected number or VKN'),
      decision: z.enum(['accepted', 'refused']).describe('what the directorate decided'),
      instance: member.instance,
      reason: text(500).nullable().describe('why, in the directorate’s words'),
      role: member.uuid.describe('the role by which the directorate acted'),
    }),
    sealed: BOTH,
  },
  'appointment.ended': {
    when: 'when an accepted appointment ends before its time; the seat follows in the same transaction',
    data: z.strictObject({
      appointment,
      cooperative,
      reason: z.enum(['board-gone', 'replaced', 'cooperative-ended']).describe('what ended it'),
    }),
    sealed: HOLDER,
  },
  'legacy.imported': {
    when: 'when appointees of the closed system were brought in as ended (m.15(2)); their seats stand in front',
    data: z.strictObject({
      actor: member.actor,
      fileSha256: member.sha256.describe('of the file'),
      imported: z.int().min(0).describe('how many'),
      osUser,
    }),
    sealed: ACTOR,
  },
  'call.refused': {
    when: 'when a call about the registry, an appointment or the fee book is refused and the client is known',
    data: z.strictObject({
      actor: member.actor.nullable().describe('null where nobody was signed in'),
      client: text(64).describe('the registered service that called'),
      code: text(40).describe('problem code'),
      cooperative: text(16).nullable().describe('MERSİS number of a legal person; null where none was given'),
      instance: member.instance,
      operation: z
        .enum([
          'refresh',
          'registry-verification',
          'appointment-apply',
          'appointment-decide',
          'fees-quarter',
          'fees-usage',
        ])
        .describe('what was called'),
      reason: text(64).nullable().describe('closed word'),
      requestId: text(64).nullable().describe('`X-Request-Id`, or one of ours'),
      tokenFault: text(40).nullable().describe('what was wrong with the token'),
    }),
    sealed: ACTOR,
  },
  'webhook.dead': {
    when: 'when a webhook was given up after its days of trying: it stands in the dead-letter list',
    data: z.strictObject({
      attempts: z.int().min(0).describe('0 where its receiver had not answered others for as long'),
      client: text(64).describe('the receiver'),
      position: z.int().min(1).describe('the event'),
      problem: text(64).describe('closed word of the last failure'),
    }),
    sealed: {},
  },
  'webhook.redriven': {
    when: 'when an administrator has dead letters tried again',
    data: z.strictObject({
      actor: member.actor,
      client: text(64).describe('the receiver'),
      count: z.int().min(0).describe('how many dead letters'),
      osUser,
    }),
    sealed: ACTOR,
  },
} as const satisfies Record<string, KindRow>;
