import { fromBase64, utf8, utf8Text } from './bytes.js';

export interface TlogProof {
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  /** The checkpoint, verbatim. */
  readonly checkpoint: Uint8Array;
}

/** No tree of safe integer size is higher. */
const MOST_HASHES = 53;

/** Reads a C2SP tlog-proof; `null` where it is none. Its `extra` line proves nothing and is passed over. */
export function parseTlogProof(bytes: Uint8Array): TlogProof | null {
  const text = utf8Text(bytes) ?? '';
  const split = text.indexOf('\n\n');
  if (split < 0) return null;
  const [version, ...lines] = text.slice(0, split).split('\n');
  if (version !== 'c2sp.org/tlog-proof@v1') return null;
  if (lines[0]?.startsWith('extra ')) {
    if (fromBase64(lines.shift()?.slice('extra '.length) ?? '') === null) return null;
  }
  const [, digits] = /^index (0|[1-9]\d*)$/.exec(lines.shift() ?? '') ?? [];
  const index = Number(digits ?? 'none');
  if (!Number.isSafeInteger(index) || lines.length > MOST_HASHES) return null;
  const hashes: Uint8Array[] = [];
  for (const line of lines) {
    const hash = fromBase64(line);
    if (hash?.length !== 32) return null;
    hashes.push(hash);
  }
  return { index, hashes, checkpoint: utf8(text.slice(split + 2)) };
}
