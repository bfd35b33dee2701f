import type { Appender } from '../audit/appender.js';
import { draftOf } from '../audit/draft.js';
import type { EntryDraft, Receipt } from '../audit/entry.js';
import type { Lane } from '../audit/lane.js';
import { plainLane } from '../audit/plain-lane.js';
import { type BridgeError, type ErrorCode, isBridgeError } from '../errors/bridge-error.js';
import { Refusal } from '../errors/refusal.js';
import type { SignedIn } from '../sign-in/access-tokens.js';
import { actorOf } from './actor.js';

/** What it needs of a house. */
interface Refusing {
  readonly command: string;
  readonly acting: { readonly last: SignedIn | null };
  readonly config: { readonly instance: string };
  readonly log: { readonly appender: Appender };
}

/** Somebody waits at a terminal, and is told the refusal itself whether or not this can be written. */
const refusalLane: Lane<EntryDraft, Receipt> = { ...plainLane, name: '9-refusal', patienceMs: 2_000 };

/** No refusals: a slip of the keyboard; a log or a database that fails, where it may even be that the deed was done. */
const UNTOLD: readonly ErrorCode[] = [
  'WRONG_USE',
  'DATABASE_UNAVAILABLE',
  'COMMIT_UNKNOWN',
  'AUDIT_UNAVAILABLE',
  'AUDIT_OVERLOADED',
];

/** A reason of ours is a word of a closed list; whatever is longer, or of another form, may hold what was typed. */
const WORD = /^[a-z][a-z-]{0,59}$/;

/** Writes down that a command was refused, and to whom. Never fails: the refusal itself is what must be told. */
export async function recordRefusal(house: Refusing, error: unknown): Promise<void> {
  if (!isBridgeError(error) || UNTOLD.includes(error.code)) return;
  // A search tells its refusals itself, with who asked and for what (`log.search-refused`).
  if (error.cause instanceof Refusal) return;
  const { acting, command, config, log } = house;
  const actor = acting.last === null ? null : actorOf(acting.last);
  const data = {
    actor: actor?.data ?? null,
    code: error.code,
    command,
    instance: config.instance,
    reason: wordOf(error),
  };
  const personal = actor === null ? [] : [actor.personal];
  await log.appender
    .submit(refusalLane, draftOf('command.refused', new Date(), data, personal))
    .catch(() => undefined);
}

function wordOf({ fields: { reason } }: Pick<BridgeError, 'fields'>): string | null {
  return typeof reason === 'string' && WORD.test(reason) ? reason : null;
}
