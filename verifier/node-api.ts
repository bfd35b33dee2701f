import { isUtf8 } from 'node:buffer';
import * as nodeCrypto from 'node:crypto';
import type { Environment } from './core/environment.js';
import type { Check, VerifyReport } from './core/report.js';
import { verifyFolder as verify } from './core/verify-folder.js';
import { openBox } from './core/web-crypto.js';
import { openFolder } from './node-folder.js';

export type { Check, VerifyReport } from './core/report.js';

export interface VerifyOptions {
  /** Texts of verifier keys (signed-note form, one a line) to trust instead of the folder's `log.pub`. */
  readonly logKeys?: readonly string[];
  /** PEM texts to trust instead of the folder's `tsa-ca.pem`. */
  readonly tsaCas?: readonly string[];
  /** Hears of each check as it is made. */
  readonly onCheck?: (check: Check) => void;
}

/** Checks an export or evidence folder at `path`, without network. Never rejects: what goes wrong is a failed check. */
export function verifyFolder(path: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const environment: Environment = { folder: openFolder(path), sha256Into, isUtf8, openBox };
  const trust = { logKeys: options.logKeys ?? [], tsaCas: options.tsaCas ?? [] };
  return verify(environment, trust, options.onCheck);
}

const { latin1Write } = Buffer.prototype as unknown as {
  latin1Write: (this: Uint8Array, text: string, at: number, length: number) => number;
};

/** As text a hash costs a third of what it costs as an object, and a log has two for each entry. */
function sha256Into(input: Uint8Array, out: Uint8Array, at: number): void {
  // Before Node 20.12 there is no one-shot `hash`; the verifier may be run where the bridge is not.
  const digest =
    nodeCrypto.hash === undefined
      ? nodeCrypto.createHash('sha256').update(input).digest('binary')
      : nodeCrypto.hash('sha256', input, 'binary');
  latin1Write.call(out, digest, at, 32);
}
