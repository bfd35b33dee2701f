import { sameText } from './same-text.js';

/** An institution as e-Devlet keeps it. */
export interface EdevletClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where a code may be sent; compared to the letter. */
  readonly redirectUris: readonly string[];
  /** Between the data sets of a request. */
  readonly separator: ';' | ' ';
}

export function findClient(
  clients: readonly EdevletClient[],
  clientId: string | undefined,
): EdevletClient | undefined {
  return clients.find((one) => one.clientId === clientId);
}

/** The client whose secret this is. An unknown one is compared too, so that time does not tell it from a wrong secret. */
export function provenClient(
  clients: readonly EdevletClient[],
  clientId: string | undefined,
  secret: string | undefined,
): EdevletClient | undefined {
  const client = findClient(clients, clientId);
  return sameText(secret ?? '', client?.clientSecret) ? client : undefined;
}
