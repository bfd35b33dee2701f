import { randomUUID } from 'node:crypto';
import type { DataOf } from '../../../../src/audit/catalogue/catalogue.js';
import { draftOf } from '../../../../src/audit/draft.js';
import type { EntryKind } from '../../../../src/audit/entry.js';
import { plainLane } from '../../../../src/audit/plain-lane.js';
import { foldLines } from '../../../../src/fees/book/fold.js';
import { kurus } from '../../../../src/fees/kurus.js';
import type { CloseTools } from '../../../../src/fees/quarter/close-tools.js';
import { decideQuarter } from '../../../../src/fees/quarter/decide.js';
import { freezeQuarter } from '../../../../src/fees/quarter/freeze.js';
import { sealQuarter } from '../../../../src/fees/quarter/seal.js';
import type { Difference } from '../../../../src/fees/reconciliation/classify.js';
import { differencesSha256 } from '../../../../src/fees/reconciliation/recorded.js';
import type { ActingOfficer } from '../../../../src/proposals/officer.js';
import { termsSha256 } from '../../../../src/proposals/terms-hash.js';
import { actedBy, doneValue } from '../../../../src/proposals/verdict.js';
import { type FullHouse, openFullHouse } from '../../../audit/check/support/full-house.js';
import { personOf, tagger } from '../../../audit/support/parts.js';
import { equalRecord, noRecord } from '../../../verification/support/house.js';
import { account } from '../../../verification/support/parts.js';

export const QUARTER = '2026-Q2';
const IN_QUARTER = new Date('2026-05-04T09:00:00Z');
const NEXT_DAY = new Date('2026-05-05T09:00:00Z');
const CLOSING = new Date('2026-07-03T09:00:00Z');
export const SERVICE = 'BilesikKutukSorgulaKimlikNoServis';

function officerOf(n: number): ActingOfficer {
  const person = personOf(n);
  const tag = tagger.tag('authority', person);
  return { sessionId: randomUUID(), person, tag, acr: 'acr', authTime: IN_QUARTER, role: 'finance' };
}

const [FIRST, SECOND] = [officerOf(1), officerOf(2)];
export const BY = { actor: actedBy(FIRST).actor, instance: 'bridge-1', osUser: 'finans' } as const;

const TOOLS: CloseTools = {
  ports: {
    instance: 'bridge-1',
    osUser: 'finans',
    stillActs: async () => true,
    isOfficer: async () => true,
    isSessionOf: async () => true,
  },
  settings: {
    inputs: [{ service: SERVICE, version: '2024/04/01', inputs: 2 }],
    accounts: [account('paying')],
    collectHours: 24,
    holidays: [],
  },
  proposalHours: 72,
};

/** A full house in which everything about the fee has happened once, and places in it. */
export interface FeeHouse {
  readonly full: FullHouse;
  /** Leaves of the first entry of a kind. */
  leaf(kind: string): Promise<bigint>;
}

/**
 * Queries at two prices with every kind of end; records of officers; a quarter that was frozen, reopened with one more query in it, frozen
 * again, approved and sealed; a query of it that ended after that; figures with a difference that settled two unknown outcomes.
 */
export async function openFeeHouse(): Promise<FeeHouse> {
  const full = await openFullHouse();
  await askAll(full);
  await switchTariff(full);
  await recordAll(full);
  await closeQuarter(full);
  await reconcile(full);
  await foldLines(full.house.test.db);
  await full.settle();
  // Counts of what never left follow the search rows.
  await foldLines(full.house.test.db);
  return {
    full,
    leaf: async (kind) => {
      const [row] = await full.rows<{ leaf: bigint }>(
        `SELECT leaf_index AS leaf FROM bridge.entry WHERE kind = '${kind}' ORDER BY leaf_index LIMIT 1`,
      );
      return row?.leaf ?? -1n;
    },
  };
}

/** Writes an entry and gives its leaf. */
export async function tell<K extends EntryKind>(full: FullHouse, kind: K, data: DataOf<K>): Promise<bigint> {
  const draft = draftOf(
    kind,
    full.house.now,
    data,
    kind === 'fees.unknown-settled' ? [] : actedBy(FIRST).personal,
  );
  return (await full.log.submit(plainLane, draft)).leafIndex;
}

