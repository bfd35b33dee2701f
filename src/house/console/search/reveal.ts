import { CATALOGUE, type DataOf, type EntryKind } from '../../../audit/catalogue/catalogue.js';
import { draftOf } from '../../../audit/draft.js';
import type { EntryDraft, PersonalValue } from '../../../audit/entry.js';
import type { Lane, Settled } from '../../../audit/lane.js';
import type { Revealed } from '../../../audit/search/attempt.js';
import { revealLines } from '../../../audit/search/reveal.js';
import type { LoggedEntry, StoryPorts } from '../../../console/security/story/ports.js';
import { Refusal } from '../../../errors/refusal.js';
import { KimlikNo } from '../../../person/kimlik-no.js';
import type { ActingOfficer, DeedPorts } from '../../../proposals/officer.js';
import { actedBy } from '../../../proposals/verdict.js';
import type { Transaction } from '../../../storage/database.js';
import { deedPortsOf } from '../../deed-ports.js';
import type { RoomParts } from '../parts.js';

interface Revealing {
  readonly officer: ActingOfficer;
  readonly draft: EntryDraft;
}

/** Leaf of the entry, or null where the officer's right has ended. */
type Told = bigint | null;

/** An officer waits; nothing is lost where it fails. */
const PATIENCE_MS = 5_000;

/**
 * Opening one sealed value of an entry. It is opened once before, for whose number it is: whoever's it is must find this among the look-ups
 * about them. What is shown is opened after the entry is durable, with keys as they are then.
 */
export function createReveal({ config, db, log }: RoomParts): StoryPorts['reveal'] {
  const deeds = deedPortsOf(config.instance, null, []);
  const lane = revealLane(deeds);
  const open = async ({ id, sealed }: LoggedEntry, field: string): Promise<Revealed> => {
    const value = sealed[field];
    if (value === undefined) throw new Refusal('NOT_FOUND');
    const [opened] = await revealLines(db, log.masterKeys, [{ id, sealed: { [field]: value } }]);
    return opened?.[field] ?? 'destroyed';
  };
  return async ({ at, person: { officer } }, entry, { field, reason }) => {
    const { actor, personal } = actedBy(officer);
    const data: DataOf<'log.revealed'> = {
      actor,
      entry: entry.id,
      field,
      instance: config.instance,
      leaf: Number(entry.leaf),
      reason,
    };
    const subject = subjectOf(entry, field, await open(entry, field));
    const draft = draftOf('log.revealed', at, data, [...personal, ...subject]);
    const leaf = await log.appender.submit(lane, { officer, draft });
    if (leaf === null) throw new Refusal('TOKEN_INVALID');
    return { leaf, value: await open(entry, field) };
  };
}

/** The person whose number is opened, where it stands there as that of somebody asked about or decided on. */
function subjectOf({ kind }: LoggedEntry, field: string, value: Revealed): readonly PersonalValue[] {
  const sealed = Object.hasOwn(CATALOGUE, kind) ? CATALOGUE[kind as EntryKind].sealed[field] : undefined;
  if (sealed?.side !== 'subject') return [];
  const parsed = KimlikNo.parse(value);
  if (!parsed.ok) return [];
  const { value: person } = parsed;
  return [{ field: 'subject.number', side: 'subject', person, text: person.reveal(), indexed: true }];
}

/** Looks at the right again in the transaction of the entry: a session that was ended a moment ago opens nothing. */
function revealLane({ stillActs }: Pick<DeedPorts, 'stillActs'>): Lane<Revealing, Told> {
  const settleOne = async (
    tx: Transaction,
    { draft, officer }: Revealing,
    now: Date,
  ): Promise<Settled<Told>> => {
    if (!(await stillActs(tx, officer, now))) return { entries: [], effects: [], answer: () => null };
    return { entries: [draft], effects: [], answer: ([receipt]) => receipt?.leafIndex ?? null };
  };
  return {
    name: '4-reveal',
    patienceMs: PATIENCE_MS,
    settle: async (tx, items, now) => {
      const settled: Settled<Told>[] = [];
      for (const item of items) settled.push(await settleOne(tx, item, now));
      return settled;
    },
  };
}
