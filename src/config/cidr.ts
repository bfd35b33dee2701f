import { isIP } from 'node:net';

export type CidrReading =
  | { readonly ok: true; readonly family: 4 | 6; readonly prefix: number }
  | { readonly ok: false; readonly problem: string };

const refused = (problem: string): CidrReading => ({ ok: false, problem });

/** The bits of an address, most significant first. `::ffff:1.2.3.4` is refused before it comes here. */
function bitsOf(address: string, family: 4 | 6): string {
  if (family === 4)
    return address
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right]
    .map((part) => Number.parseInt(part, 16).toString(2).padStart(16, '0'))
    .join('');
}

/**
 * Checks a network in CIDR form. Refused: a bare address (its width would be a guess), set host bits (usually a slip that
 * lets in fewer or more than meant), `/0` (an allow-list that lets in everybody), IPv4 inside IPv6 and zones.
 */
export function parseCidr(value: string): CidrReading {
  const [address = '', width, ...rest] = value.split('/');
  const family = isIP(address);
  if (family === 0 || width === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(width)) {
    return refused('must be a network in CIDR form, such as 10.1.2.0/24 or ::1/128');
  }
  if (family === 6 && (address.includes('.') || address.includes('%')))
    return refused('must not hold an IPv4 address or a zone; write the IPv4 network itself');
  const prefix = Number(width);
  if (prefix > (family === 4 ? 32 : 128)) return refused(`prefix must be at most ${family === 4 ? 32 : 128}`);
  if (prefix === 0) return refused('/0 would allow every address');
  if (
    bitsOf(address, family === 4 ? 4 : 6)
      .slice(prefix)
      .includes('1')
  )
    return refused(`has address bits set beyond /${prefix}`);
  return { ok: true, family: family === 4 ? 4 : 6, prefix };
}
