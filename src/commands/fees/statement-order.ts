import { extname, resolve } from 'node:path';
import { isQuarter, istanbulQuarter, quarterDays } from '../../calendar/istanbul-day.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { StatementFormat } from '../../fees/export/port.js';
import { askedPeriod } from '../../fees/reading/asked.js';
import type { Period } from '../../fees/statement/statement.js';
import { clearOption, MAX_REASON } from '../clear-option.js';
import { type Command, parseCommand } from '../command.js';

/** What the command line asks for, judged. */
export interface StatementOrder {
  readonly period: Period;
  readonly account: string | null;
  readonly format: StatementFormat | 'text';
  /** Absolute; null: standard output. */
  readonly out: string | null;
  readonly users: 'none' | 'masked' | 'revealed';
  readonly reason: string | null;
  readonly cooperatives: boolean;
  readonly lines: boolean;
  readonly tokenFile: string | undefined;
  readonly json: boolean;
}

const OPTIONS = {
  quarter: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  account: { type: 'string' },
  format: { type: 'string' },
  out: { type: 'string' },
  users: { type: 'boolean', default: false },
  reveal: { type: 'boolean', default: false },
  reason: { type: 'string' },
  cooperatives: { type: 'boolean', default: false },
  lines: { type: 'boolean', default: false },
  'token-file': { type: 'string' },
} as const;
const FORMATS = ['json', 'csv', 'xlsx', 'pdf', 'text'] as const;

type Values = ReturnType<typeof parse>['values'];

function parse(command: Pick<Command, 'usage'>, args: readonly string[]) {
  const named = args.some((arg) => /^--(quarter|from|to)(=|$)/.test(arg));
  try {
    return parseCommand(command, args, OPTIONS, 0);
  } catch (error) {
    if (named) throw error;
    return parseCommand(command, args, OPTIONS, 1);
  }
}

/** Errors: `WRONG_USE` and those of `clearOption`, which never repeat what was typed. */
export function statementOrder(
  command: Pick<Command, 'usage'>,
  args: readonly string[],
  now: Date,
): StatementOrder {
  const wrong = (what: string) => new BridgeError('WRONG_USE', `${what}; usage: bridge ${command.usage}`);
  const { positionals, values } = parse(command, args);
  const { cooperatives, json, lines, 'token-file': tokenFile } = values;
  const asked = periodOf(values, positionals[0], now);
  if (typeof asked === 'string') throw wrong(asked);
  const form = formOf(values);
  if (typeof form === 'string') throw wrong(form);
  const reading = readingOf(command, values);
  if (typeof reading === 'string') throw wrong(reading);
  return { ...asked, ...form, ...reading, cooperatives, lines, tokenFile, json };
}

function periodOf(
  values: Values,
  positional: string | undefined,
  now: Date,
): Pick<StatementOrder, 'period' | 'account'> | string {
  const { account, from, to } = values;
  const isRange = from !== undefined || to !== undefined;
  const named = values.quarter ?? positional;
  if (isRange && named !== undefined) return 'a quarter or a range of days, not both';
  const asked = askedPeriod({ from, to, account }, now);
  if (!asked.ok) return asked.reason?.replace(/^(?=\w)/, '--') ?? 'no such period';
  if (isRange)
    return {
      period: { quarter: null, from: asked.value.from, to: asked.value.to },
      account: account ?? null,
    };
  const quarter = named ?? istanbulQuarter(now);
  if (!isQuarter(quarter) || !quarter.startsWith('20')) return 'a quarter has the form 2026-Q3';
  return { period: { quarter, ...quarterDays(quarter) }, account: account ?? null };
}

function formOf(values: Values): Pick<StatementOrder, 'format' | 'out'> | string {
  const { json, out } = values;
  const isFile = out !== undefined;
  const name = values.format ?? (isFile ? extname(out).slice(1) : json ? 'json' : 'text');
  const format = FORMATS.find((one) => one === name);
  if (format === undefined || out === '') return '--format is one of json, csv, xlsx, pdf, text';
  if (isFile) return format === 'text' ? 'text goes to standard output' : { format, out: resolve(out) };
  if (format === 'xlsx' || format === 'pdf') return `--format ${format} needs --out`;
  return json && format !== 'json' ? '--json is another format' : { format, out: null };
}

function readingOf(
  command: Pick<Command, 'usage'>,
  { reason, reveal, users }: Values,
): Pick<StatementOrder, 'users' | 'reason'> | string {
  if (!reveal)
    return reason === undefined
      ? { users: users ? 'masked' : 'none', reason: null }
      : '--reason is for --reveal';
  if (!users) return '--reveal is for --users';
  if (reason === undefined) return '--reveal needs --reason';
  return { users: 'revealed', reason: clearOption(command, '--reason', reason, MAX_REASON) };
}
