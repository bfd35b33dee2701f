import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { ACR_ONE_STEP, ACR_STEP_UP, ACR_TWO_STEP } from '../access-tokens.js';
import type { BrowserSession } from '../living-session.js';

/** What the prompts ask the house. */
export interface PolicyTools {
  session(sessionId: string): Promise<BrowserSession | null>;
  hasReadNotice(session: BrowserSession): Promise<boolean>;
  /** Whether there is something to be told once in this session: no authority, or a rule that is announced. */
  isToBeTold(session: BrowserSession): Promise<boolean>;
  now(): Date;
}

/** `acr` and `amr` (RFC 8176) of a sign-in: several factors, and `otp` where our own second step came on top. */
export function strengthOf(
  session: Pick<BrowserSession, 'acr'>,
  steppedUp: boolean,
): { readonly acr: string; readonly amr: string[] } {
  if (session.acr === ACR_ONE_STEP) return { acr: ACR_ONE_STEP, amr: ['pwd'] };
  return steppedUp ? { acr: ACR_STEP_UP, amr: ['mfa', 'otp'] } : { acr: ACR_TWO_STEP, amr: ['mfa'] };
}

/** Whether the application asks for step-up before anything else (OpenID Connect Core §3.1.2.1: in order of preference). */
function asksStepUp(ctx: KoaContextWithOIDC): boolean {
  const wanted: unknown = ctx.oidc.params?.acr_values;
  return typeof wanted === 'string' && wanted.split(' ')[0] === ACR_STEP_UP;
}

/**
 * The prompts of a sign-in, in their order: e-Devlet, the KVKK notice, what a person must be told, the second step where the
 * application asks for it. No consent: what an application gets is the institution's registration, not the person's choice.
 */
export function createPolicy(tools: PolicyTools): interactionPolicy.DefaultPolicy {
  const { Check, Prompt, base } = interactionPolicy;
  const policy = base();
  policy.remove('consent');
  const ask = (
    name: string,
    isNeeded: (session: BrowserSession, ctx: KoaContextWithOIDC) => Promise<boolean>,
  ) =>
    new Prompt(
      { name, requestable: false },
      new Check(`${name}_needed`, `${name} is needed`, 'interaction_required', async (ctx) => {
        const session = await sessionOf(ctx, tools);
        // Without a session the prompt before has to bring one.
        if (session === null || ctx.oidc.entities.Client?.clientId === undefined)
          return Check.NO_NEED_TO_PROMPT;
        return (await isNeeded(session, ctx)) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
      }),
    );
  policy.add(ask('notice', async (session) => !(await tools.hasReadNotice(session))));
  policy.add(ask('told', (session) => tools.isToBeTold(session)));
  policy.add(
    ask('step_up', async (session, ctx) => {
      const asked = asksStepUp(ctx);
      if (asked && (session.stepUpUntil === null || session.stepUpUntil <= tools.now())) return true;
      // The code, and with it the ID token, says what was asked for and holds now: a step-up of before is none.
      if (ctx.oidc.session !== undefined) Object.assign(ctx.oidc.session, strengthOf(session, asked));
      return false;
    }),
  );
  return policy;
}

/** The living session that an authorization request rests on. */
async function sessionOf(
  ctx: KoaContextWithOIDC,
  tools: Pick<PolicyTools, 'session'>,
): Promise<BrowserSession | null> {
  const { accountId } = ctx.oidc.session ?? {};
  return accountId === undefined ? null : tools.session(accountId);
}
