import type { MersisFault, MersisQuestion } from './port.js';

/** What an adapter brings: the answer's content with the members of the contract, unchecked; or why there is none. */
export type Asked =
  | { readonly kind: 'answer'; readonly raw: unknown }
  | { readonly kind: 'fault'; readonly fault: MersisFault };

export interface Adapter {
  /** Asks once; resolves always. The question's form was checked. */
  ask(question: MersisQuestion): Promise<Asked>;
}

/** What the status alone says; null where it says nothing and the body counts. */
export function faultOfStatus(status: number): MersisFault | null {
  if (status === 200) return null;
  if (status === 401 || status === 403) return { kind: 'refused' };
  return { kind: 'unavailable', cause: 'http' };
}

export function failed(fault: MersisFault): Asked {
  return { kind: 'fault', fault };
}
