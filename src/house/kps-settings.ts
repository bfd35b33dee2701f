import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../config/package-root.js';
import type { BridgeConfig } from '../config/schema.js';
import {
  type ClientIdentity,
  type EndpointSettings,
  KPS_DEFAULTS,
  type KpsSettings,
} from '../kps/settings.js';

/** The settings of the KPS room, made from bridge.yaml; reads the certificate files that it names. */
export async function kpsSettingsOf(config: BridgeConfig): Promise<KpsSettings> {
  const { kps } = config;
  const identity = await identityOf(kps.clientCertificate);
  const caPems = await Promise.all(kps.extraCa.map((file) => readFile(file, 'utf8')));
  const endpoint = (given: typeof kps.sts): EndpointSettings => ({
    url: given.url,
    mutualTls: (given.mutualTls ?? kps.mutualTls) ? identity : null,
    servername: given.servername,
    connectAddress: given.connectAddress,
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
    sts: { ...endpoint(kps.sts), timeoutMs: kps.stsTimeoutMs },
    routing: {
      ...endpoint(kps.routing),
      appliesTo: kps.routing.appliesTo,
      timeoutMs: kps.timeoutMs,
    },
    wsdlDirectory: join(packageRoot(), 'wsdl'),
    accounts: config.accounts,
    sorgulayan: kps.sorgulayan,
    sorgulayanValue: kps.sorgulayanValue,
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
