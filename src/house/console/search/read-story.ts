import { findStory } from '../../../audit/export/find-story.js';
import { SNAPSHOT } from '../../../audit/search/read-page.js';
import type { SealedLine } from '../../../audit/search/reveal.js';
import type { QueryStory } from '../../../console/security/story/ports.js';
import { isBridgeError } from '../../../errors/bridge-error.js';
import type { Database, Queryable } from '../../../storage/database.js';

/** The story of a query in one snapshot; null where the log at hand does not hold it. Errors: those of `Database`. */
export async function readStory(db: Database, query: string): Promise<QueryStory | null> {
  try {
    return await db.transaction(
      async (tx) => {
        const story = await findStory(tx, query);
        const opened = story.entries.find(({ role }) => role === 'sign-in');
        return { ...story, judged: opened === undefined ? null : await readJudged(tx, opened) };
      },
      { begin: SNAPSHOT },
    );
  } catch (error) {
    if (isBridgeError(error, 'NOT_FOUND')) return null;
    throw error;
  }
}

/** What the two-step rule said: written in front of `session.opened` in one go, about the same person: the same key seals both. */
async function readJudged(
  q: Queryable,
  opened: { readonly leaf: bigint; readonly line: string },
): Promise<QueryStory['judged']> {
  const { rows } = await q.query<{ leaf: bigint; line: string }>({
    text: `SELECT leaf_index AS leaf, line FROM bridge.entry WHERE leaf_index = $1 AND kind = 'two-step.judged'`,
    values: [opened.leaf - 1n],
  });
  const [judged] = rows;
  return judged !== undefined && actorKey(judged.line) === actorKey(opened.line) ? judged : null;
}

function actorKey(line: string): string | undefined {
  return (JSON.parse(line) as SealedLine).sealed['actor.number']?.key;
}
