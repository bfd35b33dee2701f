import type { HttpReply } from './http-reply.js';

/** A page of plain HTML, as IIS and proxies answer where no SOAP layer is reached. */
function page(
  status: number,
  title: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): HttpReply {
  return {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers },
    body: `<!DOCTYPE html>\r\n<html><head><title>${title}</title></head>\r\n<body><h1>${title}</h1><p>${text}</p></body></html>\r\n`,
  };
}

export const badRequest = page(400, 'Bad Request', 'The request could not be read.');
export const notFound = page(404, 'Not Found', 'There is no service here.');
export const methodNotAllowed = page(405, 'Method Not Allowed', 'Only POST is served.', { Allow: 'POST' });
export const bodyTooLarge = page(413, 'Payload Too Large', 'The message is too large.', {
  Connection: 'close',
});
export const unsupportedMediaType = (expected: string): HttpReply =>
  page(415, 'Unsupported Media Type', `${expected} is expected.`);
/** What asks for HTTP Basic (RFC 7617; user names and passwords are UTF-8). */
export const unauthorized = (realm: string): HttpReply =>
  page(401, 'Unauthorized', 'A user name and a password are required.', {
    'WWW-Authenticate': `Basic realm="${realm}", charset="UTF-8"`,
  });
/** What IIS shows to an address that is not on its list (facts/kps.md §1.7, C). */
export const iisForbidden = page(
  403,
  '403 - Forbidden: Access is denied.',
  'You do not have permission to view this directory or page using the credentials that you supplied.',
);
export const serviceUnavailable = page(503, 'Service Unavailable', 'The service is unavailable.');
