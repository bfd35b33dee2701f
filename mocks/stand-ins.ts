import { ControlServer } from './control/control-server.js';
import { Faults } from './control/faults.js';
import { Figures } from './control/figures.js';
import { SeenLogs } from './control/seen-logs.js';
import { createEdevlet, EDEVLET_FAULTS, faultConcerns } from './edevlet/edevlet-service.js';
import { NationalSystem } from './http/national-system.js';
import {
  createMersis,
  MERSIS_FAULTS,
  MERSIS_SOAP_PATH,
  mersisFaultConcerns,
} from './mersis/mersis-service.js';
import { Accounts } from './nvi/accounts.js';
import { IssuedTokens } from './nvi/issued-tokens.js';
import { createKps, KPS_FAULTS } from './nvi/kps-service.js';
import { createSts, type NviParts, STS_FAULTS } from './nvi/sts-service.js';
import type { EdevletSettings, MersisSettings, StandInSettings, TsaSettings } from './settings.js';
import { openTsaMemory } from './tsa/memory.js';
import { createTsa, TSA_FAULTS } from './tsa/tsa-service.js';
import type { World } from './world/world.js';

/** Stand-ins that listen. */
export interface RunningStandIns {
  /** `edevlet`, `mersis` and `tsa` are `''` where the settings have none. */
  readonly urls: {
    readonly edevlet: string;
    readonly sts: string;
    readonly kps: string;
    /** Of its SOAP service; the other is `/api/sicil/sorgula` beside it. */
    readonly mersis: string;
    readonly tsa: string;
    readonly control: string;
  };
  /** Finishes what is being answered, then closes listeners and files. */
  stop(): Promise<void>;
}

export interface StandInDeps {
  readonly world: World;
  /** The clock of tokens, Timestamps and the witness; the machine's own where absent. */
  readonly now?: () => number;
}

/** An envelope with a token is 6 KB and a hundred criteria are 20 KB. */
const MAX_BODY_BYTES = 262_144;
/** A form has a few hundred bytes. */
const MAX_EDEVLET_BODY_BYTES = 8_192;
/** A time stamp request has about a hundred bytes. */
const MAX_TSA_BODY_BYTES = 16_384;
/** A question has some hundred bytes. */
const MAX_MERSIS_BODY_BYTES = 16_384;
/** RG 27399 (facts/fees-and-records.md §1). */
const KURUS_PER_QUERY = 2;
const STS_PATH = '/Services/Issuer.svc/IWSTrust13';
const EDEVLET_PATH = '/OAuth2AuthorizationServer/';
const KPS_PATH = '/Services/RoutingService.svc';

/**
 * Starts the stand-ins of e-Devlet, STS, KPS, MERSİS and the time stamping authority with the control interface, in this process. A later stand-in is one more
 * NationalSystem over the same faults and witnesses.
 *
 * @throws the system's error where a port is taken; nothing is left listening then
 */
