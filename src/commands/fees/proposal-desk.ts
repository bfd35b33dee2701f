import { z } from 'zod';
import { isQuarter } from '../../calendar/istanbul-day.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { OfficerDecision } from '../../proposals/decide.js';
import { listProposals } from '../../proposals/list.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import { isExpired, type Proposal, type ProposalWhat } from '../../proposals/proposal.js';
import type { Queryable } from '../../storage/database.js';
import { clearOption, MAX_NUMBER, MAX_REASON } from '../clear-option.js';
import type { Command, Terminal } from '../command.js';
import type { House } from '../house.js';
import { feeOfficer } from './fee-desk.js';
import { istanbulText } from './istanbul-text.js';

/** Options of every command by which one officer proposes and another decides. */
export const PROPOSAL_OPTIONS = {
  reason: { type: 'string' },
  'token-file': { type: 'string' },
  'second-token-file': { type: 'string' },
} as const;

/** Words of the command line for how a proposal ends. */
export const DECISIONS: ReadonlyMap<string, OfficerDecision> = new Map([
  ['approve', 'approved'],
  ['refuse', 'refused'],
  ['withdraw', 'withdrawn'],
]);

/** Whose token stands where. Without the first file the token comes from standard input. */
export interface TokenFiles {
  readonly tokenFile: string | undefined;
  readonly secondTokenFile: string | undefined;
}

/** Who proposes, and who approves where both are there. */
export interface Pair {
  readonly officer: ActingOfficer;
  readonly second: ActingOfficer | null;
}

/** Open proposals at once; there are a handful in a year. */
const SHOWN = 200;

/** What was done: for programs, and in words. */
export type Told = readonly [result: object, words: string];

/** The error of a command line that is not as the usage says. `what`: what is wrong, in our own words; nothing typed is repeated. */
export function wrongUse({ usage }: Pick<Command, 'usage'>, what?: string): BridgeError {
  return new BridgeError('WRONG_USE', `${what === undefined ? '' : `${what}; `}usage: bridge ${usage}`);
}

/** `--reason` or the like, which will stand in the log in clear; null where none was given. Errors: those of `clearOption`. */
export function readReason(
  command: Pick<Command, 'usage'>,
  text: string | undefined,
  option = '--reason',
): string | null {
  return text === undefined ? null : clearOption(command, option, text, MAX_REASON);
}

/** A number of a paper, which will stand in the log in clear. Errors: those of `clearOption`; `WRONG_USE` where it is missing. */
export function readNumber(
  command: Pick<Command, 'usage'>,
  text: string | undefined,
  option: string,
): string {
  if (text === undefined) throw wrongUse(command, `${option} is missing`);
  return clearOption(command, option, text, MAX_NUMBER);
}

/** A quarter by its name. Before 2000 nobody asked, and the zone's rules were others. Errors: `WRONG_USE`. */
export function quarterNamed(command: Pick<Command, 'usage'>, text: string | undefined): string {
  if (text === undefined || !isQuarter(text) || text < '2000')
    throw wrongUse(command, 'a quarter has the form 2026-Q3, Q1 to Q4');
  return text;
}

/** A calendar day. Errors: `WRONG_USE`. */
export function readDay(command: Pick<Command, 'usage'>, text: string | undefined, option: string): string {
  const parsed = z.iso.date().safeParse(text);
  if (!parsed.success) throw wrongUse(command, `${option} is a day, YYYY-MM-DD`);
  return parsed.data;
}

/**
 * Who proposes, and the second officer where a second token is given: both with the second step, before anything is written. Errors: those of
 * `feeOfficer`, `SECOND_PERSON_REQUIRED` where both are one person.
 */
export async function bothOfficers(
  house: House,
  terminal: Terminal,
  { secondTokenFile, tokenFile }: TokenFiles,
): Promise<Pair> {
  const officer = await feeOfficer(house, terminal, tokenFile, 'fees.decide');
  if (secondTokenFile === undefined) return { officer, second: null };
  const second = await feeOfficer(house, terminal, secondTokenFile, 'fees.decide');
  if (second.tag.equals(officer.tag))
    throw new BridgeError('SECOND_PERSON_REQUIRED', 'both tokens are one person’s');
  return { officer, second };
}

/** What of an open proposal every list shows. */
interface Shown {
  readonly proposal: string;
  readonly subject: string;
  readonly expiresAt: string;
}

/** Terms that no bridge wrote; `isExpired`: as `expired` of others. */
interface UnreadableProposal extends Shown {
  readonly state: 'unreadable';
  readonly isExpired: boolean;
}

/** `expired`: its time is over, whoever proposes the same next ends it. */
type ReadableProposal<T> = Shown & { readonly state: 'open' | 'expired' } & T;

/** Proposals that nobody has ended, and each one's own terms; `termsOf` null: they are none. */
export async function readOpen<T extends object>(
  db: Queryable,
  what: ProposalWhat,
  now: Date,
  termsOf: (proposal: Proposal) => T | null,
): Promise<readonly (ReadableProposal<T> | UnreadableProposal)[]> {
  const open = await listProposals(db, { what, open: true, limit: SHOWN });
  return open.map((one) => {
    const { expiresAt, id: proposal, subject } = one;
    const shown = { proposal, subject, expiresAt: expiresAt.toISOString() };
    const terms = termsOf(one);
    return terms === null
      ? { ...shown, state: 'unreadable', isExpired: isExpired(one, now) }
      : { ...shown, state: isExpired(one, now) ? 'expired' : 'open', ...terms };
  });
}

/** `proposal …: open until …`; what it is about is said by `about`. */
export function openLine<T extends object>(
  one: ReadableProposal<T> | UnreadableProposal,
  about: (terms: T) => string,
): string {
  const { proposal } = one;
  const expiresAt = istanbulText(new Date(one.expiresAt));
  if (one.state === 'unreadable') {
    const end = one.isExpired ? `expired at ${expiresAt}` : `refuse it (it waits until ${expiresAt})`;
    return `proposal ${proposal}: its terms are not readable, somebody changed the row; ${end}, and run bridge audit check`;
  }
  const until =
    one.state === 'open' ? `waits for a second officer until ${expiresAt}` : `expired at ${expiresAt}`;
  return `proposal ${proposal}: ${about(one)}; ${until}`;
}
