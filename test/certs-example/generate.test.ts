import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ConnectionOptions,
  connect,
  createSecureContext,
  createServer,
  type TlsOptions,
} from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureCertificates, type SandboxCertificates, thumbprint } from '../../certs-example/generate.js';
import { CLIENT_NAMES } from '../../certs-example/profile.js';

// The real time: handshakes of the tests check validity against the clock of the machine.
const NOW = new Date();
const DAY = 86_400_000;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

const read = (path: string) => readFileSync(path, 'utf8');
const certificate = (path: string) => new X509Certificate(read(path));
const leaves = (made: SandboxCertificates) => [
  made.server,
  made.standIns,
  made.kpsClient,
  made.tsa,
  ...Object.values(made.clients),
];

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function snapshot(directory: string): Map<string, string> {
  return new Map(filesBelow(directory).map((file) => [file, readFileSync(file).toString('base64')]));
}

/** One mutual-TLS handshake on loopback: what the server saw of the client, or the code with which it ended. */
async function handshake(server: TlsOptions, client: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    const listener = createServer({ ...server, requestCert: true, rejectUnauthorized: true }, (socket) => {
      resolve(
        socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase() ?? 'no certificate',
      );
      socket.destroy();
      listener.close();
    });
    const fail = (side: string) => (error: NodeJS.ErrnoException) => {
      resolve(`${side}: ${error.code ?? error.message}`);
      listener.close();
    };
    listener.on('tlsClientError', fail('server'));
    listener.listen(0, '127.0.0.1', () => {
      const { port } = listener.address() as AddressInfo;
      const socket = connect({ ...client, host: '127.0.0.1', port, servername: 'localhost' });
      socket.on('error', fail('client'));
      socket.on('close', () => socket.destroy());
      socket.resume();
    });
  });
}

const pair = ({ cert, key }: { cert: string; key: string }) => ({ cert: read(cert), key: read(key) });

describe('sandbox certificates', () => {
  let directory: string;
  let made: SandboxCertificates;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'koopbis-certs-'));
    made = await ensureCertificates(directory, { now: NOW });
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('signs every certificate but the foreign one by the sandbox CA', () => {
    const ca = certificate(made.ca);
    for (const { cert } of [made.server, made.standIns, made.kpsClient]) {
      expect(certificate(cert).checkIssued(ca)).toBe(true);
      expect(certificate(cert).verify(ca.publicKey)).toBe(true);
    }
    for (const name of CLIENT_NAMES) {
      expect([name, certificate(made.clients[name].cert).verify(ca.publicKey)]).toEqual([
        name,
        name !== 'foreign-ca',
      ]);
    }
  });

  it('gives servers the server use alone and clients the client use alone', () => {
    for (const { cert } of [made.server, made.standIns])
      expect(certificate(cert).keyUsage).toEqual([SERVER_AUTH]);
    for (const { cert } of [made.kpsClient, ...Object.values(made.clients)]) {
      expect(certificate(cert).keyUsage).toEqual([CLIENT_AUTH]);
    }
  });

  it('lets the signer of time stamps do that alone, says so critically, and names no host', () => {
    // DER of extKeyUsage {critical, [id-kp-timeStamping]} and keyUsage {critical, digitalSignature}, as RFC 5280 has them.
    const extension = (oid: string, value: string) => Buffer.from(`0603${oid}0101ff04${value}`, 'hex');
    const tsa = certificate(made.tsa.cert);
    expect(tsa.keyUsage).toEqual([TIME_STAMPING]);
    expect(tsa.raw.includes(extension('551d25', '0c300a06082b06010505070308'))).toBe(true);
    expect(tsa.raw.includes(extension('551d0f', '0403020780'))).toBe(true);
    expect(tsa.subjectAltName).toBeUndefined();
    expect(createPrivateKey(read(made.tsa.key)).asymmetricKeyType).toBe('rsa');
  });

  it('signs the signer of time stamps by a CA of its own, which signed nothing else', () => {
    const ca = certificate(made.tsaCa);
    const signed = leaves(made).filter(({ cert }) => certificate(cert).verify(ca.publicKey));
    expect(signed).toEqual([made.tsa]);
    expect(certificate(made.tsa.cert).checkIssued(ca)).toBe(true);
    expect(ca.ca).toBe(true);
  });

  it('carries a mutual-TLS handshake, each side in its own use', async () => {
    const ca = read(made.ca);
    const core = made.clients['koopbis-core'];
    expect(await handshake({ ca, ...pair(made.server) }, { ca, ...pair(core) })).toBe(core.sha256);
  });

  it('is refused in a handshake where a server poses as a client or a client as a server', async () => {
    const ca = read(made.ca);
    const core = made.clients['koopbis-core'];
    // The server ends the connection without a reason; the handshake above differs in the certificate alone.
    expect(await handshake({ ca, ...pair(made.server) }, { ca, ...pair(made.standIns) })).toBe(
      'server: ECONNRESET',
    );
    expect(await handshake({ ca, ...pair(core) }, { ca, ...pair(core) })).toBe('client: INVALID_PURPOSE');
  });

  it('is refused in a handshake where another CA signed the client', async () => {
    const ca = read(made.ca);
    const refused = await handshake(
      { ca, ...pair(made.server) },
      { ca, ...pair(made.clients['foreign-ca']) },
    );
    expect(refused).toBe('server: ECONNRESET');
  });

  it('names localhost and both loopback addresses on servers, and no other host', () => {
    for (const { cert } of [made.server, made.standIns]) {
      expect(certificate(cert).checkHost('localhost')).toBe('localhost');
      expect(certificate(cert).checkIP('127.0.0.1')).toBe('127.0.0.1');
      expect(certificate(cert).checkIP('::1')).toBeDefined();
      expect(certificate(cert).checkHost('example.org')).toBeUndefined();
    }
  });

  it('keeps each key with its certificate, readable by its owner alone', () => {
    for (const { cert, key } of leaves(made)) {
      expect(certificate(cert).checkPrivateKey(createPrivateKey(read(key)))).toBe(true);
    }
    for (const file of filesBelow(directory)) expect([file, statSync(file).mode & 0o077]).toEqual([file, 0]);
  });

  it('gives every certificate a positive random serial number of its own', () => {
    const serials = [made.ca, made.tsaCa, ...leaves(made).map(({ cert }) => cert)].map(
      (cert) => certificate(cert).serialNumber,
    );
    expect(new Set(serials).size).toBe(serials.length);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('lasts about thirteen months', () => {
    for (const { cert } of leaves(made)) {
      const { validFrom, validTo } = certificate(cert);
      const days = (Date.parse(validTo) - Date.parse(validFrom)) / DAY;
      expect(days).toBeGreaterThan(390);
      expect(days).toBeLessThan(398);
    }
  });

  it('tells the thumbprint of the certificate as the TLS stack computes it', () => {
    const { cert, sha256 } = made.clients['union-portal'];
    const der = Buffer.from(read(cert).replace(/-----[A-Z ]+-----/g, ''), 'base64');
    expect(sha256).toBe(createHash('sha256').update(der).digest('hex'));
  });

  it('holds the same certificate and key in the PKCS#12 file, opened by its passphrase alone', async () => {
    const ca = read(made.ca);
    const pfx = readFileSync(made.kpsClient.pfx);
    const passphrase = read(made.kpsClient.passphraseFile);
    const seen = await handshake({ ca, ...pair(made.server) }, { ca, pfx, passphrase });
    expect(seen).toBe(thumbprint(read(made.kpsClient.cert)));
    expect(() => createSecureContext({ pfx, passphrase: `${passphrase}x` })).toThrow();
  });

  it('changes no file while everything is still good', async () => {
    const before = snapshot(directory);
    const again = await ensureCertificates(directory, { now: new Date(NOW.getTime() + 300 * DAY) });
    expect(again).toEqual(made);
    expect(snapshot(directory)).toEqual(before);
  });

  it('takes back rights on a key that were given to others', async () => {
    chmodSync(made.server.key, 0o644);
    await ensureCertificates(directory, { now: NOW });
    expect(statSync(made.server.key).mode & 0o777).toBe(0o600);
  });
});

