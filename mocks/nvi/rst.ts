import {
  attributeOf,
  childrenNamed,
  elementsOf,
  hasOnlyElements,
  textOf,
  type XmlElement,
} from '../xml/xml-element.js';
import { requireFreshTimestamp } from './checks/timestamp-check.js';
import { PASSWORD_TEXT, SAML10_ASSERTION, SAML11_TOKEN, WSA, WSP, WSSE, WST, WSU } from './namespaces.js';
import { invalidSecurity, Refused, trustInvalidRequest } from './soap-fault.js';

export const ISSUE_ACTION = `${WST}/RST/Issue`;

/**
 * The STS's Security header: a fresh Timestamp, then a UsernameToken with a plain-text password; nothing else.
 *
 * @throws Refused with InvalidSecurity
 */
export function readUserName(security: XmlElement, now: number): { userName: string; password: string } {
  const [timestamp, token, ...rest] = elementsOf(security);
  if (timestamp === undefined || token === undefined || rest.length > 0 || !hasOnlyElements(security)) {
    throw new Refused('security-parts', invalidSecurity);
  }
  if (!timestamp.is(WSU, 'Timestamp') || !token.is(WSSE, 'UsernameToken'))
    throw new Refused('security-order', invalidSecurity);
  requireFreshTimestamp(timestamp, now);
  const [name, password, ...more] = elementsOf(token);
  if (!name?.is(WSSE, 'Username') || !password?.is(WSSE, 'Password') || more.length > 0) {
    throw new Refused('username-token-parts', invalidSecurity);
  }
  if (attributeOf(password, '', 'Type') !== PASSWORD_TEXT)
    throw new Refused('password-type', invalidSecurity);
  const userName = textOf(name) ?? '';
  const secret = textOf(password) ?? '';
  if (userName === '' || secret === '') throw new Refused('username-token-empty', invalidSecurity);
  return { userName, password: secret };
}

/** What may be asked of the token beside its relying party; where it is asked, only this. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  RequestType: [`${WST}/Issue`],
  TokenType: [SAML11_TOKEN, SAML10_ASSERTION],
  KeyType: [`${WST}/SymmetricKey`],
  KeySize: ['256'],
};

/**
 * The relying party (`AppliesTo`) of a RequestSecurityToken. RequestType and AppliesTo are required; Entropy, Claims and
 * whatever else hand-written clients never send are refused (facts/kps.md §1.4).
 *
 * @throws Refused with the trust namespace's InvalidRequest
 */
export function readAppliesTo(body: XmlElement): string {
  const [request, ...others] = elementsOf(body);
  if (!request?.is(WST, 'RequestSecurityToken') || others.length > 0)
    throw new Refused('not-an-rst', trustInvalidRequest);
  const asked = new Set<string>();
  let appliesTo: string | undefined;
  for (const child of elementsOf(request)) {
    if (asked.has(child.localName)) throw new Refused(`rst-${child.localName}-twice`, trustInvalidRequest);
    asked.add(child.localName);
    if (child.is(WSP, 'AppliesTo')) appliesTo = readAddress(child);
    else requireAllowed(child);
  }
  if (!asked.has('RequestType')) throw new Refused('rst-without-RequestType', trustInvalidRequest);
  if (!appliesTo) throw new Refused('rst-without-AppliesTo', trustInvalidRequest);
  return appliesTo;
}

function requireAllowed(child: XmlElement): void {
  const allowed = child.namespaceURI === WST ? ALLOWED[child.localName] : undefined;
  if (!allowed?.includes(textOf(child)?.trim() ?? ''))
    throw new Refused(`rst-${child.localName}`, trustInvalidRequest);
}

function readAddress(appliesTo: XmlElement): string | undefined {
  const [reference] = childrenNamed(appliesTo, WSA, 'EndpointReference');
  const [address] = reference === undefined ? [] : childrenNamed(reference, WSA, 'Address');
  return address === undefined ? undefined : textOf(address)?.trim();
}
