import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EffectApplier } from '../../src/audit/lane.js';
import { plainLane } from '../../src/audit/plain-lane.js';
import { istanbulYear } from '../../src/calendar/istanbul-day.js';
import { auditCommand } from '../../src/commands/audit/audit.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { openLog } from '../../src/house/open-log.js';
import { openSessionApplier } from '../../src/sign-in/open-session.js';
import { readEntries } from '../audit/support/log.js';
import { digitsOf, numberOf, personOf } from '../audit/support/parts.js';
import { type Loose, makeWorkplace, type Workplace } from '../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { numberedDraft } from '../support/drafts.js';
import { signInForTest } from '../support/sign-in.js';
import { type Ran, run } from './support.js';

const [OFFICER, OTHER, ADMIN, NOBODY] = [50, 51, 60, 70];
const SUBJECT = 2;
const YEAR = istanbulYear(new Date());
const ID = '00000000-0000-4000-8000-000000000000';
const ROLES = new Map([
  [OFFICER, 'security-officer'],
  [OTHER, 'security-officer'],
  [ADMIN, 'administrator'],
]);
const DECISION = { authority: 'board', number: '2026/55', date: '2026-05-04' };

let workplace: Workplace;
let test: TestDatabase;
let config: BridgeConfig;

beforeAll(async () => {
  workplace = await makeWorkplace();
  test = await createTestDatabase({ migrations: true });
  await load();
});
afterAll(async () => {
  await test.drop();
  workplace.remove();
});
beforeEach(async () => {
  await ask(1, SUBJECT);
});

const urls = () => ({ APP_URL: test.appUrl });

async function load(change: (settings: Loose) => void = () => undefined): Promise<void> {
  config = await workplace.load((settings) => {
    settings.database = { url: { env: 'APP_URL' }, migrateOnStart: false };
    settings.audit.timestamps = { authorities: [] };
    change(settings);
  }, urls());
}

/** The log as the settings have it now. */
async function withLog<T>(work: (log: ReturnType<typeof openLog>) => Promise<T>): Promise<T> {
  const log = openLog(config, test.db, [openSessionApplier] as readonly EffectApplier[]);
  try {
    return await work(log);
  } finally {
    await log.appender.close();
  }
}

const ask = (actor: number, subject: number) =>
  withLog(({ appender }) =>
    appender.submit(plainLane, numberedDraft(1, [numberOf('actor', actor), numberOf('subject', subject)])),
  );

/** A token of the invented citizen `n`, who holds the role that `ROLES` says. */
async function tokenOf(n: number, stepUp = true): Promise<string> {
  return withLog(async (log) => {
    const role = ROLES.get(n);
    const tag = log.tagger.tag('authority', personOf(n));
    if (role !== undefined)
      await test.db.query({
        text: `INSERT INTO bridge.authority_role (role_id, person_tag, role)
          SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM bridge.authority_role WHERE person_tag = $2)`,
        values: [randomUUID(), tag, role],
      });
    const tools = { ...log, log: log.appender, db: test.db };
    return (await signInForTest(tools, { person: personOf(n), stepUp })).accessToken;
  });
}

async function audit(args: readonly string[], token: string, body?: unknown): Promise<Ran> {
  const input = body === undefined ? token : `${token}\n${JSON.stringify(body)}`;
  const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  return run({ audit: auditCommand }, ['audit', ...args], env, input);
}

const destruction = (changes: object = {}) => ({
  person: digitsOf(SUBJECT),
  years: { from: YEAR, to: YEAR },
  side: 'both',
  decision: DECISION,
  reason: 'kararın gereği',
  ...changes,
});

const json = (ran: Ran) => {
  expect(ran).toMatchObject({ code: 0 });
  return JSON.parse(ran.out) as Record<string, never>;
};

