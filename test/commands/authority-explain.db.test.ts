import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answering } from '../../src/api/evaluation/answer-questions.js';
import type { EffectApplier } from '../../src/audit/lane.js';
import { AUTHORITY_APPLIERS } from '../../src/authority/appliers.js';
import { createAuthorityMemory } from '../../src/authority/memory/authority-memory.js';
import { authorityCommand } from '../../src/commands/authority/authority.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { authorityPolicyOf } from '../../src/house/authority-policy.js';
import { openLog } from '../../src/house/open-log.js';
import { SESSION_APPLIERS } from '../../src/sign-in/session-appliers.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf, personOf } from '../audit/support/parts.js';
import { makeWorkplace, type Workplace } from '../config/fixture.js';
import { cooperativeReading, portsOf, recordReadings, seatReading } from '../support/authority.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest } from '../support/sign-in.js';
import { type Ran, run } from './support.js';

const OFFICERS = new Map([
  [60, 'administrator'],
  [50, 'security-officer'],
  [51, 'log-inspector'],
]);
const [OFFICER, MANAGER, BOARD, ELECTED, NOBODY] = [50, 70, 1, 2, 3];
const MERSIS = '0123456789000015';
const MERGED = '0123456789000023';
const APPLIERS = [...AUTHORITY_APPLIERS, ...SESSION_APPLIERS] as readonly EffectApplier[];

let workplace: Workplace;
let test: TestDatabase;
let config: BridgeConfig;
let log: ReturnType<typeof openLog>;

const urls = () => ({ APP_URL: test.appUrl });

beforeAll(async () => {
  workplace = await makeWorkplace();
  test = await createTestDatabase({ migrations: true });
  config = await workplace.load((settings) => {
    settings.database = { url: { env: 'APP_URL' }, migrateOnStart: false };
    settings.audit.timestamps = { authorities: [] };
  }, urls());
  log = openLog(config, test.db, APPLIERS);
  for (const [n, role] of [...OFFICERS, [MANAGER, 'ministry-manager'] as const]) {
    const text = 'INSERT INTO bridge.authority_role (role_id, person_tag, role) VALUES ($1, $2, $3)';
    await test.db.query({ text, values: [randomUUID(), log.tagger.tag('authority', personOf(n)), role] });
  }
  const seats = [
    seatReading(log.tagger, personOf(BOARD), {
      representation: 'MUSTEREKEN',
      gazette: '2025-01-05 11231/3',
    }),
    seatReading(log.tagger, personOf(ELECTED), { registeredOn: null, state: 'kabul-edildi' }),
  ];
  await recordReadings(
    log.appender,
    test.db,
    portsOf(log),
    [
      cooperativeReading(MERSIS, { seats }),
      cooperativeReading(MERGED, { durum: 'birleşme', durumSince: '2025-02-01', successor: MERSIS }),
    ],
    new Date(),
  );
});
afterAll(async () => {
  await log.appender.close();
  await test.drop();
  workplace.remove();
});

const tokenOf = async (n: number) => {
  const tools = { ...log, log: log.appender, db: test.db };
  return (await signInForTest(tools, { person: personOf(n) })).accessToken;
};

async function command(args: readonly string[], token: string, body?: unknown): Promise<Ran> {
  const input = body === undefined ? token : `${token}\n${JSON.stringify(body)}`;
  const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  return run({ authority: authorityCommand }, ['authority', ...args], env, input);
}

const explain = async (n: number, args: readonly string[], by = OFFICER) =>
  command(['explain', ...args], await tokenOf(by), { person: digitsOf(n) });
const at = (cooperative: string, action: string, ...more: readonly string[]) => [
  '--cooperative',
  cooperative,
  '--action',
  action,
  ...more,
];

