import { z } from 'zod';
import { BridgeError } from '../../errors/bridge-error.js';
import { checkData, kindRow } from './check-data.js';

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

const Line = z.strictObject({
  at: z.iso.datetime({ precision: 3 }),
  data: z.record(z.string(), z.unknown()),
  eventAt: z.iso.datetime({ precision: 3 }),
  id: z.uuid(),
  kind: z.string(),
  sealed: z.record(z.string(), z.strictObject({ box: base64url, key: z.uuid(), nonce: base64url })),
  v: z.literal(1),
});

/** A line of the log taken apart. */
export type CheckedLine = z.output<typeof Line>;

/**
 * Holds a line of the log against entry version 1 and the schema of its kind, sealed fields included.
 * Errors: `ENTRY_INVALID`, never with a value of the line.
 */
export function checkLine(line: string): CheckedLine {
  const entry = Line.safeParse(parse(line));
  if (!entry.success) throw new BridgeError('ENTRY_INVALID', 'a line is not an entry of version 1');
  const { kind, data, sealed } = entry.data;
  checkData(kind, data);
  const allowed = kindRow(kind)?.sealed ?? {};
  if (!Object.keys(sealed).every((field) => Object.hasOwn(allowed, field)))
    throw new BridgeError('ENTRY_INVALID', 'an entry has a sealed field that its kind has not', {
      fields: { kind },
    });
  return entry.data;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // the parser's message quotes the line
  }
}