describe('bridge audit destroy', () => {
  it('destroys what one officer proposed and another confirmed, the person named on standard input alone', async () => {
    const proposed = json(
      await audit(['destroy', 'propose', '--json'], await tokenOf(OFFICER), destruction()),
    );
    const list = await audit(['destroy', 'list'], await tokenOf(OTHER));
    expect(list.out).toContain(`${proposed.proposal}  open`);
    expect(list.out).toContain('board 2026/55');
    const confirm = ['destroy', 'confirm', '--proposal', String(proposed.proposal)];
    expect(await audit(confirm, await tokenOf(OFFICER))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^SECOND_PERSON_REQUIRED: /),
    });
    const wrong = await audit([...confirm, '--check-person'], await tokenOf(OTHER), { person: digitsOf(3) });
    expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/^STATE_CONFLICT: /) });
    const right = await audit([...confirm, '--check-person', '--json'], await tokenOf(OTHER), {
      person: digitsOf(SUBJECT),
    });
    expect(json(right)).toMatchObject({ what: 'destroy', keys: 1 });
    expect((await audit(confirm, await tokenOf(OTHER))).err).toMatch(/^STATE_CONFLICT: /);
    const text = [list, wrong, right].map(({ out, err }) => out + err).join();
    const lines = (await readEntries(test.db)).map((row) => row.line).join();
    for (const n of [SUBJECT, 3, OFFICER, OTHER]) {
      expect(text).not.toContain(digitsOf(n));
      expect(lines).not.toContain(digitsOf(n));
    }
  });

  it('ends a proposal that an officer refuses, with a reason', async () => {
    const proposed = json(
      await audit(['destroy', 'propose', '--json'], await tokenOf(OFFICER), destruction()),
    );
    const refuse = ['destroy', 'refuse', '--proposal', String(proposed.proposal)];
    expect(await audit(refuse, await tokenOf(OTHER), { reason: 'yanlış yıl' })).toMatchObject({ code: 0 });
    expect((await audit(refuse, await tokenOf(OTHER), { reason: 'bir daha' })).err).toMatch(
      /^STATE_CONFLICT/,
    );
  });

  it('asks for the role and for a step-up', async () => {
    const propose = ['destroy', 'propose'];
    const tries = [
      [await tokenOf(NOBODY), 'ROLE_REQUIRED'],
      [await tokenOf(ADMIN), 'ROLE_REQUIRED'],
      [await tokenOf(OFFICER, false), 'STEP_UP_REQUIRED'],
      ['not-a-token', 'TOKEN_INVALID'],
    ] as const;
    for (const [token, code] of tries) {
      const ran = await audit(propose, token, destruction());
      expect(ran).toMatchObject({ code: 1, out: '' });
      expect(ran.err).toMatch(new RegExp(`^${code}: `));
    }
  });

  it.each([
    ['person', { person: digitsOf(SUBJECT).replace(/.$/, (d) => String((Number(d) + 1) % 10)) }, 'IDENTITY'],
    ['decision.authority', { decision: { ...DECISION, authority: 'me' } }, 'REQUEST_INVALID'],
    ['decision.date', { decision: { ...DECISION, date: '2026-02-30' } }, 'REQUEST_INVALID'],
    ['reason', { reason: `about ${digitsOf(SUBJECT)}` }, 'REQUEST_INVALID'],
    ['decision.number', { decision: { ...DECISION, number: digitsOf(SUBJECT) } }, 'REQUEST_INVALID'],
    ['side', { side: 'neither' }, 'REQUEST_INVALID'],
    ['unknown member', { [digitsOf(SUBJECT)]: 1 }, 'REQUEST_INVALID'],
    ['years', { years: { from: YEAR + 1, to: YEAR + 1 } }, 'REQUEST_INVALID'],
  ])('refuses a proposal whose %s is wrong, and repeats nothing of it', async (_, changes, code) => {
    const before = await readEntries(test.db);
    const ran = await audit(['destroy', 'propose'], await tokenOf(OFFICER), destruction(changes));
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringMatching(new RegExp(`^${code}`)) });
    expect(ran.err).not.toContain(digitsOf(SUBJECT));
    const kinds = (await readEntries(test.db)).slice(before.length).map((row) => row.kind);
    expect(kinds).not.toContain('retention.proposed');
  });

  it.each([
    [['destroy']],
    [['destroy', 'everything']],
    [['destroy', 'constructor']],
    [['destroy', 'confirm']],
    [['destroy', 'list', '--proposal', ID]],
    [['destroy', 'confirm', '--proposal', digitsOf(SUBJECT)]],
    [['destroy', 'propose', digitsOf(SUBJECT)]],
    [['hold', 'lift']],
    [['hold', 'lift', '--proposal', ID]],
    [['hold', 'confirm', '--hold', ID]],
    [['rewrap', 'now']],
    [['erasure-request', digitsOf(SUBJECT)]],
  ])('is wrong use as %j, and the arguments are not repeated', async (args) => {
    const ran = await audit(args, 'token', {});
    expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^WRONG_USE: /) });
    expect(ran.err).not.toContain(digitsOf(SUBJECT));
  });

  it('again after a restore finds nothing to do where nothing came back', async () => {
    const ran = await audit(['destroy', 'replay', '--json'], await tokenOf(OFFICER));
    expect(json(ran)).toEqual({ keys: 0, searchRows: 0, left: 0 });
  });

  it.each<[string, readonly string[], (text: string) => object]>([
    ['propose: the reason', ['destroy', 'propose'], (reason) => destruction({ reason })],
    [
      'propose: the number of the paper',
      ['destroy', 'propose'],
      (number) => destruction({ decision: { ...DECISION, number } }),
    ],
    ['shorten', ['destroy', 'shorten'], (reason) => ({ reason })],
    ['refuse', ['destroy', 'refuse', '--proposal', ID], (reason) => ({ reason })],
    ...(['authority', 'number', 'reason'] as const).map(
      (name): [string, readonly string[], (text: string) => object] => [
        `hold place: ${name}`,
        ['hold', 'place'],
        (text) => {
          const document = { authority: 'Ankara CBS', number: '2026/1', date: '2026-05-04', [name]: text };
          const { reason = 'soruşturma', ...paper } = document as typeof document & { reason?: string };
          const years = { from: YEAR, to: YEAR };
          return { person: digitsOf(8), years, document: paper, reason };
        },
      ],
    ),
    ['hold lift', ['hold', 'lift', '--hold', ID], (reason) => ({ reason })],
    ['hold refuse', ['hold', 'refuse', '--proposal', ID], (reason) => ({ reason })],
    [
      'erasure-request',
      ['erasure-request'],
      (requestNo) => ({ person: digitsOf(8), requestNo, receivedOn: '2026-01-05' }),
    ],
  ])('takes no text with a hidden or turning character, %s', async (_name, args, body) => {
    for (const hidden of ['ters\u202e', 'yaz\u200fı', 'bel\u0007']) {
      const ran = await audit(args, await tokenOf(OFFICER), body(hidden));
      expect(ran).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/^REQUEST_INVALID: standard input: [a-zA-Z.]+ must be plain text/),
      });
      expect(ran.err).not.toContain(hidden);
    }
  });

  it('shortens no term that is not shorter', async () => {
    const ran = await audit(['destroy', 'shorten'], await tokenOf(OFFICER), { reason: 'yeni görüş' });
    expect(ran.err).toMatch(/^STATE_CONFLICT: /);
  });
});

