import type { z } from 'zod';
import { settingsSchema } from './schema.js';
import { settingFacts } from './schema-walk.js';

/** One line of `docs/settings.md`. `default` is JSON, words, or `required` / `none`. */
export interface SettingRow {
  readonly path: string;
  readonly type: string;
  readonly default: string;
  readonly reason: string;
}

function shownDefault(facts: ReturnType<typeof settingFacts>): string {
  if (facts.shownDefault !== undefined) return facts.shownDefault;
  if (facts.defaultValue !== undefined) return JSON.stringify(facts.defaultValue);
  return facts.optional ? 'none' : 'required';
}

function rowsOf(schema: z.core.$ZodType, path: string): SettingRow[] {
  const facts = settingFacts(schema);
  const { shape } = facts;
  if (shape.type === 'group') {
    const below = [...shape.keys].flatMap(([key, child]) =>
      rowsOf(child, path === '' ? key : `${path}.${key}`),
    );
    // One that may be null is a setting itself: what it means not to give it has to be said.
    if (!facts.nullable) return below;
    return [{ path, type: 'group', default: shownDefault(facts), reason: facts.reason }, ...below];
  }
  const type = shape.type === 'choice' ? shape.choices.join(' | ') : shape.type;
  const own = { path, type, default: shownDefault(facts), reason: facts.reason };
  const below =
    shape.type === 'list' && settingFacts(shape.element).shape.type === 'group'
      ? rowsOf(shape.element, `${path}[]`)
      : [];
  return [own, ...below];
}

/** Every setting with its default and the reason for it, in the order of the schema: the source of `docs/settings.md`. */
export function settingsTable(): SettingRow[] {
  return rowsOf(settingsSchema, '');
}
