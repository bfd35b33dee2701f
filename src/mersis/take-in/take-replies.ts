import type { Appender } from '../../audit/appender.js';
import type { TakeIn } from '../poll/take-in-port.js';
import { type ReadingTools, toReading } from '../to-reading.js';
import type { TakeInTools, TakenIn } from './port.js';
import { takeIn } from './take-in.js';

/**
 * Takes records in as MERSİS gave them (`takeIn`). Replies without a record are passed over: nothing is taken away for them, and whoever
 * asked records what is wrong with them.
 */
export function createTakeIn(log: Appender, tools: TakeInTools & ReadingTools) {
  return ((replies) =>
    takeIn(
      log,
      tools,
      replies.flatMap(({ readAt, reply, runId }) =>
        reply.kind === 'found'
          ? [{ reading: toReading(reply.record, tools), asOf: reply.asOf, readAt, runId }]
          : [],
      ),
    )) satisfies TakeIn as (replies: Parameters<TakeIn>[0]) => Promise<readonly TakenIn[]>;
}
