import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { ensureCertificates, type SandboxCertificates } from '../../certs-example/generate.js';
import type { Population } from '../population/population.js';
import type { Layout } from './layout.js';
import type { SandboxOptions } from './options.js';
import { ensurePopulation } from './population-file.js';
import { ensureSecrets } from './secrets.js';
import { writeBridgeSettings, writeKoopbisSettings, writeStandInSettings } from './settings-files.js';

/** What stands on disk before anything is started. */
export interface Prepared {
  readonly population: Population;
  readonly certificates: SandboxCertificates;
}

/** Makes the folder (0700) with population, certificates, secrets and all settings files; keeps what is there already. */
export async function prepareSandbox(
  layout: Layout,
  options: Pick<SandboxOptions, 'people' | 'cooperatives' | 'seed'>,
): Promise<Prepared> {
  mkdirSync(layout.directory, { recursive: true, mode: 0o700 });
  chmodSync(layout.directory, 0o700);
  mkdirSync(dirname(layout.checkpointFile), { recursive: true, mode: 0o700 });
  rmSync(layout.sandboxFile, { force: true });
  const population = await ensurePopulation(layout, options);
  const certificates = await ensureCertificates(layout.certificates, { now: new Date() });
  const secrets = ensureSecrets(layout.secrets);
  writeBridgeSettings(layout, certificates, secrets);
  writeStandInSettings(layout, certificates, secrets);
  writeKoopbisSettings(layout, certificates);
  return { population, certificates };
}
