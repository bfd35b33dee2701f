import type { WorldPerson } from '../../world/world.js';
import { escapeXml } from '../../xml/escape-xml.js';
import { PLANTED, photographBase64, type Traits, traitsOf } from '../planted.js';
import { dateParts, deathOf, durum, HATA, hataBilgisi, nil, nils, parametre, tarih } from './wire.js';

/** How one version of the combined register differs on the wire from another (facts/kps.md §3.1, §3.3). */
export interface BilesikDialect {
  /** Prefix of the children of DurumBilgisi and TemelBilgisi: the shared namespace in 2023, the version's own in 2024. */
  readonly inner: 'a:' | '';
  /** 2024/04/01 added VeliVasiTur and VeliVasiVar. */
  readonly veliVasi: boolean;
}

/** TCVatandasiKisiKutukleri with everything that the real one may carry, most of which the bridge must not keep. */
export function citizenContainer(person: WorldPerson, dialect: BilesikDialect): string {
  const traits = traitsOf(person.kimlikNo);
  return (
    `<TCVatandasiKisiKutukleri>` +
    `<GeciciKimlikBilgisi>${nils('Ad', 'AnneAd', 'BabaAd', 'BelgeNo', 'Fotograf')}${hataBilgisi(HATA.notFound)}${nils('KanGrubu', 'OncekiSoyad', 'SonGecerlilikTarih', 'Soyad', 'TCKimlikNo')}</GeciciKimlikBilgisi>` +
    hataBilgisi() +
    kisiBilgisi(person, traits, dialect) +
    oldCard(person) +
    chipCard(person, traits) +
    photograph(person, traits) +
    `</TCVatandasiKisiKutukleri>`
  );
}

/** The same container where the register has no record: nils, and HataBilgisi 2 in the component (A). */
export function noCitizenContainer(dialect: BilesikDialect): string {
  const p = dialect.inner;
  return (
    `<TCVatandasiKisiKutukleri>${nil('GeciciKimlikBilgisi')}${hataBilgisi()}<KisiBilgisi>` +
    nils('AnneTCKimlikNo', 'AnneUstSoyBulunamadi', 'BabaTCKimlikNo', 'BabaUstSoyBulunamadi', 'DogumYerKod') +
    `<DurumBilgisi>${nils(`${p}Din`, `${p}Durum`, `${p}MedeniHal`, `${p}OlumTarih`)}</DurumBilgisi>${nil('EsTCKimlikNo')}` +
    hataBilgisi(HATA.notFound) +
    nils('KayitYeriBilgisi', 'OncekiYabanciKimlikNo', 'TCKimlikNo') +
    `<TemelBilgisi>${nils(`${p}Ad`, `${p}AnneAd`, `${p}BabaAd`, `${p}Cinsiyet`, `${p}DogumTarih`, `${p}DogumYer`, `${p}Soyad`)}</TemelBilgisi>` +
    (dialect.veliVasi ? nils('VeliVasiTur', 'VeliVasiVar') : '') +
    `</KisiBilgisi>${nils('NufusCuzdaniBilgisi', 'TCKKBilgisi', 'TCKKFotografBilgisi')}</TCVatandasiKisiKutukleri>`
  );
}

