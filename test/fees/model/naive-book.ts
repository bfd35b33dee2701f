/**
 * The book told a second time, by hand: a list of what happened, and loops over it. Imports nothing of the bridge.
 */

/** A query that ended. Prices in whole kuruş. */
export interface NaiveLine {
  readonly id: string;
  readonly account: string;
  readonly feeClass: 'outside' | 'paying';
  readonly client: string;
  readonly service: string;
  readonly serviceVersion: string;
  readonly purpose: string;
  readonly cooperative: string;
  readonly actor: number;
  readonly il: string;
  readonly ministry: string;
  readonly unit: string;
  readonly basis: string;
  readonly price: number;
  readonly sentAt: string;
  readonly result: string;
  readonly sent: boolean;
  readonly units: number;
}

export type NaiveEvent =
  | { readonly did: 'end'; readonly line: NaiveLine }
  | { readonly did: 'freeze'; readonly quarter: string }
  | { readonly did: 'reopen'; readonly quarter: string }
  | { readonly did: 'settle'; readonly id: string; readonly counted: boolean };

export interface NaiveSum {
  lines: number;
  queries: number;
  units: number;
  amountKurus: number;
}

/** A line with the quarter that it is billed in. */
interface Billed extends NaiveLine {
  readonly billed: string;
  readonly day: string;
  readonly charged: number;
}

interface NaiveCorrection {
  readonly account: string;
  readonly feeClass: string;
  readonly quarter: string;
  readonly day: string;
  readonly units: number;
  readonly amountKurus: number;
}

export interface NaiveBook {
  readonly lines: readonly Billed[];
  readonly corrections: readonly NaiveCorrection[];
}

/** The day in Istanbul, three hours ahead the whole year. */
export function dayOf(sentAt: string): string {
  return new Date(Date.parse(sentAt) + 3 * 3_600_000).toISOString().slice(0, 10);
}

export function quarterOf(day: string): string {
  const month = day.slice(5, 7);
  const number = month <= '03' ? 1 : month <= '06' ? 2 : month <= '09' ? 3 : 4;
  return `${day.slice(0, 4)}-Q${number}`;
}

function after(quarter: string): string {
  const number = Number(quarter.slice(6));
  return number === 4 ? `${Number(quarter.slice(0, 4)) + 1}-Q1` : `${quarter.slice(0, 6)}${number + 1}`;
}

/** What the events make of the book, one after the other. */
export function naiveBook(events: readonly NaiveEvent[]): NaiveBook {
  const closed = new Set<string>();
  const lines: Billed[] = [];
  const corrections: NaiveCorrection[] = [];
  const open = (wanted: string) => {
    let quarter = wanted;
    while (closed.has(quarter)) quarter = after(quarter);
    return quarter;
  };
  for (const event of events) {
    if (event.did === 'freeze') closed.add(event.quarter);
    else if (event.did === 'reopen') closed.delete(event.quarter);
    else if (event.did === 'end') {
      const { line } = event;
      const day = dayOf(line.sentAt);
      const nothingCame = ['not-found', 'refused', 'not-sent'].includes(line.result);
      const charged = line.basis === 'per-returned-record' && nothingCame ? 0 : line.price;
      lines.push({ ...line, day, charged, billed: open(quarterOf(day)) });
    } else {
      const line = lines.find(({ id }) => id === event.id);
      if (line === undefined) throw new Error('nothing to settle');
      const { account, charged, day, feeClass } = line;
      const units = event.counted ? 0 : 0 - line.units;
      corrections.push({
        ...{ account, feeClass, day, units, amountKurus: units * charged },
        quarter: open(quarterOf(day)),
      });
    }
  }
  return { lines, corrections };
}

/** Sums of lines by a name that each has. */
export function sumsBy<L extends Billed>(
  lines: readonly L[],
  name: (line: L) => string,
): Record<string, NaiveSum> {
  const sums: Record<string, NaiveSum> = {};
  for (const line of lines) {
    const sum = sums[name(line)] ?? { lines: 0, queries: 0, units: 0, amountKurus: 0 };
    sum.lines += 1;
    if (line.sent) sum.queries += 1;
    sum.units += line.units;
    sum.amountKurus += line.units * line.charged;
    sums[name(line)] = sum;
  }
  return sums;
}

/** How a statement names the rows of each of its cuts. */
export const NAIVE_CUTS: Readonly<Record<string, (line: Billed) => string>> = {
  service: (line) => `${line.service} ${line.serviceVersion}`,
  outcome: (line) => line.result,
  unit: (line) => line.unit,
  il: (line) => line.il,
  ministry: (line) => line.ministry,
  purpose: (line) => line.purpose,
  client: (line) => line.client,
  month: (line) => line.day.slice(0, 7),
  day: (line) => line.day,
  price: (line) => `${line.charged} ${line.basis}`,
};
