import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type EvidenceRequest,
  type WrittenEvidence,
  writeEvidence,
} from '../../../src/audit/export/write-evidence.js';
import { verifyFolder } from '../../../verifier/node-api.js';
import { someone } from '../../verification/support/house.js';
import { digitsOf } from '../../verification/support/parts.js';
import { backUp, restore } from '../check/support/backup.js';
import { type FullHouse, grantRole, openFullHouse } from '../check/support/full-house.js';
import { masterKeys } from '../support/parts.js';

let full: FullHouse;
let verifier = '';
let made = 0;
/** Queries of the board member: answered and repeated; of the directorate; open; of an instance without a start. */
let answered = '';
let byStaff = '';
let open = '';
let unstarted = '';
let over: () => void = () => undefined;

beforeAll(async () => {
  full = await openFullHouse();
  verifier = join(full.folder, 'verifier');
  mkdirSync(verifier);
  for (const name of ['verify.html', 'verify.mjs']) writeFileSync(join(verifier, name), name);

  await full.ask(1, { key: 'k' });
  expect(await full.ask(1, { key: 'k' })).toBe('match replayed');
  const officer = someone(5);
  await grantRole(full, officer, randomUUID());
  const { token } = await full.signIn(officer);
  expect(await full.ask(2, { token, purpose: 'resen-kontrol' })).toBe('match');
  const stranger = full.house.instance({ instance: 'never-started' });
  expect(
    await stranger.ask({ token: full.token, question: { subject: { kimlikNo: digitsOf('700000003') } } }),
  ).toBe('match');
  full.house.kps.answer = (question) =>
    new Promise((resolve) => {
      over = () => resolve({ kind: 'no-record', messageIds: [question.messageId] });
    });
  void full.ask(4);
  while ((await full.queries()).length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
  [answered, byStaff, unstarted, open] = (await full.queries()) as [string, string, string, string];
  await full.bridge.read({ token: full.token }, answered);
  await full.settle();
  await backUp(full, 'kept');
});

afterEach(() => restore(full, 'kept'));
afterAll(async () => {
  over();
  await full.close();
});

const roles = (written: WrittenEvidence) => written.entries.map(({ role }) => role);

async function evidence(
  query: string,
  changes: Partial<EvidenceRequest> = {},
  record: () => Promise<void> = async () => undefined,
) {
  const directory = join(full.folder, `evidence-${made++}`);
  const request = { query, directory, masterKeys: null, verifier, ...changes };
  const written = await writeEvidence(full.exports, request, record);
  return { directory, written };
}

/** Accepted by whoever knows the log's key and the authority from elsewhere. */
async function accepted(directory: string) {
  const report = await verifyFolder(directory, {
    logKeys: [full.signer.key.text],
    tsaCas: [full.exports.tsaCa],
  });
  expect(report.checks.filter((check) => !check.ok)).toEqual([]);
  expect(report.ok).toBe(true);
  return report;
}

describe('the evidence of a query', () => {
  it('is the whole story: tariff, right, sign-in, intent, outcome, repeat and reading, all proved', async () => {
    const { directory, written } = await evidence(answered);
    expect(roles(written)).toEqual([
      'tariff',
      'seat',
      'authority',
      'sign-in',
      'intent',
      'outcome',
      'replayed',
      'read',
    ]);
    expect(written.missing).toEqual([]);
    const report = await accepted(directory);
    expect(report.checks.find(({ name }) => name === 'story')?.en).not.toContain('not included');
    expect(readdirSync(directory).sort()).toEqual(
      [
        'checkpoint',
        'entries',
        'evidence.json',
        'log.pub',
        'timestamps',
        'tsa-ca.pem',
        'verify.html',
        'verify.mjs',
      ].sort(),
    );
  });

  it('of a directorate rests on the role that was granted', async () => {
    const { directory, written } = await evidence(byStaff);
    expect(roles(written)).toEqual(['tariff', 'authority', 'sign-in', 'intent', 'outcome']);
    const { leaf } = written.entries[1] as { leaf: bigint };
    expect(JSON.parse(readFileSync(join(directory, `entries/${leaf}.json`), 'utf8')).kind).toBe(
      'role.granted',
    );
    await accepted(directory);
  });

  it('without an outcome, or without the start of its instance, says what is missing to whoever gets it', async () => {
    const waiting = await evidence(open);
    expect(waiting.written.missing).toEqual(['outcome']);
    const told = async (directory: string) =>
      (await accepted(directory)).checks.find(({ name }) => name === 'story')?.en ?? '';
    expect(await told(waiting.directory)).toContain('not included: outcome');
    const other = await evidence(unstarted);
    expect(other.written.missing).toEqual(['tariff']);
    expect(await told(other.directory)).toContain('not included: tariff');
  });

  it('does not call what the right did not rest on its authority, and says where nobody tells what the seat is', async () => {
    await full.tamper("UPDATE bridge.log_search SET ref = NULL WHERE kind = 'seat.recorded'");
    const { directory, written } = await evidence(answered);
    expect(written.missing).toEqual(['seat']);
    const { checks } = await accepted(directory);
    expect(checks.find(({ name }) => name === 'story')?.en).toContain('not included: seat');
    await full.tamper("UPDATE bridge.log_search SET cooperative = NULL WHERE kind = 'authority.recorded'");
    expect((await evidence(answered)).written.missing).toEqual(['authority']);
  });

  it('of an unknown id is refused; where ranges are detached they are named', async () => {
    await expect(evidence(randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await full.tamper(`INSERT INTO bridge.log_detached VALUES (7, '\\x${'00'.repeat(32)}', 1)`);
    const message = expect.stringContaining('ranges 7 are detached');
    await expect(evidence(randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND', message });
  });

  it('is not made of an entry that was changed, nor from a changed checkpoint or time stamp', async () => {
    for (const sql of [
      "UPDATE bridge.entry SET line = replace(line, 'match', 'matcH') WHERE kind = 'query.outcome'",
      "UPDATE bridge.log_checkpoint SET note = replace(note, 'log.example', 'lag.example')",
      "UPDATE bridge.log_timestamp SET response = '\\x3000'",
    ]) {
      await full.tamper(sql);
      await expect(evidence(answered)).rejects.toMatchObject({ code: 'LOG_INCONSISTENT' });
      await restore(full, 'kept');
    }
    expect(readdirSync(full.folder).filter((name) => name.includes('partial'))).toEqual([]);
  });
});

describe('revealed values', () => {
  it('open under their keys, and the verifier shows that they belong to the entry', async () => {
    const { directory, written } = await evidence(answered, { masterKeys });
    const intent = written.entries.find(({ role }) => role === 'intent')?.leaf;
    expect(written.revealed).toEqual([
      { leaf: intent, field: 'actor.address' },
      { leaf: intent, field: 'actor.number' },
      { leaf: intent, field: 'subject.number' },
    ]);
    const values = JSON.parse(readFileSync(join(directory, 'revealed.json'), 'utf8')) as { text: string }[];
    expect(values.map(({ text }) => text)).toEqual(['192.0.2.7', full.asker.reveal(), digitsOf('700000001')]);
    const report = await accepted(directory);
    expect(report.checks.filter(({ name }) => name.startsWith('revealed-'))).toHaveLength(3);
  });

  it('stand on no disk before the entry that tells of them does', async () => {
    const directory = join(full.folder, 'watched');
    const record = async () => {
      const [partial] = readdirSync(full.folder).filter((name) => name.startsWith('.watched.'));
      const files = readdirSync(join(full.folder, partial as string), { recursive: true });
      expect(files).toContain('evidence.json');
      expect(files).not.toContain('revealed.json');
      throw new Error('the log is away');
    };
    await expect(evidence(answered, { masterKeys, directory }, record)).rejects.toThrow('the log is away');
    expect(existsSync(directory)).toBe(false);
  });

  it('that were destroyed are told, the others open all the same', async () => {
    const [row] = await full.rows<{ key: string }>(
      `SELECT line::jsonb -> 'sealed' -> 'subject.number' ->> 'key' AS key FROM bridge.entry WHERE line::jsonb -> 'data' ->> 'query' = '${answered}' AND kind = 'query.intent'`,
    );
    await full.tamper(`DELETE FROM bridge.person_key WHERE key_id = '${row?.key}'`);
    const { directory, written } = await evidence(answered, { masterKeys });
    expect(written.destroyed.map(({ field }) => field)).toEqual(['subject.number']);
    expect(written.revealed.map(({ field }) => field)).toEqual(['actor.address', 'actor.number']);
    await accepted(directory);
  });

  it('whose key was changed by a superuser are refused', async () => {
    await full.tamper(
      "UPDATE bridge.person_key SET wrapped = overlay(wrapped PLACING '\\x0102'::bytea FROM 20)",
    );
    await expect(evidence(answered, { masterKeys })).rejects.toMatchObject({ code: 'SEALED_VALUE_INVALID' });
  });

  it('are not there where nobody asked for them', async () => {
    const { directory } = await evidence(answered);
    expect(existsSync(join(directory, 'revealed.json'))).toBe(false);
  });
});
