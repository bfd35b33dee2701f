import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root.js';
import { createMersisSource } from '../../mersis/mersis-client.js';
import type { MersisSource } from '../../mersis/port.js';
import type { MersisSettings } from '../../mersis/settings.js';
import type { Log } from '../../telemetry/log.js';
import type { MersisConfig } from './poll-settings.js';

/** Beside polling: people who wait for one reading, at once. More of them are more than its service should be asked. */
const CALLS_AT_ONCE = 16;

/** How MERSİS is reached, secrets opened. Errors: those of reading files. */
export async function mersisClientSettings(mersis: MersisConfig): Promise<MersisSettings> {
  const { clientCertificate, extraCa, poll } = mersis;
  const shown =
    clientCertificate === undefined
      ? null
      : {
          certPem: await readFile(clientCertificate.certificate, 'utf8'),
          keyPem: clientCertificate.key.reveal(),
        };
  return {
    adapter: mersis.adapter,
    url: mersis.url,
    userName: mersis.userName,
    password: mersis.password.reveal(),
    clientCertificate: shown,
    caPems: await Promise.all(extraCa.map((file) => readFile(file, 'utf8'))),
    localAddress: mersis.localAddress,
    timeoutMs: mersis.timeoutMs,
    maxAnswerBytes: mersis.maxAnswerBytes,
    maxConcurrent: poll.concurrent + CALLS_AT_ONCE,
  };
}

/** The client of MERSİS as the settings have it. Errors: `CONFIG_INVALID`, those of reading files. */
export async function openMersisSource(mersis: MersisConfig, told: Pick<Log, 'warn'>): Promise<MersisSource> {
  return createMersisSource(await mersisClientSettings(mersis), {
    wsdlDirectory: join(packageRoot(), 'wsdl'),
    onCheckDigits: () => told.warn('mersis.check-digits'),
  });
}