describe('bridge authority explain', () => {
  it('walks from the right to the entry that told of the seat, and shows nobody’s number', async () => {
    const ran = await explain(BOARD, at(MERSIS, 'member.add'));
    expect(ran).toMatchObject({ code: 0, err: '' });
    const lines = ran.out.split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      ...['decision', 'reason', 'right', 'seat', 'signature', 'registration', 'entry', 'reading'],
    ]);
    expect(ran.out).toContain('2025-01-05, gazette 2025-01-05 11231/3');
    const leaf = Number(/leaf (\d+)/.exec(ran.out)?.[1]);
    const entry = JSON.parse((await readEntries(test.db))[leaf]?.line ?? '');
    expect([entry.kind, entry.data.cooperative]).toEqual(['authority.recorded', MERSIS]);
    expect(ran.out).not.toContain(digitsOf(BOARD));
  });

  it('says the same as the API says from memory, for whom and for what it may be', async () => {
    const fields = { info: () => undefined, warn: () => undefined };
    const memory = createAuthorityMemory({ db: test.db, now: () => new Date(), log: fields });
    await memory.load();
    try {
      for (const n of [BOARD, ELECTED, NOBODY])
        for (const [id, name, ...flags] of [
          [MERSIS, 'member.add'],
          [MERSIS, 'document.read', '--member'],
          [MERSIS, 'cooperative.suspend', '--step-up'],
          [MERGED, 'member.add'],
          ['0123456789000031', 'member.add'],
        ] as const) {
          const ran = await explain(n, at(id, name, ...flags, '--json'));
          const tools = {
            view: await memory.confirmed(),
            policy: authorityPolicyOf(config),
            now: new Date(),
            tagOf: (person: ReturnType<typeof personOf>) => log.tagger.tag('authority', person),
          };
          const acr = (flags as readonly string[]).includes('--step-up') ? 'urn:koopbis:acr:step-up' : null;
          const answer = answering(tools)({
            subject: { type: 'person', id: digitsOf(n) },
            action: { name },
            resource: { type: 'cooperative', id },
            context: { member: (flags as readonly string[]).includes('--member'), acr },
          });
          expect(JSON.parse(ran.out)).toEqual(JSON.parse(JSON.stringify(answer)));
        }
    } finally {
      memory.stop();
    }
  });

  it('takes a word that is no action for a slip, not for a question that is answered with no', async () => {
    const ran = await explain(BOARD, at(MERSIS, 'no.action', '--json'));
    expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringContaining('member.add') });
  });

  it('tells of somebody elected and not registered that the seat waits for it', async () => {
    const { out } = await explain(ELECTED, at(MERSIS, 'member.add', '--json'));
    const { decision, context } = JSON.parse(out);
    expect([decision, context.reason.code, context.reason.registration]).toEqual([
      false,
      'not-registered-yet',
      null,
    ]);
  });

  it('is an entry with whoever asked and whoever was looked up, before anything is shown', async () => {
    await explain(NOBODY, at(MERSIS, 'member.add'));
    const [use, acted] = (await readEntries(test.db)).slice(-2).map(({ line }) => JSON.parse(line));
    expect([use.kind, acted.kind]).toEqual(['command.run', 'command.acted']);
    expect(acted.data).toMatchObject({ command: 'authority explain', operation: null });
    expect(Object.keys(acted.sealed).sort()).toEqual(['actor.number', 'subject.number']);
  });

  it('is for the officers whom the table of rights names', async () => {
    for (const n of OFFICERS.keys())
      expect(await explain(BOARD, at(MERSIS, 'member.add'), n)).toMatchObject({ code: 0, err: '' });
    for (const n of [MANAGER, BOARD])
      expect(await explain(BOARD, at(MERSIS, 'member.add'), n)).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/^ROLE_REQUIRED: /),
      });
  });

  it.each([
    ['a cooperative by a person’s number', at(`${digitsOf(BOARD)}00001`, 'member.add'), 2],
    ['no cooperative', ['--action', 'member.add'], 2],
    ['no action', ['--cooperative', MERSIS], 2],
    ['a person as an argument', [...at(MERSIS, 'member.add'), digitsOf(BOARD)], 2],
    ['an option that is none', at(MERSIS, 'member.add', '--person', digitsOf(BOARD)), 2],
  ])('with %s is wrong use, and repeats nothing of it', async (_name, args, code) => {
    const entries = (await readEntries(test.db)).length;
    const ran = await command(['explain', ...args], 'T'.repeat(43), { person: digitsOf(BOARD) });
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.err).not.toContain(digitsOf(BOARD));
    expect((await readEntries(test.db)).length).toBe(entries);
  });

  it.each([
    ['a number that is none', { person: '12345678901' }, 'IDENTITY_NUMBER_INVALID'],
    ['another member', { kimlikNo: digitsOf(BOARD) }, 'REQUEST_INVALID'],
    ['nothing', undefined, 'REQUEST_INVALID'],
  ])('refuses %s on standard input', async (_name, body, code) => {
    const ran = await command(['explain', ...at(MERSIS, 'member.add')], await tokenOf(OFFICER), body);
    expect([ran.code, ran.err.split(':')[0]]).toEqual([1, code]);
    expect(ran.err).not.toContain(digitsOf(BOARD));
  });
});
