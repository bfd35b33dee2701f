import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { checkLine } from '../../../../src/audit/catalogue/check-line.js';
import type { Receipt, Side } from '../../../../src/audit/entry.js';
import type { MasterKeys } from '../../../../src/audit/master-keys.js';
import { personKeyPlace, sideTag } from '../../../../src/audit/person-keys.js';
import { plainLane } from '../../../../src/audit/plain-lane.js';
import { RETENTION_APPLIERS } from '../../../../src/audit/retention/appliers.js';
import { createConfirmLane } from '../../../../src/audit/retention/confirm-lane.js';
import type { Verdict } from '../../../../src/audit/retention/exclusive-lane.js';
import { createPlaceHoldLane } from '../../../../src/audit/retention/holds.js';
import type { ActingOfficer } from '../../../../src/audit/retention/officer.js';
import { type RunTools, runRetention } from '../../../../src/audit/retention/periodic-run.js';
import { createProposeLane, type NewProposal } from '../../../../src/audit/retention/propose-lane.js';
import type { RunRules } from '../../../../src/audit/retention/run-lanes.js';
import type { RetentionTools } from '../../../../src/audit/retention/tools.js';
import { openValue } from '../../../../src/audit/seal.js';
import { createTestDatabase, type TestDatabase } from '../../../support/database.js';
import { numberedDraft } from '../../../support/drafts.js';
import { type OpenLog, openLog, readEntries, requireSoundLog } from '../../support/log.js';
import { masterKeys, numberOf, personOf, tagger } from '../../support/parts.js';

export const DECISION = { authority: 'court', date: '2026-05-04', number: '2026/123 E.' } as const;
export const DOCUMENT = { authority: 'Ankara 3. Ağır Ceza', date: '2026-05-04', number: '2026/7' } as const;
export const REASON = 'kararın gereği';
export const RULES: RunRules = { instance: 'test-1', legalGround: 'KVKK m.7', years: 10, everyDays: 30 };

/** An officer who is the invented citizen `n`. */
export function officerOf(n: number): ActingOfficer {
  return {
    person: personOf(n),
    tag: tagger.tag('authority', personOf(n)),
    session: {
      acr: 'urn:koopbis:acr:step-up',
      authTime: '2026-05-05T09:00:00.000Z',
      session: randomUUID(),
    },
  };
}

/** A log of its own with everything that destroys, on a clock that the test sets. */
export class Registry {
  now = new Date('2026-05-05T10:00:00Z');
  /** The master keys of the process that writes; a test may change them, as a change of settings does. */
  masterKeys: MasterKeys = masterKeys;
  /** What the lanes ask: whether an officer still acts. */
  acts = true;
  readonly tools: RetentionTools = {
    instance: 'test-1',
    legalGround: 'KVKK m.7',
    years: 10,
    proposalDays: 14,
    masterKeys,
    tagger,
    stillActs: async () => this.acts,
  };
  readonly test: TestDatabase;
  readonly log: OpenLog;

  private constructor(test: TestDatabase) {
    this.test = test;
    this.log = this.another();
  }

  static async open(): Promise<Registry> {
    return new Registry(await createTestDatabase({ migrations: true }));
  }

  /** The log as another process has it. */
  another(): OpenLog {
    const appliers = new Map(RETENTION_APPLIERS.map((one) => [one.kind, one]));
    return openLog(this.test.appUrl, {
      deps: { now: () => this.now, appliers, masterKeys: this.#current() },
    });
  }

  #current(): MasterKeys {
    const current = () => this.masterKeys;
    return {
      get activeId() {
        return current().activeId;
      },
      wrap: (plain, place) => current().wrap(plain, place),
      unwrap: (wrapped, place, id) => current().unwrap(wrapped, place, id),
    };
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.test.drop();
  }

  /** An entry in which citizen `actor` asks about citizen `subject`, at `now`. */
  ask(actor: number, subject: number): Promise<Receipt> {
    const personal = [numberOf('actor', actor), numberOf('subject', subject)];
    return this.log.appender.submit(plainLane, numberedDraft(1, personal));
  }

  /** The same in another year. */
  async askIn(year: number, actor: number, subject: number): Promise<Receipt> {
    const present = this.now;
    this.now = new Date(`${year}-06-01T10:00:00Z`);
    const receipt = await this.ask(actor, subject);
    this.now = present;
    return receipt;
  }

  runTools(rules: Partial<RunRules> = {}, log: OpenLog = this.log): RunTools {
    return {
      db: log.db,
      appender: log.appender,
      rules: { ...RULES, ...rules },
      now: () => this.now,
      sleep: (ms) => sleep(Math.min(ms, 1)),
      stopping: () => false,
      clock: async () => this.now,
    };
  }

  run(rules: Partial<RunRules> = {}) {
    return runRetention(this.runTools(rules));
  }

