/** Names longer than this are cut before they are compared or shown: the table of distances grows with the square. */
const MAX_COMPARED = 64;

const MIN_ABBREVIATION = 3;

/** Levenshtein distance: the least number of inserted, removed or changed characters. */
export function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** An abbreviation (`dir` for `directory`) is one slip, however many letters it saves. */
function slips(wanted: string, known: string): number {
  const shorter = Math.min(wanted.length, known.length);
  const abbreviated = shorter >= MIN_ABBREVIATION && wanted.slice(0, shorter) === known.slice(0, shorter);
  return abbreviated ? Math.min(1, editDistance(wanted, known)) : editDistance(wanted, known);
}

/** The known name that is nearest to `name` (case counts for nothing), the first of equals; undefined where none is known. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.slice(0, MAX_COMPARED).toLowerCase();
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = slips(wanted, candidate.slice(0, MAX_COMPARED).toLowerCase());
    if (best === undefined || distance < best.distance) best = { name: candidate, distance };
  }
  return best?.name;
}
