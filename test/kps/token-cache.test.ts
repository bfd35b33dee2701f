import { describe, expect, it } from '@jest/globals';
import { PasswordBreaker } from '../../src/kps/password-breaker.js';
import { ProofKey } from '../../src/kps/proof-key.js';
import type { Issued } from '../../src/kps/sts-client.js';
import type { IssuedToken } from '../../src/kps/sts-response.js';
import { TokenCache, type TokenKey } from '../../src/kps/token-cache.js';
import { verbatim } from '../../src/kps/xml-writer.js';
import { PROOF_KEY } from './support/answers.js';

const HOUR_MS = 3_600_000;
const KEY: TokenKey = {
  account: 'ticaret',
  stsUrl: 'https://sts.example/',
  appliesTo: 'https://kps.example/',
  userName: 'KRM-1',
  sorgulayan: null,
};

function token(): IssuedToken {
  const proofKey = ProofKey.fromBase64(PROOF_KEY);
  if (proofKey === null) throw new Error('a key');
  return {
    proofKey,
    encryptedData: verbatim('<t/>'),
    attachedReference: verbatim('<r/>'),
    createdMs: 0,
    expiresMs: 0,
  };
}

const REFUSED: Issued = { ok: false, skewS: null, problem: 'connection', reason: 'sts-unavailable' };

