import { z } from 'zod';
import { clearTextSchema } from '../../audit/clear-text-schema.js';
import type { Lane } from '../../audit/lane.js';
import { RETENTION_APPLIERS } from '../../audit/retention/appliers.js';
import { type Verdict, valueFrom } from '../../audit/retention/exclusive-lane.js';
import type { ActingOfficer } from '../../audit/retention/officer.js';
import type { RetentionTools } from '../../audit/retention/tools.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { retentionOfficer, retentionTools } from '../../house/retention-tools.js';
import { KimlikNo } from '../../person/kimlik-no.js';
import { MAX_NUMBER, MAX_REASON } from '../clear-option.js';
import type { Terminal } from '../command.js';
import { actingOfficer, type House, inHouse } from '../house.js';

export { stillActsAs } from '../../house/retention-tools.js';

/** What a deed of retention works with: the house, who acts, and the tools of the lanes. */
export interface Desk {
  readonly house: House;
  readonly officer: ActingOfficer;
  readonly tools: RetentionTools;
  /** Hands `item` to the log; a refusal is thrown. */
  submit<I, T>(lane: Lane<I, Verdict<T>>, item: I): Promise<T>;
}

/** What was done: for programs, and in words. */
export type Told = readonly [result: object, words: string];

/** Who may do it, and what stands on standard input behind the token. */
export interface DeskOptions {
  readonly command: string;
  readonly tokenFile: string | undefined;
  readonly role: 'security-officer' | 'administrator';
}

const YEAR = z.int().min(2000).max(2999);
/** The first and last year of whose data something is to happen. */
export const yearsSchema = z.strictObject({ from: YEAR, to: YEAR });
/** Fields that stand in entries in clear: a number typed there would stand there for ever. */
export const reasonSchema = clearTextSchema(MAX_REASON);
export const numberSchema = clearTextSchema(MAX_NUMBER);
export const authoritySchema = clearTextSchema(200);
/** An identity number as JSON text. */
export const personSchema = z.string().max(11);
export const daySchema = z.iso.date();

/**
 * Standard input in two parts: without `--token-file` its first line is the token; the rest is the JSON of the deed. A person's
 * number comes this way alone, since every user of the machine can read arguments.
 */
export async function readParts(
  terminal: Terminal,
  tokenFile: string | undefined,
): Promise<{ readonly terminal: Terminal; readonly body: string }> {
  const input = await terminal.read();
  if (tokenFile !== undefined) return { terminal, body: input };
  const end = input.indexOf('\n');
  const [token, body] = end === -1 ? [input, ''] : [input.slice(0, end), input.slice(end + 1)];
  return { terminal: { ...terminal, read: async () => token }, body };
}

/** The JSON of a deed. `REQUEST_INVALID` names the members that are wrong and never repeats what they hold. */
export function parseBody<T>(body: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    // The parser's message quotes the text: it is not kept.
    throw new BridgeError('REQUEST_INVALID', 'standard input: not JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const places = [...new Set(parsed.error.issues.map((issue) => placeOf(issue)))];
  throw new BridgeError('REQUEST_INVALID', `standard input: ${places.join(', ')}`);
}

/** Names of members are ours where the schema knows them; an unknown one may hold anything. */
function placeOf({ code, message, path }: z.core.$ZodIssue): string {
  const place = path.length === 0 ? 'the object' : path.join('.');
  // Only our own rules speak so; messages of others may quote.
  if (code === 'custom') return `${place} ${message}`;
  return code === 'unrecognized_keys' ? `${place} has an unknown member` : `${place} is not valid or missing`;
}

/** A person by the number. `IDENTITY_NUMBER_INVALID`. */
export function parsePerson(text: string): KimlikNo {
  const parsed = KimlikNo.parse(text);
  if (!parsed.ok) throw new BridgeError('IDENTITY_NUMBER_INVALID', 'person: not an identity number');
  return parsed.value;
}

/** Opens the house for a deed of an officer with step-up; everything is closed again. */
export function atDesk<T>(
  terminal: Terminal,
  { command, tokenFile, role }: DeskOptions,
  work: (desk: Desk) => Promise<T>,
): Promise<T> {
  return inHouse(terminal, command, RETENTION_APPLIERS, async (house) => {
    const found = await actingOfficer(house, terminal, { file: tokenFile }, [role], {
      operation: 'audit.decide',
    });
    const tools = retentionTools(house, found);
    return work({
      house,
      officer: retentionOfficer(found),
      tools,
      submit: async (lane, item) => valueFrom(await house.log.appender.submit(lane, item)),
    });
  });
}
