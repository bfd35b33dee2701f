import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AskedAuthority, readAuthority } from '../../src/authority/read-authority.js';
import { tagger } from '../audit/support/parts.js';
import { type House, openHouse, someone } from '../verification/support/house.js';
import { MERSIS, NOW, TODAY } from '../verification/support/parts.js';

const TARIM = '0000000000000021';
const UNKNOWN = '0000000000000099';

let house: House;

beforeAll(async () => {
  house = await openHouse();
  await house.addCooperative(TARIM, { il: 'Şanlıurfa', ministry: 'tarim', durum: 'tasfiye' });
});

afterAll(() => house.close());

const tagOf = (n: number) => tagger.tag('authority', someone(n));
const read = (asked: readonly AskedAuthority[]) =>
  house.test.db.transaction((tx) => readAuthority(tx, asked, TODAY));

async function addRole(n: number, role: string, ministry: string | null, il: string | null): Promise<string> {
  const roleId = randomUUID();
  const text =
    'INSERT INTO bridge.authority_role (role_id, person_tag, role, ministry, il) VALUES ($1, $2, $3, $4, $5)';
  await house.test.db.query({ text, values: [roleId, tagOf(n), role, ministry, il] });
  return roleId;
}

describe('what is known of one person at one cooperative', () => {
  it('is the cooperative, the seats there and nowhere else, and the roles anywhere, with days as days', async () => {
    const seatId = await house.addSeat(someone(1), {
      role: 'appointee',
      startsOn: '2024-02-29',
      endsOn: null,
      registeredOn: null,
    });
    await house.addSeat(someone(1), {}, TARIM);
    await house.addSeat(someone(2));
    const roleId = await addRole(1, 'directorate', 'ticaret', 'Ankara');
    const cooperative = {
      mersisNo: MERSIS,
      il: 'Ankara',
      ilgiliBakanlik: 'ticaret',
      durum: 'faal',
      suspended: false,
      underTrustee: false,
      hasBoard: true,
      version: 1,
      readAt: NOW,
    };
    const days = { startsOn: '2024-02-29', endsOn: null, registeredOn: null, goneOn: null };
    expect(await read([{ tag: tagOf(1), mersisNo: MERSIS }])).toEqual([
      {
        cooperative,
        seatedAt: cooperative,
        seats: [{ seatId, role: 'appointee', ...days }],
        roles: [
          {
            roleId,
            role: 'directorate',
            ministry: 'ticaret',
            il: 'Ankara',
            mersisNo: null,
            startsOn: null,
            endsOn: null,
          },
        ],
      },
    ]);
  });

  it('is nothing of a person whom nobody knows, and no cooperative where there is none', async () => {
    const [stranger, nowhere] = await read([
      { tag: tagOf(77), mersisNo: TARIM },
      { tag: tagOf(1), mersisNo: UNKNOWN },
    ]);
    expect(stranger).toMatchObject({
      cooperative: { il: 'Şanlıurfa', durum: 'tasfiye' },
      seats: [],
      roles: [],
    });
    expect(nowhere).toMatchObject({ cooperative: null, seats: [], roles: [{ role: 'directorate' }] });
  });

  it('says that a cooperative is suspended where a decision says so', async () => {
    const set = (value: string | null) =>
      house.test.db.query({
        text: 'UPDATE bridge.authority_cooperative SET suspended_by = $1 WHERE mersis_no = $2',
        values: [value, MERSIS],
      });
    await set('karar 12');
    expect((await read([{ tag: tagOf(1), mersisNo: MERSIS }]))[0]?.cooperative?.suspended).toBe(true);
    await set(null);
    expect((await read([{ tag: tagOf(1), mersisNo: MERSIS }]))[0]?.cooperative?.suspended).toBe(false);
  });

  it('comes back in the order in which it was asked, also for the same question many times', async () => {
    const asked = [1, 2, 77, 1, 2, 1].map((n, i) => ({
      tag: tagOf(n),
      mersisNo: i % 2 === 0 ? MERSIS : TARIM,
    }));
    const together = await read(asked);
    const alone = [];
    for (const one of asked) alone.push(...(await read([one])));
    expect(together).toEqual(alone);
    expect(await read([])).toEqual([]);
  });
});
