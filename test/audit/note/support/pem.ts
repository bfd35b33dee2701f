/** PKCS#8 of an Ed25519 seed (RFC 8410 §7) as PEM. */
export function pemOfSeed(seed: Buffer): string {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const label = 'PRIVATE KEY';
  return `-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`;
}
