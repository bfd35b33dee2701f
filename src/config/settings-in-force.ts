import { listSettings } from './flat-settings.js';
import type { BridgeConfig } from './schema.js';
import { settingsTable } from './settings-table.js';
import { sourceOf } from './show-config.js';

/** One setting as it is in force, secrets and names as `***`. */
export interface SettingInForce {
  readonly path: string;
  readonly value: string;
  /** `file`, the name of an environment variable, or null: the default. */
  readonly source: string | null;
  /** Path of the row of the schema that speaks of it (`clients[].id`); '' where none does. */
  readonly row: string;
  /** Why it is there, or why its default is what it is; '' where the schema says nothing. */
  readonly reason: string;
}

/** Every setting in force, in the order of the settings, with where it came from and why it is there. */
export function settingsInForce(config: BridgeConfig): readonly SettingInForce[] {
  const reasons = new Map(settingsTable().map(({ path, reason }) => [path, reason]));
  return listSettings(config).map(({ path, place, value }) => {
    const row = rowOf(path, reasons);
    const source = sourceOf(place, config.sources) ?? null;
    return { path, value, source, row, reason: reasons.get(row) ?? '' };
  });
}

/** That of the setting, or of the list that it is an item of; what is further around it is of other things. */
function rowOf(path: string, reasons: ReadonlyMap<string, string>): string {
  const row = path.replace(/\[[^\]]*\]/g, '[]').replace(/\[\]$/, '');
  return (reasons.get(row) ?? '') === '' ? '' : row;
}
