import type { Appender } from '../../audit/appender.js';
import type { DataOf } from '../../audit/catalogue/catalogue.js';
import { draftOf } from '../../audit/draft.js';
import type { PersonalValue } from '../../audit/entry.js';
import type { Effect, EffectApplier, Lane, Settled } from '../../audit/lane.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { Transaction } from '../../storage/database.js';

/** Whose dead letters are tried again, and who wants it (as `actor` and `actor.number` of the entry). */
export interface Redrive {
  readonly clientId: string;
  /** One of them alone; absent: all. */
  readonly position?: bigint;
  readonly actor: DataOf<'webhook.redriven'>['actor'];
  readonly actorNumber: PersonalValue;
  readonly osUser: string;
  /** Whether whoever orders it may still do so, asked in the transaction of the entry. */
  stillActs(tx: Transaction, now: Date): Promise<boolean>;
}

/** Takes rows from the dead-letter list back into the queue. */
export interface RedrivenWebhooks extends Effect {
  readonly kind: 'webhooks-redriven';
  readonly clientId: string;
  readonly positions: readonly bigint[];
  readonly queuedAt: Date;
}

/** Letters in one order; who has more gives it again. */
export const REDRIVE_AT_ONCE = 10_000;
/** Somebody waits at a terminal. */
const PATIENCE_MS = 10_000;

const LOCK = `SELECT position FROM bridge.webhook_delivery WHERE client_id = $1 AND dead_at IS NOT NULL
  AND ($2::bigint IS NULL OR position = $2) ORDER BY position LIMIT ${REDRIVE_AT_ONCE} FOR UPDATE`;

const redriveLane: Lane<{ readonly redrive: Redrive; readonly now: Date }, number | 'not-allowed'> = {
  name: '8-webhook-redrive',
  patienceMs: PATIENCE_MS,
  settle: async (tx, items) => {
    const settled: Settled<number | 'not-allowed'>[] = [];
    const taken = new Set<string>();
    // One order, one person at a terminal: seldom more than one in a batch.
    for (const { redrive, now } of items) {
      const isSecond = taken.has(redrive.clientId);
      taken.add(redrive.clientId);
      settled.push(isSecond ? nothing(0) : await settleOne(tx, redrive, now));
    }
    return settled;
  },
};

async function settleOne(
  tx: Transaction,
  redrive: Redrive,
  now: Date,
): Promise<Settled<number | 'not-allowed'>> {
  const { actor, actorNumber, clientId, osUser, position = null } = redrive;
  if (!(await redrive.stillActs(tx, now))) return nothing('not-allowed');
  const { rows } = await tx.query<{ position: bigint }>({ text: LOCK, values: [clientId, position] });
  const positions = rows.map(({ position }) => position);
  if (positions.length === 0) return nothing(0);
  const data = { actor, client: clientId, count: positions.length, osUser };
  const effect: RedrivenWebhooks = { kind: 'webhooks-redriven', clientId, positions, queuedAt: now };
  const entry = draftOf('webhook.redriven', now, data, [actorNumber]);
  return { entries: [entry], effects: [effect], answer: () => positions.length };
}

function nothing(verdict: 0 | 'not-allowed'): Settled<number | 'not-allowed'> {
  return { entries: [], effects: [], answer: () => verdict };
}

/**
 * Has the dead letters of a client, or one of them, tried again, as if they were queued now. Gives how many; 0: there are none. `log` needs
 * `WEBHOOK_APPLIERS`. Errors: `TOKEN_INVALID` where `stillActs` says no; those of `Appender`.
 */
export async function redriveWebhooks(log: Appender, redrive: Redrive, now: Date): Promise<number> {
  const verdict = await log.submit(redriveLane, { redrive, now });
  if (verdict === 'not-allowed')
    throw new BridgeError('TOKEN_INVALID', 'the session or the role of the person who acts has ended');
  return verdict;
}

const REVIVE = `UPDATE bridge.webhook_delivery SET dead_at = NULL, problem = NULL, attempts = 0, queued_at = $3, next_at = $3
  WHERE client_id = $1 AND position = ANY($2::bigint[])`;

/** Puts the rows of a batch back into the queue; their lane has locked them. */
export const redrivenApplier: EffectApplier<RedrivenWebhooks> = {
  kind: 'webhooks-redriven',
  apply: async (tx, placed) => {
    for (const { effect } of placed)
      await tx.query({ text: REVIVE, values: [effect.clientId, effect.positions, effect.queuedAt] });
  },
};
