import { istanbulQuarter } from '../../../src/calendar/istanbul-day.js';
import type { Entry } from './house.js';

/** A line of the book as the log tells it. */
export interface RebuiltLine {
  readonly query_id: string;
  readonly outcome_leaf: string;
  readonly account_id: string;
  readonly fee_class: string;
  readonly client_id: string;
  readonly service: string;
  readonly service_version: string;
  readonly purpose: string;
  readonly cooperative: string;
  readonly il: string;
  readonly ministry: string;
  readonly unit: string;
  readonly basis: string;
  readonly sent_at: string;
  readonly quarter: string;
  readonly result: string;
  readonly sent: boolean;
  readonly units: number;
  readonly unit_price_kurus: number;
  readonly amount_kurus: number;
}

// biome-ignore lint/suspicious/noExplicitAny: entries are read as somebody would who has nothing but their lines.
type Loose = any;

/**
 * The whole fee book from the lines of the log alone: each first end of a query (`query.outcome`, `query.unknown`) is a
 * line, priced by its intent. Written without the code that makes the book, so that both can be held against each other.
 */
export function rebuildBook(entries: readonly Entry[]): RebuiltLine[] {
  const parsed = entries.map((entry) => ({ leaf: entry.leaf, ...(JSON.parse(entry.line) as Loose) }));
  const intents = new Map<string, Loose>();
  const lines: RebuiltLine[] = [];
  for (const { leaf, kind, data } of parsed) {
    if (kind === 'query.intent') intents.set(data.query, data);
    if (kind !== 'query.outcome' && kind !== 'query.unknown') continue;
    const intent = intents.get(data.query);
    const result = resultOf(data);
    const { basis } = intent.price;
    // Nothing came back: nothing is charged by the record.
    const free = basis === 'per-returned-record' && ['not-found', 'refused', 'not-sent'].includes(result);
    const price = free ? 0 : intent.price.unitPriceKurus;
    const { units } = data.fee;
    if (data.fee.unitPriceKurus !== price || data.fee.amountKurus !== price * units)
      throw new Error('fee differs');
    if (data.fee.account !== intent.account || data.fee.feeClass !== intent.feeClass)
      throw new Error('account differs');
    if (data.fee.quarter !== istanbulQuarter(new Date(data.sentAt))) throw new Error('quarter differs');
    lines.push({
      query_id: data.query,
      outcome_leaf: String(leaf),
      account_id: intent.account,
      fee_class: intent.feeClass,
      client_id: intent.client,
      service: intent.service,
      service_version: intent.serviceVersion,
      purpose: intent.purpose,
      cooperative: intent.cooperative,
      il: intent.il,
      ministry: intent.ministry,
      unit: unitOf(intent),
      basis,
      sent_at: data.sentAt,
      quarter: data.fee.quarter,
      result,
      sent: data.sent,
      units,
      unit_price_kurus: price,
      amount_kurus: units * price,
    });
  }
  return lines.sort((a, b) => (a.query_id < b.query_id ? -1 : 1));
}

function resultOf(data: Loose): string {
  if (data.state === 'answered') return data.outcome;
  if (data.state === 'unknown') return 'unknown';
  return data.sent ? 'refused' : 'not-sent';
}

function unitOf({ authority, ministry, il }: Loose): string {
  if (authority.role === 'directorate') return `${ministry}/${il}`;
  return authority.role.startsWith('ministry-') ? `${ministry}/merkez` : 'kooperatif';
}
