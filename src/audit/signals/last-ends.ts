import type { Queryable } from '../../storage/database.js';
import type { Finding } from './rule.js';

/** When the last told window of a rule and user ends, by `nameOf`. */
export type LastEnds = Map<string, Date>;

interface Whose {
  readonly rule: { readonly code: string };
  readonly actorTag: Buffer;
}

/** Names a rule and a user. */
function nameOf({ rule, actorTag }: Whose): string {
  return `${actorTag.toString('hex')} ${rule.code}`;
}

/** The last told windows of the rules and users of `findings`. */
export async function readLastEnds(q: Queryable, findings: readonly Whose[]): Promise<LastEnds> {
  const whose = [...new Map(findings.map((finding) => [nameOf(finding), finding])).values()];
  if (whose.length === 0) return new Map();
  const { rows } = await q.query<{ rule: string; actor_tag: Buffer; last: Date }>({
    text: `SELECT s.rule, s.actor_tag, max(s.window_end) AS last FROM bridge.signal s
      WHERE (s.actor_tag, s.rule) IN (SELECT * FROM unnest($1::bytea[], $2::text[])) GROUP BY 1, 2`,
    values: [whose.map(({ actorTag }) => actorTag), whose.map(({ rule }) => rule.code)],
  });
  return new Map(
    rows.map(({ rule, actor_tag: actorTag, last }) => [nameOf({ rule: { code: rule }, actorTag }), last]),
  );
}

/**
 * False where the finding's window begins before the last told one of its rule and user has ended; else its end is the last
 * one now. So a burst that lasts is told once a window, and no deed stands in two signals of a rule.
 */
export function takesTurn(ends: LastEnds, finding: Finding): boolean {
  const name = nameOf(finding);
  const last = ends.get(name);
  if (last !== undefined && finding.windowStart < last) return false;
  ends.set(name, finding.windowEnd);
  return true;
}