describe('bridge audit hold', () => {
  it('places a hold that stops a destruction until two officers lift it', async () => {
    const person = digitsOf(9);
    const hold = {
      person,
      years: { from: YEAR, to: YEAR },
      document: { authority: 'Ankara CBS', number: '2026/1', date: '2026-05-04' },
      reason: 'soruşturma',
    };
    const placed = json(await audit(['hold', 'place', '--json'], await tokenOf(OFFICER), hold));
    const propose = ['destroy', 'propose', '--json'];
    const stopped = await audit(propose, await tokenOf(OFFICER), destruction({ person }));
    expect(stopped).toMatchObject({ code: 1, err: expect.stringMatching(/^LEGAL_HOLD: /) });
    const lift = ['hold', 'lift', '--hold', String(placed.hold), '--json'];
    const lifting = json(await audit(lift, await tokenOf(OFFICER), { reason: 'dosya kapandı' }));
    const listed = json(await audit(['hold', 'list', '--json'], await tokenOf(OTHER)));
    expect(listed).toMatchObject({
      holds: [{ hold: placed.hold, document: hold.document, liftedLeaf: null }],
      proposals: [{ proposal: lifting.proposal, state: 'open' }],
    });
    expect(JSON.stringify(listed)).not.toContain(person);
    const confirm = ['hold', 'confirm', '--proposal', String(lifting.proposal)];
    expect((await audit(confirm, await tokenOf(OFFICER))).err).toMatch(/^SECOND_PERSON_REQUIRED: /);
    // A command for destructions does not lift holds.
    const other = ['destroy', 'confirm', '--proposal', String(lifting.proposal)];
    expect((await audit(other, await tokenOf(OTHER))).err).toMatch(/^NOT_FOUND: /);
    expect(await audit(confirm, await tokenOf(OTHER))).toMatchObject({ code: 0 });
    json(await audit(propose, await tokenOf(OFFICER), destruction({ person })));
  });
});

