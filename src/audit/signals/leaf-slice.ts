/** The new leaves [first, end) that a look is about. */
export interface LeafSlice {
  readonly first: bigint;
  readonly end: bigint;
}

/** Sides share no tag, but only the key's row says which one a tag `t` is of. */
export const ACTIVE_SIDE =
  "JOIN bridge.person_key k ON k.tag = t.tag AND k.year = t.year AND k.side = 'actor'";
