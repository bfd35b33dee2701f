const DAY = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Istanbul',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The calendar day in Europe/Istanbul, `YYYY-MM-DD`: the day that terms, quotas and quarters are counted in. */
export function istanbulDay(at: Date): string {
  return DAY.format(at);
}

/** The quarter (`2026-Q3`) that an instant falls in, in Europe/Istanbul. */
export function istanbulQuarter(at: Date): string {
  return quarterOfDay(istanbulDay(at));
}

/** The year in Europe/Istanbul that an instant falls in. */
export function istanbulYear(at: Date): number {
  return Number(istanbulDay(at).slice(0, 4));
}

const QUARTER = /^(\d{4})-Q([1-4])$/;

/** True for `2026-Q3`. */
export function isQuarter(text: string): boolean {
  return QUARTER.test(text);
}

/** First day of a quarter and of the one that follows it, `YYYY-MM-DD`. Errors: `RangeError` where it is none. */
export function quarterDays(quarter: string): { readonly from: string; readonly to: string } {
  const [, year, number] = QUARTER.exec(quarter) ?? [];
  if (year === undefined || number === undefined) throw new RangeError('not a quarter');
  const first = (Number(number) - 1) * 3 + 1;
  const day = (y: number, month: number) =>
    `${String(y).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`;
  const from = day(Number(year), first);
  return { from, to: first === 10 ? day(Number(year) + 1, 1) : day(Number(year), first + 3) };
}

/** The quarter that follows. */
export function nextQuarter(quarter: string): string {
  return quarterOfDay(quarterDays(quarter).to);
}

/** The quarter before. */
export function previousQuarter(quarter: string): string {
  const { from } = quarterDays(quarter);
  const [year, month] = [Number(from.slice(0, 4)), Number(from.slice(5, 7))];
  return month === 1 ? `${String(year - 1).padStart(4, '0')}-Q4` : `${from.slice(0, 4)}-Q${(month - 1) / 3}`;
}

/** The quarter that a day falls in. */
export function quarterOfDay(day: string): string {
  return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}

/**
 * The instant at which a day begins in Europe/Istanbul. The zone has kept UTC+3 since 2016; before, summer time: the offset is asked for the
 * day itself.
 */
export function istanbulMidnight(day: string): Date {
  for (const hours of [3, 2]) {
    const at = new Date(new Date(`${day}T00:00:00Z`).getTime() - hours * 3_600_000);
    if (istanbulDay(at) === day && istanbulDay(new Date(at.getTime() - 1)) < day) return at;
  }
  throw new RangeError('not a day');
}

/** Half-open bounds of a quarter as instants. */
export function quarterBounds(quarter: string): { readonly from: Date; readonly to: Date } {
  const { from, to } = quarterDays(quarter);
  return { from: istanbulMidnight(from), to: istanbulMidnight(to) };
}
