import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { keepPrivate, readIfThere, writePrivate } from './files.js';
import { type Issued, issueCa, issueLeaf, toPkcs12 } from './issue.js';
import {
  CA_NAMES,
  type CaName,
  CLIENT_NAMES,
  CLIENTS,
  type ClientName,
  KPS_CLIENT,
  LEAF_DAYS,
  type LeafProfile,
  RENEW_DAYS,
  SERVER,
  STAND_INS,
  TSA,
} from './profile.js';

const DAY_MS = 86_400_000;

/** Paths of PEM files. */
interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** All certificates of the sandbox, as paths; `sha256` is the thumbprint of the certificate in lower-case hex. */
export interface SandboxCertificates {
  readonly ca: string;
  readonly server: CertificateFiles;
  readonly standIns: CertificateFiles;
  /** Signer of time stamps. */
  readonly tsa: CertificateFiles;
  /** The CA that signed it, and nothing else. */
  readonly tsaCa: string;
  readonly clients: Readonly<Record<ClientName, CertificateFiles & { readonly sha256: string }>>;
  readonly kpsClient: CertificateFiles & { readonly pfx: string; readonly passphraseFile: string };
}

interface Kept extends Issued {
  readonly files: CertificateFiles;
  readonly renewed: boolean;
}

function altNamesOf(profile: LeafProfile): string[] {
  const ips = profile.ips.map((ip) => `IP Address:${ip === '::1' ? '0:0:0:0:0:0:0:1' : ip}`);
  return [...profile.dns.map((name) => `DNS:${name}`), ...profile.uris.map((uri) => `URI:${uri}`), ...ips];
}

/** True where the pair on disk is readable, belongs together, was signed by `ca` and lasts `days` more. */
function isGood(
  pair: Issued,
  ca: X509Certificate | undefined,
  altNames: readonly string[],
  now: Date,
  days: number,
): boolean {
  try {
    const certificate = new X509Certificate(pair.certPem);
    const signer = ca ?? certificate;
    return (
      Date.parse(certificate.validFrom) <= now.getTime() &&
      Date.parse(certificate.validTo) > now.getTime() + days * DAY_MS &&
      certificate.checkIssued(signer) &&
      certificate.verify(signer.publicKey) &&
      certificate.checkPrivateKey(createPrivateKey(pair.keyPem)) &&
      (certificate.subjectAltName ?? '') === altNames.join(', ')
    );
  } catch {
    return false;
  }
}

async function keep(
  base: string,
  accept: (pair: Issued) => boolean,
  issue: () => Promise<Issued>,
): Promise<Kept> {
  const files = { cert: `${base}.crt`, key: `${base}.key` };
  const [certPem, keyPem] = await Promise.all([readIfThere(files.cert), readIfThere(files.key)]);
  if (certPem !== undefined && keyPem !== undefined && accept({ certPem, keyPem })) {
    await keepPrivate(files.key);
    return { certPem, keyPem, files, renewed: false };
  }
  const issued = await issue();
  await writePrivate(files.key, issued.keyPem);
  await writePrivate(files.cert, issued.certPem);
  return { ...issued, files, renewed: true };
}

function keepCa(directory: string, name: CaName, now: Date): Promise<Kept> {
  return keep(
    join(directory, 'ca', name),
    (pair) => isGood(pair, undefined, [], now, LEAF_DAYS + RENEW_DAYS),
    () => issueCa(name, now),
  );
}

async function keepKpsClient(
  directory: string,
  leaf: Kept,
  ca: Kept,
): Promise<SandboxCertificates['kpsClient']> {
  const pfx = join(directory, `${KPS_CLIENT.file}.p12`);
  const passphraseFile = join(directory, `${KPS_CLIENT.file}.passphrase`);
  const there = (await readIfThere(pfx)) !== undefined && (await readIfThere(passphraseFile)) !== undefined;
  if (leaf.renewed || !there) {
    const passphrase = randomBytes(24).toString('base64url');
    await writePrivate(passphraseFile, passphrase);
    await writePrivate(pfx, toPkcs12(leaf, ca, passphrase));
  }
  await keepPrivate(pfx);
  await keepPrivate(passphraseFile);
  return { ...leaf.files, pfx, passphraseFile };
}

/**
 * Makes the sandbox certificates below `directory`, or keeps those that are there, fit their profile and last 30 days
 * more; a renewed CA renews what it signed. Keys are made here and now, mode 0600. One process at a time for a folder.
 */
export async function ensureCertificates(
  directory: string,
  { now }: { now: Date },
): Promise<SandboxCertificates> {
  const cas = {} as Record<CaName, Kept>;
  for (const name of CA_NAMES) cas[name] = await keepCa(directory, name, now);
  const leaf = (profile: LeafProfile): Promise<Kept> => {
    const ca = cas[profile.ca];
    const signer = new X509Certificate(ca.certPem);
    return keep(
      join(directory, profile.file),
      (pair) => isGood(pair, signer, altNamesOf(profile), now, RENEW_DAYS),
      () => issueLeaf(profile, ca, now),
    );
  };
  const clients = {} as Record<ClientName, CertificateFiles & { sha256: string }>;
  for (const name of CLIENT_NAMES) {
    const { files, certPem } = await leaf(CLIENTS[name]);
    clients[name] = { ...files, sha256: thumbprint(certPem) };
  }
  return {
    ca: cas['koopbis-sandbox-ca'].files.cert,
    server: (await leaf(SERVER)).files,
    standIns: (await leaf(STAND_INS)).files,
    tsa: (await leaf(TSA)).files,
    tsaCa: cas['koopbis-sandbox-tsa-ca'].files.cert,
    clients,
    kpsClient: await keepKpsClient(directory, await leaf(KPS_CLIENT), cas['koopbis-sandbox-ca']),
  };
}

/** SHA-256 thumbprint of a PEM certificate, lower-case hex: the form that `clients[].certificates` keeps. */
export function thumbprint(certPem: string): string {
  return new X509Certificate(certPem).fingerprint256.replaceAll(':', '').toLowerCase();
}
