import { randomUUID } from 'node:crypto';
import type { DataOf } from '../../../../src/audit/catalogue/catalogue.js';
import { draftOf } from '../../../../src/audit/draft.js';
import type { EntryDraft, PersonalValue, Receipt } from '../../../../src/audit/entry.js';
import type { MasterKeys } from '../../../../src/audit/master-keys.js';
import { sideTag } from '../../../../src/audit/person-keys.js';
import { plainLane } from '../../../../src/audit/plain-lane.js';
import { SIGNAL_APPLIERS } from '../../../../src/audit/signals/appliers.js';
import { evaluateSignals, type SignalLook } from '../../../../src/audit/signals/evaluate-signals.js';
import type { SignalRule } from '../../../../src/audit/signals/rule.js';
import { asAdmin } from '../../../../src/storage/embedded/roles.js';
import { createTestDatabase, type TestDatabase } from '../../../support/database.js';
import { intentDraft } from '../../../support/drafts.js';
import { type OpenLog, openLog } from '../../support/log.js';
import { masterKeys, numberOf, personOf, tagger } from '../../support/parts.js';

export type Outcome = 'match' | 'mismatch' | 'not-found' | null;

/** A query that was asked: its id and where its intent stands. */
export interface Asked {
  readonly query: string;
  readonly leaf: bigint;
}

/** A signal as the table and the entry tell it; `user` is the citizen's number in this test. */
export interface Told {
  readonly rule: string;
  readonly user: number;
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly measured: number;
  readonly threshold: number;
}

export const SESSION = {
  acr: 'urn:koopbis:acr:step-up',
  authTime: '2026-05-05T09:00:00.000Z',
  session: '7b1c8f7e-9f43-4a57-9d39-4d2a9c0f1e77',
};

/** A log of its own, written at instants that the test chooses. Citizens are numbers from 0, as in `personOf`. */
export class SignalLog {
  readonly database: TestDatabase;
  readonly log: OpenLog;
  clock = new Date('2026-05-04T00:00:00Z');

  private constructor(database: TestDatabase) {
    this.database = database;
    this.log = openLog(database.appUrl, {
      deps: {
        now: () => this.clock,
        appliers: new Map(SIGNAL_APPLIERS.map((applier) => [applier.kind, applier])),
      },
    });
  }

  static async open(): Promise<SignalLog> {
    return new SignalLog(await createTestDatabase({ migrations: true }));
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.database.drop();
  }

  /** Everything that was written and raised is gone; keys too. */
  async clear(at: string): Promise<void> {
    this.clock = new Date(at);
    await asAdmin(this.database.adminUrl, async (ask) => {
      await ask(`TRUNCATE bridge.entry, bridge.log_tag, bridge.person_key, bridge.log_search, bridge.log_search_outcome,
        bridge.log_state, bridge.signal`);
      await ask("UPDATE bridge.log_head SET size = 0, compact_range = '', last_at = 'epoch'");
      await ask('UPDATE bridge.log_indexed SET size = 0');
    });
  }

  at(instant: string | Date): this {
    this.clock = new Date(instant);
    return this;
  }

  submit(draft: EntryDraft): Promise<Receipt> {
    return this.log.appender.submit(plainLane, draft);
  }

  async ask(user: number, subject: number): Promise<Asked> {
    const query = randomUUID();
    const personal = [numberOf('actor', user), numberOf('subject', subject)];
    const { leafIndex } = await this.submit(intentDraft({ query }, personal));
    return { query, leaf: leafIndex };
  }