describe('bridge audit erasure-request', () => {
  const request = { person: digitsOf(SUBJECT), requestNo: 'B-1', receivedOn: '2026-05-05' };

  it('answers in Turkish and English with the ground and the day; nothing is destroyed', async () => {
    const ran = await audit(['erasure-request'], await tokenOf(OFFICER), request);
    expect(ran.code).toBe(0);
    for (const text of [
      config.audit.retention.legalGround,
      '2026-06-04',
      `${YEAR + 11}-01-01`,
      'Hukuki dayanak',
      'Legal ground',
    ])
      expect(ran.out).toContain(text);
    expect(ran.out).not.toContain(digitsOf(SUBJECT));
  });

  it.each([
    [{ ...request, receivedOn: '2999-01-01' }],
    [{ ...request, requestNo: '' }],
    [{ ...request, person: 1 }],
    [{}],
    [[]],
    [null],
  ])('refuses %j', async (body) => {
    const ran = await audit(['erasure-request'], await tokenOf(OFFICER), body);
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^REQUEST_INVALID: /) });
    expect(ran.err).not.toContain(digitsOf(SUBJECT));
  });
});

describe('bridge audit rewrap', () => {
  it('wraps keys, sessions and proposals anew; only then says that the old key can go, and it can', async () => {
    json(await audit(['destroy', 'propose', '--json'], await tokenOf(OFFICER), destruction()));
    workplace.write('new.key', randomBytes(32).toString('base64'));
    const [old] = config.audit.masterKeys;
    await load((settings) => settings.audit.masterKeys.unshift({ id: 'new', key: { file: 'new.key' } }));
    const text = `UPDATE bridge.person_key SET wrapped = wrapped || '\\x00' WHERE key_id = (SELECT min(key_id::text)::uuid
      FROM bridge.person_key WHERE tag <> ALL($1::bytea[])) RETURNING key_id`;
    const tags = await withLog(async ({ tagger }) =>
      [OFFICER, OTHER, ADMIN].map((n) => tagger.tag('log.actor', personOf(n))),
    );
    const { rows } = await test.db.query<{ key_id: string }>({ text, values: [tags] });
    const spoilt = await audit(['rewrap'], await tokenOf(ADMIN));
    expect(spoilt.code).toBe(1);
    expect(spoilt.err).toMatch(/1 row\(s\) do not open/);
    expect(spoilt.err).not.toMatch(/can leave/);
    expect(spoilt.out).toContain(`1 row(s) of person_key are still wrapped by ${old?.id}`);
    await test.db.query({
      text: 'UPDATE bridge.person_key SET wrapped = substring(wrapped FOR octet_length(wrapped) - 1) WHERE key_id = $1',
      values: [rows[0]?.key_id],
    });
    const whole = await audit(['rewrap', '--json'], await tokenOf(ADMIN));
    expect(json(whole)).toMatchObject({ to: 'new', damaged: 0, left: [] });
    expect(whole.err).toMatch(/can leave audit\.masterKeys/);
    const officer = await tokenOf(OTHER);
    await load((settings) => {
      settings.audit.masterKeys = [{ id: 'new', key: { file: 'new.key' } }];
    });
    // Sessions, proposals and keys of before open with the new key alone.
    const list = await audit(['destroy', 'list', '--json'], officer);
    const open = (json(list) as unknown as { proposal: string; state: string }[]).find(
      ({ state }) => state === 'open',
    );
    const confirm = ['destroy', 'confirm', '--proposal', String(open?.proposal), '--json'];
    expect(json(await audit(confirm, officer))).toMatchObject({ what: 'destroy' });
  });

  it('is an administrator’s, with step-up', async () => {
    expect((await audit(['rewrap'], await tokenOf(OFFICER))).err).toMatch(/^ROLE_REQUIRED: /);
    expect((await audit(['rewrap'], await tokenOf(ADMIN, false))).err).toMatch(/^STEP_UP_REQUIRED: /);
  });
});
