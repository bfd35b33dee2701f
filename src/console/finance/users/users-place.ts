/** Which page of users. `after`: leaf of the last row before it, so that no person stands in an address; `before`: rows before it. */
export interface UsersPlace {
  readonly quarter: string;
  readonly account: string | null;
  readonly after: bigint | null;
  readonly before: number;
}

const LEAF = /^\d{1,15}$/;
const COUNT = /^\d{1,9}$/;

/** The place that an address or a form names; null: none. */
export function usersPlace(
  quarter: string,
  account: string | null,
  { sira, sonra }: { readonly sonra: string; readonly sira: string },
): UsersPlace | null {
  if (sonra === '') return { quarter, account, after: null, before: 0 };
  if (!LEAF.test(sonra) || !COUNT.test(sira)) return null;
  return { quarter, account, after: BigInt(sonra), before: Number(sira) };
}
