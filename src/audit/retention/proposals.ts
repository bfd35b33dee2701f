import { z } from 'zod';
import { isBridgeError } from '../../errors/bridge-error.js';
import { KimlikNo } from '../../person/kimlik-no.js';
import type { Queryable, Transaction } from '../../storage/database.js';
import { canonicalJson, type JsonObject } from '../canonical-json.js';
import { decisionSchema, type proposalWhat } from '../catalogue/retention.js';
import type { Effect, EffectApplier } from '../lane.js';
import type { MasterKeys } from '../master-keys.js';
import { sideTag } from '../person-keys.js';
import type { PersonTagger } from '../person-tags.js';

const year = z.int().min(2000).max(2999);

/** What a proposal is about; nothing personal stands here. */
const termsSchema = z.discriminatedUnion('what', [
  z.strictObject({
    what: z.literal('destroy'),
    decision: decisionSchema,
    side: z.enum(['actor', 'subject', 'both']),
    yearFrom: year,
    yearTo: year,
  }),
  z.strictObject({ what: z.literal('lift-hold'), hold: z.uuid(), reason: z.string().max(500) }),
  z.strictObject({ what: z.literal('shorter-term'), from: z.int().min(1), to: z.int().min(1) }),
]);

export type ProposalTerms = z.infer<typeof termsSchema>;
export type ProposalWhat = z.infer<typeof proposalWhat>;

/** Who stands in the box of a proposal. `subject` is null where it concerns no person. */
export interface ProposalPersons {
  readonly proposer: KimlikNo;
  readonly subject: KimlikNo | null;
}

/** A proposal that has not ended. */
export interface OpenProposal {
  readonly id: string;
  readonly terms: ProposalTerms;
  readonly proposerTag: Buffer;
  readonly expiresAt: Date;
  /** Errors: `SEALED_VALUE_INVALID` where the row is not what was proposed, `KEY_DESTROYED` without its master key. */
  persons(masterKeys: MasterKeys): ProposalPersons;
}

interface Row {
  proposal_id: string;
  proposer_tag: Buffer | null;
  proposal: unknown;
  person_box: Buffer | null;
  master_key_id: string | null;
  expires_at: Date;
  ended_leaf: bigint | null;
}

/**
 * Where the numbers of a proposal are sealed: for these terms and this proposer alone. Whoever can write to the table cannot
 * widen the years, or change the person, between the two officers.
 */
export function proposalPlace(id: string, terms: unknown, proposerTag: Buffer): string {
  return `retention-proposal\n${id}\n${proposerTag.toString('hex')}\n${canonicalJson(terms as JsonObject)}`;
}

