import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

export interface Pair {
  readonly certPem: string;
  readonly keyPem: string;
}

/** Certificates of one test run; the keys are made here and never kept. */
export interface TestCertificates {
  readonly ca: string;
  readonly otherCa: string;
  /** For `localhost`. */
  readonly server: Pair;
  /** For another name than `localhost`. */
  readonly misnamed: Pair;
  readonly client: Pair;
  readonly clientPfx: { readonly pfx: Buffer; readonly passphrase: string };
  /** Signed by the other CA. */
  readonly foreignClient: Pair;
}

let serial = 1;

function keyPem(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function issue(
  name: string,
  key: string,
  issuer: { name: string; key: string },
  kind: 'ca' | 'leaf',
): string {
  const certificate = forge.pki.createCertificate();
  const privateKey = forge.pki.privateKeyFromPem(key) as forge.pki.rsa.PrivateKey;
  certificate.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
  serial += 1;
  certificate.serialNumber = serial.toString(16).padStart(4, '0');
  certificate.validity.notBefore = new Date(Date.now() - 86_400_000);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  certificate.setSubject([{ name: 'commonName', value: name }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer.name }]);
  certificate.setExtensions(
    kind === 'ca'
      ? [
          { name: 'basicConstraints', cA: true, critical: true },
          { name: 'keyUsage', keyCertSign: true, critical: true },
        ]
      : [
          { name: 'basicConstraints', cA: false },
          { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
          { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
        ],
  );
  certificate.sign(forge.pki.privateKeyFromPem(issuer.key), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

export function makeCertificates(): TestCertificates {
  const caKey = keyPem();
  const key = keyPem();
  const ca = { name: 'test ca', key: caKey };
  const other = { name: 'other ca', key: keyPem() };
  const leaf = (name: string, issuer: typeof ca): Pair => ({
    certPem: issue(name, key, issuer, 'leaf'),
    keyPem: key,
  });
  const client = leaf('bridge', ca);
  const store = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(client.keyPem),
    [forge.pki.certificateFromPem(client.certPem)],
    'passphrase',
    { algorithm: '3des' },
  );
  return {
    ca: issue(ca.name, ca.key, ca, 'ca'),
    otherCa: issue(other.name, other.key, other, 'ca'),
    server: leaf('localhost', ca),
    misnamed: leaf('other.example', ca),
    client,
    clientPfx: { pfx: Buffer.from(forge.asn1.toDer(store).getBytes(), 'binary'), passphrase: 'passphrase' },
    foreignClient: leaf('bridge', other),
  };
}