async function askAll(full: FullHouse): Promise<void> {
  const { house } = full;
  const answers: readonly (typeof house.kps.answer)[] = [
    equalRecord,
    equalRecord,
    noRecord,
    ({ messageId }) => ({ kind: 'unknown', reason: 'timeout', messageIds: [messageId] }),
    ({ messageId }) => ({ kind: 'unknown', reason: 'timeout', messageIds: [messageId] }),
    () => ({ kind: 'not-sent', reason: 'connection-refused', messageIds: [] }),
  ];
  for (const [n, answer] of answers.entries()) {
    house.kps.answer = answer;
    await full.ask(n, { key: `k${n}` });
  }
  house.kps.answer = equalRecord;
  // One repeated answer, and two calls that were refused before they left.
  for (const purpose of ['ortak-kayit', 'none', 'none'])
    await full.ask(0, { key: purpose === 'none' ? 'none' : 'k0', purpose });
  await foldLines(house.test.db);
}

/** From the next day on the service costs 3 kuruş, and a query is asked at that price. */
async function switchTariff(full: FullHouse): Promise<void> {
  const row = {
    amountKurus: 3,
    basis: 'per-query',
    from: '2026-05-05',
    gazette: 'RG 1',
    row: 'new',
  } as const;
  const about = { inputs: [], proposal: randomUUID(), service: SERVICE };
  const leaf = await tell(full, 'fees.tariff-switched', { ...BY, ...row, ...about });
  await full.tamper(
    `INSERT INTO bridge.fee_tariff_switch VALUES ('new', '2026-05-05', 3, 'per-query', '${SERVICE}', 'RG 1', ${leaf})`,
  );
  full.house.now = NEXT_DAY;
  await full.ask(10);
}

async function recordAll(full: FullHouse): Promise<void> {
  const [notice, payment, request, proposal] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const expiresAt = '2026-05-08T09:00:00.123Z';
  const about = { proposal, subject: `paying ${QUARTER}`, what: 'fees.stop' } as const;
  const made = await tell(full, 'proposal.made', {
    ...{ ...BY, ...about, changes: [], expiresAt, reason: null, termsSha256: termsSha256({}) },
  });
  const ended = await tell(full, 'proposal.ended', { ...BY, ...about, decision: 'approved', reason: null });
  const lift = { account: 'paying', proposal, quarter: QUARTER, toPercent: 120 };
  const lifted = await tell(full, 'fees.stop-lifted', { ...BY, ...lift });
  const noticed = await tell(full, 'fees.notice-recorded', {
    ...{ ...BY, account: 'paying', amountKurus: 12, dated: '2026-05-05', notice, number: 'N-1' },
    ...{ quarter: QUARTER, queries: 6 },
  });
  const slip = randomUUID();
  const slipped = await tell(full, 'fees.payment-recorded', {
    ...{
      ...BY,
      amountKurus: 120,
      notice,
      paidOn: '2026-05-05',
      payment: slip,
      reference: 'D-1',
      replaces: null,
    },
  });
  const paid = await tell(full, 'fees.payment-recorded', {
    ...{ ...BY, amountKurus: 12, notice, paidOn: '2026-05-05', payment, reference: 'D-1', replaces: slip },
  });
  const asked = await tell(full, 'fees.agreement-requested', {
    ...{ ...BY, account: 'paying', documentNo: 'E-1', kind: 'service', request },
    ...{ requestedOn: '2026-05-04', wanted: 'TumKutukDogrulaServis' },
  });
  const answered = await tell(full, 'fees.agreement-answered', {
    ...{ ...BY, decidedOn: '2026-05-05', decision: 'granted', request },
  });
  await full.tamper(`
    INSERT INTO bridge.proposal VALUES ('${proposal}', 'fees.stop', 'paying ${QUARTER}', '{}', '\\x${FIRST.tag.toString('hex')}',
      '${full.house.now.toISOString()}', ${made}, '${expiresAt}', 'approved', ${ended});
    INSERT INTO bridge.fee_stop_lift VALUES ('paying', '${QUARTER}', 120, ${lifted});
    INSERT INTO bridge.fee_notice VALUES ('${notice}', 'paying', '${QUARTER}', 'N-1', '2026-05-05', 6, 12, ${noticed});
    INSERT INTO bridge.fee_payment VALUES ('${slip}', '${notice}', 'D-1', '2026-05-05', 120, NULL, ${slipped}),
      ('${payment}', '${notice}', 'D-1', '2026-05-05', 12, '${slip}', ${paid});
    INSERT INTO bridge.fee_agreement_request VALUES ('${request}', 'paying', 'service', 'TumKutukDogrulaServis', 'E-1', '2026-05-04',
      ${asked}, 'granted', '2026-05-05', ${answered})`);
}

