import type { DataOf } from '../../../audit/catalogue/catalogue.js';
import { entriesAt } from '../../../audit/check/entries-at.js';
import { createConfirmLane } from '../../../audit/retention/confirm-lane.js';
import { holdsOn } from '../../../audit/retention/destroy-keys.js';
import { valueFrom } from '../../../audit/retention/exclusive-lane.js';
import { findStandingHold } from '../../../audit/retention/holds.js';
import {
  findProposal,
  openProposals,
  type ProposalRecord,
  type ProposalTerms,
  type ProposalWhat,
} from '../../../audit/retention/proposals.js';
import { createRefuseLane } from '../../../audit/retention/refuse-lane.js';
import type {
  Decision,
  DecisionDesk,
  DecisionState,
  ShownDecision,
  WaitingDecision,
} from '../../../console/decisions/port.js';
import type { ConsoleCall, ConsolePerson, FormFields } from '../../../console/frame/call.js';
import { ConsoleRefusal } from '../../../console/frame/console-problem.js';
import type { Part } from '../../../console/frame/parts.js';
import { BridgeError } from '../../../errors/bridge-error.js';
import { KimlikNo } from '../../../person/kimlik-no.js';
import { retentionOfficer, retentionTools } from '../../retention-tools.js';
import type { RoomParts } from '../parts.js';
import { PERSON_FIELD, personField } from './person-field.js';
import {
  changesOf,
  destructionParts,
  HELD_TEXT,
  holdParts,
  RETENTION_NAMES,
  subjectOf,
} from './retention-words.js';

type Parts = Pick<RoomParts, 'config' | 'db' | 'log' | 'now'>;
type Entries = Awaited<ReturnType<typeof entriesAt>>;
type Proposed = DataOf<'retention.proposed'>;

/** Open at once; there are a handful in a year. */
const SHOWN = 200;
const WHATS: readonly ProposalWhat[] = ['destroy', 'lift-hold', 'shorter-term'];
/** A withdrawal needs no reason of a person, the entry one. */
const WITHDRAWN = 'öneren tarafından geri çekildi';

/** What two security officers decide about retention: its own store and lanes, shown and decided like everything else. */
export function retentionDesks(parts: Parts): readonly DecisionDesk[] {
  return WHATS.map((what) => retentionDesk(parts, what));
}

function retentionDesk(parts: Parts, what: ProposalWhat): DecisionDesk {
  const { db, log } = parts;
  return {
    what: `retention.${what}`,
    name: RETENTION_NAMES[what],
    roles: ['security-officer'],
    operation: 'audit.decide',
    waiting: async (person) => {
      const found = await openProposals(db, what, SHOWN);
      const entries = await entriesAt(
        db,
        found.map(({ proposedLeaf }) => proposedLeaf),
      );
      return found.map((one) => waitingOf(one, person, entries, parts));
    },
    find: async (person, id) => {
      const found = await findProposal(db, id, what);
      return found === null ? null : shownOf(found, person, parts);
    },
    ...(what === 'destroy'
      ? {
          approvalFields: async (id: string, typed: FormFields | null) => {
            const found = await findProposal(db, id, what);
            return [personField(typed, (person) => found?.isAbout(log.masterKeys, person) === true)];
          },
        }
      : {}),
    refusalText: (code) => (code === 'LEGAL_HOLD' ? HELD_TEXT : null),
    decide: async (call, id, decision, reason) => {
      const found = await findProposal(db, id, what);
      if (found === null) throw new ConsoleRefusal('NOT_FOUND');
      await decide(parts, found, call, decision, reason);
    },
  };
}

function waitingOf(
  found: ProposalRecord,
  { officer }: ConsolePerson,
  entries: Entries,
  { log, now }: Parts,
): WaitingDecision {
  const { expiresAt, id, proposedLeaf, proposerTag, terms, what } = found;
  return {
    ...{ id, expiresAt },
    subject: subjectOf(what, terms),
    proposedAt: entries.get(proposedLeaf)?.at ?? expiresAt,
    isOwn: proposerTag?.equals(officer.tag) === true,
    state:
      expiresAt <= now()
        ? 'expired'
        : isRecorded(found, entries) && found.isSealed(log.masterKeys) === true
          ? 'open'
          : 'unreadable',
  };
}

function proposedIn({ id, proposedLeaf }: ProposalRecord, entries: Entries): Proposed | null {
  const entry = entries.get(proposedLeaf);
  if (entry?.kind !== 'retention.proposed' || entry.data.proposal !== id) return null;
  return entry.data as unknown as Proposed;
}

/** Whether the row says what its entry says; what it holds is sealed for these terms beside that. */
function isRecorded(found: ProposalRecord, entries: Entries): boolean {
  const proposed = proposedIn(found, entries);
  return proposed?.what === found.what && proposed.expiresAt === found.expiresAt.toISOString();
}

