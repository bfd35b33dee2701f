import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createAuthorityMemory } from '../../../src/authority/memory/authority-memory.js';
import { readAuthority } from '../../../src/authority/read-authority.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { type GivenCooperative, mersisNoOf, tagOf, writeCooperatives, writeRoles } from './support/world.js';

/** Eight cooperatives and six persons: few enough that mergers make chains and circles, and persons meet their own seats. */
const COOPERATIVES = 8;
const PERSONS = 6;
const DAYS = ['2025-06-01', '2026-01-01', '2026-06-30', '2026-07-01', '2026-11-22', '2027-03-01'] as const;

const day = fc.constantFrom(...DAYS);
const dayOrNone = fc.option(day, { nil: null });
const tag = fc.integer({ min: 1, max: PERSONS }).map(tagOf);
const mersisNo = fc.integer({ min: 1, max: COOPERATIVES }).map(mersisNoOf);

const seat = fc.record({
  tag,
  role: fc.constantFrom(
    'board',
    'board',
    'denetci',
    'liquidator',
    'trustee',
    'appointee',
    'legacy-appointee',
    'ministry-representative',
  ),
  startsOn: day,
  endsOn: dayOrNone,
  registeredOn: dayOrNone,
  goneOn: dayOrNone,
});
const status = fc.record({
  durum: fc.constantFrom('faal', 'tasfiye', 'terkin', 'birleşme', 'birleşme', 'bilinmeyen'),
  since: day,
});
const suspension = fc.record({ decisionNo: fc.constant('2026/1'), decidedOn: day, from: day, to: dayOrNone });
const cooperative: fc.Arbitrary<GivenCooperative> = fc.record({
  mersisNo,
  statuses: fc.array(status, { minLength: 1, maxLength: 3 }),
  // Number 9 is not in the tables.
  successor: fc.option(fc.integer({ min: 1, max: COOPERATIVES + 1 }).map(mersisNoOf), { nil: null }),
  suspensions: fc.array(suspension, { maxLength: 2 }),
  seats: fc.array(seat, { maxLength: 6 }),
});
const role = fc.record({
  tag,
  role: fc.constantFrom('directorate', 'ministry-central', 'ministry-representative', 'security-officer'),
  ministry: fc.constantFrom('ticaret', 'tarim', null),
  il: fc.constantFrom('Ankara', 'İzmir', null),
  mersisNo: fc.option(mersisNo, { nil: null }),
  startsOn: dayOrNone,
  endsOn: dayOrNone,
});
/** What one step finds: cooperatives that changed, and perhaps other roles. */
const change = fc.record({
  cooperatives: fc.uniqueArray(cooperative, { maxLength: COOPERATIVES, selector: (one) => one.mersisNo }),
  roles: fc.option(fc.array(role, { maxLength: 8 }), { nil: null }),
});

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase({ migrations: true });
});
afterAll(() => test.drop());

const everything = Array.from({ length: COOPERATIVES + 1 }, (_, c) =>
  Array.from({ length: PERSONS }, (_, p) => ({ tag: tagOf(p + 1), mersisNo: mersisNoOf(c + 1) })),
).flat();

describe('memory and tables', () => {
  it('say the same of everybody everywhere on every day, however the tables came to be what they are', async () => {
    const silent = { info: () => undefined, warn: () => undefined };
    const memory = createAuthorityMemory({ db: test.db, log: silent, now: () => new Date() });
    const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      for (const { cooperatives, roles } of changes) {
        await writeCooperatives(test.db, cooperatives);
        if (roles !== null) await writeRoles(test.db, roles);
        await memory.follow();
        for (const on of DAYS) {
          const read = await test.db.transaction((tx) => readAuthority(tx, everything, on));
          const view = await memory.confirmed();
          expect(everything.map((one) => view.factsOf(one.tag, one.mersisNo, on))).toEqual(read);
        }
      }
    });
    await fc.assert(property, { numRuns: 40 });
  });
});
