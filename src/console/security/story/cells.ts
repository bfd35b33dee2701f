import type { Cell, Fact, Part } from '../../frame/parts.js';
import { storyPath } from '../search/found-table.js';

export type Step = Extract<Part, { part: 'steps' }>['steps'][number];

/** What is known of a step, by its name. */
export function fact(label: { readonly tr: string; readonly en: string }, value: Cell): Fact {
  return { label, value };
}

/** Links to the entries that a step is told from. */
export function entryLinks(leaves: readonly bigint[]): readonly Cell[] {
  return leaves.map((leaf) => ({
    href: storyPath(leaf),
    text: { tr: `Kayıt ${leaf}`, en: `Entry ${leaf}` },
  }));
}