describe('renewal of sandbox certificates', () => {
  let directory: string;
  let made: SandboxCertificates;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'koopbis-certs-'));
    made = await ensureCertificates(directory, { now: NOW });
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('renews a leaf whose certificate is not the one of its key, and no other', async () => {
    const before = snapshot(directory);
    writeFileSync(made.server.cert, read(made.standIns.cert));
    await ensureCertificates(directory, { now: NOW });
    const changed = [...snapshot(directory)]
      .filter(([file, content]) => before.get(file) !== content)
      .map(([file]) => file);
    expect(changed).toEqual([made.server.cert, made.server.key]);
  });

  it('adds what a folder of an earlier version lacks, and leaves the rest as it is', async () => {
    const before = snapshot(directory);
    const missing = [made.tsa.cert, made.tsa.key, made.tsaCa, made.tsaCa.replace(/crt$/, 'key')];
    for (const file of missing) rmSync(file);
    expect(await ensureCertificates(directory, { now: NOW })).toEqual(made);
    expect(certificate(made.tsa.cert).verify(certificate(made.tsaCa).publicKey)).toBe(true);
    const changed = [...snapshot(directory)]
      .filter(([file, content]) => before.get(file) !== content)
      .map(([file]) => file);
    expect(changed.sort()).toEqual(missing.sort());
  });

  it('renews a leaf that cannot be read', async () => {
    writeFileSync(made.clients.stranger.cert, 'not a certificate');
    const again = await ensureCertificates(directory, { now: NOW });
    expect(certificate(again.clients.stranger.cert).verify(certificate(made.ca).publicKey)).toBe(true);
    expect(again.clients.stranger.sha256).not.toBe(made.clients.stranger.sha256);
  });

  it('renews all leaves in their last thirty days under the same CA, the PKCS#12 file with them', async () => {
    const ca = read(made.ca);
    const pfx = readFileSync(made.kpsClient.pfx);
    const late = new Date(NOW.getTime() + 370 * DAY);
    const again = await ensureCertificates(directory, { now: late });
    expect(read(again.ca)).toBe(ca);
    for (const { cert } of leaves(again))
      expect(Date.parse(certificate(cert).validTo)).toBeGreaterThan(late.getTime() + 390 * DAY);
    expect(readFileSync(again.kpsClient.pfx).equals(pfx)).toBe(false);
  });

  it('renews the CA while a whole leaf still fits in, and everything that it signed', async () => {
    const ca = read(made.ca);
    const late = new Date(NOW.getTime() + 4 * 365 * DAY);
    const again = await ensureCertificates(directory, { now: late });
    expect(read(again.ca)).not.toBe(ca);
    expect(certificate(again.tsa.cert).verify(certificate(again.tsaCa).publicKey)).toBe(true);
    const caEnd = Date.parse(certificate(again.ca).validTo);
    for (const { cert } of [again.server, again.standIns, again.kpsClient]) {
      expect(certificate(cert).verify(certificate(again.ca).publicKey)).toBe(true);
      expect(Date.parse(certificate(cert).validTo)).toBeLessThan(caEnd);
    }
  });
});
