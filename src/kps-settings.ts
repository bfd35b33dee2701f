import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from './config/package-root.js';
import type { BridgeConfig } from './config/schema.js';
import {
  type ClientIdentity,
  type EndpointSettings,
  KPS_DEFAULTS,
  type KpsSettings,
} from './kps/settings.js';

/** The settings of the KPS room, made from bridge.yaml; reads the certificate files that it names. */
export async function kpsSettingsOf(config: BridgeConfig): Promise<KpsSettings> {
  const { kps } = config;
  const identity = kps.mutualTls ? await identityOf(kps.clientCertificate) : null;
  const caPems = await Promise.all(kps.extraCa.map((file) => readFile(file, 'utf8')));
  const endpoint = (url: string): EndpointSettings => ({
    url,
    mutualTls: identity,
    caPems,
    localAddress: kps.localAddress,
    proxy: kps.proxy,
    connections: kps.connections,
    connectTimeoutMs: kps.connectTimeoutMs,
    keepAliveTimeoutMs: KPS_DEFAULTS.keepAliveTimeoutMs,
    maxAnswerBytes: kps.maxAnswerBytes,
    maxConcurrent: kps.maxConcurrent,
  });
  return {
    sts: { ...endpoint(kps.sts.url), timeoutMs: kps.stsTimeoutMs },
    routing: {
      ...endpoint(kps.routing.url),
      appliesTo: kps.routing.appliesTo,
      timeoutMs: kps.timeoutMs,
    },
    wsdlDirectory: join(packageRoot(), 'wsdl'),
    accounts: config.accounts,
    sorgulayan: kps.sorgulayan,
    renewEarlyS: kps.renewEarlyS,
    timestampLifetimeS: kps.timestampLifetimeS,
    breakerResetMinutes: kps.breakerResetMinutes,
  };
}

async function identityOf(given: BridgeConfig['kps']['clientCertificate']): Promise<ClientIdentity | null> {
  if (given === undefined) return null;
  if ('pfx' in given) return { pfx: await readFile(given.pfx), passphrase: given.passphrase.reveal() };
  return { certPem: await readFile(given.certificate, 'utf8'), keyPem: given.key.reveal() };
}
