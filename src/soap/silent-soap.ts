import type { Client } from 'soap';

/** Fields in which `soap` keeps the last message and answer for debugging: token, names and numbers would stay there. */
const KEPT_BY_SOAP = [
  'lastMessage',
  'lastRequest',
  'lastResponse',
  'lastRequestHeaders',
  'lastResponseHeaders',
  'lastResponseAttachments',
  'lastElapsedTime',
];

/** `soap` emits whole envelopes as events and keeps the last ones: both off. */
export function silence(client: Client): void {
  client.emit = () => false;
  for (const name of KEPT_BY_SOAP) {
    Object.defineProperty(client, name, { get: () => undefined, set: () => {} });
  }
}
