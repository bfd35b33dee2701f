import { describe, expect, it } from '@jest/globals';
import type { Lane } from '../../src/audit/lane.js';
import { createWaitingLine, type Waiting, type WaitingLine } from '../../src/audit/waiting-line.js';

const lane: Lane<unknown, unknown> = { name: 'l', patienceMs: 0, settle: async () => [] };
const told: unknown[] = [];
const waiting = (item: number, patienceMs = 60_000): Waiting => ({
  lane,
  item,
  giveUpAt: performance.now() + patienceMs,
  resolve: () => undefined,
  reject: (error) => told.push([item, error]),
});
const take = (line: WaitingLine) => line.next()?.items.map((one) => one.item);
const lineOf = (...items: Waiting[]) => {
  const line = createWaitingLine(3, 2);
  for (const item of items) line.push(item);
  return line;
};

describe('the line of those who wait', () => {
  it('gives batches in the order of arrival, none larger than allowed', () => {
    const line = lineOf(...[1, 2, 3, 4, 5, 6, 7].map((n) => waiting(n)));
    expect(line.length).toBe(7);
    expect([take(line), take(line), take(line), take(line)]).toEqual([[1, 2, 3], [4, 5, 6], [7], undefined]);
    expect(line.empty).toBe(true);
  });

  it('gives what was put back before everything else, and whole', () => {
    const line = lineOf(...[1, 2, 3, 4].map((n) => waiting(n)));
    const group = line.next();
    if (group === undefined) throw new Error('nobody waits');
    line.putBack({ ...group, failures: 4 });
    expect(line.empty).toBe(false);
    expect(line.next()).toEqual({ ...group, failures: 4 });
    expect(take(line)).toEqual([4]);
  });

  it('gives a group put back one by one as single items, afresh and in order', () => {
    const line = lineOf(...[1, 2, 3, 4].map((n) => waiting(n)));
    const group = line.next();
    if (group === undefined) throw new Error('nobody waits');
    line.putBackOneByOne({ ...group, triesAtOnce: 0 });
    expect(line.next()).toMatchObject({ items: [{ item: 1 }], triesAtOnce: 2 });
    expect([take(line), take(line), take(line)]).toEqual([[2], [3], [4]]);
  });

  it('tells all the impatient, also behind a patient one, and keeps the patient', () => {
    const line = lineOf(waiting(1), waiting(2, 0), waiting(3, 0), waiting(4, 0), waiting(5));
    const group = line.next();
    if (group === undefined) throw new Error('nobody waits');
    line.putBack(group);
    line.giveUpTheImpatient('cause');
    const failure = expect.objectContaining({ code: 'AUDIT_UNAVAILABLE', cause: 'cause' });
    expect(told.splice(0)).toEqual([
      [4, failure],
      [2, failure],
      [3, failure],
    ]);
    expect([take(line), take(line)]).toEqual([[1], [5]]);
  });

  it('drops a group of which nobody has patience left', () => {
    const line = lineOf(waiting(1, 0));
    const group = line.next();
    if (group === undefined) throw new Error('nobody waits');
    line.putBack(group);
    line.giveUpTheImpatient('cause');
    expect(line.empty).toBe(true);
    expect(line.next()).toBeUndefined();
  });
});
