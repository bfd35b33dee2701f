import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';

const source = z.string().max(40).describe('what brought it: `registry`, or a recorded decision');
const ministry = z.enum(['ticaret', 'tarim', 'cevre']);

const seat = z.strictObject({
  endsOn: z.iso.date().nullable().describe('the day on which the term is over'),
  registeredOn: z.iso.date().nullable().describe('day of registration (tescil); without it no authority'),
  role: z.string().max(40).describe('what the seat is'),
  seat: member.uuid.describe('the seat, as `authority.basis` of an intent names it'),
  startsOn: z.iso.date().describe('first day of the term'),
});

const role = z.strictObject({
  il: z.string().max(40).nullable().describe('il; null = the whole country'),
  ministry: ministry.nullable().describe('ministry that the role belongs to'),
  role: z.string().max(40).describe('what the role is'),
  roleId: member.uuid.describe('the role, as `authority.basis` of an intent names it'),
  source,
});

const letter = z
  .strictObject({
    date: z.iso.date().describe('its day'),
    no: z.string().max(100).describe('its number'),
  })
  .describe('the official letter that it rests on (Usul ve Esaslar m.5(1))');

/** The person who holds the role: the entry is about them, so it stands on their side, whoever decided. */
const HOLDER = { 'subject.number': { side: 'subject', indexed: true } } as const;

/** Who may act: what stands here stood in the tables from this entry's COMMIT on. */
export const AUTHORITY_KINDS = {
  'authority.changed': {
    when: 'when what decides about acting for a cooperative has changed: all of it as it is now',
    data: z.strictObject({
      before: z.int().min(1).nullable().describe('the version before; null where there was none'),
      cooperative: z.string().max(16).describe('MERSİS number'),
      durum: z.string().max(40).describe('status in the registry'),
      il: z.string().max(40).describe('il: a directorate is competent in its own'),
      ministry: ministry.describe('competent ministry'),
      seats: z.array(seat).max(1000).describe('every seat and appointment, by `seat`'),
      source,
      suspended: z.boolean().describe('true while a recorded decision suspends its seats'),
      version: z.int().min(1).describe('rises by one with each change'),
    }),
    sealed: {},
  },
  'role.granted': {
    when: 'when a person gets a role that rests on no single cooperative',
    data: role,
    sealed: HOLDER,
  },
  'role.revoked': {
    when: 'when such a role ends; no number where nobody knows any longer whose it was (`role.granted` has it)',
    data: role,
    sealed: HOLDER,
  },
  'role.decided': {
    when: 'beside `role.granted` or `role.revoked`, in the same transaction, where persons decided: who they were, and what the role is bound to',
    data: z.strictObject({
      actor: member.actor.nullable().describe('who decided; null for the first administrator'),
      bootstrap: z.boolean().describe('true for the first administrator, whom nobody could grant'),
      cooperative: z.string().max(16).nullable().describe('MERSİS number; for a ministry representative'),
      decision: z.enum(['granted', 'revoked']).describe('which of the two'),
      from: z.iso.date().nullable().describe('first day, where the role has one'),
      letter: letter.nullable(),
      osUser: z.string().max(255).describe('operating-system user'),
      reason: z.string().max(500).nullable().describe('why, where it was given'),
      role: z.string().max(40).describe('what the role is'),
      roleId: member.uuid.describe('the role'),
      second: member.actor.nullable().describe('the second person, where two are needed'),
      to: z.iso.date().nullable().describe('the day on which it is over, where the role has one'),
    }),
    sealed: {
      ...ACTOR,
      'second.number': { side: 'actor', indexed: true },
      'subject.number': { side: 'subject', indexed: true },
    },
  },
} as const satisfies Record<string, KindRow>;
