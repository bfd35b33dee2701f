import type { Appender } from '../../audit/appender.js';
import type { Lane, Settled } from '../../audit/lane.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { Refusal } from '../../errors/refusal.js';
import { ACR_STEP_UP, ACR_TWO_STEP, type SignedIn } from '../../sign-in/access-tokens.js';
import { readShownToken, type TokenReaders } from '../../sign-in/read-shown-tokens.js';
import type { Transaction } from '../../storage/database.js';
import type { Reading, ReadingCall, Sent } from './call.js';
import { periodRead, quarterRead, type ReadWhat, readEntry, refusedEntry } from './entries.js';

/** What reading needs from outside; the house joins it. */
export interface ReadingTools extends TokenReaders {
  readonly log: Appender;
  readonly instance: string;
  /** Accounts of the settings; the book may know others. */
  readonly accounts: readonly string[];
  /** Throws `AUDIT_UNAVAILABLE` while the log cannot be relied on. */
  requireSound(): void;
  /** Roles that a person holds on a day. */
  rolesOf(tx: Transaction, tag: Buffer, day: string): Promise<readonly string[]>;
}

/** Whether somebody may read, and has been written down for it. */
export type AllowReading = (call: ReadingCall, reading: Reading) => Promise<void>;

interface Item {
  readonly call: ReadingCall;
  readonly reading: Reading;
}
type Answer = { readonly kind: 'allowed' } | { readonly kind: 'refused'; readonly refusal: Refusal };

/** An official waits, and asks again. */
const PATIENCE_MS = 5_000;
const ROLE = 'finance';

/**
 * Lets a signed-in finance officer read the fee book: `fees.read` is durable before anything is shown, and a refusal is an entry too. Order
 * (CONTRACT §4): token, two steps, form of the request, role, whether there is such a thing. Throws `Refusal`, which has its entry, and the
 * errors of `Appender`.
 */
export function createAllowReading(tools: ReadingTools): AllowReading {
  const lane: Lane<Item, Answer> = {
    name: '5-fees-read',
    patienceMs: PATIENCE_MS,
    settle: async (tx, items, now) => {
      const settled: Settled<Answer>[] = [];
      for (const item of items) settled.push(await settleOne(tx, item, tools, now));
      return settled;
    },
  };
  return async (call, reading) => {
    tools.requireSound();
    const answer = await tools.log.submit(lane, { call, reading });
    if (answer.kind === 'refused') throw answer.refusal;
  };
}

async function settleOne(
  tx: Transaction,
  { call, reading }: Item,
  tools: ReadingTools,
  now: Date,
): Promise<Settled<Answer>> {
  const { signedIn: user, tokenFault } = await readShownToken(tx, call, tools, now);
  try {
    const { what, reader } = await judge(tx, reading, user, tools, now);
    const { client, receivedAt: at, requestId } = call;
    const from = { client: client.id, requestId, osUser: null, instance: tools.instance, at };
    const entries = [readEntry({ ...from, user: reader }, what)];
    return { entries, effects: [], answer: () => ({ kind: 'allowed' }) };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    const { operation } = reading;
    const entries = [refusedEntry({ call, operation, user, tokenFault, refusal }, tools.instance)];
    return { entries, effects: [], answer: () => ({ kind: 'refused', refusal }) };
  }
}

async function judge(
  tx: Transaction,
  reading: Reading,
  user: SignedIn | null,
  tools: ReadingTools,
  now: Date,
): Promise<{ readonly what: ReadWhat; readonly reader: SignedIn }> {
  if (user === null) throw new Refusal('TOKEN_INVALID');
  // A sign-in of one step, from before the rule, never acts as an officer.
  if (user.acr !== ACR_TWO_STEP && user.acr !== ACR_STEP_UP) throw new Refusal('TWO_STEP_REQUIRED');
  const what = whatOf(reading);
  const today = istanbulDay(now);
  const roles = await tools.rolesOf(tx, user.tag, today);
  if (!roles.includes(ROLE)) throw new Refusal('ROLE_REQUIRED');
  // A quarter that has not begun is none yet; of a period it only matters that nothing can be in it.
  if (reading.operation === 'fees-quarter' && what.from > today)
    throw new Refusal('NOT_FOUND', { reason: 'quarter: has not begun' });
  await requireAccount(tx, what, tools);
  return { what, reader: user };
}

function whatOf(reading: Reading): ReadWhat {
  return reading.operation === 'fees-quarter'
    ? quarterRead(requireSent(reading.sent))
    : periodRead(requireSent(reading.sent));
}

function requireSent<T>(sent: Sent<T>): T {
  if (sent.ok) return sent.value;
  throw new Refusal(sent.code, { reason: sent.reason });
}

// One row for each account and quarter.
const BOOKED = 'SELECT 1 FROM bridge.fee_usage WHERE account_id = $1 LIMIT 1';

/** Whatever else was typed there must not come to stand in the entry. */
async function requireAccount(tx: Transaction, { account }: ReadWhat, tools: ReadingTools): Promise<void> {
  if (account === null || tools.accounts.includes(account)) return;
  const { rows } = await tx.query({ text: BOOKED, values: [account] });
  if (rows.length === 0) throw new Refusal('NOT_FOUND', { reason: 'account: not known' });
}
