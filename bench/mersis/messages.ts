/** What one reading of the whole register took, in the process that does it. */
export interface Synced {
  /** Questions that were answered. */
  readonly asked: number;
  readonly ms: number;
  /** CPU of the whole process, user and system, µs. */
  readonly cpuUs: number;
  /** Resident memory when so much of the register was read. */
  readonly rss: readonly { readonly percent: number; readonly bytes: number }[];
}

export type ToProcess =
  | { readonly type: 'open'; readonly configFile: string }
  /** All cooperatives become known and due. */
  | { readonly type: 'sync'; readonly mersisNos: readonly string[] };
export type FromProcess =
  | { readonly type: 'opened' }
  | ({ readonly type: 'synced' } & Synced)
  | { readonly type: 'failed'; readonly message: string };
