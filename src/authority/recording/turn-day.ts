import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { EntryDraft } from '../../audit/entry.js';
import type { Effect, EffectApplier, Lane, Settled } from '../../audit/lane.js';
import { addDays } from '../../calendar/add-days.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Database, Queryable, Transaction } from '../../storage/database.js';
import type { Ministry } from '../facts.js';
import { isSuspendedOn, statusOn } from '../record.js';
import { type AuthorityEvent, raiseVersion } from './events.js';
import { findBereft } from './find-bereft.js';
import type { Changes, HeldRecord, RecordChange, RecordPorts } from './port.js';
import type { RecordedAuthority } from './record-applier.js';
import { lockHead, lockRecords } from './records.js';
import { hasChanged, settleWhole, turnOf } from './settle-changes.js';

/** Roles whose days have begun or ended. */
interface TurnedRoles extends Effect {
  readonly kind: 'authority-roles-turned';
  readonly entryId: string;
  readonly events: readonly AuthorityEvent[];
}

/** Cooperatives in one transaction, for which every query waits. */
const MAX_AT_ONCE = 100;
/** Nobody waits for it; what is over gives nothing anyway. */
const PATIENCE_MS = 30_000;

// What the feed was told and what the day makes of it differ. A seat that the cooperative's state keeps from acting is found each day
// and left as it is. No suspension keeps a trustee from acting. Of several statuses known ahead each has its day. An appointment that
// sleeps is told of by nothing: it may end with the term of its board all the same.
const DUE = `SELECT mersis_no FROM bridge.authority_seat
    WHERE told AND (ends_on <= $1::date OR gone_on <= $1::date)
  UNION SELECT s.mersis_no FROM bridge.authority_seat s JOIN bridge.authority_cooperative c USING (mersis_no)
    WHERE NOT s.told AND s.role <> 'legacy-appointee' AND s.registered_on <= $1::date AND s.starts_on <= $1::date
      AND (s.ends_on IS NULL OR s.ends_on > $1::date) AND s.gone_on IS NULL
      AND (c.suspended_by IS NULL OR s.role = 'trustee') AND (c.durum = 'faal' OR s.role = 'liquidator')
  UNION SELECT mersis_no FROM bridge.authority_cooperative
    WHERE jsonb_array_length(statuses) > 0 AND statuses->-1->>'durum' <> durum AND (statuses->-1->>'since')::date <= $1::date
  UNION SELECT c.mersis_no FROM bridge.authority_cooperative c
    WHERE jsonb_array_length(c.statuses) > 1 AND (c.statuses->-1->>'since')::date > $1::date
      AND c.durum <> (SELECT e.one->>'durum' FROM jsonb_array_elements(c.statuses) WITH ORDINALITY AS e(one, place)
        WHERE (e.one->>'since')::date <= $1::date ORDER BY e.place DESC LIMIT 1)
  UNION SELECT a.mersis_no FROM bridge.authority_seat a JOIN bridge.authority_seat b USING (mersis_no)
    WHERE a.appointment_id IS NOT NULL AND NOT a.told AND (a.ends_on IS NULL OR a.ends_on > $1::date) AND a.gone_on IS NULL
      AND b.role IN ('board', 'liquidator', 'trustee') AND b.ends_on = $1::date
  ORDER BY 1`;

interface RoleRow {
  role_id: string;
  tag: string;
  role: string;
  ministry: Ministry | null;
  il: string | null;
  mersis_no: string | null;
  starts_on: string | null;
  ends_on: string | null;
  told: boolean;
}

const ROLES_DUE = `told <> ((starts_on IS NULL OR starts_on <= $1::date) AND (ends_on IS NULL OR ends_on > $1::date))`;
const ROLES = `SELECT role_id, encode(person_tag, 'hex') AS tag, role, ministry, il, mersis_no, starts_on::text AS starts_on,
    ends_on::text AS ends_on, told
  FROM bridge.authority_role
  WHERE ${ROLES_DUE} ORDER BY role_id FOR UPDATE`;

