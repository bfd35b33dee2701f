import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROLES, type RoleName } from '../../../src/authority/roles/role-list.js';
import { ACCESS, type AccessId } from '../../../src/console/access.js';
import type { AccessRow } from '../../../src/console/access-row.js';
import { FrameServer, madePerson } from './support/frame-server.js';

// Written out and not made from the table that is tested: whoever changes a row of `access.ts` changes it here too, and says so.
const ids = (text: string) => text.split(/\s+/).filter((id) => id !== '');

const ANYONE = ids('parts language returned');
const SIGNED_IN = ids('home help sessions sessions.end own-queries jobs job job.file job.cancel');
const DECIDING = ids('decisions decision decision.decide');
const GRANTING = ids('roles roles.file roles.grant roles.revoke');
const LOG = ids(`security search search.make search.page story story.reveal person person.look person.page
  user user.look user.page signals signal export export.make evidence evidence.make`);

const EXPECTED: Readonly<Record<RoleName, readonly string[]>> = {
  administrator: [
    ...DECIDING,
    ...GRANTING,
    ...ids(`operation operation.file mersis mersis.propose all-sessions all-sessions.find all-sessions.end step-up.reset clients
      webhooks webhooks.redrive settings maintenance maintenance.open maintenance.close`),
  ],
  'security-officer': [
    ...DECIDING,
    ...LOG,
    ...ids(`signal.decide kvkk kvkk.answer retention retention.destroy retention.hold retention.lift
      mersis mersis.propose all-sessions all-sessions.find`),
  ],
  'log-inspector': LOG,
  finance: [
    ...DECIDING,
    ...ids(`fees quarters quarter quarter.lines quarter.users quarter.reveal quarter.file quarter.export quarter.freeze
      quarter.seal quarter.notice quarter.payment reconciliation reconciliation.upload reconciliation.preview
      reconciliation.import reconciliation.show difference.show difference.decide budgets budget.lift tariff
      tariff.propose agreements agreement.request agreement.answer`),
  ],
  'ministry-manager': [...DECIDING, ...GRANTING],
  'ministry-central': ids(
    'area cooperatives cooperatives.file cooperative applications application disagreements',
  ),
  directorate: [
    ...DECIDING,
    ...GRANTING,
    ...ids(`area cooperatives cooperatives.file cooperative cooperative.refresh applications application application.decide
      disagreements disagreement.settle`),
  ],
  'ministry-representative': [],
};

/** Actions that may need the second step; what is not here never does. `decision.decide` asks by its matter. */
const SECOND_STEP: Readonly<Record<string, readonly string[]>> = {
  'audit.reveal': ids('story.reveal export.make evidence.make'),
  'audit.decide': ids('signal.decide kvkk.answer retention.destroy retention.hold retention.lift'),
  'fees.reveal': ids('quarter.reveal'),
  'fees.close': ids('quarter.freeze quarter.seal'),
  'fees.decide':
    ids(`quarter.notice quarter.payment reconciliation.upload reconciliation.import difference.decide
    budget.lift tariff.propose agreement.request agreement.answer`),
  'mersis.release': ids('mersis.propose'),
  'roles.decide': ids('roles.grant roles.revoke'),
  'sessions.end': ids('all-sessions.end step-up.reset'),
  'maintenance.decide': ids('maintenance.open maintenance.close'),
};

const ALL = Object.keys(ACCESS) as AccessId[];
const ROLE_NAMES = Object.keys(ROLES) as RoleName[];
const seatOf = (role: string) => `kisi-${role}`;

let server: FrameServer;

beforeAll(async () => {
  server = await FrameServer.open();
  ROLE_NAMES.forEach((role, n) => void server.seat(seatOf(role), madePerson(10 + n, [role], true)));
  server.seat(seatOf('none'), madePerson(30, [], true));
  server.seat(seatOf('all'), madePerson(31, ROLE_NAMES, true));
  server.seat(seatOf('weak'), madePerson(32, ROLE_NAMES));
  // A role that was written down before the list of roles was closed.
  server.seat(seatOf('unknown'), madePerson(33, ['root', '__proto__', 'anyone', 'signed-in']));
});
afterAll(() => server.close());

/** What became of a call: which handler ran, or the code of the refusal. */
async function became(id: AccessId, who: string | null): Promise<string> {
  server.clear();
  const row: AccessRow = ACCESS[id];
  const path = row.path.replace(/:[A-Za-z]+/g, '7');
  const response = row.method === 'GET' ? await server.get(path, who) : await server.post(path, who);
  const html = await response.text();
  const [called, ...more] = server.calls;
  if (called !== undefined) {
    expect([id, response.status, more.length]).toEqual([id, 200, 0]);
    return `shown ${called.id}`;
  }
  if (response.status === 303) return 'sent to sign in';
  return `${response.status} ${/data-code="([A-Z_]+)"/.exec(html)?.[1]}`;
}

