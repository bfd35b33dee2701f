import { badRequest, methodNotAllowed, notFound, unsupportedMediaType } from '../http/html-pages.js';
import type { HttpReply } from '../http/http-reply.js';
import type { SystemRequest } from '../http/national-system.js';
import { type KnownFragment, parseXml, type ReceivedXml, XmlRefused } from '../xml/parse-xml.js';

export type ReadRequest =
  | { readonly ok: true; readonly xml: ReceivedXml }
  | { readonly ok: false; readonly refused: string; readonly reply: HttpReply };

/**
 * The HTTP side of a SOAP 1.2 request: path, POST, `application/soap+xml` in UTF-8 (415), readable XML (400). The XML is
 * read only where all of that is right. `knownIn`: as parseXml takes it.
 */
export function readSoapRequest(
  request: SystemRequest,
  path: string,
  knownIn?: (text: string) => KnownFragment | undefined,
): ReadRequest {
  if (request.path !== path) return { ok: false, refused: 'path', reply: notFound };
  if (request.method !== 'POST') return { ok: false, refused: 'method', reply: methodNotAllowed };
  if (!isSoap12(request.contentType))
    return { ok: false, refused: 'content-type', reply: unsupportedMediaType('application/soap+xml') };
  try {
    return { ok: true, xml: parseXml(request.body, knownIn) };
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    return { ok: false, refused: `xml-${error.problem}`, reply: badRequest };
  }
}

/** The `action` parameter of the content type, where there is one: it must equal `wsa:Action` (facts/kps.md §1.1). */
export function actionParameter(contentType: string): string | undefined {
  return /;\s*action="?([^";]+)"?/i.exec(contentType)?.[1];
}

function isSoap12(contentType: string): boolean {
  const [type, ...parameters] = contentType.split(';');
  if (type?.trim().toLowerCase() !== 'application/soap+xml') return false;
  const charset = parameters
    .map((p) => /^\s*charset="?([^"]+?)"?\s*$/i.exec(p)?.[1])
    .find((c) => c !== undefined);
  return charset === undefined || charset.toLowerCase() === 'utf-8';
}
