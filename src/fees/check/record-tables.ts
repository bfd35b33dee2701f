import type { Json, JsonObject } from '../../audit/canonical-json.js';
import type { ReadEntry } from '../../audit/check/line-check.js';
import type { Told, ToldTable } from '../../audit/check/told-rows.js';
import { heldTermsSha256 } from '../../proposals/terms-hash.js';
import { DIFFERENCE_LIST, heldDifferencesSha256 } from '../reconciliation/recorded.js';

/** What an entry says under these names, of the row that `key` names. */
function saying(key: string, ...names: readonly string[]): (entry: ReadEntry) => Told {
  return ({ data }) => ({ key: String(data[key]), facts: pick(data, names) });
}

function pick(data: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, data[name] as Json]));
}

/** When the entry says that it happened. */
function eventAt({ line }: ReadEntry): string {
  return (JSON.parse(line) as { eventAt: string }).eventAt;
}

const instant = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const facts = (members: Readonly<Record<string, string>>) =>
  `jsonb_build_object(${Object.entries(members)
    .map(([name, column]) => `'${name}', ${column}`)
    .join(', ')}) AS facts`;

const PROPOSALS: ToldTable = {
  what: 'a proposal',
  made: {
    'proposal.made': (entry) => {
      const { key, facts: said } = saying(
        'proposal',
        ...['expiresAt', 'subject', 'termsSha256', 'what'],
      )(entry);
      return { key, facts: { ...said, proposedAt: eventAt(entry) } };
    },
  },
  ended: { 'proposal.ended': saying('proposal', 'decision', 'subject', 'what') },
  rows: `SELECT proposal_id::text AS key, proposed_leaf AS leaf, ended_leaf AS ended, ${facts({
    decision: 'decision',
    expiresAt: instant('expires_at'),
    proposedAt: instant('proposed_at'),
    subject: 'subject',
    terms: 'terms',
    what: 'what',
  })} FROM bridge.proposal`,
  compared: ({ terms, ...facts }) => ({ ...facts, termsSha256: heldTermsSha256(terms as JsonObject) }),
};

const LIFTS: ToldTable = {
  what: 'a lifted stop',
  made: {
    'fees.stop-lifted': ({ data, leaf }) => {
      return { key: String(leaf), facts: pick(data, ['account', 'quarter', 'toPercent']) };
    },
  },
  ended: {},
  rows: `SELECT leaf::text AS key, leaf, NULL::bigint AS ended, ${facts({
    account: 'account_id',
    quarter: 'quarter',
    toPercent: 'to_percent',
  })} FROM bridge.fee_stop_lift`,
};

const NOTICES: ToldTable = {
  what: 'a notice',
  made: {
    'fees.notice-recorded': saying(
      'notice',
      'account',
      'amountKurus',
      'dated',
      'number',
      'quarter',
      'queries',
    ),
  },
  ended: {},
  rows: `SELECT notice_id::text AS key, leaf, NULL::bigint AS ended, ${facts({
    account: 'account_id',
    amountKurus: 'amount_kurus',
    dated: 'dated',
    number: 'number',
    quarter: 'quarter',
    queries: 'queries',
  })} FROM bridge.fee_notice`,
};

const PAYMENTS: ToldTable = {
  what: 'a payment',
  made: {
    'fees.payment-recorded': saying('payment', 'amountKurus', 'notice', 'paidOn', 'reference', 'replaces'),
  },
  ended: {},
  rows: `SELECT payment_id::text AS key, leaf, NULL::bigint AS ended, ${facts({
    amountKurus: 'amount_kurus',
    notice: 'notice_id',
    paidOn: 'paid_on',
    reference: 'reference',
    replaces: 'replaces',
  })} FROM bridge.fee_payment`,
};

// What the file brought is held to its sums: the lines themselves are in no entry, the file's hash is. The differences are held by their hash.
const IMPORTS: ToldTable = {
  what: 'an import',
  made: {
    'fees.figures-imported': saying(
      'import',
      ...[
        'account',
        'amountKurus',
        'detail',
        'differences',
        'differencesSha256',
        'fileSha256',
        'from',
        'lines',
      ],
      ...['queries', 'to'],
    ),
  },
  ended: {},
  rows: `SELECT import_id::text AS key, leaf, NULL::bigint AS ended, ${facts({
    account: 'account_id',
    amountKurus: 'f.amount',
    detail: 'detail',
    differences: '(SELECT count(*) FROM bridge.fee_difference d WHERE d.import_id = i.import_id)',
    differenceList: DIFFERENCE_LIST,
    fileSha256: "encode(file_sha256, 'hex')",
    from: 'from_day',
    lines: 'f.lines',
    queries: 'f.queries',
    to: 'to_day',
  })} FROM bridge.fee_import i CROSS JOIN LATERAL (
    SELECT count(*) AS lines, coalesce(sum(queries), 0)::bigint AS queries,
      CASE WHEN count(*) = count(amount_kurus) THEN coalesce(sum(amount_kurus), 0)::bigint END AS amount
    FROM bridge.fee_figure g WHERE g.import_id = i.import_id) AS f`,
  // A list has up to twenty thousand differences.
  fetch: 10,
  compared: ({ differenceList, ...facts }) => ({
    ...facts,
    differencesSha256: heldDifferencesSha256(differenceList as Json),
  }),
};

const DECISIONS: ToldTable = {
  what: 'a decided difference',
  made: {},
  ended: {
    'fees.difference-decided': saying(
      'difference',
      ...['amountKurus', 'class', 'decision', 'import', 'queries', 'settled'],
    ),
  },
  rows: `SELECT difference_id::text AS key, NULL::bigint AS leaf, decided_leaf AS ended, ${facts({
    amountKurus: 'amount_kurus',
    class: 'class',
    decision: 'decision',
    import: 'import_id',
    queries: 'queries',
    settled: '(SELECT count(*) FROM bridge.fee_correction c WHERE c.difference_id = d.difference_id)',
  })} FROM bridge.fee_difference d WHERE decision IS NOT NULL`,
};

const REQUESTS: ToldTable = {
  what: 'a request about an agreement',
  made: {
    'fees.agreement-requested': saying('request', 'account', 'documentNo', 'kind', 'requestedOn', 'wanted'),
  },
  ended: { 'fees.agreement-answered': saying('request', 'decidedOn', 'decision') },
  rows: `SELECT request_id::text AS key, leaf, decided_leaf AS ended, ${facts({
    account: 'account_id',
    decidedOn: 'decided_on',
    decision: 'decision',
    documentNo: 'document_no',
    kind: 'kind',
    requestedOn: 'requested_on',
    wanted: 'wanted',
  })} FROM bridge.fee_agreement_request`,
};

/** Everything that officers recorded about the fee, of which each row has its entry and each entry its row. */
export const RECORD_TABLES: readonly ToldTable[] = [
  PROPOSALS,
  LIFTS,
  NOTICES,
  PAYMENTS,
  IMPORTS,
  DECISIONS,
  REQUESTS,
];
