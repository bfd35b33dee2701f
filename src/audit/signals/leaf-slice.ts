/** The new leaves [first, end) that a look is about. */
export interface LeafSlice {
  readonly first: bigint;
  readonly end: bigint;
}

/**
 * The sides share no tag, but only the key's row says which one a tag `t` is of. Here and in the statements beside it, LATERAL
 * with LIMIT or OFFSET makes PostgreSQL look up row by row in the order of writing: without statistics (a new range has none)
 * it would begin with all keys there are.
 */
export const sideOf = (side: 'actor' | 'subject') => `CROSS JOIN LATERAL (SELECT 1 FROM
      (SELECT side FROM bridge.person_key WHERE tag = t.tag AND year = t.year OFFSET 0) k WHERE side = '${side}' LIMIT 1) k`;

/** Who stands in the new leaves, $1 to $2. */
export const NEW_TAGS = `(SELECT leaf_index, tag, year FROM bridge.log_tag
      WHERE leaf_index >= $1 AND leaf_index < $2 OFFSET 0) t`;

/** Holds for a row of `t` whose entry has one of these kinds. */
export const kindOf = (kinds: string) => `CROSS JOIN LATERAL (SELECT 1 FROM bridge.log_search
      WHERE leaf_index = t.leaf_index AND kind IN (${kinds}) LIMIT 1) s`;
