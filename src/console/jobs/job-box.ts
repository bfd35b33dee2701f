import type { JsonObject } from '../../audit/canonical-json.js';
import type { MasterKeys } from '../../audit/master-keys.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { KimlikNo } from '../../person/kimlik-no.js';
import type { ActingOfficer } from '../../proposals/officer.js';

/** Whose a job is, and which: where its order is sealed. */
export interface JobPlace {
  readonly id: string;
  readonly what: string;
  readonly tag: Buffer;
  readonly sessionId: string;
}

/** What was asked for, and by whom, as then. */
export interface JobOrder {
  readonly order: JsonObject;
  readonly officer: ActingOfficer;
  /** Seals the pieces of its file and nothing else. */
  readonly fileKey: Buffer;
}

interface Box {
  readonly order: JsonObject;
  readonly number: string;
  readonly acr: string;
  readonly authTime: string;
  readonly role: string;
  readonly fileKey: string;
}

/** Seals what was asked for and by whom: a row that somebody has written is none of ours and does not open. */
export function sealOrder(keys: MasterKeys, place: JobPlace, { fileKey, officer, order }: JobOrder): Buffer {
  const { acr, authTime, person, role } = officer;
  const box: Box = {
    order,
    number: person.reveal(),
    acr,
    authTime: authTime.toISOString(),
    role,
    fileKey: fileKey.toString('base64'),
  };
  return keys.wrap(Buffer.from(JSON.stringify(box), 'utf8'), jobPlace(place));
}

/** Errors: `SEALED_VALUE_INVALID` where the row is not what was asked for, `KEY_DESTROYED` without its master key. */
export function openOrder(keys: MasterKeys, place: JobPlace, box: Buffer, keyId: string): JobOrder {
  const opened = JSON.parse(keys.unwrap(box, jobPlace(place), keyId).toString('utf8')) as Box;
  const { acr, authTime, fileKey, number, order, role } = opened;
  const person = KimlikNo.parse(number);
  if (!person.ok) throw new BridgeError('SEALED_VALUE_INVALID', 'a sealed number is none');
  const { sessionId, tag } = place;
  return {
    order,
    fileKey: Buffer.from(fileKey, 'base64'),
    officer: { person: person.value, tag, sessionId, acr, authTime: new Date(authTime), role },
  };
}

/** Where the order of a job is sealed. */
export function jobPlace({ id, sessionId, tag, what }: JobPlace): string {
  return `console-job\n${id}\n${what}\n${tag.toString('hex')}\n${sessionId}`;
}
