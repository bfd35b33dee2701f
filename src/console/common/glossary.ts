import type { BothLanguages } from '../../pages/views.js';

/** Words of the pages, for the help. */
export const GLOSSARY: readonly { readonly word: BothLanguages; readonly says: BothLanguages }[] = [
  {
    word: { tr: 'Kayıt', en: 'Entry' },
    says: {
      tr: 'Denetim kaydının bir satırı. Kayıtlar sonradan değiştirilemez; her birinin ispatı vardır.',
      en: 'One line of the audit log. Entries cannot be changed afterwards; each has its proof.',
    },
  },
  {
    word: { tr: 'Yaprak', en: 'Leaf' },
    says: {
      tr: 'Kaydın sıra numarası. Kayıtlar bir ağacın yaprakları gibi birbirine bağlanır.',
      en: 'The number of an entry. Entries are tied together as the leaves of a tree.',
    },
  },
  {
    word: { tr: 'Kontrol noktası', en: 'Checkpoint' },
    says: {
      tr: 'Kaydın o ana kadarki bütününün imzalı özeti.',
      en: 'The signed hash of the whole log up to a moment.',
    },
  },
  {
    word: { tr: 'Zaman damgası', en: 'Time stamp' },
    says: {
      tr: 'Kontrol noktasının o anda var olduğunu gösteren, dış makamdan alınan belge.',
      en: 'A document of an outside authority that the checkpoint existed at that moment.',
    },
  },
  {
    word: { tr: 'Uyarı', en: 'Signal' },
    says: {
      tr: 'Olağan dışı kullanımın kendiliğinden çıkan bildirimi; güvenlik görevlisi karar verir.',
      en: 'A notice of unusual use that comes by itself; the security officer decides on it.',
    },
  },
  {
    word: { tr: 'Yasal tutma', en: 'Legal hold' },
    says: {
      tr: 'Süresi dolsa da imha edilmeyecek verilere konan işaret.',
      en: 'A mark on data that must not be destroyed although its time is over.',
    },
  },
  {
    word: { tr: 'Dondurma, mühürleme', en: 'Freezing, sealing' },
    says: {
      tr: 'Çeyrek önce dondurulur (satır eklenmez), ikinci kişinin onayıyla mühürlenir (değişmez).',
      en: 'A quarter is first frozen (no further line), then, with a second person, sealed (it never changes).',
    },
  },
  {
    word: { tr: 'Mutabakat', en: 'Reconciliation' },
    says: {
      tr: 'Bizim saydığımız sorgularla İçişleri Bakanlığının saydıklarının karşılaştırılması.',
      en: 'Our count of queries held against that of the Interior Ministry.',
    },
  },
  {
    word: { tr: 'Tutulan değişiklik', en: 'Held change' },
    says: {
      tr: 'MERSİS’ten gelen, çok sayıda yetkiyi birden etkileyeceği için bekletilen değişiklik.',
      en: 'A change from MERSİS that is held back because it would touch many rights at once.',
    },
  },
  {
    word: { tr: 'Hata numarası', en: 'Error number' },
    says: {
      tr: 'Sayfadaki olayı kayıtlarda bulan numara.',
      en: 'The number by which what happened on the page is found in the logs.',
    },
  },
];
