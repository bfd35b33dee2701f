import type { WorldPerson } from '../../world/world.js';
import { escapeXml } from '../../xml/escape-xml.js';
import { KPS_CONSTANTS } from '../namespaces.js';
import { soyad } from './citizen.js';
import { dateParts, deathOf, durum, hataBilgisi, nil, nils, parametre, tarih } from './wire.js';

/**
 * One item of TumKutukDogrulaServis. No answer of the real one is public (facts/kps.md §3.4, C): item and enum names are a
 * guess after the combined register. `person` undefined: something differs, and what it is is not told; no container has a
 * Durum then.
 */
export function tumKutukItem(kimlikNo: string, person: WorldPerson | undefined): string {
  if (person === undefined) {
    return (
      `<TumKutukDogrulamaBilgileri><DoluBilesenler xmlns:c="${KPS_CONSTANTS}"/>${hataBilgisi()}<KimlikNo>${kimlikNo}</KimlikNo>` +
      `${nils('MaviKartliKisiKutukleri', 'TCVatandasiKisiKutukleri', 'YabanciKisiKutukleri')}</TumKutukDogrulamaBilgileri>`
    );
  }
  const foreign = person.kimlikNo.startsWith('9');
  const number = foreign ? 'KimlikNo' : 'TCKimlikNo';
  const death = deathOf(person);
  const kisi =
    `<KisiBilgisi><DurumBilgisi>${tarih('DogumTarih', dateParts(person.dogumTarihi))}${durum('Durum', person)}${death === undefined ? nil('OlumTarih') : tarih('OlumTarih', death)}</DurumBilgisi>` +
    `${hataBilgisi()}<${number}>${person.kimlikNo}</${number}>` +
    `<TemelBilgisi><Ad>${escapeXml(person.ad)}</Ad>${soyad('Soyad', person)}${parametre('Uyruk', foreign ? 9001 : 1, foreign ? 'YABANCI ÜLKE' : 'TÜRKİYE')}</TemelBilgisi></KisiBilgisi>`;
  const container = (name: string, here: boolean) =>
    here ? `<${name}>${hataBilgisi()}${kisi}</${name}>` : nil(name);
  return (
    `<TumKutukDogrulamaBilgileri><DoluBilesenler xmlns:c="${KPS_CONSTANTS}"><c:CstTumKutukDogrulaServisDoluBilesen>${foreign ? 'YabanciKisiBilgisi' : 'TCKisiBilgisi'}</c:CstTumKutukDogrulaServisDoluBilesen></DoluBilesenler>` +
    `${hataBilgisi()}<KimlikNo>${kimlikNo}</KimlikNo>${nil('MaviKartliKisiKutukleri')}` +
    `${container('TCVatandasiKisiKutukleri', !foreign)}${container('YabanciKisiKutukleri', foreign)}</TumKutukDogrulamaBilgileri>`
  );
}