/** What must have become of it. */
function expectedOf(id: AccessId, allowed: readonly string[]): string {
  return allowed.includes(id) ? `shown ${id}` : '403 ROLE_REQUIRED';
}

async function walk(who: string, allowed: readonly string[]): Promise<void> {
  const seen: Record<string, string> = {};
  const refusals: Record<string, string> = {};
  for (const id of ALL) {
    seen[id] = await became(id, who);
    for (const { data, kind } of server.entries)
      if (kind === 'console.refused') refusals[id] = `${data.action} ${data.code}`;
  }
  expect(seen).toEqual(Object.fromEntries(ALL.map((id) => [id, expectedOf(id, allowed)])));
  const refused = ALL.filter((id) => !allowed.includes(id));
  expect(refusals).toEqual(Object.fromEntries(refused.map((id) => [id, `${id} ROLE_REQUIRED`])));
}

describe('every page and action', () => {
  test.each(ROLE_NAMES)('lets %s in, or refuses with an entry, exactly as the table says', async (role) => {
    await walk(seatOf(role), [...ANYONE, ...SIGNED_IN, ...EXPECTED[role]]);
  });

  test('refuses whoever holds no role, but for their own pages', async () => {
    await walk(seatOf('none'), [...ANYONE, ...SIGNED_IN]);
  });

  test('refuses whoever holds a role that is none of the list', async () => {
    await walk(seatOf('unknown'), [...ANYONE, ...SIGNED_IN]);
  });

  test('sends nobody to sign in from pages, and refuses nobody’s forms', async () => {
    const seen: Record<string, string> = {};
    for (const id of ALL) seen[id] = await became(id, null);
    const wanted = (id: AccessId) =>
      ANYONE.includes(id)
        ? `shown ${id}`
        : ACCESS[id].method === 'GET'
          ? 'sent to sign in'
          : '401 TOKEN_INVALID';
    expect(seen).toEqual(Object.fromEntries(ALL.map((id) => [id, wanted(id)])));
  });

  test('is open to somebody: every row is reached by a role, by whoever is signed in, or by anyone', () => {
    const reached = new Set([...ANYONE, ...SIGNED_IN, ...Object.values(EXPECTED).flat()]);
    expect([...reached].sort()).toEqual([...ALL].sort());
  });
});

describe('the second step', () => {
  test('is asked for exactly where the table says, of whoever has not just given it', async () => {
    const seen: Record<string, string> = {};
    for (const id of ALL) {
      const outcome = await became(id, seatOf('weak'));
      const asked = server.steps.flatMap((step) =>
        step.startsWith('step-up ') ? [step.slice('step-up '.length)] : [],
      );
      if (outcome === '403 STEP_UP_REQUIRED') seen[id] = asked.join();
      else expect([id, outcome, asked]).toEqual([id, `shown ${id}`, []]);
    }
    const wanted = Object.entries(SECOND_STEP).flatMap(([operation, all]) =>
      all.map((id) => [id, operation] as const),
    );
    expect(seen).toEqual(Object.fromEntries(wanted));
  });
});

describe('the table', () => {
  test('no two rows have the same method and path, and each keeps to /konsol', () => {
    const places = ALL.map((id) => `${ACCESS[id].method} ${ACCESS[id].path.replace(/:[A-Za-z]+/g, ':x')}`);
    expect(new Set(places).size).toBe(ALL.length);
    for (const id of ALL)
      expect([id, /^\/konsol(\/[a-z-]+|\/:[A-Za-z]+)*$/.test(ACCESS[id].path)]).toEqual([id, true]);
  });

  test('what changes something is an action, and every action leaves an entry', () => {
    for (const id of ALL) {
      const row: AccessRow = ACCESS[id];
      if (row.method === 'POST') expect([id, row.entry]).not.toEqual([id, 'none']);
      else expect([id, row.operation, row.upload]).toEqual([id, undefined, undefined]);
    }
  });

  test('no page of a role is shown without an entry, but for forms that are still empty', () => {
    const silent = ALL.filter((id) => ACCESS[id].entry === 'none' && typeof ACCESS[id].audience !== 'string');
    expect(silent.sort()).toEqual(ids('export person search user'));
  });
});
