import { describe, expect, it } from '@jest/globals';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { ACR_ONE_STEP, ACR_STEP_UP, ACR_TWO_STEP } from '../../../src/sign-in/access-tokens.js';
import type { BrowserSession } from '../../../src/sign-in/living-session.js';
import { createPolicy, strengthOf } from '../../../src/sign-in/provider/policy.js';
import { NOW, person } from '../../verification/support/parts.js';

describe('the strength of a sign-in', () => {
  it('is two steps, and step-up where that came on top', () => {
    expect(strengthOf({ acr: ACR_TWO_STEP }, false)).toEqual({ acr: ACR_TWO_STEP, amr: ['mfa'] });
    expect(strengthOf({ acr: ACR_TWO_STEP }, true)).toEqual({ acr: ACR_STEP_UP, amr: ['mfa', 'otp'] });
  });

  it('of one step is never more, whatever came on top: nothing of ours replaces e-Devlet’s two steps', () => {
    for (const steppedUp of [true, false])
      expect(strengthOf({ acr: ACR_ONE_STEP }, steppedUp)).toEqual({ acr: ACR_ONE_STEP, amr: ['pwd'] });
  });
});

const SESSION: BrowserSession = {
  sessionId: '11111111-1111-4111-8111-111111111111',
  person: person('200000001'),
  tag: Buffer.alloc(16),
  names: null,
  acr: ACR_TWO_STEP,
  authTime: NOW,
  openedAt: NOW,
  idleUntil: NOW,
  expiresAt: NOW,
  stepUpUntil: null,
};
const contextOf = (acr_values: unknown, accountId: string | undefined = SESSION.sessionId) =>
  ({
    oidc: {
      params: { acr_values },
      session: { accountId, acr: 'before', amr: ['before'] },
      entities: { Client: { clientId: 'core' } },
    },
  }) as unknown as KoaContextWithOIDC;

describe('the prompts', () => {
  const policyOf = (changes: { session?: BrowserSession | null; read?: boolean; told?: boolean }) =>
    createPolicy({
      session: async () => (changes.session === undefined ? SESSION : changes.session),
      hasReadNotice: async () => changes.read ?? true,
      isToBeTold: async () => changes.told ?? false,
      now: () => NOW,
    });
  /** The first of our prompts that is asked for; null: on to the application. */
  const asked = async (policy: ReturnType<typeof createPolicy>, ctx: KoaContextWithOIDC) => {
    for (const prompt of policy.filter(({ name }) => name !== 'login'))
      for (const check of prompt.checks) if ((await check.check(ctx)) === true) return prompt.name;
    return null;
  };

  it('come in their order, and there is none for consent', () => {
    expect(policyOf({}).map(({ name }) => name)).toEqual(['login', 'notice', 'told', 'step_up']);
  });

  it('ask for what is missing: the notice, what is to be told, the second step', async () => {
    expect(await asked(policyOf({ read: false, told: true }), contextOf(ACR_STEP_UP))).toBe('notice');
    expect(await asked(policyOf({ told: true }), contextOf(ACR_STEP_UP))).toBe('told');
    expect(await asked(policyOf({}), contextOf(ACR_STEP_UP))).toBe('step_up');
    expect(await asked(policyOf({}), contextOf(undefined))).toBeNull();
  });

  it('ask for step-up where the application names it first, not where it comes second or is something like it', async () => {
    const promptOf = (wanted: unknown) => asked(policyOf({}), contextOf(wanted));
    expect(await promptOf(`${ACR_STEP_UP} ${ACR_TWO_STEP}`)).toBe('step_up');
    for (const wanted of [`${ACR_TWO_STEP} ${ACR_STEP_UP}`, `${ACR_STEP_UP}x`, '', [ACR_STEP_UP]])
      expect(await promptOf(wanted)).toBeNull();
  });

  it('take a step-up that has decayed for none, to the instant', async () => {
    const until = (ms: number) => ({ ...SESSION, stepUpUntil: new Date(NOW.getTime() + ms) });
    expect(await asked(policyOf({ session: until(0) }), contextOf(ACR_STEP_UP))).toBe('step_up');
    expect(await asked(policyOf({ session: until(1) }), contextOf(ACR_STEP_UP))).toBeNull();
  });

  it('write what was asked for and holds now into the sign-in, so that a step-up of before is none', async () => {
    const session = { ...SESSION, stepUpUntil: new Date(NOW.getTime() + 60_000) };
    const plain = contextOf(undefined);
    await asked(policyOf({ session }), plain);
    expect(plain.oidc.session).toMatchObject({ acr: ACR_TWO_STEP, amr: ['mfa'] });
    const stepped = contextOf(ACR_STEP_UP);
    await asked(policyOf({ session }), stepped);
    expect(stepped.oidc.session).toMatchObject({ acr: ACR_STEP_UP, amr: ['mfa', 'otp'] });
  });

  it('ask nothing of nobody: the sign-in comes before', async () => {
    expect(
      await asked(policyOf({ session: null, read: false, told: true }), contextOf(ACR_STEP_UP)),
    ).toBeNull();
  });
});
