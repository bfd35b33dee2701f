import type { BridgeConfig } from '../../../config/schema.js';
import type { ShownClient } from '../../../console/administration/staff-port.js';

/** Registered clients as the settings have them; no secret, no receiver's address with it. */
export function shownClients({ clients }: Pick<BridgeConfig, 'clients'>): readonly ShownClient[] {
  return clients.map((client) => {
    const { account, certificates, id, institution, permissions, requestsPerMinute } = client;
    return {
      ...{ id, institution, account, permissions, certificates, requestsPerMinute },
      application: client.signIn?.name ?? null,
      sourceAddresses: client.sourceAddresses,
      redirectUris: client.signIn?.redirectUris ?? [],
    };
  });
}
