import type { HabitRule, HoursRule, SignalRule, WindowRule } from '../../../../src/audit/signals/rule.js';
import type { Outcome, Told } from './signal-log.js';

/** What happened, in the order of the log. `at`: ms. */
export type Happened =
  | { readonly kind: 'asked'; readonly at: number; readonly user: number; readonly subject: number }
  | { readonly kind: 'ended'; readonly at: number; readonly asked: number; readonly outcome: Outcome }
  | { readonly kind: 'read'; readonly at: number; readonly user: number };

const DAY = 86_400_000;
/** Turkey has been three hours ahead of UTC, summer and winter, since 2016. */
const AHEAD = 3 * 3_600_000;
const dayOf = (at: number) => Math.floor((at + AHEAD) / DAY);
const iso = (at: number) => new Date(at).toISOString();

/** Every signal of a rule over the whole log, counted anew at each event: slow, and plainly what the rule says. */
export function naiveCount(events: readonly Happened[], rule: SignalRule): Told[] {
  const told: Told[] = [];
  const ends = new Map<number, number>();
  events.forEach((_, i) => {
    const found = measureAt(events, i, rule);
    if (found === null || found.measured < found.threshold) return;
    if (found.start < (ends.get(found.user) ?? Number.NEGATIVE_INFINITY)) return;
    ends.set(found.user, found.end);
    const { user, measured, threshold } = found;
    told.push({
      rule: rule.code,
      user,
      windowStart: iso(found.start),
      windowEnd: iso(found.end),
      measured,
      threshold,
    });
  });
  return told;
}

interface Measured {
  user: number;
  start: number;
  end: number;
  measured: number;
  threshold: number;
}

function measureAt(events: readonly Happened[], i: number, rule: SignalRule): Measured | null {
  switch (rule.measure) {
    case 'outside-working-hours':
      return outside(events, i, rule);
    case 'above-own-habit':
      return aboveHabit(events, i, rule);
    default:
      return inWindow(events, i, rule);
  }
}

/** Who did what in the eyes of a window rule; null where the event is none of its own. */
function deedOf(events: readonly Happened[], i: number, measure: WindowRule['measure']) {
  const event = events[i] as Happened;
  if (measure === 'people-asked-about')
    return event.kind === 'asked' ? { user: event.user, thing: event.subject } : null;
  if (measure === 'log-reads') return event.kind === 'read' ? { user: event.user, thing: i } : null;
  if (event.kind !== 'ended' || (event.outcome !== 'mismatch' && event.outcome !== 'not-found')) return null;
  const asked = events[event.asked];
  return asked?.kind === 'asked' ? { user: asked.user, thing: event.asked } : null;
}

function inWindow(events: readonly Happened[], i: number, rule: WindowRule): Measured | null {
  const own = deedOf(events, i, rule.measure);
  if (own === null) return null;
  const end = (events[i] as Happened).at;
  const start = end - rule.windowMinutes * 60_000;
  const things = new Set<number>();
  for (let j = 0; j <= i; j += 1) {
    const deed = deedOf(events, j, rule.measure);
    if (deed !== null && deed.user === own.user && (events[j] as Happened).at > start) things.add(deed.thing);
  }
  return { user: own.user, start, end, measured: things.size, threshold: rule.threshold };
}

function queriesOf(events: readonly Happened[], user: number, upTo: number): readonly number[] {
  return events
    .slice(0, upTo + 1)
    .flatMap((event) => (event.kind === 'asked' && event.user === user ? [event.at] : []));
}

function ofDay(day: number) {
  return { start: day * DAY - AHEAD, end: (day + 1) * DAY - AHEAD };
}

function outside(events: readonly Happened[], i: number, rule: HoursRule): Measured | null {
  const event = events[i] as Happened;
  const isOutside = (at: number) => {
    const local = new Date(at + AHEAD);
    const weekend = local.getUTCDay() === 0 || local.getUTCDay() === 6;
    return weekend || local.getUTCHours() < rule.fromHour || local.getUTCHours() >= rule.toHour;
  };
  if (event.kind !== 'asked' || !isOutside(event.at)) return null;
  const day = dayOf(event.at);
  const measured = queriesOf(events, event.user, i).filter((at) => dayOf(at) === day && isOutside(at)).length;
  return { user: event.user, ...ofDay(day), measured, threshold: rule.threshold };
}

function aboveHabit(events: readonly Happened[], i: number, rule: HabitRule): Measured | null {
  const event = events[i] as Happened;
  if (event.kind !== 'asked') return null;
  const day = dayOf(event.at);
  if (dayOf((events[0] as Happened).at) === day) return null;
  const days = queriesOf(events, event.user, i).map(dayOf);
  const before = days.filter((one) => one >= day - rule.days && one < day);
  const active = new Set(before).size;
  // In whole numbers: a mean of thirds times a percentage must not be rounded the wrong way.
  const wanted = active === 0 ? 0 : Math.ceil((before.length * rule.factorPercent) / (100 * active));
  const measured = days.filter((one) => one === day).length;
  return { user: event.user, ...ofDay(day), measured, threshold: Math.max(rule.threshold, wanted) };
}
