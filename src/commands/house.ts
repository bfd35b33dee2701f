import { readFile } from 'node:fs/promises';
import { draftOf } from '../audit/draft.js';
import type { PersonalValue } from '../audit/entry.js';
import type { EffectApplier } from '../audit/lane.js';
import { plainLane } from '../audit/plain-lane.js';
import { readAuthority } from '../authority/read-authority.js';
import { istanbulDay } from '../calendar/istanbul-day.js';
import { loadConfig } from '../config/load-config.js';
import type { BridgeConfig } from '../config/schema.js';
import { BridgeError } from '../errors/bridge-error.js';
import { type OpenLog, openLog } from '../house/open-log.js';
import { attachStorage, type OpenStorage } from '../house/open-storage.js';
import type { KimlikNo } from '../person/kimlik-no.js';
import { ACR_STEP_UP, ACR_TWO_STEP, type SignedIn } from '../sign-in/access-tokens.js';
import { readActingPerson } from '../sign-in/acting-person.js';
import { needsStepUp, type StepUpOperation } from '../sign-in/step-up/policy.js';
import type { Database } from '../storage/database.js';
import { actorOf } from './actor.js';
import { configPath, type Terminal } from './command.js';
import { recordRefusal } from './record-refusal.js';
import { commandEntry } from './record-use.js';

/** The bridge's rooms as a command beside a running bridge uses them. */
export interface House {
  /** The command, without its arguments. */
  readonly command: string;
  /** The person of the last good token, whatever that person may do; null before. */
  readonly acting: { last: SignedIn | null };
  readonly config: BridgeConfig;
  readonly db: Database;
  readonly log: OpenLog;
}

/** The database of a command, and how it is given back. */
export type HouseStorage = Pick<OpenStorage, 'db' | 'release'>;

/** An officer who acts on the command line: signed in with two steps, with the role that the command asks for. */
export interface Officer extends SignedIn {
  readonly role: string;
}

/**
 * Attaches to what the settings name, writes down that the command runs, and by which operating-system user (CONTRACT §7),
 * then does `work`; a refusal of it is an entry too; everything is closed again. `appliers`: for the effects that the command hands in. `open`: for the one command
 * that must work while no bridge can run.
 */
export async function inHouse<T>(
  terminal: Terminal,
  command: string,
  appliers: readonly EffectApplier[],
  work: (house: House) => Promise<T>,
  open: (config: BridgeConfig) => Promise<HouseStorage> = attached,
): Promise<T> {
  const config = await loadConfig({ path: configPath(terminal.env), env: terminal.env });
  const { db, release } = await open(config);
  try {
    const log = openLog(config, db, appliers);
    try {
      await log.appender.submit(plainLane, commandEntry(command, config));
      const house: House = { command, acting: { last: null }, config, db, log };
      return await work(house).catch(async (error: unknown) => {
        await recordRefusal(house, error);
        throw error;
      });
    } finally {
      await log.appender.close();
    }
  } finally {
    await release();
  }
}

/** Beside what runs: starts nothing. */
export async function attached(config: BridgeConfig): Promise<HouseStorage> {
  const db = await attachStorage(config);
  return { db, release: () => db.close() };
}

/** What somebody is about to do. */
interface Deed {
  readonly operation: StepUpOperation | null;
  readonly subject?: KimlikNo | null;
}

/** How the token of an acting person is given. */
export interface TokenSource {
  /** `--token-file`; standard input without it. */
  readonly file: string | undefined;
}

/**
 * Who acts, with one of `roles`; an entry (`command.acted`) before anything is done. `operation`: what is to be done, where the
 * settings may ask for the second step for it; null where nobody can. `subject`: the person who is looked up. Errors:
 * `TOKEN_INVALID`, `TWO_STEP_REQUIRED`, `ROLE_REQUIRED`, `STEP_UP_REQUIRED`, and those of `Appender`.
 */
export async function actingOfficer(
  house: House,
  terminal: Terminal,
  source: TokenSource,
  roles: readonly string[],
  { operation, subject = null }: Deed,
): Promise<Officer> {
  const token = await readToken(terminal, source);
  const person = await readActingPerson(house.db, house.log.masterKeys, token, new Date());
  if (person === null)
    throw new BridgeError('TOKEN_INVALID', 'the access token is unknown, expired, or its session has ended');
  house.acting.last = person;
  // A sign-in of one step, from before the rule, never acts as an officer.
  if (person.acr !== ACR_TWO_STEP && person.acr !== ACR_STEP_UP)
    throw new BridgeError('TWO_STEP_REQUIRED', 'officers sign in with two steps');
  const today = istanbulDay(new Date());
  const [facts] = await house.db.transaction((tx) =>
    readAuthority(tx, [{ tag: person.tag, mersisNo: '' }], today),
  );
  const role = roles.find((wanted) => facts?.roles.some((held) => held.role === wanted));
  if (role === undefined)
    throw new BridgeError('ROLE_REQUIRED', `the person needs one of the roles ${roles.join(', ')}`);
  const asked = operation !== null && needsStepUp(house.config.signIn?.stepUp, operation);
  if (asked && person.acr !== ACR_STEP_UP)
    throw new BridgeError('STEP_UP_REQUIRED', 'this needs a token with step-up');
  await recordActing(house, person, { operation, subject });
  return { ...person, role };
}

async function recordActing(
  { command, config, log }: House,
  person: SignedIn,
  { operation, subject = null }: Deed,
): Promise<void> {
  const { data: actor, personal } = actorOf(person);
  const data = { actor, command, instance: config.instance, operation };
  const about = subject === null ? [] : [subjectNumber(subject)];
  await log.appender.submit(plainLane, draftOf('command.acted', new Date(), data, [personal, ...about]));
}

function subjectNumber(person: KimlikNo): PersonalValue {
  return { field: 'subject.number', side: 'subject', person, text: person.reveal(), indexed: true };
}

/**
 * The token's text from its file, else all of standard input. Errors: `WRONG_USE` where the file cannot be read; `TOKEN_INVALID` where there
 * is no text.
 */
export async function readToken(terminal: Terminal, { file }: TokenSource): Promise<string> {
  const token = (file === undefined ? await terminal.read() : await readTokenFile(file)).trim();
  if (token === '')
    throw new BridgeError('TOKEN_INVALID', 'no token was given: --token-file FILE, or standard input');
  return token;
}

async function readTokenFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new BridgeError('WRONG_USE', '--token-file cannot be read', { cause });
  }
}
