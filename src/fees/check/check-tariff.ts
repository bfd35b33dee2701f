import { isDeepStrictEqual } from 'node:util';
import type { DataOf } from '../../audit/catalogue/catalogue.js';
import { FoundDifference } from '../../audit/check/difference.js';
import { isDetached, readDetachedParts } from '../../audit/check/entries-at.js';
import type { LineCheck, ReadEntry } from '../../audit/check/line-check.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Transaction } from '../../storage/database.js';
import { SEEDS } from '../tariff/seeds.js';
import { inputsOf, switchOn, type TariffSwitch } from '../tariff/tariff.js';
import { type PlacedSwitch, readPlacedSwitches } from './placed-switches.js';

type Intent = DataOf<'query.intent'>;

const NAME = 'fee-tariff';
/** Input data of a version of a service at the most, as the settings allow. */
const MAX_INPUTS = 20;

/**
 * The tariff and the prices. The rows in force are the two of the law and those that a second person approved, nothing else; and each intent
 * names the price of the row that was in force on its day by the log's own decisions until then. Where it is counted by input data, they are
 * those of the decision; of a version that it did not know, a whole number of them: how many is a setting. Decisions in detached ranges are
 * taken from the table.
 */
export async function checkTariff(tx: Transaction): Promise<LineCheck> {
  const detached = await readDetachedParts(tx);
  const rows = await readPlacedSwitches(tx);
  const away = rows.filter(({ leaf }) => leaf !== null && isDetached(detached, leaf));
  const told: PlacedSwitch[] = [...SEEDS.map((one) => ({ ...one, leaf: null })), ...away];
  const known: TariffSwitch[] = [...told];
  let priced = 0;
  return {
    name: NAME,
    take: async ({ entries }) => {
      for (const entry of entries) {
        if (entry.kind === 'fees.tariff-switched') {
          const one = switchOf(entry);
          told.push(one);
          known.push(one);
        } else if (entry.kind === 'query.intent') {
          requirePrice(entry, known);
          priced += 1;
        }
      }
    },
    finish: async () => {
      holdRows(rows, told);
      return `${rows.length} rows of the tariff are those that were put in force, and ${priced} intents are priced by them`;
    },
  };
}

function switchOf({ data, leaf }: ReadEntry): PlacedSwitch {
  const { amountKurus, basis, from, gazette, inputs, row, service } =
    data as unknown as DataOf<'fees.tariff-switched'>;
  return { id: row, from, amountKurus, basis, service, gazette, inputs, leaf };
}

function holdRows(rows: readonly PlacedSwitch[], told: readonly PlacedSwitch[]): void {
  const left = new Map(told.map((one) => [keyOf(one), one]));
  for (const row of rows) {
    const said = left.get(keyOf(row));
    left.delete(keyOf(row));
    if (said === undefined)
      throw new FoundDifference(
        NAME,
        `row ${row.id} is in force from ${row.from}, and no entry says so`,
        row.leaf,
      );
    if (!isSame(row, said))
      throw new FoundDifference(NAME, `row ${row.id} is not what was put in force`, said.leaf);
  }
  for (const { from, id, leaf } of left.values())
    throw new FoundDifference(NAME, `row ${id}, in force from ${from}, is gone`, leaf);
}

function keyOf({ from, id }: PlacedSwitch): string {
  return `${from} ${id}`;
}

function isSame(a: PlacedSwitch, b: PlacedSwitch): boolean {
  return (
    a.amountKurus === b.amountKurus &&
    a.basis === b.basis &&
    a.service === b.service &&
    a.gazette === b.gazette &&
    isDeepStrictEqual(a.inputs, b.inputs) &&
    a.leaf === b.leaf
  );
}

function requirePrice({ at, data, leaf, line }: ReadEntry, known: readonly TariffSwitch[]): void {
  const intent = data as unknown as Intent;
  // The decision was made between the two; around midnight either day's row is right.
  const { eventAt } = JSON.parse(line) as { eventAt: string };
  const days = new Set([istanbulDay(new Date(at)), istanbulDay(new Date(eventAt))]);
  if (![...days].some((day) => isPriceOf(intent, switchOn(known, intent.service, day))))
    throw new FoundDifference(NAME, 'an intent names a price that was not in force on its day', leaf);
}

function isPriceOf(
  { feeClass, price, service: name, serviceVersion: version }: Intent,
  row: TariffSwitch | null,
): boolean {
  if (row === null || price.basis !== row.basis || price.gazette !== row.gazette) return false;
  const { unitPriceKurus: one } = price;
  if (feeClass === 'outside') return one === 0;
  if (row.basis !== 'per-input-datum') return one === row.amountKurus;
  const data = inputsOf(row.inputs, { name, version });
  if (data !== undefined) return one === row.amountKurus * data;
  if (row.amountKurus === 0) return one === 0;
  return one % row.amountKurus === 0 && one > 0 && one <= row.amountKurus * MAX_INPUTS;
}
