/** The three ways of asking. */
export const WAYS = ['bridge', 'soap', 'template'] as const;
export type Way = (typeof WAYS)[number];

/** A person to be asked about; every part known, living, so that the right answer is `match`. */
export interface Subject {
  readonly kimlikNo: string;
  readonly ad: string;
  readonly soyad: string;
  readonly dogumTarihi: string;
}

/** A board member who signed in, with the cooperative to ask for. */
export interface Asker {
  readonly accessToken: string;
  readonly cooperative: string;
}

/** PEM texts. */
export interface Identity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Everything that a calling process needs; handed over by message, so that no secret stands on a command line. */
export interface Job {
  readonly way: Way;
  readonly concurrency: number;
  readonly subjects: readonly Subject[];
  readonly api: { readonly url: string; readonly identity: Identity; readonly askers: readonly Asker[] };
  readonly kps: {
    readonly stsUrl: string;
    readonly routingUrl: string;
    readonly wsdl: string;
    readonly identity: Identity;
    readonly userName: string;
    readonly password: string;
  };
}

/** What a calling process measured; latencies in ms. */
export interface Measured {
  readonly ms: number;
  readonly latencies: Float64Array;
}

export type ToCaller =
  | { readonly type: 'prepare'; readonly job: Job }
  | { readonly type: 'run'; readonly ms: number; readonly maxCalls: number };
export type FromCaller =
  | { readonly type: 'ready' }
  | ({ readonly type: 'measured' } & Measured)
  | { readonly type: 'failed'; readonly message: string };

/** A way of asking, ready: one call about the `n`-th subject. Rejects unless the answer is rightly a match. */
export type Call = (n: number) => Promise<void>;

/** A stand-in that hangs must end the bench, not hold it: a call takes tens of milliseconds. */
export const CALL_LIMIT_MS = 30_000;

/** What a counted call may not be. */
export class WrongAnswer extends Error {}

/** The subject of the `n`-th call: all of them before anyone comes again. */
export function subjectOf(job: Job, n: number): Subject {
  return job.subjects[n % job.subjects.length] as Subject;
}
