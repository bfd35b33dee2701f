import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMasterKeys } from '../../../src/audit/master-keys.js';
import { runRetention } from '../../../src/audit/retention/periodic-run.js';
import { readState } from '../../../src/audit/retention/state.js';
import { digitsOf } from '../support/parts.js';
import { doneOf, officerOf, REASON, Registry, RULES } from './support/registry.js';

let registry: Registry;
beforeEach(async () => {
  registry = await Registry.open();
});
afterEach(async () => {
  await registry.close();
});

const at = (instant: string) => {
  registry.now = new Date(instant);
};

describe('the periodic run', () => {
  it('destroys on 1 January in Istanbul what fell due that day, and not a millisecond earlier', async () => {
    await registry.askIn(2026, 1, 2);
    await registry.askIn(2027, 1, 3);
    at('2036-12-31T20:59:59.999Z');
    expect(await registry.run()).toMatchObject({ keys: 0 });
    expect(await registry.keys()).toHaveLength(4);
    at('2036-12-31T21:00:00.000Z');
    expect(await registry.run()).toMatchObject({ keys: 2, searchRows: 2, held: 0 });
    expect((await registry.keys()).map(({ year }) => year)).toEqual([2027, 2027]);
    expect(await registry.leavesOf('subject', 2)).toEqual([]);
    expect(await registry.leavesOf('actor', 1)).toEqual([1n]);
    expect(await registry.reveal(0n, 'subject.number')).toBeNull();
    expect(await registry.reveal(1n, 'actor.number')).toBe(digitsOf(1));
    expect(await registry.dataOf('retention.destroyed')).toMatchObject([
      {
        rule: 'term',
        years: 10,
        yearFrom: 2026,
        yearTo: 2026,
        side: 'actor',
        legalGround: RULES.legalGround,
      },
      { rule: 'term', side: 'subject', searchRows: 1, decision: null, proposal: null, actor: null },
    ]);
    await registry.requireSound();
  });

  it('leaves a record also where nothing was due, and none before the next is due', async () => {
    expect(await registry.run()).toMatchObject({ keys: 0 });
    expect(await registry.run()).toBeNull();
    at('2026-06-04T09:59:59Z');
    expect(await registry.run()).toBeNull();
    at('2026-06-04T10:00:00Z');
    expect(await registry.run()).not.toBeNull();
    const runs = await registry.dataOf('retention.run');
    expect(runs).toHaveLength(2);
    expect(runs[0]).toMatchObject({ due: 0, destroyed: 0, years: 10, lastDueYear: 2015, instance: 'test-1' });
  });

  it('goes through a year in bounded batches, each an entry, and finds everything', async () => {
    await registry.test.db.query({
      text: `INSERT INTO bridge.person_key (key_id, tag, year, side, tag_key_id, master_key_id, wrapped)
        SELECT gen_random_uuid(), decode(lpad(to_hex(n), 32, '0'), 'hex'), 2026, 'subject', 1, 'm1', '' FROM generate_series(1, 2500) AS n`,
    });
    await registry.test.db.query({
      text: `INSERT INTO bridge.log_tag (tag, leaf_index, tag_key_id, year)
        SELECT decode(lpad(to_hex(1), 32, '0'), 'hex'), n, 1, 2026 FROM generate_series(1, 21000) AS n`,
    });
    at('2037-03-01T10:00:00Z');
    expect(await registry.run()).toMatchObject({ keys: 2500, searchRows: 21_000 });
    const batches = (await registry.dataOf('retention.destroyed')).map((data) => data.keys.length);
    expect(batches.reduce((a, b) => a + b, 0)).toBe(2500);
    expect(Math.max(...batches)).toBeLessThanOrEqual(1000);
    expect(await registry.keys()).toEqual([]);
    expect((await registry.dataOf('retention.run'))[0]).toMatchObject({ destroyed: 2500, due: 2500 });
  });

  it('is made once where several instances find it due, and nothing is destroyed twice', async () => {
    for (let n = 1; n <= 8; n += 1) await registry.ask(n, n + 10);
    at('2037-03-01T10:00:00Z');
    const others = [registry.another(), registry.another()];
    const reports = await Promise.all(
      [registry.log, ...others].map((log) => runRetention(registry.runTools({}, log))),
    );
    await Promise.all(others.map((log) => log.close()));
    expect(reports.filter((report) => report !== null)).toHaveLength(1);
    expect(await registry.dataOf('retention.run')).toHaveLength(1);
    await registry.requireSound();
  });

  it('that is stopped goes on after the next start, and only then counts as made', async () => {
    await registry.askIn(2025, 1, 2);
    await registry.askIn(2026, 1, 2);
    at('2037-03-01T10:00:00Z');
    let looks = 0;
    const stopping = () => {
      looks += 1;
      return looks > 1;
    };
    expect(await runRetention({ ...registry.runTools(), stopping })).toBeNull();
    expect(await registry.keys()).toHaveLength(3);
    expect(await registry.dataOf('retention.run')).toEqual([]);
    expect(await registry.run()).toMatchObject({ keys: 3 });
    await registry.requireSound();
  });

  it('goes by the earlier of two clocks: a host in the future destroys nothing', async () => {
    await registry.ask(1, 2);
    const tools = { ...registry.runTools(), now: () => new Date('2090-01-01T00:00:00Z') };
    expect(await runRetention(tools)).toMatchObject({ keys: 0 });
    const late = { ...tools, now: () => registry.now, clock: async () => new Date('2090-01-01T00:00:00Z') };
    at('2026-08-05T10:00:00Z');
    expect(await runRetention(late)).toMatchObject({ keys: 0 });
    expect(await registry.keys()).toHaveLength(2);
  });

  it('passes over what a legal hold keeps, on both sides, and says how much', async () => {
    await registry.ask(1, 2);
    await registry.ask(2, 3);
    doneOf(await registry.hold(officerOf(50), 2, 2026, 2026));
    at('2037-03-01T10:00:00Z');
    expect(await registry.run()).toMatchObject({ held: 2 });
    expect(await registry.keysOf('subject', 2)).toHaveLength(1);
    expect(await registry.keysOf('actor', 2)).toHaveLength(1);
    expect(await registry.keysOf('actor', 1)).toEqual([]);
    expect(await registry.reveal(0n, 'subject.number')).toBe(digitsOf(2));
    expect((await registry.dataOf('retention.run'))[0]).toMatchObject({ held: 2 });
    await registry.requireSound();
  });

  it('keeps who destroyed for three years, also where the term is shorter', async () => {
    const [a, b] = [officerOf(50), officerOf(51)];
    await registry.ask(1, 2);
    const { id } = doneOf(await registry.propose(a, 2));
    const { leafIndex } = doneOf(await registry.confirm(b, id));
    at('2029-05-04T10:00:00Z');
    expect(await registry.run({ years: 1 })).toMatchObject({ kept: 2 });
    expect(await registry.reveal(leafIndex, 'actor.number')).toBe(digitsOf(51));
    expect(await registry.reveal(leafIndex, 'proposer.number')).toBe(digitsOf(50));
    at('2029-06-05T10:00:00Z');
    expect(await registry.run({ years: 1 })).toMatchObject({ keys: 2, kept: 0 });
    expect(await registry.reveal(leafIndex, 'actor.number')).toBeNull();
    await registry.requireSound();
  });
});

