/**
 * An offline proof that leaf number `leaf` is in the tree of `checkpoint` (C2SP tlog-proof): the inclusion proof, lowest
 * hash first, and the whole signed note. No `extra` line: it would be covered by no signature.
 */
export function formatTlogProof({ leaf, proof, checkpoint }: TlogProof): string {
  const hashes = proof.map((hash) => `${hash.toString('base64')}\n`);
  return `c2sp.org/tlog-proof@v1\nindex ${leaf}\n${hashes.join('')}\n${checkpoint}`;
}

interface TlogProof {
  readonly leaf: bigint;
  readonly proof: readonly Buffer[];
  /** The signed note, as it was stored. */
  readonly checkpoint: string;
}