export async function startStandIns(settings: StandInSettings, deps: StandInDeps): Promise<RunningStandIns> {
  const now = deps.now ?? Date.now;
  const seen = new SeenLogs(settings.dataDirectory, () => new Date(now()));
  const figures = new Figures(
    settings.dataDirectory,
    new Map(settings.accounts.map((one) => [one.userName, one.kurusPerQuery ?? KURUS_PER_QUERY])),
    () => new Date(now()),
  );
  const faults = new Faults();
  const accounts = new Accounts(settings.accounts);
  const urls = { sts: '', kps: '' };
  const parts: NviParts = {
    accounts,
    tokens: new IssuedTokens(),
    now,
    unknownSource: settings.unknownSource,
    tokenLifetimeMs: settings.tokenLifetimeS * 1_000,
    urls: () => urls,
  };
  // Where strangers are not simply reset, they must get far enough to see their page or wait for it.
  const accepts = (address: string) => settings.unknownSource !== 'reset' || accounts.knowsAddress(address);
  const shared = { faults, maxBodyBytes: MAX_BODY_BYTES };
  const listener = (service: StandInSettings['sts']) => ({
    host: service.host,
    port: service.port,
    tls: settings.tls,
    accepts,
  });
  const sts = new NationalSystem({
    ...shared,
    name: 'sts',
    faultKinds: STS_FAULTS,
    listener: listener(settings.sts),
    seen: seen.of('sts'),
    judge: createSts(parts),
  });
  const kps = new NationalSystem({
    ...shared,
    name: 'kps',
    faultKinds: KPS_FAULTS,
    listener: listener(settings.kps),
    seen: seen.of('kps'),
    figures,
    judge: createKps(parts, deps.world),
  });
  const edevlet =
    settings.edevlet && openEdevlet(settings.edevlet, settings.tls, { faults, seen, now, world: deps.world });
  const tsa = settings.tsa && openTsa(settings.tsa, { faults, seen, now }, settings.dataDirectory);
  const mersis =
    settings.mersis && openMersis(settings.mersis, settings.tls, { faults, seen, now, world: deps.world });
  const control = new ControlServer({ seen, faults, figures, world: deps.world });
  const stop = async () => {
    await Promise.all([sts.stop(), kps.stop(), edevlet?.stop(), tsa?.stop(), mersis?.stop(), control.stop()]);
    seen.close();
    figures.close();
  };
  try {
    await sts.listener.listen();
    await kps.listener.listen();
    await edevlet?.listener.listen();
    await tsa?.system.listener.listen();
    await mersis?.listener.listen();
    urls.sts = settings.sts.url ?? httpsUrl(sts, STS_PATH);
    urls.kps = settings.kps.url ?? httpsUrl(kps, KPS_PATH);
    const { host } = settings.control;
    const controlUrl = `http://${host}:${await control.listen(host, settings.control.port)}`;
    const tsaUrl = tsa ? `http://${settings.tsa?.host}:${tsa.system.listener.port}/` : '';
    const own = { edevlet: httpsUrl(edevlet, EDEVLET_PATH), mersis: httpsUrl(mersis, MERSIS_SOAP_PATH) };
    return { urls: { ...urls, ...own, tsa: tsaUrl, control: controlUrl }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function httpsUrl(system: NationalSystem | undefined, path: string): string {
  return system === undefined ? '' : `https://localhost:${system.listener.port}${path}`;
}

/** e-Devlet, not listening yet. Browsers come: no client certificate is asked for. */
function openEdevlet(
  settings: EdevletSettings,
  { cert, key }: StandInSettings['tls'],
  { faults, seen, now, world }: { faults: Faults; seen: SeenLogs; now: () => number; world: World },
): NationalSystem {
  const { host, port, clients, resourceTransport = 'form' } = settings;
  return new NationalSystem({
    name: 'edevlet',
    faultKinds: EDEVLET_FAULTS,
    listener: { host, port, tls: { cert, key }, accepts: () => true },
    maxBodyBytes: MAX_EDEVLET_BODY_BYTES,
    faults,
    seen: seen.of('edevlet'),
    judge: createEdevlet({ clients, resourceTransport, world, now }),
    faultConcerns,
  });
}

/** MERSİS, not listening yet. An address that is on no list gets its page, so nothing is cut before a request. */
function openMersis(
  { host, port, accounts }: MersisSettings,
  tls: StandInSettings['tls'],
  { faults, seen, now, world }: { faults: Faults; seen: SeenLogs; now: () => number; world: World },
): NationalSystem {
  return new NationalSystem({
    name: 'mersis',
    faultKinds: MERSIS_FAULTS,
    listener: { host, port, tls, accepts: () => true },
    maxBodyBytes: MAX_MERSIS_BODY_BYTES,
    faults,
    seen: seen.of('mersis'),
    judge: createMersis({ accounts, world, now }),
    faultConcerns: mersisFaultConcerns,
  });
}

/** The time stamping authority with its memory, not listening yet. */
function openTsa(
  settings: TsaSettings,
  { faults, seen, now }: { faults: Faults; seen: SeenLogs; now: () => number },
  directory: string,
): { readonly system: NationalSystem; stop(): Promise<void> } {
  const { cert: certPem, key: keyPem, customers, users, host, port } = settings;
  const memory = openTsaMemory(directory);
  const system = new NationalSystem({
    name: 'tsa',
    faultKinds: TSA_FAULTS,
    listener: { host, port, accepts: () => true },
    maxBodyBytes: MAX_TSA_BODY_BYTES,
    faults,
    seen: seen.of('tsa'),
    judge: createTsa({ certPem, keyPem, customers, users, memory, now }),
  });
  return {
    system,
    stop: async () => {
      await system.stop();
      memory.close();
    },
  };
}
