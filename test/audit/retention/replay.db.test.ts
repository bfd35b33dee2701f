import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createReplayLane, resurrectedKeys } from '../../../src/audit/retention/resurrected.js';
import { catchUp } from '../../../src/audit/search/index-entries.js';
import { asOwner } from '../support/log.js';
import { digitsOf } from '../support/parts.js';
import { doneOf, officerOf, Registry } from './support/registry.js';

const [A, B] = [officerOf(50), officerOf(51)];

let registry: Registry;
beforeEach(async () => {
  registry = await Registry.open();
});
afterEach(async () => {
  await registry.close();
});

const replay = () => registry.log.appender.submit(createReplayLane(registry.tools), { officer: A });

/** Destroys citizen 2 and gives back the table of keys as a backup has it. */
async function destroyAndRestore(): Promise<void> {
  await registry.ask(1, 2);
  await asOwner(registry.test, 'CREATE TABLE bridge.backup AS SELECT * FROM bridge.person_key');
  const { id } = doneOf(await registry.propose(A, 2));
  doneOf(await registry.confirm(B, id));
  await asOwner(
    registry.test,
    `INSERT INTO bridge.person_key SELECT * FROM bridge.backup b
     WHERE NOT EXISTS (SELECT 1 FROM bridge.person_key k WHERE k.key_id = b.key_id)`,
  );
  expect(await registry.reveal(0n, 'subject.number')).toBe(digitsOf(2));
}

describe('keys that a backup brought back', () => {
  it('are named, and none is where nothing came back', async () => {
    await registry.ask(1, 2);
    const { id } = doneOf(await registry.propose(A, 2));
    doneOf(await registry.confirm(B, id));
    expect(await resurrectedKeys(registry.test.db)).toEqual([]);
  });

  it('are destroyed again, as an entry, and only they', async () => {
    await destroyAndRestore();
    const [key] = await resurrectedKeys(registry.test.db);
    expect(key).toMatchObject({ year: 2026, side: 'subject' });
    expect(doneOf(await replay())).toEqual({ keys: 1, searchRows: 0, left: 0 });
    expect(await registry.reveal(0n, 'subject.number')).toBeNull();
    expect(await registry.reveal(0n, 'actor.number')).toBe(digitsOf(1));
    expect((await registry.dataOf('retention.destroyed')).at(-1)).toMatchObject({
      rule: 'replay',
      keys: [key?.keyId],
      proposal: null,
    });
    expect(doneOf(await replay())).toEqual({ keys: 0, searchRows: 0, left: 0 });
    expect(await registry.dataOf('retention.destroyed')).toHaveLength(2);
    await registry.requireSound();
  });

  it.each([
    ['before the entries were indexed', false],
    ['from entries that were indexed', true],
  ])('are known from the entries alone, %s', async (_, indexed) => {
    await destroyAndRestore();
    if (indexed) await catchUp(registry.test.db);
    await asOwner(registry.test, 'DELETE FROM bridge.destroyed_key');
    expect(await resurrectedKeys(registry.test.db)).toHaveLength(1);
    expect(doneOf(await replay())).toMatchObject({ keys: 1 });
  });

  it('stay while a legal hold keeps them', async () => {
    await destroyAndRestore();
    doneOf(await registry.hold(A, 2, 2026, 2026));
    expect(doneOf(await replay())).toEqual({ keys: 0, searchRows: 0, left: 1 });
    expect(await registry.reveal(0n, 'subject.number')).toBe(digitsOf(2));
  });

  it('are not touched by somebody who is no officer any more', async () => {
    await destroyAndRestore();
    registry.acts = false;
    expect(await replay()).toMatchObject({ code: 'TOKEN_INVALID' });
    expect(await resurrectedKeys(registry.test.db)).toHaveLength(1);
  });
});
