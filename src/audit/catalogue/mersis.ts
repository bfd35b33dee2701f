import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';

const text = (max: number) => z.string().max(max);
const count = z.int().min(0);
const run = member.uuid.describe('the run');
const cooperative = text(16).describe('MERSİS number');
const osUser = text(255).describe('operating-system user');
const problem = text(40).describe('closed word');
const operation = z
  .enum(['refresh', 'registry-verification', 'appointment-apply'])
  .describe('what it is asked for');

/** What is asked of MERSİS, what is refused and held back, and who let it pass. */
export const MERSIS_KINDS = {
  'mersis.run-started': {
    when: 'when a run over the cooperatives that are due begins',
    data: z.strictObject({
      due: count.describe('how many were due'),
      instance: member.instance,
      kind: z.enum(['poll', 'sync']).describe('by itself, or by `bridge mersis sync`'),
      lossLimit: count.describe('above so many losses it stops'),
      run,
    }),
    sealed: {},
  },
  'mersis.asking': {
    when: 'before cooperatives are asked about in a run, or one by `bridge doctor`; without it nothing is sent',
    data: z.strictObject({
      cooperatives: z.array(text(16)).min(1).max(200).describe('MERSİS numbers, each asked about once'),
      instance: member.instance,
      run: run.nullable().describe('the run; null where `bridge doctor` tries the connection'),
    }),
    sealed: {},
  },
  'mersis.asked': {
    when: 'before MERSİS is asked for a person; without it nothing is sent',
    data: z.strictObject({
      actor: member.actor,
      ask: member.uuid.describe('binds question and answer'),
      client: text(64).describe('the registered service that called'),
      cooperative: text(16)
        .nullable()
        .describe('MERSİS number of a legal person; null where a VKN was asked'),
      instance: member.instance,
      operation,
      requestId: text(64).nullable().describe('`X-Request-Id`, or one of ours'),
      vkn: text(10).nullable().describe('VKN, where that was asked'),
    }),
    sealed: ACTOR,
  },
  'mersis.answered': {
    when: 'before an answer to such a call is given',
    data: z.strictObject({
      ask: member.uuid.describe('of `mersis.asked`'),
      instance: member.instance,
      operation,
      result: z
        .enum([
          'changed',
          'unchanged',
          'held',
          'refused',
          'match',
          'mismatch',
          'not-found',
          'found',
          'unavailable',
        ])
        .describe('how it ended'),
    }),
    sealed: {},
  },
  'mersis.refused': {
    when: 'when what MERSİS said about a cooperative is not believed; nothing of it is taken in',
    data: z.strictObject({
      cooperative,
      problem: problem.describe(
        'what is wrong with it: form, duplicate seats, order of dates, stale, from the future, older than known',
      ),
      run: run.nullable().describe('null outside a run'),
    }),
    sealed: {},
  },
  'mersis.held': {
    when: 'when a reading would take away so much that it waits: for a second reading, or for persons',
    data: z.strictObject({
      cooperative,
      gained: count.describe('seats that it brings'),
      held: count.describe('seats in force until now'),
      lost: z.array(member.uuid).max(1000).describe('seats that it takes away'),
      run: run.nullable().describe('null outside a run'),
      why: z.enum(['empty-board', 'large-loss', 'run-stopped']).describe('what it waits for'),
    }),
    sealed: {},
  },
  'mersis.run-stopped': {
    when: 'when a run would take away more than a run may: it stops until persons release it',
    data: z.strictObject({
      asked: count.describe('cooperatives asked about until then'),
      lossLimit: count.describe('above so many losses it stops'),
      losses: count.describe('cooperatives that would have lost'),
      run,
    }),
    sealed: {},
  },
  'mersis.run-ended': {
    when: 'when a run has ended',
    data: z.strictObject({
      asked: count.describe('cooperatives asked about'),
      changed: count.describe('of which something had changed'),
      failed: count.describe('without an answer to rely on'),
      losses: count.describe('cooperatives that lost'),
      refused: count.describe('answers that were not believed'),
      run,
    }),
    sealed: {},
  },
  'mersis.reviewed': {
    when: 'when an officer has looked at what a stopped run holds',
    data: z.strictObject({
      actor: member.actor,
      cooperatives: count.describe('whose changes were held'),
      lost: count.describe('seats'),
      osUser,
      run,
    }),
    sealed: ACTOR,
  },
  'mersis.released': {
    when: 'when a second officer lets a stopped run’s changes pass, or rejects them',
    data: z.strictObject({
      actor: member.actor,
      cooperatives: count.describe('whose changes were held'),
      decision: z.enum(['released', 'rejected']).describe('what the officer decided'),
      osUser,
      reason: text(500).nullable().describe('why, in the officer’s words'),
      run,
    }),
    sealed: ACTOR,
  },
  'mersis.registered': {
    when: 'when the list of cooperatives that are polled is brought in',
    data: z.strictObject({
      actor: member.actor.nullable().describe('null where the sandbox brings it'),
      added: count.describe('cooperatives that were not polled before'),
      fileSha256: member.sha256.nullable().describe('of the file; null where there is none'),
      osUser,
    }),
    sealed: ACTOR,
  },
} as const satisfies Record<string, KindRow>;
