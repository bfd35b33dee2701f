import { asAdmin } from '../../src/storage/embedded/roles.js';
import type { Town } from './town.js';

/** What others recorded of the run, to be held against our own count. */
export interface Witnesses {
  /** Queries that reached the stand-in. */
  readonly seen: number;
  readonly entries: number;
  /** Lines of the fee book whose result is a match. */
  readonly feeLines: number;
  readonly personKeys: number;
}

/** Asks the stand-in's witness and the bridge's database. */
export async function askWitnesses(town: Town): Promise<Witnesses> {
  const counts = `SELECT (SELECT count(*)::int FROM bridge.entry WHERE kind LIKE 'query.%') AS entries,
    (SELECT count(*)::int FROM bridge.fee_line WHERE result = 'match') AS "feeLines",
    (SELECT count(*)::int FROM bridge.person_key) AS "personKeys"`;
  const url = Object.assign(new URL(town.sandbox.database), { pathname: '/bridge' }).href;
  const [row] = await asAdmin(url, (ask) => ask<Omit<Witnesses, 'seen'>>(counts));
  if (row === undefined) throw new Error('the database does not count');
  return { ...row, seen: await countSeen(town.sandbox.mocks.control) };
}

/** Pages of the witness are bounded; the calls of a run are some hundred thousand at the most. */
const MAX_PAGES = 10_000;

async function countSeen(control: string): Promise<number> {
  let count = 0;
  let after = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const response = await fetch(`${control}/seen?system=kps&after=${after}`, {
      signal: AbortSignal.timeout(60_000),
    });
    const { next, requests } = (await response.json()) as { next: number; requests: { refused?: string }[] };
    if (requests.length === 0) return count;
    count += requests.filter((request) => request.refused === undefined).length;
    after = next;
  }
  throw new Error('the witness does not come to an end');
}

/** Throws where our count of calls and theirs differ: each was one query, two entries and one line of the book. */
export function requireAgreement(
  witnesses: Witnesses,
  calls: { readonly bridge: number; readonly all: number },
): void {
  const { seen, entries, feeLines } = witnesses;
  const agree = seen === calls.all && feeLines === calls.bridge && entries === 2 * calls.bridge;
  if (agree) return;
  throw new Error(
    `counts differ: ${calls.all} calls, ${seen} seen by KPS; ${calls.bridge} through the bridge, ${feeLines} fee lines, ${entries} entries of queries`,
  );
}
