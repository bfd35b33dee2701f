import { turkishDay } from '../../calendar/turkish-day.js';
import {
  inputsOf,
  type PricedService,
  type ServiceInputs,
  switchOn,
  type TariffRow,
  type TariffSwitch,
} from './tariff.js';

/** What a switch is held against. `agreed`: services with their versions that the accounts' agreements name. `today`: Europe/Istanbul. */
export interface SwitchWorld {
  readonly switches: readonly TariffSwitch[];
  readonly inputs: readonly ServiceInputs[];
  readonly agreed: readonly PricedService[];
  readonly today: string;
}

/** Why a row cannot be switched on: `day` for what another day would mend, `state` for what the world has to. `tr`: the message in Turkish. */
export interface SwitchObstacle {
  readonly about: 'day' | 'state';
  readonly message: string;
  readonly tr: string;
}

/** Letters and gazettes do not speak of later days; a wrong year typed must not wait unseen. */
const YEARS_AHEAD = 2;
/** Stands for services without a row of their own. */
const ANY_SERVICE = '';

/**
 * Whether `row` can be in force from the day `from` on; null where it can. Asked when it is proposed and again when it is approved. What has
 * been is never touched: the day is still to come.
 */
export function obstacleToSwitch(row: TariffRow, from: string, world: SwitchWorld): SwitchObstacle | null {
  return dayObstacle(row, from, world) ?? stateObstacle(row, from, world);
}

/** Which row `row` takes the place of on the day `from`; null where none is in force. */
export function rowBefore(
  row: TariffRow,
  from: string,
  switches: readonly TariffSwitch[],
): TariffSwitch | null {
  return switchOn(switches, row.service ?? ANY_SERVICE, from);
}

/**
 * Input data that a price by `row` rests on: what the officers see, what must be the same when it is approved, and what is fixed by it. All that
 * the settings know, also of services that no agreement names yet: an agreement to come must not leave the price to one person's edit.
 */
export function inputsBehind(
  row: TariffRow,
  { inputs }: Pick<SwitchWorld, 'inputs'>,
): readonly ServiceInputs[] {
  if (row.basis !== 'per-input-datum') return [];
  return inputs.filter(({ service }) => isFor(row, service));
}

/** True where both price alike. Days are left out: a switch has its own. */
export function isSamePrice(one: TariffRow, other: TariffRow): boolean {
  return one.amountKurus === other.amountKurus && one.basis === other.basis && one.service === other.service;
}

function dayObstacle(row: TariffRow, from: string, { today }: SwitchWorld): SwitchObstacle | null {
  const no = (message: string, tr: string): SwitchObstacle => ({ about: 'day', message, tr });
  if (from <= today)
    return no(
      `a row is switched on from a coming day on, tomorrow at the earliest; today is ${today}`,
      `satır gelecek bir günden başlayarak, en erken yarın etkin olur; bugün ${turkishDay(today)}`,
    );
  if (from < row.from)
    return no(
      `by the gazette ${row.id} is in force from ${row.from} on: not before`,
      `satır Resmî Gazete’ye göre ${turkishDay(row.from)} gününden başlayarak yürürlükte: daha önce olamaz`,
    );
  const last = `${Number(today.slice(0, 4)) + YEARS_AHEAD}${today.slice(4)}`;
  if (from > last)
    return no(
      `${YEARS_AHEAD} years ahead at the most: until ${last}`,
      `en çok ${YEARS_AHEAD} yıl ilerisi: ${turkishDay(last)} gününe kadar`,
    );
  return null;
}

function stateObstacle(row: TariffRow, from: string, world: SwitchWorld): SwitchObstacle | null {
  const no = (message: string, tr: string): SwitchObstacle => ({ about: 'state', message, tr });
  const { agreed, switches } = world;
  const namesake = switches.find(({ id }) => id === row.id);
  if (namesake !== undefined && !isSamePrice(namesake, row))
    return no(
      `another row was switched on as ${row.id}: the one in the settings needs an id of its own`,
      'bu adla başka bir satır etkinleştirilmişti: ayarlardaki satıra ayrı bir ad gerekir',
    );
  const clash = switches.find((one) => one.from === from && isForSame(one, row));
  if (clash !== undefined)
    return no(
      `${clash.id} is in force from the same day on: two rows would have one day`,
      'aynı günden başlayan başka bir satır var: iki satırın günü bir olamaz',
    );
  const services = row.service === null ? [ANY_SERVICE, ...agreed.map(({ name }) => name)] : [row.service];
  if (services.every((service) => switchOn(switches, service, from)?.id === row.id))
    return no(`${row.id} is in force on that day already`, 'bu satır o gün zaten yürürlükte');
  const unknown = unknownInputs(row, world);
  if (unknown !== null)
    return no(
      `fees.inputs does not say how many input data ${unknown.name} ${unknown.version} takes: without it there is no price`,
      `ayarlarda (fees.inputs) ${unknown.name} ${unknown.version} için girdi verisi sayısı yok: o olmadan fiyat bulunamaz`,
    );
  return null;
}

function unknownInputs(row: TariffRow, { agreed, inputs }: SwitchWorld): PricedService | null {
  if (row.basis !== 'per-input-datum') return null;
  return agreed.find((one) => isFor(row, one.name) && inputsOf(inputs, one) === undefined) ?? null;
}

function isFor(row: TariffRow, service: string): boolean {
  return row.service === null || row.service === service;
}

function isForSame(one: TariffRow, other: TariffRow): boolean {
  return one.service === null || other.service === null || one.service === other.service;
}