async function shownOf(found: ProposalRecord, person: ConsolePerson, parts: Parts): Promise<ShownDecision> {
  const { endedLeaf, proposedLeaf, terms } = found;
  const entries = await entriesAt(parts.db, endedLeaf === null ? [proposedLeaf] : [proposedLeaf, endedLeaf]);
  const proposed = proposedIn(found, entries);
  const waiting = waitingOf(found, person, entries, parts);
  return {
    ...waiting,
    ...(endedLeaf === null ? {} : { state: await endState(proposed, entries.get(endedLeaf), parts) }),
    reason: proposed?.reason ?? null,
    changes: terms === null ? [] : changesOf(terms),
    parts: terms === null ? [] : [...(await heldParts(found, parts)), ...(await partsOf(terms, parts))],
    proposedLeaf,
    ended: endedLeaf === null ? null : endOf(endedLeaf, entries),
  };
}

/** Says that a hold keeps what is to be destroyed: an approval would be refused. */
async function heldParts(
  { endedLeaf, terms, ...found }: ProposalRecord,
  { db, log }: Parts,
): Promise<readonly Part[]> {
  if (terms?.what !== 'destroy' || endedLeaf !== null) return [];
  const tags = found.tagsOf(log.masterKeys, log.tagger);
  if (tags === null || (await holdsOn(db, tags, terms.yearFrom, terms.yearTo)).length === 0) return [];
  return [{ part: 'notice', tone: 'warning', text: HELD_TEXT }];
}

async function partsOf(terms: ProposalTerms, { db }: Parts): Promise<readonly Part[]> {
  if (terms.what === 'destroy') return destructionParts(terms);
  const hold = terms.what === 'lift-hold' ? await findStandingHold(db, terms.hold) : null;
  return hold === null ? [] : holdParts(hold);
}

function endOf(leaf: bigint, entries: Entries): ShownDecision['ended'] {
  const entry = entries.get(leaf);
  if (entry === undefined) return { leaf, at: null, reason: null };
  const { reason } = entry.data;
  const isRefusal = entry.kind === 'retention.refused' && typeof reason === 'string';
  return { leaf, at: entry.at, reason: isRefusal ? reason : null };
}

const APPROVED: ReadonlySet<string> = new Set(['retention.destroyed', 'retention.confirmed', 'hold.lifted']);
const SAME_PERSON = `SELECT 1 FROM bridge.sign_in_session a JOIN bridge.sign_in_session b USING (person_tag)
  WHERE a.session_id = $1 AND b.session_id = $2`;

/** How it ended, by its entry: a row that has ended keeps nobody. */
async function endState(
  proposed: Proposed | null,
  end: ReturnType<Entries['get']>,
  { db }: Parts,
): Promise<DecisionState> {
  if (end === undefined) return 'ended';
  if (APPROVED.has(end.kind)) return 'approved';
  const { actor, code } = end.data as unknown as DataOf<'retention.refused'>;
  if (code === 'expired') return 'expired';
  if (proposed === null || actor === null) return 'refused';
  const { rows } = await db.query({ text: SAME_PERSON, values: [proposed.actor.session, actor.session] });
  return rows.length > 0 ? 'withdrawn' : 'refused';
}

async function decide(
  parts: Parts,
  found: ProposalRecord,
  { fields, person: { officer: acting } }: ConsoleCall,
  decision: Decision,
  reason: string | null,
): Promise<void> {
  const { log } = parts;
  const { id: proposal, proposerTag, what } = found;
  const tools = retentionTools(parts, acting);
  const officer = retentionOfficer(acting);
  const isOwn = proposerTag?.equals(acting.tag) === true;
  if (decision === 'approve') {
    await requireRecorded(parts, found);
    const typed = KimlikNo.parse(fields.get(PERSON_FIELD));
    // Own and ended ones are refused by the lane before it looks at the person.
    const subject = what === 'destroy' && typed.ok ? typed.value : null;
    if (what === 'destroy' && subject === null && !isOwn && found.endedLeaf === null)
      throw new BridgeError('IDENTITY_NUMBER_INVALID', 'whom a destruction is about is typed again');
    const confirmation = { officer, proposal, whats: [what], subject };
    valueFrom(await log.appender.submit(createConfirmLane(tools), confirmation));
    return;
  }
  if (decision === 'refuse' && isOwn)
    throw new BridgeError('SECOND_PERSON_REQUIRED', 'whoever proposed it withdraws it');
  if (decision === 'withdraw' && !isOwn)
    throw new BridgeError('STATE_CONFLICT', 'only who proposed it withdraws it; another officer refuses it');
  const refusal = { officer, proposal, whats: [what], reason: reason ?? WITHDRAWN };
  valueFrom(await log.appender.submit(createRefuseLane(tools), refusal));
}

/** What is not what was recorded is refused, never approved. Throws `STATE_CONFLICT`. */
async function requireRecorded({ db, log }: Parts, found: ProposalRecord): Promise<void> {
  if (found.endedLeaf !== null) return;
  const isSame =
    isRecorded(found, await entriesAt(db, [found.proposedLeaf])) && found.isSealed(log.masterKeys);
  if (!isSame) throw new BridgeError('STATE_CONFLICT', 'the proposal is not what was recorded: refuse it');
}
