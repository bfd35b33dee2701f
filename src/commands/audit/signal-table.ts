import type { ListedSignal, SignalPage } from '../../audit/signals/list-signals.js';
import { signalPlaceText } from '../../audit/signals/place.js';
import type { Told } from './retention-desk.js';

const HEAD = ['signal', 'state', 'rule', 'count', 'of', 'from', 'to', 'user', 'leaf'];
/** Whom it is about: a search with `reveal` opens the entry at the leaf, for a reason and with step-up. */
const MASKED = '***';

/** A page of signals for programs and for people. */
export function showSignals({ signals, next }: SignalPage): Told {
  const place = next === null ? null : signalPlaceText(next);
  const rows = [HEAD, ...signals.map(cellsOf)];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  if (place !== null) lines.push(`more: --after ${place}`);
  return [
    { signals: signals.map(documentOf), next: place },
    signals.length === 0 ? 'none' : lines.join('\n'),
  ];
}

function cellsOf(one: ListedSignal): string[] {
  return [
    one.id,
    one.decision ?? 'open',
    one.rule,
    String(one.measured),
    String(one.threshold),
    one.windowStart.toISOString(),
    one.windowEnd.toISOString(),
    MASKED,
    String(one.raisedLeaf),
  ];
}

function documentOf(one: ListedSignal) {
  return {
    signal: one.id,
    rule: one.rule,
    measure: one.measure,
    measured: one.measured,
    threshold: one.threshold,
    windowStart: one.windowStart.toISOString(),
    windowEnd: one.windowEnd.toISOString(),
    user: MASKED,
    raisedAt: one.raisedAt.toISOString(),
    raisedLeaf: Number(one.raisedLeaf),
    decision: one.decision,
    decidedLeaf: one.decidedLeaf === null ? null : Number(one.decidedLeaf),
  };
}
