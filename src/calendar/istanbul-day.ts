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
  const day = istanbulDay(at);
  return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}

/** The year in Europe/Istanbul that an instant falls in. */
export function istanbulYear(at: Date): number {
  return Number(istanbulDay(at).slice(0, 4));
}
