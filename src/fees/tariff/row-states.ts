import { switchOn, type TariffRow, type TariffSwitch } from './tariff.js';

/**
 * Where a row of the tariff stands. `in-force`: some service is priced by it today; `coming`: switched on for a later day; `past`: was in
 * force; `not-active`: loaded, never switched on.
 */
type RowState = 'in-force' | 'coming' | 'past' | 'not-active';

/** `loaded`: the settings have it. `since`: the day from which it is or was in force last; `next`: the coming one. */
export interface TariffRowState extends TariffRow {
  readonly loaded: boolean;
  readonly state: RowState;
  readonly since: string | null;
  readonly next: string | null;
}

/** Stands for services without a row of their own. */
const ANY_SERVICE = '';

/**
 * Every row that the settings have, and those switched on that they no longer have. `services`: all that can be asked. A row of the
 * settings keeps its day by the gazette (`from`).
 */
export function rowStates(
  rows: readonly TariffRow[],
  switches: readonly TariffSwitch[],
  services: readonly string[],
  today: string,
): readonly TariffRowState[] {
  const inForce = new Set(
    [ANY_SERVICE, ...services].map((service) => switchOn(switches, service, today)?.id),
  );
  const dropped = switches.filter(
    (one, i) => !rows.some(({ id }) => id === one.id) && switches.findIndex(({ id }) => id === one.id) === i,
  );
  const stateOf = (row: TariffRow, loaded: boolean): TariffRowState => {
    const days = switches.filter(({ id }) => id === row.id).map(({ from }) => from);
    const since = days.filter((day) => day <= today).at(-1) ?? null;
    const next = days.find((day) => day > today) ?? null;
    const { amountKurus, basis, from, gazette, id, service } = row;
    const state = stateBy(inForce.has(id), since, next);
    return { id, from, amountKurus, basis, service, gazette, loaded, state, since, next };
  };
  return [...rows.map((row) => stateOf(row, true)), ...dropped.map((row) => stateOf(row, false))];
}

function stateBy(isInForce: boolean, since: string | null, next: string | null): RowState {
  if (isInForce) return 'in-force';
  if (next !== null) return 'coming';
  return since === null ? 'not-active' : 'past';
}
