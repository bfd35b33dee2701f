import { generateSecret, generateSync, generateURI, verifySync } from 'otplib';
import { toString as drawCode } from 'qrcode';

/** TOTP as every authenticator program has it (RFC 6238): SHA-1, six digits, thirty seconds. */
const PROFILE = { strategy: 'totp', algorithm: 'sha1', digits: 6, period: 30 } as const;
const CODE = /^[0-9]{6}$/;
/** 160 bits (RFC 4226 §4, R6). */
const SECRET_BYTES = 20;
const ISSUER = 'KOOPBİS';

/** A new secret, base32. */
export function newSecret(): string {
  return generateSecret({ length: SECRET_BYTES });
}

/** Whether codes can be made of `secret` at all: base32, of 128 to 512 bits. */
export function isSecret(secret: string): boolean {
  try {
    generateSync({ ...PROFILE, secret, epoch: 0 });
    return true;
  } catch {
    // The library's message may quote the secret: it is not kept.
    return false;
  }
}

/**
 * The newest time step to which `code` belongs at `now`, of the present one and its two neighbours: a clock may be half a
 * minute wrong (RFC 6238 §5.2). Null where none is. Newest first, so that a step that was used hides none that was not.
 */
export function matchedStep(secret: string, code: string, now: Date): number | null {
  if (!CODE.test(code)) return null;
  const present = Math.floor(now.getTime() / 1000 / PROFILE.period);
  const steps = [present + 1, present, present - 1].filter((step) => step >= 0);
  const matched = steps.filter(
    (step) => verifySync({ ...PROFILE, secret, token: code, epoch: step * PROFILE.period }).valid,
  );
  return matched[0] ?? null;
}

/** `secret` as authenticator programs read it (otpauth). Nothing in it says whose it is: screens are looked over. */
export function otpauthUri(secret: string): string {
  return generateURI({ ...PROFILE, issuer: ISSUER, label: ISSUER, secret });
}

/** `uri` as an SVG that is put into a page as it is: no style and no script, so that a strict CSP lets it through. */
export function qrSvgOf(uri: string): Promise<string> {
  return drawCode(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
}