  /** So many different people, numbered from 1000 on. */
  async askMany(user: number, count: number, from = 1000): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_, i) => this.ask(user, from + i)));
  }

  async end({ query, leaf }: Asked, outcome: Outcome, kind: Ending = 'query.outcome'): Promise<void> {
    await this.submit(outcomeDraft(query, leaf, outcome, kind));
  }

  /** The user asks about somebody, and the answer comes at once. */
  async endMany(user: number, count: number, outcome: Outcome): Promise<void> {
    for (let i = 0; i < count; i += 1) await this.end(await this.ask(user, 1000 + i), outcome);
  }

  async read(officer: number, sought: number | null = null): Promise<void> {
    await this.submit(searchedDraft(numberOf('actor', officer), sought));
  }

  look(
    rules: readonly SignalRule[],
    over: { keys?: MasterKeys; log?: OpenLog; stopping?: () => boolean } = {},
  ): Promise<SignalLook | null> {
    const { keys = masterKeys, log = this.log, ...rest } = over;
    const { db, appender } = log;
    return evaluateSignals(
      { db, appender, masterKeys: keys, instance: 'test-1', rules, ...rest },
      this.clock,
    );
  }

  /** What was told so far, in the order of telling. Each row is held against its entry. */
  async told(users: readonly number[]): Promise<Told[]> {
    const { rows } = await this.log.db.query<Row>({
      text: `SELECT s.*, e.line, e.kind FROM bridge.signal s JOIN bridge.entry e ON e.leaf_index = s.raised_leaf ORDER BY s.raised_leaf`,
    });
    return rows.map((row) => {
      const user = users.find((n) =>
        sideTag(tagger, 'actor', personOf(n)).equals(row.actor_tag ?? Buffer.of()),
      );
      const { data } = JSON.parse(row.line) as { data: DataOf<'signal.raised'> };
      const told = {
        rule: row.rule,
        windowStart: row.window_start.toISOString(),
        windowEnd: row.window_end.toISOString(),
        measured: Number(row.measured),
        threshold: Number(row.threshold),
      };
      const same = { ...told, instance: 'test-1', measure: row.measure, signal: row.signal_id };
      if (row.kind !== 'signal.raised' || canonical(data) !== canonical(same))
        throw new Error('a signal and its entry differ');
      return { ...told, user: user ?? -1 };
    });
  }
}

interface Row {
  signal_id: string;
  rule: string;
  measure: string;
  actor_tag: Buffer | null;
  window_start: Date;
  window_end: Date;
  measured: bigint;
  threshold: bigint;
  kind: string;
  line: string;
}

function canonical(value: object): string {
  return JSON.stringify(Object.entries(value).sort());
}

type Ending = 'query.outcome' | 'query.unknown' | 'query.late-outcome';

function outcomeDraft(query: string, leaf: bigint, outcome: Outcome, kind: Ending): EntryDraft {
  const unknown = kind === 'query.unknown';
  const data = {
    code: unknown ? 'KPS_OUTCOME_UNKNOWN' : null,
    fee:
      kind === 'query.late-outcome'
        ? null
        : {
            account: 'ticaret',
            amountKurus: 0,
            feeClass: 'outside' as const,
            quarter: '2026-Q2',
            unitPriceKurus: 0,
            units: 1,
          },
    hataKod: null,
    instance: 'test-1',
    intent: Number(leaf),
    messageIds: [],
    outcome,
    query,
    reason: unknown ? 'no-outcome' : null,
    sent: true,
    sentAt: '2026-05-05T10:00:00.000Z',
    state: unknown ? ('unknown' as const) : ('answered' as const),
  };
  return draftOf(kind, new Date('2026-05-05T10:00:00Z'), data as DataOf<'query.outcome'>);
}

function searchedDraft(officer: PersonalValue, sought: number | null): EntryDraft {
  const nothing = {
    code: null,
    cooperative: null,
    from: null,
    kinds: [],
    outcome: null,
    purpose: null,
    query: null,
    reference: null,
    screen: null,
    service: null,
    session: null,
    to: null,
  };
  return draftOf(
    'log.searched',
    new Date('2026-05-05T10:00:00Z'),
    {
      actor: SESSION,
      basis: { authority: 'Ankara 1. Sulh Ceza', date: '2026-05-01', documentNo: '2026/1' },
      client: null,
      criteria: { ...nothing, actor: false, person: sought !== null },
      instance: 'test-1',
      lookedTo: 0,
      page: null,
      results: 0,
      revealed: false,
    },
    sought === null ? [officer] : [officer, numberOf('subject', sought, 'sought.person')],
  );
}
