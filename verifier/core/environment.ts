/** One thing in the folder. */
export interface FolderItem {
  /** Path from the folder, with `/`. */
  readonly name: string;
  readonly size: number;
  /** False for symbolic links, devices and whatever else is not simply bytes on this disk. */
  readonly regular: boolean;
}

/** A chosen folder. Nothing in it is believed. */
export interface Folder {
  /** Every item below the folder, at most `most` and one more (which tells that there are too many). */
  list(most: number): Promise<readonly FolderItem[]>;
  /** The whole file; rejects where it holds more than `most` bytes. */
  read(name: string, most: number): Promise<Uint8Array>;
  /** The file's bytes in pieces of any size. The pieces may be overwritten after the next one was asked for. */
  chunks(name: string): AsyncIterable<Uint8Array>;
}

/** What differs between Node and a browser. */
export interface Environment {
  readonly folder: Folder;
  /** Writes the 32 bytes of SHA-256(`input`) into `out` at `at`; `input` may lie in the same memory. */
  readonly sha256Into: (input: Uint8Array, out: Uint8Array, at: number) => void;
  /** True where the bytes are well-formed UTF-8 from first to last. */
  readonly isUtf8: (bytes: Uint8Array) => boolean;
  /** Web Crypto's AES-256-GCM; `null` where the box does not open. */
  readonly openBox: (box: SealedBox) => Promise<Uint8Array | null>;
}

export interface SealedBox {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  /** Ciphertext ‖ tag of 16 bytes. */
  readonly box: Uint8Array;
  readonly place: Uint8Array;
}

/** Keys from outside the folder. Where a list is empty, the folder's own are taken, and the report says so. */
export interface Trust {
  /** Verifier keys in signed-note form, one or more lines each. */
  readonly logKeys: readonly string[];
  /** PEM certificates. */
  readonly tsaCas: readonly string[];
}

export function sha256(environment: Pick<Environment, 'sha256Into'>, bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(32);
  environment.sha256Into(bytes, out, 0);
  return out;
}
