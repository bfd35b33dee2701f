import type { FormFields } from '../../frame/call.js';
import { type GroundField, readGround } from '../ground.js';
import { dayTyped, instantTyped } from './instants.js';
import { kindsOf } from './kind-words.js';

/** Criteria that are sent as they were typed. */
const TEXTS = [
  'person',
  'actor',
  'cooperative',
  'purpose',
  'outcome',
  'screen',
  'service',
  'reference',
  'query',
  'session',
  'code',
] as const;

/** Single fields of the form of a search; what a page does not offer stays empty. */
export type SearchField = (typeof TEXTS)[number] | 'from' | 'to' | GroundField;

/** What was typed into a form of a search. */
export interface TypedSearch {
  readonly texts: Readonly<Partial<Record<SearchField, string>>>;
  /** Boxes that were ticked, by name of the group. */
  readonly groups: readonly string[];
}

const FIELDS: readonly SearchField[] = [...TEXTS, 'from', 'to'];

export function readTyped(fields: FormFields): TypedSearch {
  const texts = Object.fromEntries(FIELDS.map((name) => [name, fields.get(name)]));
  return { texts: { ...texts, ...readGround(fields) }, groups: fields.all('kinds') };
}

/** What was typed as the body of a search, as the API has it; empty fields are not there. */
export function bodyOf({ groups, texts }: TypedSearch, kinds: readonly string[] = kindsOf(groups)): object {
  const given = TEXTS.flatMap((name) => (texts[name] ? [[name, texts[name]] as const] : []));
  const instants = (['from', 'to'] as const).flatMap((name) =>
    texts[name] ? [[name, instantTyped(texts[name])] as const] : [],
  );
  return {
    basis: {
      authority: texts.authority ?? '',
      documentNo: texts.documentNo ?? '',
      date: dayTyped(texts.date ?? ''),
    },
    criteria: { ...Object.fromEntries([...given, ...instants]), ...(kinds.length > 0 ? { kinds } : {}) },
  };
}