/** Freezes a quarter on the day it can be, and gives the proposal. */
export async function freeze(full: FullHouse, quarter: string, at: Date): Promise<string> {
  full.house.now = at;
  await foldLines(full.house.test.db);
  const order = { quarter, reason: null, officer: FIRST };
  return doneValue(await freezeQuarter(full.log, TOOLS, order)).proposal;
}

async function closeQuarter(full: FullHouse): Promise<void> {
  const { house, log } = full;
  const decide = async (decision: 'approved' | 'refused', proposal: string) =>
    doneValue(
      await decideQuarter(log, TOOLS, {
        quarter: QUARTER,
        proposal,
        decision,
        reason: null,
        officer: SECOND,
      }),
    );
  const first = await freeze(full, QUARTER, CLOSING);
  // Two clocks: what is asked now was sent in the quarter all the same.
  house.now = IN_QUARTER;
  await full.ask(20);
  await decide('refused', first);
  house.now = IN_QUARTER;
  await full.ask(21);
  await decide('approved', await freeze(full, QUARTER, CLOSING));
  doneValue(await sealQuarter(log, TOOLS, { quarter: QUARTER, officer: FIRST }));
  house.now = IN_QUARTER;
  await full.ask(22);
  house.now = CLOSING;
}

const ON_DAY = { service: null } as const;
const DIFFERENCES: readonly Difference[] = [
  {
    ...ON_DAY,
    ...{ class: 'unknown-outcome', day: '2026-05-04', queries: -1, amountKurus: kurus(-2), behind: 2 },
  },
  { ...ON_DAY, ...{ class: 'rounding', day: '2026-05-05', queries: 0, amountKurus: kurus(-1), behind: 0 } },
];

async function reconcile(full: FullHouse): Promise<void> {
  const [imported, difference, undecided] = [randomUUID(), randomUUID(), randomUUID()];
  const days = { from: '2026-04-01', to: '2026-06-30' };
  const fileSha256 = '5'.repeat(64);
  const taken = await tell(full, 'fees.figures-imported', {
    ...{ ...BY, ...days, account: 'paying', amountKurus: 10, detail: 'day', differences: 2 },
    differencesSha256: differencesSha256(DIFFERENCES),
    ...{ fileSha256, import: imported, lines: 2, queries: 5 },
  });
  const decided = await tell(full, 'fees.difference-decided', {
    ...{ ...BY, amountKurus: -2, class: 'unknown-outcome', decision: 'settle', difference },
    ...{ import: imported, note: 'sınama', queries: -1, settled: 2 },
  });
  await full.tamper(`
    INSERT INTO bridge.fee_import VALUES ('${imported}', 'paying', '${days.from}', '${days.to}', decode('${fileSha256}', 'hex'), 'day',
      '${full.house.now.toISOString()}', ${taken});
    INSERT INTO bridge.fee_figure VALUES ('${imported}', 1, '2026-05-04', NULL, 4, 8), ('${imported}', 2, '2026-05-05', NULL, 1, 2);
    INSERT INTO bridge.fee_difference VALUES
      ('${difference}', '${imported}', 0, 'unknown-outcome', '2026-05-04', NULL, -1, -2, 2, 'settle', ${decided}),
      ('${undecided}', '${imported}', 1, 'rounding', '2026-05-05', NULL, 0, -1, 0, NULL, NULL)`);
  const unknown = await full.rows<{ id: string; leaf: bigint }>(
    "SELECT query_id AS id, outcome_leaf AS leaf FROM bridge.fee_line WHERE result = 'unknown' ORDER BY outcome_leaf",
  );
  for (const [i, { id, leaf }] of unknown.entries()) {
    const change =
      i === 0 ? { counted: true, units: 0, amountKurus: 0 } : { counted: false, units: -1, amountKurus: -2 };
    const settled = await tell(full, 'fees.unknown-settled', {
      ...{ account: 'paying', ...change, difference, feeClass: 'paying', instance: 'bridge-1', by: 'count' },
      ...{
        ofDay: '2026-05-04',
        ofQuarter: QUARTER,
        outcome: Number(leaf),
        quarter: '2026-Q3',
        query: id,
        unitPriceKurus: 2,
      },
    });
    await full.tamper(`INSERT INTO bridge.fee_correction VALUES ('${id}', 'paying', 'paying', '2026-Q3', '${QUARTER}', '2026-05-04',
      ${change.counted}, ${change.units}, 2, ${change.amountKurus}, '${difference}', ${settled})`);
  }
}
