import type { System } from './system.js';

/** An entry of the log as it is exported, without what is sealed. */
export interface SeenEntry {
  readonly kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: data of any kind, for tests that look into it freely
  readonly data: any;
}

/** Reads what came into the log since the last look. */
export class EntryLook {
  readonly #system: Pick<System, 'sql'>;
  #from = 0;

  constructor(system: Pick<System, 'sql'>) {
    this.#system = system;
  }

  /** All entries since the last look, in the log's order; `kinds`: only these. */
  async since(kinds?: RegExp): Promise<SeenEntry[]> {
    const text = 'SELECT leaf_index, line FROM bridge.entry WHERE leaf_index >= $1 ORDER BY leaf_index';
    const rows = await this.#system.sql(text, [this.#from]);
    const last = rows.at(-1);
    if (last !== undefined) this.#from = Number(last.leaf_index) + 1;
    const entries = rows.map(({ line }) => JSON.parse(line) as SeenEntry);
    return kinds === undefined ? entries : entries.filter(({ kind }) => kinds.test(kind));
  }
}
