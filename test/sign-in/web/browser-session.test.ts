import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { Provider } from 'oidc-provider';
import type { BrowserSession } from '../../../src/sign-in/living-session.js';
import { createPageTools } from '../../../src/sign-in/web/browser-session.js';
import { NOW, person } from '../../verification/support/parts.js';

const SESSION: BrowserSession = {
  sessionId: '11111111-1111-4111-8111-111111111111',
  person: person('200000001'),
  tag: Buffer.alloc(16),
  names: null,
  acr: 'urn:koopbis:acr:two-step',
  authTime: NOW,
  openedAt: NOW,
  idleUntil: NOW,
  expiresAt: NOW,
  stepUpUntil: null,
};
const OTHER = { ...SESSION, sessionId: '22222222-2222-4222-8222-222222222222' };
const [OLD_KEY, NEW_KEY] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

const toolsOf = (formKeys: readonly Buffer[], accountId?: string) =>
  createPageTools({
    provider: () =>
      ({ createContext: () => ({}), Session: { get: async () => ({ accountId }) } }) as unknown as Provider,
    use: async (sessionId) => (sessionId === SESSION.sessionId ? SESSION : null),
    formKeys,
    now: () => NOW,
  });

describe('the token of a form', () => {
  it('holds for its own session alone', () => {
    const tools = toolsOf([NEW_KEY]);
    const token = tools.formToken(SESSION);
    expect(tools.formHolds(SESSION, token)).toBe(true);
    expect(tools.formHolds(OTHER, token)).toBe(false);
  });

  it('does not hold where it is missing, cut, longer, or no text', () => {
    const tools = toolsOf([NEW_KEY]);
    const token = tools.formToken(SESSION);
    for (const given of [undefined, null, '', token.slice(1), `${token}x`, [token], 7, `é${token.slice(1)}`])
      expect(tools.formHolds(SESSION, given)).toBe(false);
  });

  it('still holds after a new key has come in front, and no more once its key is gone', () => {
    const token = toolsOf([OLD_KEY]).formToken(SESSION);
    const both = toolsOf([NEW_KEY, OLD_KEY]);
    expect(both.formHolds(SESSION, token)).toBe(true);
    expect(both.formToken(SESSION)).not.toBe(token);
    expect(toolsOf([NEW_KEY]).formHolds(SESSION, token)).toBe(false);
  });

  it('says nothing of the session’s id', () => {
    expect(toolsOf([NEW_KEY]).formToken(SESSION)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});

describe('the browser’s session', () => {
  const current = (accountId?: string) => {
    const request = new IncomingMessage(new Socket());
    return toolsOf([NEW_KEY], accountId).current(request, new ServerResponse(request));
  };

  it('is the living one that its cookie leads to', async () => {
    expect(await current(SESSION.sessionId)).toBe(SESSION);
  });

  it('is none where nobody signed in or the session is over', async () => {
    expect(await current()).toBeNull();
    expect(await current(OTHER.sessionId)).toBeNull();
  });
});