/** The proposal, locked; 'ended' where it has ended, null where there is none. */
export async function lockProposal(tx: Transaction, id: string): Promise<OpenProposal | 'ended' | null> {
  const { rows } = await tx.query<Row>({
    text: 'SELECT * FROM bridge.retention_proposal WHERE proposal_id = $1 FOR UPDATE',
    values: [id],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return openOf(row) ?? 'ended';
}

function openOf(row: Row): OpenProposal | null {
  const { proposal_id: id, proposer_tag: proposerTag, person_box: box, master_key_id: keyId } = row;
  if (row.ended_leaf !== null || proposerTag === null || box === null || keyId === null) return null;
  return {
    id,
    terms: termsSchema.parse(row.proposal),
    proposerTag,
    expiresAt: row.expires_at,
    persons: (masterKeys) =>
      parsePersons(masterKeys.unwrap(box, proposalPlace(id, row.proposal, proposerTag), keyId)),
  };
}

function parsePersons(plain: Buffer): ProposalPersons {
  const [proposer = '', subject] = plain.toString('utf8').split('\n');
  const parse = (text: string): KimlikNo => {
    const parsed = KimlikNo.parse(text);
    if (!parsed.ok) throw new TypeError('a sealed number is none');
    return parsed.value;
  };
  return { proposer: parse(proposer), subject: subject === undefined ? null : parse(subject) };
}

/** The numbers as they are sealed in the box. */
export function personsText({ proposer, subject }: ProposalPersons): Buffer {
  const numbers = subject === null ? [proposer] : [proposer, subject];
  return Buffer.from(numbers.map((number) => number.reveal()).join('\n'), 'utf8');
}

/** What is proposed, as an officer sees it; the person is not shown. */
export interface ProposalSummary {
  readonly id: string;
  readonly terms: ProposalTerms;
  readonly expiresAt: Date;
  readonly state: 'open' | 'ended';
  readonly proposedLeaf: bigint;
  readonly endedLeaf: bigint | null;
}

/** The newest proposals of these kinds, `limit` at the most. */
export async function listProposals(
  q: Queryable,
  whats: readonly ProposalWhat[],
  limit: number,
): Promise<readonly ProposalSummary[]> {
  const { rows } = await q.query<Row & { proposed_leaf: bigint }>({
    text: 'SELECT * FROM bridge.retention_proposal WHERE what = ANY($1::text[]) ORDER BY proposed_leaf DESC LIMIT $2',
    values: [whats, limit],
  });
  return rows.map((row) => ({
    id: row.proposal_id,
    terms: termsSchema.parse(row.proposal),
    expiresAt: row.expires_at,
    state: row.ended_leaf === null ? 'open' : 'ended',
    proposedLeaf: row.proposed_leaf,
    endedLeaf: row.ended_leaf,
  }));
}

/** One proposal as whoever decides it may see it; nobody's number is opened for that. */
export interface ProposalRecord {
  readonly id: string;
  readonly what: ProposalWhat;
  /** Null: no bridge wrote the row so. */
  readonly terms: ProposalTerms | null;
  /** Null once it has ended. */
  readonly proposerTag: Buffer | null;
  readonly expiresAt: Date;
  readonly proposedLeaf: bigint;
  readonly endedLeaf: bigint | null;
  /** Whether the row is what its proposer sealed; null: it has ended, nothing is sealed any more. `KEY_DESTROYED` without its master key. */
  isSealed(masterKeys: MasterKeys): boolean | null;
  /** Tags of the person that it is about, by which holds are found; null where it is about nobody, or does not open. */
  tagsOf(masterKeys: MasterKeys, tagger: PersonTagger): readonly Buffer[] | null;
  /** Whether it is about `person`; false where it is about nobody, or does not open. */
  isAbout(masterKeys: MasterKeys, person: KimlikNo): boolean;
}

type RecordRow = Row & { what: ProposalWhat; proposed_leaf: bigint };

/** Proposals of this kind that nobody has ended, expired ones among them; newest first. */
export async function openProposals(
  q: Queryable,
  what: ProposalWhat,
  limit: number,
): Promise<readonly ProposalRecord[]> {
  const { rows } = await q.query<RecordRow>({
    text: `SELECT * FROM bridge.retention_proposal WHERE what = $1 AND ended_leaf IS NULL ORDER BY proposed_leaf DESC LIMIT $2`,
    values: [what, limit],
  });
  return rows.map(recordOf);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** One proposal of this kind, ended or not; null where there is none. */
export async function findProposal(
  q: Queryable,
  id: string,
  what: ProposalWhat,
): Promise<ProposalRecord | null> {
  if (!UUID.test(id)) return null;
  const { rows } = await q.query<RecordRow>({
    text: 'SELECT * FROM bridge.retention_proposal WHERE proposal_id = $1 AND what = $2',
    values: [id, what],
  });
  return rows[0] === undefined ? null : recordOf(rows[0]);
}

function recordOf(row: RecordRow): ProposalRecord {
  const terms = termsSchema.safeParse(row.proposal).data ?? null;
  const open = (masterKeys: MasterKeys): ProposalPersons | null => {
    try {
      return terms === null ? null : (openOf(row)?.persons(masterKeys) ?? null);
    } catch (error) {
      if (isBridgeError(error, 'SEALED_VALUE_INVALID') || error instanceof TypeError) return null;
      throw error;
    }
  };
  return {
    id: row.proposal_id,
    what: row.what,
    terms,
    proposerTag: row.proposer_tag,
    expiresAt: row.expires_at,
    proposedLeaf: row.proposed_leaf,
    endedLeaf: row.ended_leaf,
    isSealed: (masterKeys) => (row.ended_leaf === null ? open(masterKeys) !== null : null),
    tagsOf: (masterKeys, tagger) => {
      const subject = open(masterKeys)?.subject ?? null;
      return subject === null
        ? null
        : [sideTag(tagger, 'actor', subject), sideTag(tagger, 'subject', subject)];
    },
    isAbout: (masterKeys, person) => open(masterKeys)?.subject?.equals(person) === true,
  };
}

/** Ids of open proposals whose time has run out, `limit` at the most. */
export async function expiredProposals(q: Queryable, now: Date, limit: number): Promise<readonly string[]> {
  const { rows } = await q.query<{ proposal_id: string }>({
    text: `SELECT proposal_id FROM bridge.retention_proposal WHERE ended_leaf IS NULL AND expires_at <= $1
      ORDER BY expires_at LIMIT $2`,
    values: [now, limit],
  });
  return rows.map((row) => row.proposal_id);
}

export interface ProposalOpened extends Effect {
  readonly kind: 'proposal-opened';
  readonly id: string;
  readonly terms: ProposalTerms;
  readonly proposerTag: Buffer;
  readonly box: Buffer;
  readonly masterKeyId: string;
  readonly expiresAt: Date;
}

export const proposalOpenedApplier: EffectApplier<ProposalOpened> = {
  kind: 'proposal-opened',
  apply: async (tx, placed) => {
    for (const { effect, receipt } of placed) {
      await tx.query({
        text: `INSERT INTO bridge.retention_proposal
          (proposal_id, what, proposer_tag, proposal, person_box, master_key_id, proposed_leaf, expires_at)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        values: [
          effect.id,
          effect.terms.what,
          effect.proposerTag,
          JSON.stringify(effect.terms),
          effect.box,
          effect.masterKeyId,
          receipt.leafIndex,
          effect.expiresAt,
        ],
      });
    }
  },
};

/** The end of a proposal, however it ended: the numbers go with it. */
export interface ProposalEnded extends Effect {
  readonly kind: 'proposal-ended';
  readonly id: string;
}

export const proposalEndedApplier: EffectApplier<ProposalEnded> = {
  kind: 'proposal-ended',
  apply: async (tx, placed) => {
    for (const { effect, receipt } of placed) {
      await tx.query({
        text: `UPDATE bridge.retention_proposal SET ended_leaf = $2, person_box = NULL, master_key_id = NULL, proposer_tag = NULL
          WHERE proposal_id = $1`,
        values: [effect.id, receipt.leafIndex],
      });
    }
  },
};
