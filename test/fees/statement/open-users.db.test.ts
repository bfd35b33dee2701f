import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sideTag } from '../../../src/audit/person-keys.js';
import { foldLines } from '../../../src/fees/book/fold.js';
import type { UserRow } from '../../../src/fees/export/port.js';
import { createOpenUsers } from '../../../src/fees/statement/open-users.js';
import { withStatement } from '../../../src/fees/statement/with-statement.js';
import type { KimlikNo } from '../../../src/person/kimlik-no.js';
import { masterKeys, tagger } from '../../audit/support/parts.js';
import { type House, openHouse, someone } from '../../verification/support/house.js';

const WHO = [someone(1), someone(2), someone(3)];

let house: House;
beforeAll(async () => {
  house = await openHouse();
  const bridge = house.instance();
  for (const [i, who] of WHO.entries()) {
    await house.addSeat(who);
    const { token } = await house.signIn(who);
    for (let n = 0; n <= i; n += 1) expect(await bridge.ask({ token })).toBe('match');
  }
  await foldLines(house.test.db);
});
afterAll(() => house.close());

async function users(revealed: boolean, beside: () => Promise<unknown> = async () => undefined) {
  const from = '2020-01-01';
  return withStatement(
    {
      db: house.test.db,
      settings: { inputs: [], accounts: [], collectHours: 24, holidays: [] },
      openUsers: createOpenUsers(house.test.db, masterKeys),
      now: () => house.now,
    },
    {
      period: { quarter: null, from, to: '2030-01-01' },
      account: null,
      corrections: false,
      users: revealed ? 'revealed' : 'masked',
      cooperatives: false,
      lines: false,
    },
    async (source) => {
      await beside();
      const rows: UserRow[] = [];
      for await (const row of source.users ?? []) rows.push(row);
      return rows;
    },
  );
}

const destroyKeyOf = (who: KimlikNo) =>
  house.test.db.query({
    text: 'DELETE FROM bridge.person_key WHERE tag = $1',
    values: [sideTag(tagger, 'actor', who)],
  });
const byLines = (rows: readonly UserRow[]) =>
  [...rows].sort((a, b) => a.lines - b.lines).map(({ user }) => user);

describe('who asked', () => {
  it('is masked, every person alike but for a place in the list', async () => {
    const rows = await users(false);
    expect(rows.map(({ user }) => user).sort()).toEqual(['*** (1)', '*** (2)', '*** (3)']);
    expect(rows.map(({ lines }) => lines).sort()).toEqual([1, 2, 3]);
  });

  it('is the number that stands sealed in the intent, beside the person’s own sums', async () => {
    expect(byLines(await users(true))).toEqual(WHO.map((who) => who.reveal()));
  });

  it('is destroyed with the key, also where the statement was begun before', async () => {
    const [first, ...others] = WHO as [KimlikNo, KimlikNo, KimlikNo];
    const rows = await users(true, () => destroyKeyOf(first));
    expect(byLines(rows)).toEqual(['silinmiş', ...others.map((who) => who.reveal())]);
    expect((await users(false)).map(({ user }) => user).sort()).toEqual(['*** (1)', '*** (2)', '*** (3)']);
  });

  it('is told to be unreadable where the key was exchanged for another one’s', async () => {
    const [, second, third] = WHO as [KimlikNo, KimlikNo, KimlikNo];
    await house.test.db.query({
      text: `UPDATE bridge.person_key SET wrapped = (SELECT wrapped FROM bridge.person_key WHERE tag = $2) WHERE tag = $1`,
      values: [sideTag(tagger, 'actor', second), sideTag(tagger, 'actor', third)],
    });
    expect(byLines(await users(true))).toEqual(['silinmiş', 'okunamıyor', third.reveal()]);
  });

  it('opens nothing of an outcome that does not name an intent', async () => {
    const open = createOpenUsers(house.test.db, masterKeys);
    expect(await open([0n, 999_999n])).toEqual(['okunamıyor', 'okunamıyor']);
  });
});
