import { KPS_2011, XSI } from '../namespaces.js';
import { type ServiceVersion, serviceNamespace } from '../services.js';
import { type Hata, hataBilgisi, nil } from './wire.js';

/** `SorgulaResponse` around the items of a list. */
export function sorgulaResponse(service: ServiceVersion, items: readonly string[]): string {
  return around(service, `${hataBilgisi()}<SorguSonucu>${items.join('')}</SorguSonucu>`);
}

/** A whole answer that is one HataBilgisi; SorguSonucu is nil (facts/kps.md §3.2). */
export function sorgulaHata(service: ServiceVersion, hata: Hata): string {
  return around(service, `${hataBilgisi(hata)}${nil('SorguSonucu')}`);
}

function around(service: ServiceVersion, result: string): string {
  return (
    `<SorgulaResponse xmlns="${serviceNamespace(service)}"><SorgulaResult xmlns:a="${KPS_2011}" xmlns:i="${XSI}">` +
    `${result}</SorgulaResult></SorgulaResponse>`
  );
}
