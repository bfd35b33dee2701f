import type { ToldClient } from '../telling.js';

/** A registered client that wants to be told of events. */
export interface Receiver extends ToldClient {
  readonly url: string;
  /** `whsec_` and base64: both sides know it. */
  readonly secret: string;
  /** Networks (CIDR) beside the public ones that it may stand in. */
  readonly privateAddresses: readonly string[];
  /** CAs beside the system's own, PEM. */
  readonly ca: readonly string[];
}