/** A cache over an STS that answers when told to, and a clock that stands still. */
function bench(options: { lifetimeMs?: number; renewEarlyMs?: number; maxTokens?: number } = {}) {
  const asked: TokenKey[] = [];
  const waiting: ((issued: Issued) => void)[] = [];
  const clock = { ms: 0 };
  const cache = new TokenCache({
    now: () => clock.ms,
    renewEarlyMs: options.renewEarlyMs ?? 90_000,
    ...(options.maxTokens === undefined ? {} : { maxTokens: options.maxTokens }),
    issue: (key) => {
      asked.push(key);
      return new Promise((resolve) => waiting.push(resolve));
    },
  });
  const settle = async (issued: Issued) => {
    for (const resolve of waiting.splice(0)) resolve(issued);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const grant = () =>
    settle({ ok: true, token: token(), usableUntilMs: clock.ms + (options.lifetimeMs ?? HOUR_MS), skewS: 0 });
  const held = async (key: TokenKey = KEY) => {
    const found = await cache.get(key);
    if (!found.ok) throw new Error(found.problem);
    return found.token;
  };
  const filled = async (key: TokenKey = KEY) => {
    const first = cache.get(key);
    await grant();
    await first;
    return held(key);
  };
  return { cache, clock, asked, grant, refuse: () => settle(REFUSED), held, filled };
}

describe('the token cache', () => {
  it('asks once for any number of callers at once', async () => {
    const { cache, asked, grant } = bench();
    const callers = Array.from({ length: 50 }, () => cache.get(KEY));
    await grant();
    const answers = await Promise.all(callers);
    expect(asked).toHaveLength(1);
    expect(new Set(answers.map((answer) => (answer.ok ? answer.token : null))).size).toBe(1);
  });

  it('uses a token until its early renewal, and asks then once while the old one still serves', async () => {
    const { clock, asked, grant, held, filled } = bench();
    const first = await filled();
    clock.ms = HOUR_MS - 90_001;
    expect(await held()).toBe(first);
    expect(asked).toHaveLength(1);
    clock.ms = HOUR_MS - 90_000;
    expect(await Promise.all([held(), held(), held()])).toEqual([first, first, first]);
    expect(asked).toHaveLength(2);
    await grant();
    const second = await held();
    expect(second === first).toBe(false);
    expect(first.proofKey.dropped).toBe(true);
    expect(second.proofKey.dropped).toBe(false);
  });

  it('never gives a token at or after its end', async () => {
    const { cache, clock, asked, refuse, filled } = bench();
    await filled();
    clock.ms = HOUR_MS;
    const late = cache.get(KEY);
    await refuse();
    expect(await late).toEqual(REFUSED);
    expect(asked).toHaveLength(2);
  });

  it('does not renew at each call where the life is shorter than the early renewal', async () => {
    const { clock, asked, held, filled } = bench({ lifetimeMs: 60_000 });
    const first = await filled();
    clock.ms = 29_999;
    expect(await held()).toBe(first);
    expect(asked).toHaveLength(1);
    clock.ms = 30_000;
    await held();
    expect(asked).toHaveLength(2);
  });

  it('keeps serving the old token when an early renewal fails, and leaves the STS in peace for a while', async () => {
    const { clock, asked, refuse, held, filled } = bench();
    const first = await filled();
    clock.ms = HOUR_MS - 60_000;
    await held();
    await refuse();
    expect(await held()).toBe(first);
    expect(asked).toHaveLength(2);
    clock.ms += 5_000;
    expect(await held()).toBe(first);
    expect(asked).toHaveLength(3);
  });

  it('survives an issuer that throws', async () => {
    const cache = new TokenCache({
      now: () => 0,
      renewEarlyMs: 0,
      issue: () => Promise.reject(new Error('x')),
    });
    expect(await cache.get(KEY)).toMatchObject({ ok: false, reason: 'sts-unavailable' });
  });

  it.each<[string, Partial<TokenKey>]>([
    ['STS', { stsUrl: 'https://other.example/' }],
    ['relying party', { appliesTo: 'https://test.example/' }],
    ['user', { userName: 'KRM-2' }],
    ['person named to the STS', { sorgulayan: 'somebody' }],
  ])('never shares a token with another %s', async (_name, change) => {
    const { asked, filled } = bench();
    const first = await filled();
    const other = await filled({ ...KEY, ...change });
    expect(other === first).toBe(false);
    expect(asked).toHaveLength(2);
  });

  it('does not mix up keys whose parts run into each other', async () => {
    const { asked, filled } = bench();
    await filled({ ...KEY, userName: 'a","b', sorgulayan: 'c' });
    await filled({ ...KEY, userName: 'a', sorgulayan: 'b","c' });
    expect(asked).toHaveLength(2);
  });

  it('forgets a refused token and wipes its key, but not the one that came after it', async () => {
    const { cache, asked, held, filled } = bench();
    const first = await filled();
    cache.drop(KEY, first);
    expect(first.proofKey.dropped).toBe(true);
    const second = await filled();
    cache.drop(KEY, first);
    expect(await held()).toBe(second);
    expect(asked).toHaveLength(2);
  });

  it('holds no more than its bound: the one unused longest goes, its key wiped', async () => {
    const { asked, held, filled } = bench({ maxTokens: 2 });
    const keys = ['a', 'b', 'c'].map((sorgulayan) => ({ ...KEY, sorgulayan })) as [
      TokenKey,
      TokenKey,
      TokenKey,
    ];
    const a = await filled(keys[0]);
    const b = await filled(keys[1]);
    await held(keys[0]);
    await filled(keys[2]);
    expect([a.proofKey.dropped, b.proofKey.dropped]).toEqual([false, true]);
    expect(await held(keys[0])).toBe(a);
    expect(asked).toHaveLength(3);
  });

  it('wipes all keys of an account, and of all accounts when it closes', async () => {
    const { cache, filled } = bench();
    const mine = await filled();
    const named = await filled({ ...KEY, sorgulayan: 'a' });
    const theirs = await filled({ ...KEY, account: 'birlik' });
    cache.dropAccount('ticaret');
    expect([mine, named, theirs].map((one) => one.proofKey.dropped)).toEqual([true, true, false]);
    cache.close();
    expect(theirs.proofKey.dropped).toBe(true);
  });
});

describe('the password breaker', () => {
  it('stays open for ever by default, for its own account only, until it is reset', () => {
    const clock = { ms: 0 };
    const breaker = new PasswordBreaker(null, () => clock.ms);
    breaker.open('ticaret');
    clock.ms = Number.MAX_SAFE_INTEGER;
    expect([breaker.isOpen('ticaret'), breaker.isOpen('birlik')]).toEqual([true, false]);
    breaker.reset('ticaret');
    expect(breaker.isOpen('ticaret')).toBe(false);
  });

  it('closes by itself after the minutes that a setting names, not before', () => {
    const clock = { ms: 0 };
    const breaker = new PasswordBreaker(10, () => clock.ms);
    breaker.open('ticaret');
    clock.ms = 599_999;
    expect(breaker.isOpen('ticaret')).toBe(true);
    clock.ms = 600_000;
    expect(breaker.isOpen('ticaret')).toBe(false);
  });
});
