import type { WorldPerson } from '../../world/world.js';
import { escapeXml } from '../../xml/escape-xml.js';
import { PLANTED, traitsOf } from '../planted.js';
import { type BilesikDialect, cinsiyet, soyad } from './citizen.js';
import { dateParts, deathOf, durum, HATA, hataBilgisi, nil, nils, parametre, tarih } from './wire.js';

const NO_DATE = { yil: null, ay: null, gun: null };

/** YabanciKisiKutukleri of a person with a foreigner's number: dates and nationality stand beside TemelBilgisi. */
export function foreignerContainer(person: WorldPerson, dialect: BilesikDialect): string {
  const p = dialect.inner;
  const traits = traitsOf(person.kimlikNo);
  return (
    `<YabanciKisiKutukleri>${hataBilgisi()}<KisiBilgisi><AnneKimlikNo>${traits.anneKimlikNo}</AnneKimlikNo><BabaKimlikNo>${traits.babaKimlikNo}</BabaKimlikNo>` +
    `${nil('BitisTarihiBelirsizOlmaNeden')}${tarih('DogumTarih', dateParts(person.dogumTarihi))}<DogumYerKod>9999</DogumYerKod>` +
    `<DurumBilgisi>${durum(`${p}Durum`, person)}${parametre(`${p}MedeniHal`, 1, 'Bekâr')}</DurumBilgisi>` +
    `${nils('EsKimlikNo', 'GercekKisiKimlikNo')}${hataBilgisi()}<IzinBaslangicTarih>2021-03-01T00:00:00</IzinBaslangicTarih><IzinBitisTarih>2031-03-01T00:00:00</IzinBitisTarih>` +
    `${parametre('IzinDuzenlenenIl', 34, 'İSTANBUL')}<IzinNo>34-123456</IzinNo>${parametre('KaynakBirim', 2, 'GÖÇ İDARESİ')}${nil('KazanilanTCKimlikNo')}<KimlikNo>${person.kimlikNo}</KimlikNo>` +
    `${tarih('OlumTarih', deathOf(person) ?? NO_DATE)}${parametre('Statu', 1, 'İKAMET İZNİ')}` +
    `<TemelBilgisi><${p}Ad>${escapeXml(person.ad)}</${p}Ad><${p}AnneAd>${PLANTED.anneAd}</${p}AnneAd><${p}BabaAd>${PLANTED.babaAd}</${p}BabaAd>` +
    `${cinsiyet(`${p}Cinsiyet`, traits)}<${p}DogumYer>${PLANTED.dogumYer}</${p}DogumYer>${soyad(`${p}Soyad`, person)}</TemelBilgisi>` +
    `${parametre('Uyruk', 9001, 'YABANCI ÜLKE')}${dialect.veliVasi ? `${nil('VeliVasiTur')}<VeliVasiVar>false</VeliVasiVar>` : ''}</KisiBilgisi></YabanciKisiKutukleri>`
  );
}

/** The same container where the register has no record. */
export function noForeignerContainer(dialect: BilesikDialect): string {
  const p = dialect.inner;
  return (
    `<YabanciKisiKutukleri>${hataBilgisi()}<KisiBilgisi>` +
    nils('AnneKimlikNo', 'BabaKimlikNo', 'BitisTarihiBelirsizOlmaNeden', 'DogumTarih', 'DogumYerKod') +
    `<DurumBilgisi>${nils(`${p}Durum`, `${p}MedeniHal`)}</DurumBilgisi>${nils('EsKimlikNo', 'GercekKisiKimlikNo')}${hataBilgisi(HATA.notFound)}` +
    nils(
      'IzinBaslangicTarih',
      'IzinBitisTarih',
      'IzinDuzenlenenIl',
      'IzinNo',
      'KaynakBirim',
      'KazanilanTCKimlikNo',
      'KimlikNo',
      'OlumTarih',
      'Statu',
    ) +
    `<TemelBilgisi>${nils(`${p}Ad`, `${p}AnneAd`, `${p}BabaAd`, `${p}Cinsiyet`, `${p}DogumYer`, `${p}Soyad`)}</TemelBilgisi>${nil('Uyruk')}` +
    `${dialect.veliVasi ? nils('VeliVasiTur', 'VeliVasiVar') : ''}</KisiBilgisi></YabanciKisiKutukleri>`
  );
}