/** Exclusive: from its COMMIT on nobody acts by a session whose last right the day has ended. */
function turnLane(ports: RecordPorts): Lane<readonly string[], number> {
  return {
    name: '5-authority-turn',
    patienceMs: PATIENCE_MS,
    exclusive: true,
    settle: async (tx, items, now) => {
      const settled: Settled<number>[] = [];
      for (const mersisNos of items) settled.push(await settleTurn(tx, mersisNos, ports, now));
      return settled;
    },
  };
}

async function settleTurn(
  tx: Transaction,
  mersisNos: readonly string[],
  ports: RecordPorts,
  now: Date,
): Promise<Settled<number>> {
  const day = istanbulDay(now);
  const held = mersisNos.length === 0 ? new Map<string, HeldRecord>() : await lockRecords(tx, mersisNos);
  const unchanged = [...held.values()].map((one) => unchangedOf(one));
  const looked = await ports.withAppointments(tx, unchanged, now, addDays(day, -1));
  // An appointment that ends with its board makes a new version; all others only turn.
  const changed = looked.changes.filter(
    ({ before, after }) => before !== null && hasChanged(before.record, after),
  );
  const versions = changed.length === 0 ? NOTHING : await settleWhole(tx, changed, ports, now);
  const renewed = new Set(changed.map(({ after }) => after.mersisNo));
  const leads = new Map(looked.changes.map(({ after, lead }) => [after.mersisNo, lead]));
  const cooperatives = [...held.values()]
    .filter(({ record }) => !renewed.has(record.mersisNo))
    .flatMap((one) => turnedCooperative(one, leads.get(one.record.mersisNo) ?? [], day, now));
  const roles = mersisNos.length === 0 ? await turnedRoles(tx, day, now) : null;
  const turned = [...cooperatives, ...(roles === null ? [] : [roles])];
  const lost = turned.flatMap(({ events }) => events.filter(({ kind }) => kind === 'lost'));
  // What ends today is no longer in force by its days: nothing needs to be left out.
  const bereft = await findBereft(
    tx,
    lost.map(({ tag }) => tag),
    { mersisNos: [], roleIds: [] },
    day,
  );
  const sessions = bereft.length === 0 ? NOTHING : await ports.endSessionsOf(tx, bereft, now);
  const entries = [
    ...versions.entries,
    ...turned.flatMap(({ lead, entry }) => [...lead, entry]),
    ...sessions.entries,
  ];
  return {
    entries,
    effects: [
      ...toldOf(looked.effects, entries),
      ...versions.effects,
      ...turned.map(({ effect }) => effect),
      ...sessions.effects,
    ],
    answer: () => changed.length + turned.reduce((sum, { events }) => sum + events.length, 0),
  };
}

const NOTHING: Changes = { entries: [], effects: [] };

/** Without those of a contradiction that is not told: its cooperative does not turn, since an earlier run has told of it. */
function toldOf(effects: readonly Effect[], entries: readonly EntryDraft[]): readonly Effect[] {
  const told = new Set<unknown>(entries.map(({ id }) => id));
  return effects.filter((effect) => !('entryId' in effect) || told.has(effect.entryId));
}

function unchangedOf(held: HeldRecord): RecordChange {
  const { record, asOf, readAt } = held;
  return { before: held, after: record, source: 'clock', asOf, readAt, persons: new Map(), lead: [] };
}

interface Turned {
  /** What has begun to contradict an appointment on this day: told with the turn, so once. */
  readonly lead: readonly EntryDraft[];
  readonly entry: EntryDraft;
  readonly effect: Effect;
  readonly events: readonly AuthorityEvent[];
}

