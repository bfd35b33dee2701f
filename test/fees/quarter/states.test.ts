import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  QUARTER_STATES,
  QUARTER_TRANSITIONS,
  type QuarterState,
  type QuarterTransition,
  requireSoundQuarters,
  transitionOf,
} from '../../../src/fees/quarter/states.js';

/** The machine as Mermaid has it: what the room's page must show. */
function drawn(transitions: readonly QuarterTransition[]): string {
  const arrows = transitions.map(({ from, on, to, who }) => `    ${from} --> ${to}: ${on} (${who})`);
  return ['stateDiagram-v2', '    [*] --> open', ...arrows, '    sealed --> [*]'].join('\n');
}

const without = (event: string) => QUARTER_TRANSITIONS.filter(({ on }) => on !== event);

describe('the states of a quarter', () => {
  it('are drawn on the room’s page as the data have them', () => {
    const page = readFileSync(new URL('../../../src/fees/README.md', import.meta.url), 'utf8');
    expect(page).toContain(drawn(QUARTER_TRANSITIONS));
  });

  it('reach sealed by two persons alone: no way round freezing, approving and sealing', () => {
    for (const event of ['freeze', 'approve', 'seal']) {
      expect(() => requireSoundQuarters(QUARTER_STATES, without(event))).toThrow(TypeError);
    }
  });

  it('leave nothing that is sealed, and only sealing leaves what is approved', () => {
    const from = (state: QuarterState) =>
      QUARTER_TRANSITIONS.filter((one) => one.from === state).map(({ on }) => on);
    expect(from('sealed')).toEqual([]);
    expect(from('approved')).toEqual(['seal']);
  });

  it.each([
    ['open', 'freeze', null],
    ['collecting', 'freeze', 'frozen'],
    ['frozen', 'freeze', null],
    ['frozen', 'approve', 'approved'],
    ['frozen', 'refuse', 'collecting'],
    ['frozen', 'withdraw', 'collecting'],
    ['frozen', 'seal', null],
    ['approved', 'refuse', null],
    ['sealed', 'withdraw', null],
  ] as const)('%s: %s leads to %s', (state, event, to) => {
    expect(transitionOf(state, event)?.to ?? null).toBe(to);
  });

  const changed = (on: string, changes: Partial<QuarterTransition>) =>
    QUARTER_TRANSITIONS.map((one) => (one.on === on ? { ...one, ...changes } : one));

  it.each<[string, readonly QuarterTransition[]]>([
    ['an approval by one person', changed('approve', { who: 'officer' })],
    ['a deed without an entry', changed('seal', { entry: null })],
    ['a way out of sealed', [...QUARTER_TRANSITIONS, { ...QUARTER_TRANSITIONS[0], from: 'sealed' }]],
    [
      'an event that leads to two states',
      [...QUARTER_TRANSITIONS, { ...QUARTER_TRANSITIONS[0], to: 'frozen' }],
    ],
    ['a state that nobody reaches', changed('approve', { to: 'collecting' })],
  ])('are refused at load where the data have %s', (_what, transitions) => {
    expect(() => requireSoundQuarters(QUARTER_STATES, transitions)).toThrow(TypeError);
  });
});
