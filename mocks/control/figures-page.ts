import type { Figure, Figures } from './figures.js';

export type FiguresPage =
  | { readonly status: 200; readonly csv: string }
  | { readonly status: 400 | 404; readonly error: string };

const NAMES = ['account', 'from', 'to'] as const;
/** A year and a day: NVİ's own screen goes by quarter or less. */
const MAX_DAYS = 366;
const DAY_MS = 86_400_000;

/**
 * `GET /figures?account=<user name>&from=DAY&to=DAY`, half-open days in Europe/Istanbul: CSV as NVİ's screen would give it, with the
 * sum in its last line. Its form is a guess (D): no export of that screen is public.
 */
export function figuresPage(figures: Figures, query: URLSearchParams): FiguresPage {
  const names = [...query.keys()];
  if (names.length !== NAMES.length || NAMES.some((name) => !names.includes(name)))
    return { status: 400, error: `say ${NAMES.join(', ')}, each once, and nothing else` };
  const [account = '', from = '', to = ''] = NAMES.map((name) => query.get(name) ?? '');
  const [start, end] = [startOf(from), startOf(to)];
  if (start === undefined || end === undefined)
    return { status: 400, error: 'from and to are days: YYYY-MM-DD' };
  if (end <= start) return { status: 400, error: 'to is not after from' };
  if (end - start > MAX_DAYS * DAY_MS) return { status: 400, error: `more than ${MAX_DAYS} days` };
  const lines = figures.of(account, from, to);
  return lines === undefined
    ? { status: 404, error: 'there is no such account' }
    : { status: 200, csv: csvOf(lines) };
}

/** Lines end as on the officer's machine: CR LF. */
function csvOf(figures: readonly Figure[]): string {
  const queries = figures.reduce((sum, one) => sum + one.queries, 0);
  const kurus = figures.reduce((sum, one) => sum + one.amountKurus, 0n);
  const lines = [
    'Tarih;Hizmet;Adet;Tutar',
    ...figures.map(
      ({ amountKurus, day, queries: count, service }) =>
        `${dotted(day)};${service};${count};${lira(amountKurus)}`,
    ),
    `TOPLAM;;${queries};${lira(kurus)}`,
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

function dotted(day: string): string {
  return day.split('-').reverse().join('.');
}

/** `1.234,56`. */
function lira(kurus: bigint): string {
  const digits = String(kurus).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(?:\d{3})+$)/g, '.');
  return `${whole},${digits.slice(-2)}`;
}

/** Start of a day as a plain number, for order and distance; undefined where there is no such day. */
function startOf(day: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const at = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day ? undefined : at.getTime();
}
