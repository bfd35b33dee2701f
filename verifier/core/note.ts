import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes, fromBase64, hex, utf8, utf8Text } from './bytes.js';
import { type Environment, sha256 } from './environment.js';
import { LIMITS } from './limits.js';
import { fail } from './report.js';

/** A verifier key of C2SP signed-note, Ed25519. */
export interface LogKey {
  readonly name: string;
  readonly id: string;
  readonly publicKey: Uint8Array;
  /** Its line, as it is published. */
  readonly text: string;
}

/** Signature type of Ed25519 in signed-note. */
const ED25519 = 1;

type Hashing = Pick<Environment, 'sha256Into'>;

/** Reads `<name>+<8 hex>+<base64 of 0x01 ‖ public key>`; `null` where anything does not fit, the key id included. */
function parseLogKey(environment: Hashing, text: string): LogKey | null {
  const parts = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text);
  const [, name = '', id = '', encoded = ''] = parts ?? [];
  const key = fromBase64(encoded);
  if (parts === null || key === null || key.length !== 33 || key[0] !== ED25519) return null;
  const hash = sha256(environment, concatBytes(utf8(`${name}\n`), key));
  return hex(hash.subarray(0, 4)) === id ? { name, id, publicKey: key.subarray(1), text } : null;
}

/** Every line a key, none twice; `null` where a line is none. The last line feed may be missing. */
export function parseLogKeys(environment: Hashing, text: string): readonly LogKey[] | null {
  const lines = text.replace(/\n$/, '').split('\n');
  if (lines.length > LIMITS.logKeys) return null;
  const keys: LogKey[] = [];
  for (const line of lines) {
    const key = parseLogKey(environment, line);
    if (key === null || keys.some((other) => other.name === key.name && other.id === key.id)) return null;
    keys.push(key);
  }
  return keys;
}

interface SignatureLine {
  readonly name: string;
  readonly id: string;
  readonly signature: Uint8Array;
}

/**
 * The text of a signed note (C2SP signed-note) and the keys that signed it. Lines of unknown keys are passed over, as the
 * format says; every signature of a known key must hold, and one must be there.
 */
function openNote(
  note: Uint8Array,
  keys: readonly LogKey[],
): { readonly text: string; readonly signedBy: readonly LogKey[] } {
  const text = utf8Text(note);
  if (text === null || /[^\P{Cc}\n]/u.test(text)) malformed('control characters or not UTF-8');
  const split = text.lastIndexOf('\n\n');
  if (split < 0 || !text.endsWith('\n')) malformed('no blank line before the signatures');
  const body = text.slice(0, split + 1);
  const lines = text.slice(split + 2, -1).split('\n');
  if (lines.length > LIMITS.signatureLines) malformed('too many signatures');
  const signatures = lines.map(signatureOf);
  const signedBy: LogKey[] = [];
  for (const { name, id, signature } of signatures) {
    const key = keys.find((one) => one.name === name && one.id === id);
    if (key === undefined) continue;
    if (!verifies(key, body, signature)) {
      fail(
        'İmza bu metne ait değil: metin ya da imza sonradan değiştirilmiş.',
        'The signature does not belong to this text: the text or the signature was changed afterwards.',
        `key ${name}+${id}`,
      );
    }
    signedBy.push(key);
  }
  if (signedBy.length === 0) {
    fail(
      'Güvenilen hiçbir anahtarın imzası yok.',
      'No trusted key has signed it.',
      `signed by ${signatures.map(({ name, id }) => `${name}+${id}`).join(', ')}`,
    );
  }
  return { text: body, signedBy };
}

function signatureOf(line: string): SignatureLine {
  const [, name = '', encoded = ''] = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (bytes === null || bytes.length < 5) malformed('a signature line');
  return { name, id: hex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

function verifies(key: LogKey, body: string, signature: Uint8Array): boolean {
  try {
    // RFC 8032 as written: without this the library takes a few signatures more.
    return ed25519.verify(signature, utf8(body), key.publicKey, { zip215: false });
  } catch {
    return false;
  }
}

function malformed(detail: string): never {
  fail('Kontrol noktasının biçimi bozuk.', 'The checkpoint is malformed.', detail);
}

/** The log's word about itself at one moment. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly signedBy: readonly LogKey[];
}

/** A checkpoint (C2SP tlog-checkpoint, exactly three lines) of `origin`, signed by one of `keys`. */
export function openCheckpoint(note: Uint8Array, origin: string, keys: readonly LogKey[]): Checkpoint {
  const own = keys.filter((key) => key.name === origin);
  const { text, signedBy } = openNote(note, own);
  const [named, digits = '', encoded = '', rest, ...more] = text.split('\n');
  const root = fromBase64(encoded);
  const size = Number(digits);
  if (rest !== '' || more.length > 0 || root?.length !== 32) malformed('not origin, size, root');
  if (!/^(0|[1-9]\d*)$/.test(digits) || !Number.isSafeInteger(size)) malformed('the size');
  if (named !== origin) {
    fail(
      'Kontrol noktası başka bir kayıt defterine ait.',
      'The checkpoint belongs to another log.',
      `origin ${named}, expected ${origin}`,
    );
  }
  return { origin, size, root, signedBy };
}
