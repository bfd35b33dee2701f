import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeKey32 } from '../../config/key32.js';
import { packageRoot } from '../../config/package-root.js';
import type { BridgeConfig } from '../../config/schema.js';
import type { Upstream } from '../../edevlet/port.js';
import { createUpstream } from '../../edevlet/upstream.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { CountedCode } from '../../network/refusal-counter.js';
import { createPages } from '../../pages/pages.js';
import { type Application, OWN_PAGES_CLIENT } from '../../sign-in/provider/clients.js';
import type { ProviderSettings } from '../../sign-in/provider/configuration.js';
import { makeDueKey, readKeys, type SigningKey } from '../../sign-in/provider/keys.js';
import { type CurrentProvider, createProvider } from '../../sign-in/provider/provider.js';
import { createFloodGate } from '../../sign-in/web/flood.js';
import { createPagesRouter } from '../../sign-in/web/pages-router.js';
import { watchedUpstream } from '../health/watch-systems.js';
import { doorsOf, type OpenSignIn } from './doors.js';
import { houseOf } from './page-house.js';
import type { SignInParts } from './parts.js';
import { providerEvents, providerTools } from './provider-tools.js';

type SignInSettings = NonNullable<BridgeConfig['signIn']>;

/** A session's keys stay published for a day beyond the longest session: hints and logout tokens are checked with them. */
const STAYS_MS = 86_400_000;

/**
 * Opens sign-in: the upstream, the OpenID provider with its keys, the pages. Null where the settings have none: then nobody can
 * sign in. Errors: those of the database and the log.
 */
export async function openSignIn(parts: SignInParts): Promise<OpenSignIn | null> {
  const { config, db, log } = parts;
  const { signIn, edevlet } = config;
  if (signIn === undefined || edevlet === undefined) return null;
  const now = () => new Date();
  const keyTimes = {
    lifetimeMs: signIn.keyDays * 86_400_000,
    staysMs: signIn.absoluteMinutes * 60_000 + STAYS_MS,
  };
  const known: { keys: readonly SigningKey[] } = { keys: [] };
  const readKnown = async () => {
    known.keys = await readKeys(db, log.masterKeys, now());
  };
  await makeDueKey(log.appender, db, log.masterKeys, keyTimes, now());
  await readKnown();
  const applications = await applicationsOf(config);
  const settings = providerSettings(signIn, applications);
  const asked = parts.upstream ?? (await upstreamOf(edevlet, signIn, now));
  const upstream = watchedUpstream(asked, parts.health, now);
  const pages = createPages(join(packageRoot(), 'src/pages/templates'));
  let provider: CurrentProvider | undefined;
  const current = () => {
    if (provider === undefined) throw new BridgeError('START_REFUSED', 'the provider is not there yet');
    return provider;
  };
  const house = houseOf({
    ...parts,
    signIn,
    edevlet,
    applications,
    upstream,
    provider: () => current().get(),
    now,
  });
  const registered = new WeakMap<object, string>();
  const tools = providerTools({ ...parts, house, pages, settings, now, registered });
  provider = createProvider(settings, tools, providerEvents({ ...parts, house, now }), known.keys);
  await requireSoundClients(provider, [OWN_PAGES_CLIENT, ...applications.map(({ id }) => id)]);
  const mayPass = createFloodGate(signIn.requestsPerMinutePerAddress);
  return doorsOf({
    ...parts,
    provider,
    registered,
    mayPass: (address: string) => mayPass(address, now()),
    browser: {
      ...house,
      mayPass: (address: string) => mayPass(address, now()),
      count: (address: string, code: CountedCode) => parts.refusals.count(address, code, now()),
    },
    router: createPagesRouter({ house, pages }, (address) => mayPass(address, now())),
    settings,
    keys: () => known.keys,
    keyStep: async () => {
      const made = await makeDueKey(log.appender, db, log.masterKeys, keyTimes, now());
      if (made !== null) parts.told.info('sign-in.key-made', { kid: made });
      await readKnown();
      current().use(known.keys);
    },
    now,
  });
}

/** The provider looks at a client only when it is first asked for: better at the start than before a person. */
async function requireSoundClients(provider: CurrentProvider, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    try {
      await provider.get().Client.find(id);
    } catch (cause) {
      const { error_description: why } = cause as { error_description?: unknown };
      throw new BridgeError('CONFIG_INVALID', `clients.${id}.signIn: ${String(why)}`, { cause });
    }
  }
}

async function upstreamOf(
  edevlet: NonNullable<BridgeConfig['edevlet']>,
  { issuer }: SignInSettings,
  now: () => Date,
): Promise<Upstream> {
  const ca = await Promise.all(edevlet.extraCa.map((file) => readFile(file, 'utf8')));
  return createUpstream({ ...edevlet, redirectUri: `${issuer}/giris/donus`, ca }, { now });
}

function providerSettings(signIn: SignInSettings, applications: readonly Application[]): ProviderSettings {
  return {
    issuer: signIn.issuer,
    apiOrigin: signIn.apiOrigin,
    cookieKeys: signIn.cookieKeys.map((key) => decodeKey32(key).toString('base64')),
    pairwiseKey: decodeKey32(signIn.pairwiseKey),
    absoluteS: signIn.absoluteMinutes * 60,
    interactionS: signIn.interactionMinutes * 60,
    accessTokenS: signIn.accessTokenMinutes * 60,
    codeS: signIn.codeSeconds,
    applications,
  };
}

/** The applications of registered clients, their public keys read. */
async function applicationsOf(config: BridgeConfig): Promise<readonly Application[]> {
  const with_ = config.clients.flatMap(({ id, signIn }) => (signIn === undefined ? [] : [{ id, signIn }]));
  return Promise.all(
    with_.map(async ({ id, signIn }) => ({
      id,
      name: signIn.name,
      redirectUris: signIn.redirectUris,
      postLogoutRedirectUris: signIn.postLogoutRedirectUris,
      backChannelLogoutUri: signIn.backChannelLogoutUri ?? null,
      initiateLoginUri: signIn.initiateLoginUri ?? null,
      authentication: signIn.authentication,
      jwks: signIn.jwks === undefined ? null : await readKeySet(id, signIn.jwks),
      scopes: signIn.scopes,
      ca: await Promise.all(signIn.extraCa.map((file) => readFile(file, 'utf8'))),
    })),
  );
}

async function readKeySet(id: string, file: string): Promise<{ keys: object[] }> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
    const keys = (parsed as { keys?: unknown }).keys;
    if (Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null && !('d' in key)))
      return { keys: keys as object[] };
  } catch {
    // Told below: the parser's message would quote the file.
  }
  throw new BridgeError(
    'CONFIG_INVALID',
    `clients.${id}.signIn.jwks: must be a set of public keys (RFC 7517)`,
  );
}
