import type { FullHouse } from './full-house.js';

/** Everything that a check looks at. */
const TABLES = [
  'log_head',
  'entry',
  'log_tag',
  'log_search',
  'log_search_outcome',
  'log_indexed',
  'log_tile',
  'log_timestamp',
  'log_checkpoint',
  'log_detached',
  'person_key',
  'destroyed_key',
  'fee_line',
  'fee_usage',
  'fee_fold',
  'fee_rollup',
  'fee_by_cooperative',
  'fee_by_actor',
  'fee_saved',
  'fee_tariff_switch',
  'fee_quarter',
  'fee_freeze',
  'fee_notice',
  'fee_payment',
  'fee_import',
  'fee_figure',
  'fee_difference',
  'fee_correction',
  'fee_stop_lift',
  'fee_agreement_request',
  'proposal',
  'identity_query',
  'legal_hold',
  'authority_seat',
  'authority_history',
  'authority_role',
  'authority_cooperative',
  'authority_head',
  'authority_event',
  'authority_person',
];

/** Keeps a copy of the tables in schema `name`, as a backup would. */
export function backUp(full: FullHouse, name: string): Promise<void> {
  const copies = TABLES.map((table) => `CREATE TABLE ${name}.${table} AS TABLE bridge.${table};`);
  return full.tamper(`CREATE SCHEMA ${name}; ${copies.join(' ')}`);
}

/** Puts the copy back in the place of what stands there. */
export function restore(full: FullHouse, name: string, tables: readonly string[] = TABLES): Promise<void> {
  const copies = tables.map(
    (table) => `DELETE FROM bridge.${table}; INSERT INTO bridge.${table} SELECT * FROM ${name}.${table};`,
  );
  return full.tamper(copies.join(' '));
}
