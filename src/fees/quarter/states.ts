import type { EntryKind } from '../../audit/entry.js';

/** `open`: not over; `collecting`: over, late outcomes may still come. The first two are told by the clock, the others by a row. */
export const QUARTER_STATES = ['open', 'collecting', 'frozen', 'approved', 'sealed'] as const;
export type QuarterState = (typeof QUARTER_STATES)[number];

/** What moves a quarter on: the clock (`end`, `expire`), or an officer. */
export type QuarterEvent = 'end' | 'freeze' | 'approve' | 'refuse' | 'withdraw' | 'expire' | 'seal';

/** Who: `proposer` froze it, `second-officer` is anybody else with the role; `officer`: either. */
type QuarterActor = 'clock' | 'officer' | 'proposer' | 'second-officer';

/** One arrow of the machine. `entry`: what the log says of it; null where the clock alone tells. */
export interface QuarterTransition {
  readonly from: QuarterState;
  readonly on: QuarterEvent;
  readonly to: QuarterState;
  readonly who: QuarterActor;
  readonly entry: EntryKind | null;
}

/** The life of a quarter. The lanes go by it; the room's README draws it. */
export const QUARTER_TRANSITIONS = [
  { from: 'open', on: 'end', to: 'collecting', who: 'clock', entry: null },
  { from: 'collecting', on: 'freeze', to: 'frozen', who: 'officer', entry: 'fees.quarter-frozen' },
  { from: 'frozen', on: 'approve', to: 'approved', who: 'second-officer', entry: 'fees.quarter-approved' },
  { from: 'frozen', on: 'refuse', to: 'collecting', who: 'second-officer', entry: 'fees.quarter-reopened' },
  { from: 'frozen', on: 'withdraw', to: 'collecting', who: 'proposer', entry: 'fees.quarter-reopened' },
  { from: 'frozen', on: 'expire', to: 'collecting', who: 'clock', entry: 'fees.quarter-reopened' },
  { from: 'approved', on: 'seal', to: 'sealed', who: 'officer', entry: 'fees.quarter-sealed' },
] as const satisfies readonly QuarterTransition[];

/**
 * Holds the data to what everything else relies on. Errors: `TypeError` for an event that leads to two states, a state that cannot be reached, a
 * state other than the last one that cannot be left, an arrow out of the last one, an approval without a second person, or a deed of a
 * person without an entry.
 */
export function requireSoundQuarters(
  states: readonly QuarterState[],
  transitions: readonly QuarterTransition[],
): void {
  const arrows = new Set(transitions.map(({ from, on }) => `${from} ${on}`));
  if (arrows.size !== transitions.length) throw new TypeError('quarter: an event leads to two states');
  const reached = new Set<QuarterState>(states.slice(0, 1));
  // Each round reaches a state more, or none any more.
  for (const _ of states) for (const { from, to } of transitions) if (reached.has(from)) reached.add(to);
  const last = states.at(-1);
  for (const state of states) {
    if (!reached.has(state)) throw new TypeError(`quarter: ${state} cannot be reached`);
    if (transitions.some(({ from }) => from === state) === (state === last))
      throw new TypeError(`quarter: ${state} must ${state === last ? 'stay' : 'be left'}`);
  }
  for (const { entry, on, who } of transitions) {
    if (who !== 'clock' && entry === null) throw new TypeError(`quarter: ${on} leaves no entry`);
    if (on === 'approve' && who !== 'second-officer') throw new TypeError('quarter: one person approves');
  }
}

requireSoundQuarters(QUARTER_STATES, QUARTER_TRANSITIONS);

/** Where `event` leads from `state`; null where it cannot happen there. */
export function transitionOf(state: QuarterState, event: QuarterEvent): QuarterTransition | null {
  return QUARTER_TRANSITIONS.find(({ from, on }) => from === state && on === event) ?? null;
}
