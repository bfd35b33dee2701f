import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Database, Transaction } from '../../storage/database.js';
import { type AuthorityPolicy, type Capacity, freshnessOf } from '../decide.js';
import { MAX_MERGERS, MERGED } from '../read-authority.js';
import { type CooperativeRecord, cooperativeOn, type RecordedSeat } from '../record.js';
import type { ActionName } from '../rights/actions.js';
import { type KnownVersion, readVersionAt } from './read-version.js';
import { type ActingOn, mayDo, type SeatInForce, whoCouldAct } from './who-could-act.js';

/** Who could act on `day`, as known before `knownLeaf`; null: as known now. */
export interface AskedAuthorities {
  readonly mersisNo: string;
  readonly day: string;
  readonly knownLeaf: bigint | null;
}

/** One cooperative on the day, with the version that says so. */
export interface KnownCooperative
  extends Pick<ActingOn, 'mersisNo' | 'durum' | 'suspended' | 'underTrustee'>,
    Pick<KnownVersion, 'version' | 'leaf' | 'knownFrom'> {}

/** Whoever could act, and to what the table of rights gives that seat a right. */
export interface CouldAct extends SeatInForce {
  readonly may: readonly ActionName[];
}

/** The answer. `readAt`, `freshness`: null where it is not asked as of now. */
export interface Authorities {
  readonly asked: KnownCooperative;
  /** Where the seats are, if the cooperative had merged and that one was known. */
  readonly successor: KnownCooperative | null;
  /** The older of the readings that it rests on. */
  readonly readAt: Date | null;
  /** With an old reading `may` shrinks as every decision does. Only where today is asked about as of now. */
  readonly freshness: Capacity['freshness'] | 'nothing' | null;
  readonly authorities: readonly CouldAct[];
}

/** Versions and times of reading of one moment. */
const SNAPSHOT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY';
const READ_AT =
  'SELECT min(read_at) AS at FROM bridge.authority_cooperative WHERE mersis_no = ANY($1::text[])';

/**
 * "Who could act on D as known on K": one version of the cooperative and, where it had merged, of those that it went into, known at the
 * same leaf; the rules are those of every decision. Staff, whose competence rests on no seat, are left out. Null where the cooperative was
 * not known then. Errors: those of `Database`.
 */
export function readAuthorities(
  db: Database,
  asked: AskedAuthorities,
  policy: AuthorityPolicy,
  now: Date,
): Promise<Authorities | null> {
  return db.transaction((tx) => readIn(tx, asked, policy, now), { begin: SNAPSHOT });
}

/**
 * The same for several cooperatives on `day`, as known now and of one moment, for lists: few at a time, since each is read by itself. Those
 * that are not known are left out. Errors: those of `Database`.
 */
export function readAuthoritiesOfEach(
  db: Database,
  { mersisNos, day }: { readonly mersisNos: readonly string[]; readonly day: string },
  policy: AuthorityPolicy,
  now: Date,
): Promise<ReadonlyMap<string, Authorities>> {
  return db.transaction(
    async (tx) => {
      const found = new Map<string, Authorities>();
      for (const mersisNo of mersisNos) {
        const one = await readIn(tx, { mersisNo, day, knownLeaf: null }, policy, now);
        if (one !== null) found.set(mersisNo, one);
      }
      return found;
    },
    { begin: SNAPSHOT },
  );
}

async function readIn(
  tx: Transaction,
  { mersisNo, day, knownLeaf }: AskedAuthorities,
  policy: AuthorityPolicy,
  now: Date,
): Promise<Authorities | null> {
  const asked = await readVersionAt(tx, mersisNo, knownLeaf);
  if (asked === null) return null;
  const seated = await seatedAt(tx, asked, day, knownLeaf);
  const numbers = [asked, ...(seated === null ? [] : [seated])].map(({ record }) => record.mersisNo);
  const readAt = knownLeaf === null ? await readReadAt(tx, numbers) : null;
  return answerOf(asked, seated, { day, readAt, policy, now });
}

/** Whose seats count on `day`; null where that one was not known, or where there is no end to it. */
async function seatedAt(
  tx: Transaction,
  asked: KnownVersion,
  day: string,
  knownLeaf: bigint | null,
): Promise<KnownVersion | null> {
  let at: KnownVersion | null = asked;
  for (let mergers = 0; at !== null; mergers += 1) {
    const { durum, successor } = whoCouldAct(at.record, day);
    if (successor === null || durum !== MERGED) return at;
    at = mergers < MAX_MERGERS ? await readVersionAt(tx, successor, knownLeaf) : null;
  }
  return null;
}

async function readReadAt(tx: Transaction, mersisNos: readonly string[]): Promise<Date | null> {
  const { rows } = await tx.query<{ at: Date | null }>({ text: READ_AT, values: [mersisNos] });
  return rows[0]?.at ?? null;
}

interface AnswerParts {
  readonly day: string;
  readonly readAt: Date | null;
  readonly policy: AuthorityPolicy;
  readonly now: Date;
}

function answerOf(
  asked: KnownVersion,
  seated: KnownVersion | null,
  { day, readAt, policy, now }: AnswerParts,
): Authorities {
  const today = istanbulDay(now);
  const own = whoCouldAct(asked.record, day, policy);
  const there = seated === null ? null : whoCouldAct(seated.record, day, policy);
  const cooperative = cooperativeOn(asked.record, { version: asked.version, readAt: readAt ?? now }, day);
  const isOfNow = readAt !== null && day === today;
  const freshness = isOfNow ? freshnessOf(cooperative, null, { ...policy, now, today }) : null;
  const question = { cooperative, kind: asked.record, day, freshness: freshness ?? 'fresh' };
  const seatOf = seatsById(seated?.record);
  return {
    asked: knownOf(asked, own),
    successor: seated === null || seated === asked || there === null ? null : knownOf(seated, there),
    readAt,
    freshness,
    authorities: (there?.seats ?? []).map((one) => ({
      ...one,
      may: mayDo(one.role, seatOf(one.seatId), question),
    })),
  };
}

function seatsById(record: CooperativeRecord | undefined): (seatId: string) => RecordedSeat {
  const seats = new Map((record?.seats ?? []).map((seat) => [seat.seatId, seat]));
  return (seatId) => seats.get(seatId) as RecordedSeat;
}

function knownOf({ version, leaf, knownFrom }: KnownVersion, on: ActingOn): KnownCooperative {
  const { mersisNo, durum, suspended, underTrustee } = on;
  return { mersisNo, durum, suspended, underTrustee, version, leaf, knownFrom };
}
