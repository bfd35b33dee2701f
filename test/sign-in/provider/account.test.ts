import { describe, expect, it } from '@jest/globals';
import type { BrowserSession } from '../../../src/sign-in/living-session.js';
import { accountOf, pairwiseSubject } from '../../../src/sign-in/provider/account.js';
import { NOW, person } from '../../verification/support/parts.js';

const KEY = Buffer.alloc(32, 5);
const WHO = person('200000001');
const SESSION: BrowserSession = {
  sessionId: '11111111-1111-4111-8111-111111111111',
  person: WHO,
  tag: Buffer.alloc(16),
  names: { ad: 'ÇİĞDEM', soyad: 'KÖSE' },
  acr: 'urn:koopbis:acr:two-step',
  authTime: NOW,
  openedAt: NOW,
  idleUntil: NOW,
  expiresAt: NOW,
  stepUpUntil: null,
};

describe('the subject of a person', () => {
  it('is the same for the same application, and another for another application, person or key', () => {
    const subject = pairwiseSubject(KEY, 'core', WHO);
    expect(pairwiseSubject(Buffer.alloc(32, 5), 'core', person('200000001'))).toBe(subject);
    const others = [
      pairwiseSubject(KEY, 'portal', WHO),
      pairwiseSubject(KEY, 'core', person('200000002')),
      pairwiseSubject(Buffer.alloc(32, 6), 'core', WHO),
    ];
    expect(new Set([subject, ...others]).size).toBe(4);
  });

  it('is no shorter than its key and says nothing of the number', () => {
    const subject = pairwiseSubject(KEY, 'core', WHO);
    expect(Buffer.from(subject, 'base64url')).toHaveLength(32);
    expect(subject).not.toContain(WHO.reveal());
  });
});

describe('the claims of an account', () => {
  const claims = (scope: string, session = SESSION) =>
    accountOf(session).claims('id_token', scope, {}, []) as Record<string, unknown>;

  it('hold number and names with the scope kimlik alone', () => {
    expect(claims('openid kimlik')).toEqual({
      sub: SESSION.sessionId,
      kimlik_no: WHO.reveal(),
      given_name: 'ÇİĞDEM',
      family_name: 'KÖSE',
    });
    for (const scope of ['openid', '', 'openid kimlikler', 'openid kimlik_no', 'KIMLIK'])
      expect(claims(scope)).toEqual({ sub: SESSION.sessionId });
  });

  it('hold no names where the upstream gave none', () => {
    const { given_name, family_name, kimlik_no } = claims('openid kimlik', { ...SESSION, names: null });
    expect([given_name, family_name, kimlik_no]).toEqual([undefined, undefined, WHO.reveal()]);
  });
});
