import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';
import { basis } from './reads.js';

const text = (max: number) => z.string().min(1).max(max);
const page = text(60).describe('the page or action, by its name in the table of access (docs/console.md)');
const about = text(200)
  .nullable()
  .describe('what it was about: a cooperative, a quarter, an id; never a person; null where nothing');
const requestId = z.uuid().describe('the number that stands in the line of the process’s own log too');
const system = z.enum(['kps', 'mersis']).describe('the national system that is not asked meanwhile');
const osUser = text(255).nullable().describe('operating-system user; null where it came by the console');

/** The web console: what a person opened, did, and was refused; maintenance windows. */
export const CONSOLE_KINDS = {
  'console.opened': {
    when: 'before a page or file of the console is shown that has no entry of its own',
    data: z.strictObject({ about, actor: member.actor, instance: member.instance, page, requestId }),
    sealed: {
      ...ACTOR,
      // Where one person is looked at. Indexed: that person's own search finds it.
      'subject.number': { side: 'subject', indexed: true },
    },
  },
  'console.acted': {
    when: 'before an action of the console is done, once the person’s right to it is known',
    data: z.strictObject({
      about,
      action: page,
      actor: member.actor,
      instance: member.instance,
      operation: text(40)
        .nullable()
        .describe('operation for which the settings may ask for the second step; null where none can'),
      requestId,
    }),
    sealed: ACTOR,
  },
  'console.refused': {
    when: 'when a page or action of the console is refused to a person who is signed in; without a person it is counted (`access.refused`)',
    data: z.strictObject({
      about,
      action: page,
      actor: member.actor,
      code: text(40).describe('code of the refusal'),
      instance: member.instance,
      reason: text(60).nullable().describe('closed word beside the code; null where it has none'),
      requestId,
    }),
    sealed: ACTOR,
  },
  'log.revealed': {
    when: 'before one sealed value of an entry is opened for an officer',
    data: z.strictObject({
      actor: member.actor,
      entry: member.uuid.describe('the entry'),
      field: text(64).describe('the sealed field'),
      instance: member.instance,
      leaf: member.leaf.describe('leaf of the entry'),
      reason: text(500).describe('why it was opened, in the officer’s words'),
    }),
    sealed: {
      ...ACTOR,
      // Indexed: whoever's number was opened finds this among the look-ups about them.
      'subject.number': { side: 'subject', indexed: true },
    },
  },
  'log.export-asked': {
    when: 'when an officer asks in the console for an export of a period, before it is made (`log.exported` tells of the making)',
    data: z.strictObject({
      actor: member.actor,
      basis,
      from: member.instant.nullable().describe('start of the period; null: from the beginning'),
      instance: member.instance,
      reason: text(500).describe('why the export is made, in the officer’s words'),
      requestId,
      to: member.instant.nullable().describe('end of the period; null: until now'),
    }),
    sealed: ACTOR,
  },
  'log.checked': {
    when: 'when the live database has been held against the log (`bridge audit check`)',
    data: z.strictObject({
      check: text(64).nullable().describe('the first check that failed; null: all of them hold'),
      instance: member.instance,
      leaf: member.leaf.nullable().describe('where it failed; null where that is no leaf'),
      ok: z.boolean().describe('whether everything agrees'),
      size: member.leaf.describe('entries that were looked at'),
    }),
    sealed: {},
  },
  'kvkk.answered': {
    when: 'before the answer to a person’s request under 6698 m.11 is given out: who asked about them, when, and by what right',
    data: z.strictObject({
      actor: member.actor,
      dueBy: z.iso.date().describe('day by which the request must be answered'),
      entries: z.int().min(0).describe('look-ups that the answer names'),
      from: member.instant.nullable().describe('start of the period; null: from the beginning'),
      instance: member.instance,
      names: z.enum(['none', 'unit', 'full']).describe('how staff stand in it, by the settings'),
      receivedOn: z.iso.date().describe('day on which the request came'),
      requestNo: text(100).describe('number of the request'),
      sha256: member.sha256.describe('of the file'),
      to: member.instant.nullable().describe('end of the period; null: until now'),
    }),
    sealed: { ...ACTOR, 'subject.number': { side: 'subject', indexed: true } },
  },
  'maintenance.opened': {
    when: 'when an administrator announces or begins a time in which a national system is not asked',
    data: z.strictObject({
      actor: member.actor,
      from: member.instant.describe('begin'),
      instance: member.instance,
      osUser,
      reason: text(500).describe('why, in the administrator’s words'),
      system,
      to: member.instant.describe('end'),
      window: member.uuid.describe('the window'),
    }),
    sealed: ACTOR,
  },
  'maintenance.closed': {
    when: 'when an administrator ends such a window, or takes an announced one back',
    data: z.strictObject({
      actor: member.actor,
      instance: member.instance,
      osUser,
      system,
      window: member.uuid.describe('the window'),
    }),
    sealed: ACTOR,
  },
} as const satisfies Record<string, KindRow>;
