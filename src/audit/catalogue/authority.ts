import { z } from 'zod';
import { type KindRow, member } from './kind-row.js';

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
} as const satisfies Record<string, KindRow>;
