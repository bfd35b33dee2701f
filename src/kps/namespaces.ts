/** The namespaces and identifiers of facts/kps.md §1.2 and §2.3, each written once. */
export const NS = {
  soap12: 'http://www.w3.org/2003/05/soap-envelope',
  addressing: 'http://www.w3.org/2005/08/addressing',
  utility: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  security: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  trust: 'http://docs.oasis-open.org/ws-sx/ws-trust/200512',
  policy: 'http://schemas.xmlsoap.org/ws/2004/09/policy',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  encryption: 'http://www.w3.org/2001/04/xmlenc#',
  sorgulayan: 'http://kps.nvi.gov.tr/2011/01/01/sorgulayan',
} as const;

export const ANONYMOUS = 'http://www.w3.org/2005/08/addressing/anonymous';
export const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const HMAC_SHA1 = 'http://www.w3.org/2000/09/xmldsig#hmac-sha1';
export const SHA1 = 'http://www.w3.org/2000/09/xmldsig#sha1';
export const SAML_1_1 = 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1';
export const PASSWORD_TEXT =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText';
export const ISSUE_ACTION = `${NS.trust}/RST/Issue`;
export const ISSUE_FINAL_ACTION = `${NS.trust}/RSTRC/IssueFinal`;

/** SOAP 1.2 without the optional `action` parameter, as all working clients but one send it (facts/kps.md §1.1). */
export const SOAP_CONTENT_TYPE = 'application/soap+xml; charset=utf-8';
