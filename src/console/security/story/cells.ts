import type { Cell, Part } from '../../frame/parts.js';
import { storyPath } from '../search/found-table.js';

export type Step = Extract<Part, { part: 'steps' }>['steps'][number];

/** A label with its value beneath it, as a step has them. */
export function labelled(label: { readonly tr: string; readonly en: string }, value: Cell): Cell {
  return { lines: [{ tr: `${label.tr}:`, en: `${label.en}:` }, value] };
}

/** Links to the entries that a step is told from. */
export function entryLinks(leaves: readonly bigint[]): readonly Cell[] {
  return leaves.map((leaf) => ({
    href: storyPath(leaf),
    text: { tr: `Kayıt ${leaf}`, en: `Entry ${leaf}` },
  }));
}
