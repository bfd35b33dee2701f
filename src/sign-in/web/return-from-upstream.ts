import type { Request, Response } from 'express';
import type { Provider } from 'oidc-provider';
import type { NamedPerson } from '../../edevlet/port.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import { ACR_ONE_STEP, ACR_TWO_STEP } from '../access-tokens.js';
import { strengthOf } from '../provider/policy.js';
import type { TakenState } from '../upstream-state.js';
import type { ProvedSignIn, SignInHouse } from './house-tools.js';
import { type PageKit, SignInEnded, seeOther, sendEnded } from './page-handler.js';
import { browserSecret } from './sign-in-cookie.js';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/**
 * The return from e-Devlet: `stateOfThisBrowser → interaction → person → twoStepRule → session → on with what was begun`. Whatever
 * goes wrong before a person is named is counted; what comes after is an entry about that person.
 */
export async function returnFromUpstream(request: Request, response: Response, kit: PageKit): Promise<void> {
  const { house } = kit;
  const taken = await stateOfThisBrowser(request, house);
  const interaction = await house.provider().Interaction.find(taken.interaction);
  if (interaction === undefined) throw new SignInEnded('SIGN_IN_EXPIRED');
  const retryUrl = `/giris/adim/${interaction.uid}`;
  const named = await whoItIs(request, taken, house, retryUrl);
  const judged = house.judge(named.evidence);
  const { person, ad, soyad, evidence } = named;
  const client = String(interaction.params.client_id);
  const about = {
    person,
    names: { ad, soyad },
    judged: { ...judged, level: levelOf(evidence), profile: house.upstream.profile },
    client,
  };
  if (judged.judged === 'no-two-step-refused') {
    await house.refuse(about, 'two-step-required');
    sendEnded(response, kit, { code: 'TWO_STEP_REQUIRED', retryUrl });
    return;
  }
  const acr = judged.judged === 'two-step' ? ACR_TWO_STEP : ACR_ONE_STEP;
  const signIn = { ...about, acr, authTime: named.authTime ?? house.now() };
  await goOn(request, response, house, interaction, signIn);
}

/** The state is used up by this look, whatever becomes of the rest. */
async function stateOfThisBrowser(request: Request, house: SignInHouse): Promise<TakenState> {
  const params = new URLSearchParams(searchOf(request));
  const browser = browserSecret(request);
  const state = params.get('state');
  if (state === null && params.has('code')) throw new SignInEnded('SIGN_IN_UNSOLICITED');
  if (browser === null)
    throw new SignInEnded(state === null ? 'SIGN_IN_UNSOLICITED' : 'SIGN_IN_STATE_INVALID');
  const taken = state === null ? await house.stateOfBrowser(browser) : await house.takeState(state, browser);
  if (taken === null) throw new SignInEnded(state === null ? 'SIGN_IN_UNSOLICITED' : 'SIGN_IN_STATE_INVALID');
  return taken;
}

async function whoItIs(
  request: Request,
  taken: TakenState,
  house: SignInHouse,
  retryUrl: string,
): Promise<NamedPerson> {
  try {
    return await house.upstream.finish(
      searchOf(request),
      new URLSearchParams(searchOf(request)).get('state') ?? '',
      taken.kept,
    );
  } catch (error) {
    for (const code of [
      'UPSTREAM_CANCELLED',
      'UPSTREAM_REFUSED',
      'UPSTREAM_UNAVAILABLE',
      'UPSTREAM_ANSWER_INVALID',
    ] as const) {
      if (!isBridgeError(error, code)) continue;
      if (code !== 'UPSTREAM_CANCELLED') house.failed('sign-in.upstream-failed', error);
      throw new SignInEnded(code, retryUrl, { cause: error });
    }
    throw error;
  }
}

async function goOn(
  request: Request,
  response: Response,
  house: SignInHouse,
  interaction: Interaction,
  signIn: ProvedSignIn,
): Promise<void> {
  // A session that this browser had is over with the new one: nothing of it goes on unseen.
  const before = await house.current(request, response);
  const accountId = await house.open(signIn);
  if (before !== null) await house.end(before.sessionId, 'signed-in-again');
  const { acr, amr } = strengthOf(signIn, false);
  const ts = Math.floor(signIn.authTime.getTime() / 1000);
  interaction.result = { ...interaction.lastSubmission, login: { accountId, acr, amr, ts, remember: true } };
  await interaction.save(interaction.exp - Math.floor(house.now().getTime() / 1000));
  seeOther(response, interaction.returnTo);
}

function searchOf(request: Request): string {
  const at = request.originalUrl.indexOf('?');
  return at === -1 ? '' : request.originalUrl.slice(at);
}

/** What stands in the entry as evidence: `level`, or what the claims said. */
function levelOf({ level, amr }: NamedPerson['evidence']): string | null {
  const text = amr.length === 0 ? level : `${level ?? ''} amr:${amr.join(',')}`.trim();
  return text === null ? null : text.slice(0, 200);
}
