import type { Entry } from './entry.js';
import { at, isCount, type Json, type JsonObject, same } from './strict-json.js';

/** Input data of a version at the most. A start does not say them, nor a decision those of a later version: any whole number of them will do. */
const MAX_INPUTS = 20;

/**
 * Why the price of `intent` does not follow from a switch of the tariff (`fees.tariff-switched`); null where it does. That no later
 * switch came between them is not to be seen here: one would have to read the whole log.
 */
export function switchFault(tariff: JsonObject, intent: Entry): string | null {
  const service = tariff.get('service');
  if (service !== null && !same(service, intent.data.get('service'))) return 'another service';
  if (!hasBegun(tariff.get('from'), intent)) return 'not in force on the day';
  if (!isNamed(tariff, intent)) return 'another row than the intent names';
  return isPriceOf(tariff, intent, inputsOf(tariff, intent.data)) ? null : 'not the price';
}

/** The same for the start of an instance (`bridge.started`), which lists the rows of its tariff. */
export function startFault(start: JsonObject, intent: Entry): string | null {
  if (!same(start.get('instance'), intent.data.get('instance'))) return 'instance';
  const rows = start.get('tariff');
  const gives =
    Array.isArray(rows) &&
    rows.some(
      (row: Json) =>
        at(row, 'active') === true &&
        hasBegun(at(row, 'from'), intent) &&
        isNamed(row, intent) &&
        isPriceOf(row, intent, null),
    );
  return gives ? null : 'no row gives the price';
}

/**
 * The price that a unit is charged once the end is known: on the basis of returned records nothing where none came back, which an unknown
 * outcome does not say.
 */
export function chargedPrice(intent: Entry, outcome: JsonObject): Json | undefined {
  const withoutRecord = outcome.get('state') === 'refused' || outcome.get('outcome') === 'not-found';
  const isByRecord = at(intent.data, 'price', 'basis') === 'per-returned-record';
  return isByRecord && withoutRecord ? 0 : at(intent.data, 'price', 'unitPriceKurus');
}

/** A day begins in Istanbul three hours before it does in UTC. */
function hasBegun(from: Json | undefined, { at: instant }: Entry): boolean {
  if (typeof from !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(from)) return false;
  return Date.parse(`${from}T00:00:00+03:00`) <= Date.parse(instant);
}

function isNamed(row: Json, intent: Entry): boolean {
  return ['basis', 'gazette'].every((name) => same(at(row, name), at(intent.data, 'price', name)));
}

/** Nothing outside the fee, else what a unit of the row comes to. `inputs`: null where the row does not say them. */
function isPriceOf(row: Json, { data }: Entry, inputs: Json | undefined | null): boolean {
  const [price, amount] = [at(data, 'price', 'unitPriceKurus'), at(row, 'amountKurus')];
  if (!isCount(price) || !isCount(amount)) return false;
  if (data.get('feeClass') !== 'paying') return data.get('feeClass') === 'outside' && price === 0;
  switch (at(row, 'basis')) {
    case 'per-query':
    case 'per-returned-record':
      return price === amount;
    case 'per-input-datum':
      return isByInputs(price, amount, inputs);
    default:
      return false;
  }
}

function isByInputs(price: number, amount: number, inputs: Json | undefined | null): boolean {
  if (inputs !== null) return isCount(inputs) && price === amount * inputs;
  if (amount === 0) return price === 0;
  return price > 0 && price % amount === 0 && price <= amount * MAX_INPUTS;
}

/** What the decision knew it fixed. Null: a version that it did not know. */
function inputsOf(tariff: JsonObject, intent: JsonObject): Json | undefined | null {
  const list = tariff.get('inputs');
  if (!Array.isArray(list)) return undefined;
  const [service, version] = [intent.get('service'), intent.get('serviceVersion')];
  const known = list.find(
    (one: Json) => same(at(one, 'service'), service) && same(at(one, 'version'), version),
  );
  return known === undefined ? null : at(known, 'inputs');
}
