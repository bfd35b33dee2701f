import { describe, expect, it } from '@jest/globals';
import { ACR_TWO_STEP, type PresentedToken, type SignedIn } from '../../src/sign-in/access-tokens.js';
import { readShownTokens, type TokenReaders } from '../../src/sign-in/read-shown-tokens.js';
import type { Transaction } from '../../src/storage/database.js';
import { CLIENT, NOW, person } from '../verification/support/parts.js';

const WHO: SignedIn = {
  sessionId: '00000000-0000-4000-8000-000000000001',
  person: person('200000001'),
  tag: Buffer.alloc(32),
  acr: ACR_TWO_STEP,
  authTime: NOW,
};
const TX = {} as Transaction;
const GOOD = Buffer.alloc(32, 1);
const BAD = Buffer.alloc(32, 2);

const call = (tokenHash: Buffer | null) => ({
  tokenHash,
  client: CLIENT,
  certificateSha256: Buffer.alloc(32, 9),
});

/** Accepts `GOOD` alone; `explained` keeps what it was asked to explain. */
function readers(): TokenReaders & { readonly explained: (readonly PresentedToken[])[] } {
  const explained: (readonly PresentedToken[])[] = [];
  return {
    explained,
    readTokens: async (_tx, presented) =>
      presented.map(({ tokenHash }) => (tokenHash.equals(GOOD) ? WHO : null)),
    explainTokens: async (_tx, refused) => {
      explained.push(refused);
      return refused.map(() => 'token-expired');
    },
  };
}

describe('the tokens of a batch', () => {
  it('are not asked about again where each was accepted, or none was shown', async () => {
    const tools = readers();
    const shown = await readShownTokens(TX, [call(GOOD), call(null), call(GOOD)], tools, NOW);
    expect(shown).toEqual([
      { signedIn: WHO, tokenFault: null },
      { signedIn: null, tokenFault: null },
      { signedIn: WHO, tokenFault: null },
    ]);
    expect(tools.explained).toEqual([]);
  });

  it('that were refused are asked about once, and each call gets its own word', async () => {
    const tools = readers();
    const shown = await readShownTokens(TX, [call(BAD), call(null), call(GOOD), call(BAD)], tools, NOW);
    expect(shown).toEqual([
      { signedIn: null, tokenFault: 'token-expired' },
      { signedIn: null, tokenFault: null },
      { signedIn: WHO, tokenFault: null },
      { signedIn: null, tokenFault: 'token-expired' },
    ]);
    expect(tools.explained.map((one) => one.map(({ tokenHash }) => tokenHash))).toEqual([[BAD, BAD]]);
  });
});
