// The names of facts/kps.md §1 to §3, written down once more on purpose: a stand-in that took them from the client would
// agree with the client's mistakes.
export const SOAP12 = 'http://www.w3.org/2003/05/soap-envelope';
export const WSA = 'http://www.w3.org/2005/08/addressing';
export const WSA_FAULT_ACTION = 'http://www.w3.org/2005/08/addressing/soap/fault';
export const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
export const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
export const WSSE11 = 'http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd';
export const WST = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512';
export const WSP = 'http://schemas.xmlsoap.org/ws/2004/09/policy';
export const DS = 'http://www.w3.org/2000/09/xmldsig#';
export const XENC = 'http://www.w3.org/2001/04/xmlenc#';
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

export const EXC_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const HMAC_SHA1 = 'http://www.w3.org/2000/09/xmldsig#hmac-sha1';
export const SHA1 = 'http://www.w3.org/2000/09/xmldsig#sha1';
export const PASSWORD_TEXT =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText';
export const SAML11_TOKEN = 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1';
export const SAML_ASSERTION_ID =
  'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID';
export const SAML10_ASSERTION = 'urn:oasis:names:tc:SAML:1.0:assertion';

export const SORGULAYAN = 'http://kps.nvi.gov.tr/2011/01/01/sorgulayan';
export const KPS_2011 = 'http://kps.nvi.gov.tr/2011/01/01';
export const KPS_CONSTANTS = 'http://schemas.datacontract.org/2004/07/Common.Types.Constants';
export const WCF_DISPATCHER =
  'http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher';