function turnedCooperative(
  held: HeldRecord,
  lead: readonly EntryDraft[],
  day: string,
  now: Date,
): readonly Turned[] {
  const { record, told, version, asOf, readAt } = held;
  const { running, events } = turnOf(told, record, day);
  if (events.length === 0) return [];
  const entry = turnEntry(record.mersisNo, events, day, now);
  const effect: RecordedAuthority = {
    kind: 'authority-recorded',
    entryId: entry.id,
    record,
    isNew: false,
    durum: statusOn(record, day),
    suspendedBy: isSuspendedOn(record, day)
      ? (record.suspensions.find(({ to }) => to === null)?.decisionNo ?? null)
      : null,
    version,
    source: 'clock',
    asOf,
    readAt,
    seats: record.seats
      .filter(({ seatId }) => told.has(seatId) !== running.has(seatId))
      .map((seat) => ({ seat, told: running.has(seat.seatId), entryId: null })),
    persons: [],
    events,
  };
  return [{ lead, entry, effect, events }];
}

async function turnedRoles(tx: Transaction, day: string, now: Date): Promise<Turned | null> {
  await lockHead(tx);
  const { rows } = await tx.query<RoleRow>({ text: ROLES, values: [day] });
  if (rows.length === 0) return null;
  const events = rows.map((row): AuthorityEvent => {
    const {
      role_id: basis,
      tag,
      mersis_no: mersisNo,
      role,
      ministry,
      il,
      starts_on: from,
      ends_on: to,
    } = row;
    const reason = row.told ? 'term-ended' : null;
    const data = { role, ministry, il, from, to, registeredOn: null, reason };
    return { kind: row.told ? 'lost' : 'granted', tag, mersisNo, basis, data };
  });
  const entry = turnEntry(null, events, day, now);
  const effect: TurnedRoles = { kind: 'authority-roles-turned', entryId: entry.id, events };
  return { lead: [], entry, effect, events };
}

function turnEntry(
  cooperative: string | null,
  events: readonly AuthorityEvent[],
  day: string,
  now: Date,
): EntryDraft {
  const of = (kind: AuthorityEvent['kind']) =>
    events.filter((event) => event.kind === kind).map(({ basis }) => basis);
  return draftOf('authority.turned', now, { cooperative, day, ended: of('lost'), started: of('granted') });
}

const TOLD = `UPDATE bridge.authority_role SET told = n.told FROM unnest($1::uuid[], $2::boolean[]) AS n(role_id, told)
  WHERE authority_role.role_id = n.role_id`;

/** Notes what the feed was told of roles; the lane has locked head and rows. */
export const roleTurnApplier: EffectApplier<TurnedRoles> = {
  kind: 'authority-roles-turned',
  apply: async (tx, placed) => {
    const events = placed.flatMap(({ effect, leafOf, receipt: { at } }) =>
      effect.events.map((event) => ({ event, leaf: leafOf(effect.entryId), at })),
    );
    await raiseVersion(tx, events, { roles: true });
    const values = [
      events.map(({ event }) => event.basis),
      events.map(({ event }) => event.kind === 'granted'),
    ];
    await tx.query({ name: 'authority-roles-told', text: TOLD, values });
  },
};

/**
 * Lets the day take effect: what began or ended on it is told to the feed, and sessions end whose last right is over. Rights themselves
 * hang on the day alone and need no such step. Safe on all instances at once and to be repeated. Returns how many seats and roles
 * have turned. `log` needs `AUTHORITY_APPLIERS` and the session's. Errors: those of `Appender` and `Database`.
 */
export async function turnDay(log: Appender, db: Database, ports: RecordPorts, now: Date): Promise<number> {
  const due = await dueCooperatives(db, istanbulDay(now));
  const lane = turnLane(ports);
  let turned = (await rolesAreDue(db, istanbulDay(now))) ? await log.submit(lane, []) : 0;
  for (let first = 0; first < due.length; first += MAX_AT_ONCE)
    turned += await log.submit(lane, due.slice(first, first + MAX_AT_ONCE));
  return turned;
}

async function rolesAreDue(db: Queryable, day: string): Promise<boolean> {
  const { rows } = await db.query({
    text: `SELECT 1 FROM bridge.authority_role WHERE ${ROLES_DUE} LIMIT 1`,
    values: [day],
  });
  return rows.length > 0;
}

async function dueCooperatives(db: Queryable, day: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ mersis_no: string }>({ text: DUE, values: [day] });
  return rows.map((row) => row.mersis_no);
}