  propose(officer: ActingOfficer, subject: number, changes: Partial<NewProposal['terms']> = {}) {
    const terms = {
      what: 'destroy',
      decision: DECISION,
      side: 'both',
      yearFrom: 2026,
      yearTo: 2026,
      ...changes,
    };
    return this.submitProposal({
      officer,
      terms: terms as NewProposal['terms'],
      subject: personOf(subject),
      reason: REASON,
    });
  }

  submitProposal(proposal: NewProposal) {
    return this.log.appender.submit(createProposeLane(this.tools), proposal);
  }

  confirm(officer: ActingOfficer, proposal: string, tools: Partial<RetentionTools> = {}) {
    const whats = ['destroy', 'lift-hold', 'shorter-term'] as const;
    const lane = createConfirmLane({ ...this.tools, ...tools });
    return this.log.appender.submit(lane, { officer, proposal, whats, subject: null });
  }

  hold(officer: ActingOfficer, subject: number, yearFrom: number, yearTo: number) {
    const hold = {
      officer,
      subject: personOf(subject),
      yearFrom,
      yearTo,
      document: DOCUMENT,
      reason: REASON,
    };
    return this.log.appender.submit(createPlaceHoldLane(this.tools), hold);
  }

  async keys(): Promise<{ keyId: string; year: number; side: Side; tag: Buffer }[]> {
    const text =
      'SELECT key_id AS "keyId", year, side, tag FROM bridge.person_key ORDER BY year, side, key_id';
    return (await this.test.db.query<{ keyId: string; year: number; side: Side; tag: Buffer }>({ text }))
      .rows;
  }

  async keysOf(side: Side, n: number): Promise<string[]> {
    const tag = sideTag(tagger, side, personOf(n));
    return (await this.keys()).filter((key) => key.tag.equals(tag)).map((key) => key.keyId);
  }

  /** Leaves at which the person is found. */
  async leavesOf(side: Side, n: number): Promise<bigint[]> {
    const { rows } = await this.test.db.query<{ leaf_index: bigint }>({
      text: 'SELECT leaf_index FROM bridge.log_tag WHERE tag = $1 ORDER BY leaf_index',
      values: [sideTag(tagger, side, personOf(n))],
    });
    return rows.map((row) => row.leaf_index);
  }

  /** All entries, each held against the catalogue. */
  async entries() {
    return (await readEntries(this.test.db)).map((row) => ({ leaf: row.leaf_index, ...checkLine(row.line) }));
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests look into data freely
  async dataOf(kind: string): Promise<any[]> {
    return (await this.entries()).filter((entry) => entry.kind === kind).map((entry) => entry.data);
  }

  /** What a sealed field of an entry opens to; null where its key is gone. */
  async reveal(leaf: bigint, field: string): Promise<string | null> {
    const found = await this.test.db.query<{ line: string }>({
      text: 'SELECT line FROM bridge.entry WHERE leaf_index = $1',
      values: [leaf],
    });
    const entry = checkLine(found.rows[0]?.line ?? '');
    const value = entry?.sealed[field];
    if (value === undefined) throw new Error(`no ${field} at leaf ${leaf}`);
    const { rows } = await this.test.db.query<{
      tag: Buffer;
      year: number;
      wrapped: Buffer;
      master_key_id: string;
    }>({
      text: 'SELECT tag, year, wrapped, master_key_id FROM bridge.person_key WHERE key_id = $1',
      values: [value.key],
    });
    const [row] = rows;
    if (row === undefined) return null;
    const place = personKeyPlace(value.key, row.tag, row.year);
    return openValue(value, this.masterKeys.unwrap(row.wrapped, place, row.master_key_id), entry.id, field);
  }

  /**
   * What must hold after every destruction: lines, hashes and root; and each key that an entry names exists, or an entry and its
   * row say that it was destroyed, and then it does not exist.
   */
  async requireSound(): Promise<void> {
    await requireSoundLog(this.test.db);
    const entries = await this.entries();
    const existing = new Set((await this.keys()).map((key) => key.keyId));
    const told = entries.flatMap(({ kind, leaf, data }) =>
      kind === 'retention.destroyed' ? (data.keys as string[]).map((id) => `${leaf} ${id}`) : [],
    );
    const text = `SELECT leaf_index || ' ' || key_id AS row FROM bridge.destroyed_key`;
    const { rows } = await this.test.db.query<{ row: string }>({ text });
    const keyOf = (one: string) => one.split(' ')[1] as string;
    for (const { row } of rows) expect(told).toContain(row);
    const destroyed = new Set(told.map(keyOf));
    expect(rows.map(({ row }) => keyOf(row)).sort()).toEqual([...destroyed].sort());
    for (const id of destroyed) expect(existing.has(id)).toBe(false);
    for (const entry of entries)
      for (const { key } of Object.values(entry.sealed))
        expect(existing.has(key) || destroyed.has(key)).toBe(true);
  }
}

/** The value of a deed that was done; fails the test where it was refused. */
export function doneOf<T>(verdict: Verdict<T>): T {
  expect(verdict).toMatchObject({ kind: 'done' });
  return (verdict as Verdict<T> & { kind: 'done' }).value;
}
