import { randomBytes } from 'node:crypto';
import type { NamedPerson, Upstream } from '../../../../src/edevlet/port.js';
import { BridgeError } from '../../../../src/errors/bridge-error.js';
import { person } from '../../../verification/support/parts.js';

/** Where browsers are sent to prove who they are; nobody answers there. */
export const UPSTREAM_ORIGIN = 'https://kapi.example';

/** Somebody whom the upstream will name. `level` 2: with two steps, 1: without. */
export function named(nine: string, level: string | null = '2'): NamedPerson {
  return {
    person: person(nine),
    ad: 'ÇİĞDEM NUR',
    soyad: 'KÖSEÜŞÜMEZ',
    evidence: { level, amr: [] },
    authTime: null,
  };
}

export interface FakeUpstream extends Upstream {
  /** A code that names this person, or fails so, once. */
  codeFor(outcome: NamedPerson | BridgeError): string;
  /** How often each beginning asked for a fresh proof. */
  readonly begun: { readonly fresh: boolean }[];
}

/** An upstream whose codes the test makes. */
export function createFakeUpstream(): FakeUpstream {
  const outcomes = new Map<string, NamedPerson | BridgeError>();
  const begun: { fresh: boolean }[] = [];
  return {
    profile: 'e-devlet',
    begun,
    codeFor: (outcome) => {
      const code = randomBytes(9).toString('base64url');
      outcomes.set(code, outcome);
      return code;
    },
    begin: async ({ fresh }) => {
      begun.push({ fresh });
      const state = randomBytes(32).toString('base64url');
      return {
        url: `${UPSTREAM_ORIGIN}/giris?state=${state}`,
        state,
        kept: { codeVerifier: `verifier-${state}`, nonce: null },
      };
    },
    finish: async (search, state, kept) => {
      const params = new URLSearchParams(search);
      if (params.has('error')) throw new BridgeError('UPSTREAM_CANCELLED', 'cancelled');
      if (kept.codeVerifier !== `verifier-${state}`) throw new Error('kept for another trip');
      const code = params.get('code') ?? '';
      const outcome = outcomes.get(code);
      outcomes.delete(code);
      if (outcome === undefined) throw new BridgeError('UPSTREAM_REFUSED', 'unknown code');
      if (outcome instanceof BridgeError) throw outcome;
      return outcome;
    },
  };
}
