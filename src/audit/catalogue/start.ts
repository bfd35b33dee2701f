import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';

/** A value of the settings as text; 1,024 is the longest text that a setting may have. */
const value = z.string().max(1024).nullable();

const change = z.strictObject({
  after: value.describe('now; null where it is gone'),
  before: value.describe('at the start before; null where it was not there'),
  path: z
    .string()
    .max(400)
    .describe('the setting; items of a list by their `id` or `code` where they have one'),
});

const tariffRow = z.strictObject({
  active: z.boolean().describe('only active rows count'),
  amountKurus: z.int().min(0).describe('for one unit'),
  basis: z.string().max(40).describe('what one unit is'),
  from: z.iso.date().describe('first day in force'),
  gazette: z.string().max(100).describe('Official Gazette number'),
});

const host = z.string().max(255).describe('host name of the machine');
const osUser = z.string().max(255).describe('operating-system user');

const command = z.string().max(100).describe('the command, without its arguments');

/** Starts and stops, what the bridge runs on, and commands. */
export const START_KINDS = {
  'bridge.started': {
    when: 'before an instance begins to serve; a start without a `bridge.stopped` before it follows a crash',
    data: z.strictObject({
      changes: z
        .array(change)
        .max(50_000)
        .describe(
          'settings that differ from the last recorded start of this instance, all of them at its first; secrets, names and e-mail addresses as `***`',
        ),
      checkpointOrigin: z.string().max(400).describe('name of the log in its checkpoints'),
      configHash: member.sha256.describe('SHA-256 of the settings in force, secrets as `***`'),
      environment: z.enum(['development', 'sandbox', 'production']).describe('the setting'),
      host,
      instance: member.instance,
      node: z.string().max(40).describe('version of Node.js'),
      osUser,
      tariff: z.array(tariffRow).max(100).describe('every row of the tariff'),
      version: z.string().max(40).describe('version of the bridge'),
    }),
    sealed: {},
  },
  'bridge.stopped': {
    when: 'when an instance has finished what was in flight and stops',
    data: z.strictObject({
      instance: member.instance,
      reason: z.string().max(64).describe('signal or event that ended it'),
    }),
    sealed: {},
  },
  'certificate.changed': {
    when: 'when a start finds another certificate of our own than the last recorded start of this instance, or a first one',
    data: z.strictObject({
      before: member.sha256.nullable().describe('fingerprint at the start before; null where there was none'),
      fingerprintSha256: member.sha256
        .nullable()
        .describe('fingerprint now; null where there is none any longer'),
      instance: member.instance,
      name: z
        .enum(['kps', 'service', 'web'])
        .describe('`service`, `web`: of the listener; `kps`: the client certificate towards KPS'),
      notAfter: member.instant.nullable().describe('end of its validity'),
    }),
    sealed: {},
  },
  'command.run': {
    when: 'when a command is used that reaches the database, before it does anything, `migrate` after it (`serve` has `bridge.started`; `audit verify` works without a database and leaves no entry)',
    data: z.strictObject({
      command,
      host,
      instance: member.instance,
      osUser,
    }),
    sealed: {},
  },
  'command.acted': {
    when: 'when a person acts by an access token on the command line: the token is good, and the person may use the command, which does nothing before; the second of two persons too',
    data: z.strictObject({
      actor: member.actor,
      command,
      instance: member.instance,
      operation: z
        .string()
        .max(40)
        .nullable()
        .describe('operation for which the settings may ask for the second step; null where none can'),
    }),
    sealed: { ...ACTOR, 'subject.number': { side: 'subject', indexed: true } },
  },
  'command.refused': {
    when: 'when a command that reached the database is refused; what was typed wrongly, and a database or a log that fails, are not told; a search has `log.search-refused`',
    data: z.strictObject({
      actor: member.actor
        .nullable()
        .describe('session of the person who acted last; null where nobody was known'),
      code: z.string().max(40).describe('code of the refusal'),
      command,
      instance: member.instance,
      reason: z.string().max(60).nullable().describe('closed word beside the code; null where it has none'),
    }),
    sealed: { ...ACTOR },
  },
} as const satisfies Record<string, KindRow>;