function kisiBilgisi(person: WorldPerson, traits: Traits, dialect: BilesikDialect): string {
  const p = dialect.inner;
  const death = deathOf(person);
  const married = traits.esKimlikNo !== undefined;
  return (
    `<KisiBilgisi><AnneTCKimlikNo>${traits.anneKimlikNo}</AnneTCKimlikNo><AnneUstSoyBulunamadi>false</AnneUstSoyBulunamadi>` +
    `<BabaTCKimlikNo>${traits.babaKimlikNo}</BabaTCKimlikNo><BabaUstSoyBulunamadi>false</BabaUstSoyBulunamadi><DogumYerKod>1234</DogumYerKod>` +
    `<DurumBilgisi>${parametre(`${p}Din`, 9, PLANTED.din)}${durum(`${p}Durum`, person)}` +
    parametre(`${p}MedeniHal`, married ? 2 : 1, married ? 'Evli' : 'Bekâr') +
    `${death === undefined ? tarih(`${p}OlumTarih`, { yil: null, ay: null, gun: null }) : tarih(`${p}OlumTarih`, death)}</DurumBilgisi>` +
    `${married ? `<EsTCKimlikNo>${traits.esKimlikNo}</EsTCKimlikNo>` : nil('EsTCKimlikNo')}${hataBilgisi()}` +
    `<KayitYeriBilgisi><a:AileSiraNo>17</a:AileSiraNo><a:BireySiraNo>42</a:BireySiraNo>${parametre('a:Cilt', 8, 'SANDIK')}${parametre('a:Il', 6, 'ANKARA')}${parametre('a:Ilce', 1231, 'ÇANKAYA')}</KayitYeriBilgisi>` +
    `${nil('OncekiYabanciKimlikNo')}<TCKimlikNo>${person.kimlikNo}</TCKimlikNo>` +
    `<TemelBilgisi><${p}Ad>${escapeXml(person.ad)}</${p}Ad><${p}AnneAd>${PLANTED.anneAd}</${p}AnneAd><${p}BabaAd>${PLANTED.babaAd}</${p}BabaAd>` +
    cinsiyet(`${p}Cinsiyet`, traits) +
    `${tarih(`${p}DogumTarih`, dateParts(person.dogumTarihi))}<${p}DogumYer>${PLANTED.dogumYer}</${p}DogumYer>${soyad(`${p}Soyad`, person)}</TemelBilgisi>` +
    (dialect.veliVasi ? `${nil('VeliVasiTur')}<VeliVasiVar>false</VeliVasiVar>` : '') +
    `</KisiBilgisi>`
  );
}

function oldCard(person: WorldPerson): string {
  return (
    `<NufusCuzdaniBilgisi><Ad>${escapeXml(person.ad)}</Ad><AnneAd>${PLANTED.anneAd}</AnneAd><BabaAd>${PLANTED.babaAd}</BabaAd>` +
    `<CuzdanKayitNo>71234</CuzdanKayitNo>${parametre('CuzdanVerilmeNeden', 4, 'YENİLEME')}${tarih('DogumTarih', dateParts(person.dogumTarihi))}` +
    `<DogumYer>${PLANTED.dogumYer}</DogumYer>${hataBilgisi()}<No>123456</No><Seri>Z09</Seri>${soyad('Soyad', person)}<TCKimlikNo>${person.kimlikNo}</TCKimlikNo>` +
    `${parametre('VerildigiIlce', 1231, 'ÇANKAYA')}${tarih('VerilmeTarih', { yil: 2012, ay: 5, gun: 3 })}</NufusCuzdaniBilgisi>`
  );
}

function chipCard(person: WorldPerson, traits: Traits): string {
  return (
    `<TCKKBilgisi><Ad>${escapeXml(person.ad)}</Ad><AnneAd>${PLANTED.anneAd}</AnneAd><BabaAd>${PLANTED.babaAd}</BabaAd>${cinsiyet('Cinsiyet', traits)}` +
    `${tarih('DogumTarih', dateParts(person.dogumTarihi))}${hataBilgisi()}${parametre('KanGrubu', 7, PLANTED.kanGrubu)}<SeriNo>${traits.seriNo}</SeriNo>` +
    `${tarih('SonGecerlilikTarih', { yil: 2033, ay: 1, gun: 9 })}${soyad('Soyad', person)}<SurucuBelgeYuklendiMi>false</SurucuBelgeYuklendiMi>${nil('SurucuBelgeYuklenmeTarih')}` +
    `<TCKimlikNo>${person.kimlikNo}</TCKimlikNo><VerenMakam>${PLANTED.verenMakam}</VerenMakam></TCKKBilgisi>`
  );
}

function photograph(person: WorldPerson, traits: Traits): string {
  return traits.photoDenied
    ? `<TCKKFotografBilgisi>${nil('Fotograf')}${hataBilgisi(HATA.notAuthorised)}${nil('TCKimlikNo')}</TCKKFotografBilgisi>`
    : `<TCKKFotografBilgisi><Fotograf>${photographBase64}</Fotograf>${hataBilgisi()}<TCKimlikNo>${person.kimlikNo}</TCKimlikNo></TCKKFotografBilgisi>`;
}

export function cinsiyet(name: string, traits: Traits): string {
  return traits.cinsiyet === 'Erkek' ? parametre(name, 1, 'Erkek') : parametre(name, 2, 'Kadın');
}

/** A person recorded without a surname has a nil one. */
export function soyad(name: string, person: WorldPerson): string {
  return person.soyad === '' ? nil(name) : `<${name}>${escapeXml(person.soyad)}</${name}>`;
}
