import { describe, expect, it } from '@jest/globals';
import { createSystemHealth } from '../../src/telemetry/system-health.js';

const MINUTE = 60_000;

function clockwork() {
  let at = Date.parse('2026-03-02T08:00:00Z');
  const now = () => new Date(at);
  const pass = (ms: number) => {
    at += ms;
  };
  return { now, pass };
}

function watched(systems: readonly string[] = ['kps:a']) {
  const { now, pass } = clockwork();
  const health = createSystemHealth(systems, now);
  const state = (system = 'kps:a') => health.seen(now()).find((one) => one.system === system);
  return { health, now, pass, state };
}

describe('how a system stands', () => {
  it('is unused until it was asked, and is named all the same', () => {
    expect(watched().state()).toEqual({
      ...{ system: 'kps:a', state: 'unused', lastOkAt: null, lastFaultAt: null },
      ...{ fault: null, calls: 0, faults: 0, slowestMs: null },
    });
  });

  it('is up after an answer and failing after a fault, whatever went before', () => {
    const { health, state } = watched();
    for (let n = 0; n < 20; n += 1) health.answered('kps:a', 40);
    expect(state()).toMatchObject({ state: 'up', calls: 20, faults: 0, slowestMs: 40 });
    health.failed('kps:a', 'timeout', 9_000);
    expect(state()).toMatchObject({ state: 'failing', fault: 'timeout', calls: 21, faults: 1 });
    health.answered('kps:a', 40);
    expect(state()).toMatchObject({ state: 'up', fault: 'timeout', faults: 1 });
  });

  it('stays failing while a fifth of the last quarter of an hour failed, and forgets older faults', () => {
    const { health, pass, state } = watched();
    health.failed('kps:a', 'http-error', 10);
    for (let n = 0; n < 4; n += 1) health.answered('kps:a', 10);
    expect(state()?.state).toBe('failing');
    health.answered('kps:a', 10);
    expect(state()?.state).toBe('up');
    pass(15 * MINUTE);
    expect(state()).toMatchObject({ calls: 0, faults: 0, state: 'up', fault: 'http-error' });
  });

  it('is slow where a fifth of the answers took three seconds', () => {
    const { health, state } = watched();
    for (let n = 0; n < 9; n += 1) health.answered('kps:a', 2_999);
    expect(state()?.state).toBe('up');
    for (let n = 0; n < 3; n += 1) health.answered('kps:a', 3_000);
    expect(state()).toMatchObject({ state: 'slow', slowestMs: 3_000 });
  });

  it('is the breaker’s until somebody is answered again', () => {
    const { health, pass, state } = watched(['sts:a']);
    health.stopped('sts:a', 'password-refused');
    pass(60 * MINUTE);
    expect(state('sts:a')).toMatchObject({ state: 'breaker-open', fault: 'password-refused' });
    health.answered('sts:a', 20);
    expect(state('sts:a')?.state).toBe('up');
  });

  it('keeps at most 500 calls of a system and 200 systems, and never throws', () => {
    const { health, now } = watched([]);
    for (let n = 0; n < 600; n += 1) health.answered('one', n);
    for (let n = 0; n < 400; n += 1) health.failed(`s${n}`, 'x', null);
    const seen = health.seen(now());
    expect(seen).toHaveLength(200);
    expect(seen.find(({ system }) => system === 'one')).toMatchObject({ calls: 500, slowestMs: 599 });
  });
});