describe('a shorter term in the settings', () => {
  const SHORT = { years: 2 };
  const propose = async (from: number, to: number) =>
    registry.submitProposal({
      officer: officerOf(50),
      terms: { what: 'shorter-term', from, to },
      subject: null,
      reason: REASON,
    });

  it('destroys nothing by itself, and says so once', async () => {
    await registry.ask(1, 2);
    await registry.run();
    at('2030-03-01T10:00:00Z');
    expect(await registry.run(SHORT)).toMatchObject({ keys: 0, unconfirmedTerm: true });
    at('2030-05-01T10:00:00Z');
    expect(await registry.run(SHORT)).toMatchObject({ keys: 0, unconfirmedTerm: true });
    expect(await registry.keys()).toHaveLength(2);
    expect(await registry.dataOf('retention.refused')).toEqual([
      expect.objectContaining({ what: 'shorter-term', code: 'no-confirmation', term: { from: 10, to: 2 } }),
    ]);
    expect((await registry.dataOf('retention.run')).at(-1)).toMatchObject({ years: 10, configuredYears: 2 });
  });

  it('still destroys what is due under the longer one', async () => {
    await registry.askIn(2020, 1, 2);
    await registry.ask(1, 2);
    await registry.run();
    at('2031-03-01T10:00:00Z');
    expect(await registry.run(SHORT)).toMatchObject({ keys: 2, unconfirmedTerm: true });
    expect((await registry.keys()).map(({ year }) => year)).toEqual([2026, 2026]);
  });

  it('holds once two officers have confirmed it; the next look runs by it', async () => {
    await registry.ask(1, 2);
    await registry.run();
    at('2030-03-01T10:00:00Z');
    await registry.run(SHORT);
    const { id } = doneOf(await propose(10, 2));
    expect(await registry.confirm(officerOf(50), id, SHORT)).toMatchObject({
      code: 'SECOND_PERSON_REQUIRED',
    });
    expect(await registry.confirm(officerOf(51), id, { years: 3 })).toMatchObject({ code: 'STATE_CONFLICT' });
    expect((await readState(registry.test.db, false))?.years).toBe(10);
    doneOf(await registry.confirm(officerOf(51), id, SHORT));
    expect(await registry.run(SHORT)).toMatchObject({ keys: 2, unconfirmedTerm: false });
    expect(await registry.dataOf('retention.confirmed')).toMatchObject([{ term: { from: 10, to: 2 } }]);
    await registry.requireSound();
  });

  it('cannot be proposed where it is none', async () => {
    await registry.run();
    for (const [from, to] of [
      [10, 10],
      [10, 11],
      [9, 2],
    ] as const)
      expect(await propose(from, to)).toMatchObject({ kind: 'refused', code: 'STATE_CONFLICT' });
  });

  it('that is taken back, or a longer one, holds at once', async () => {
    await registry.run();
    at('2027-03-01T10:00:00Z');
    await registry.run(SHORT);
    at('2028-03-01T10:00:00Z');
    expect(await registry.run({ years: 12 })).toMatchObject({ unconfirmedTerm: false });
    expect(await readState(registry.test.db, false)).toMatchObject({ years: 12, refusedYears: null });
  });
});

describe('a proposal to shorten the term', () => {
  it('opens only as it was proposed: changed in the table it is good for nothing', async () => {
    await registry.run();
    const proposal = { officer: officerOf(50), subject: null, reason: REASON };
    const terms = { what: 'shorter-term', from: 10, to: 5 } as const;
    const { id } = doneOf(await registry.submitProposal({ ...proposal, terms }));
    await registry.test.db.query({
      text: `UPDATE bridge.retention_proposal SET proposal = '{"what":"shorter-term","from":10,"to":1}'`,
    });
    await expect(registry.confirm(officerOf(51), id, { years: 1 })).rejects.toMatchObject({
      code: 'SEALED_VALUE_INVALID',
    });
    const other = createMasterKeys([{ id: 'm2', key: Buffer.alloc(32, 1) }]);
    await expect(registry.confirm(officerOf(51), id, { masterKeys: other })).rejects.toMatchObject({
      code: 'KEY_DESTROYED',
    });
  });
});
