import type { Secret } from './secret.js';

/** What a secret must look like once it is read; checked at the start, so that a wrong file is not found out at night. */
export type SecretForm = 'text' | 'key32' | 'postgres-url' | 'private-key';

/** Where a secret is to be read from; stands in the checked settings until `resolve-references` replaces it. */
export class SecretReference {
  readonly from: { readonly file: string } | { readonly env: string };

  constructor(from: { readonly file: string } | { readonly env: string }) {
    this.from = from;
  }
}

/** A file or folder as written, not yet made absolute. A `file` must exist; a `directory` may be made later. */
export class PathReference {
  readonly path: string;
  readonly kind: 'file' | 'directory';

  constructor(path: string, kind: 'file' | 'directory') {
    this.path = path;
    this.kind = kind;
  }
}

/** The same settings once references are replaced: secrets by `Secret`, paths by absolute paths. */
export type Resolved<T> = T extends SecretReference
  ? Secret
  : T extends PathReference
    ? string
    : T extends readonly (infer U)[]
      ? Resolved<U>[]
      : T extends object
        ? { [K in keyof T]: Resolved<T[K]> }
        : T;
