/** Pages of the witness are bounded; a register is read twice here. */
const MAX_PAGES = 10_000;

/** Questions that reached the stand-in of MERSİS, refused ones left out. */
export async function countSeen(control: string): Promise<number> {
  let count = 0;
  let after = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const response = await fetch(`${control}/seen?system=mersis&after=${after}`, {
      signal: AbortSignal.timeout(60_000),
    });
    const { next, requests } = (await response.json()) as { next: number; requests: { refused?: string }[] };
    if (requests.length === 0) return count;
    count += requests.filter((request) => request.refused === undefined).length;
    after = next;
  }
  throw new Error('the witness does not come to an end');
}
