import { randomUUID } from 'node:crypto';
import { actorData, actorNumber } from '../../appointments/entries.js';
import type { CheckRegistry, RegistryCheck } from '../../appointments/ports.js';
import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { EntryDraft } from '../../audit/entry.js';
import type { Lane } from '../../audit/lane.js';
import { plainLane } from '../../audit/plain-lane.js';
import { lockBudget, type SpentBudget } from '../../mersis/poll/budget.js';
import type { MersisReply, MersisSource } from '../../mersis/port.js';

/** What a reading needs. `dailyBudget`: requests of all instances in one day. */
export interface RegistryTools {
  readonly log: Appender;
  readonly instance: string;
  readonly source: MersisSource;
  readonly dailyBudget: number;
  now(): Date;
}

/** The applicant waits, and asks again. */
const PATIENCE_MS = 2_000;

const OPERATION = 'appointment-apply';

/**
 * Asks MERSİS once about a number and its VKN, for a person: `mersis.asked` before, counted against the day's budget,
 * `mersis.answered` before anything follows from it. Whatever is no answer to rely on is `unavailable`. `log` needs `budgetApplier`.
 */
export function createCheckRegistry(tools: RegistryTools): CheckRegistry {
  const { log, instance, source } = tools;
  const lane = askLane(tools);
  return async ({ mersisNo, vkn }, { user, call }) => {
    const ask = randomUUID();
    const asked = draftOf(
      'mersis.asked',
      tools.now(),
      {
        ...{ actor: actorData(user), ask, client: call.client.id, cooperative: mersisNo, instance },
        ...{ operation: OPERATION, requestId: call.headers.requestId, vkn: null },
      },
      [actorNumber(user.person)],
    );
    const isPaid = await log.submit(lane, asked);
    if (!isPaid) return 'unavailable';
    const result = resultOf(await source.read({ mersisNo }), vkn);
    // The word of the closed list for a VKN that is another one.
    const word = result === 'vkn-differs' ? 'mismatch' : result;
    const answered = { ask, instance, operation: OPERATION, result: word } as const;
    await log.submit(plainLane, draftOf('mersis.answered', tools.now(), answered));
    return result;
  };
}

/** False where nothing of the day is left: then nothing is asked, and nothing written. */
function askLane({ dailyBudget }: RegistryTools): Lane<EntryDraft, boolean> {
  return {
    name: '4-appointment-ask',
    patienceMs: PATIENCE_MS,
    settle: async (tx, drafts, now) => {
      let { day, used } = await lockBudget(tx, now);
      return drafts.map((draft) => {
        if (used >= dailyBudget) return { entries: [], effects: [], answer: () => false };
        used += 1;
        const spent: SpentBudget = { kind: 'mersis-spent', day, count: 1 };
        return { entries: [draft], effects: [spent], answer: () => true };
      });
    },
  };
}

function resultOf(reply: MersisReply, vkn: string): RegistryCheck {
  if (reply.kind === 'not-found') return 'not-found';
  if (reply.kind === 'fault') return 'unavailable';
  return reply.record.vkn === vkn ? 'match' : 'vkn-differs';
}
