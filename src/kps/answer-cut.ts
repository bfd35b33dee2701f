/**
 * Cuts out of an answer what the bridge has no business with (religion, photographs, relatives, cards) while it is
 * being checked, so that no later parser even sees it, and none spends time on it.
 */
export class AnswerCut {
  readonly #xml: string;
  readonly #keep: ReadonlySet<string>;
  readonly #parents: string[] = [];
  readonly #kept: string[] = [];
  #from = 0;
  /** Depth of the element that is being left out; 0 = none is. */
  #skipping = 0;

  /** `keep`: local names of the members that are read. */
  constructor(xml: string, keep: ReadonlySet<string>) {
    this.#xml = xml;
    this.#keep = keep;
  }

  /** For each start tag; `afterTag` is the position behind it. */
  open(local: string, depth: number, afterTag: number): void {
    if (this.#skipping !== 0) return;
    if (this.#keeps(local, depth)) {
      this.#parents[depth] = local;
      return;
    }
    this.#skipping = depth;
    // A raw `<` stands nowhere inside a tag, so the last one before its end begins it.
    this.#kept.push(this.#xml.slice(this.#from, this.#xml.lastIndexOf('<', afterTag - 1)));
  }

  /** For each end tag (also of `<a/>`). */
  close(depth: number, afterTag: number): void {
    if (depth !== this.#skipping) return;
    this.#skipping = 0;
    this.#from = afterTag;
  }

  /** The document without what was left out; as well formed as it was. */
  result(): string {
    return this.#kept.join('') + this.#xml.slice(this.#from);
  }

  #keeps(local: string, depth: number): boolean {
    // Envelope, then Body without Header, then the answer's element and its Result.
    if (depth <= RESULT_DEPTH) return depth !== 2 || local === 'Body';
    return this.#keep.has(local) || LISTS.has(this.#parents[depth - 1] ?? '');
  }
}

const RESULT_DEPTH = 4;
/** The names of list items differ between services, and one service's are not public. */
const LISTS: ReadonlySet<string> = new Set(['SorguSonucu', 'DoluBilesenler']);
