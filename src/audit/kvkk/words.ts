const wordsOf = (words: Readonly<Record<string, string>>) => (code: string) =>
  Object.hasOwn(words, code) ? (words[code] ?? code) : code;

/** Closed words of the log, as a citizen reads them. What is not here stands as it is. */
export const purposeWord = wordsOf({
  'ortak-kayit': 'Kooperatif ortağı olarak kayıt',
  'ortak-guncelleme': 'Ortak bilgilerinin güncellenmesi',
  'yetkili-atama': 'KOOPBİS yetkilisi atanması',
  'toplu-aktarim': 'Ortak kayıtlarının toplu aktarımı',
  'genel-kurul': 'Genel kurul hazırun işlemleri',
  'resen-kontrol': 'İdarenin resen denetimi',
});
export const roleWord = wordsOf({
  board: 'kooperatif yönetim kurulu üyesi',
  liquidator: 'kooperatif tasfiye memuru',
  trustee: 'kooperatife atanan kayyım',
  appointee: 'kooperatifin KOOPBİS yetkilisi',
  directorate: 'il müdürlüğü görevlisi',
  'ministry-central': 'bakanlık merkez birimi görevlisi',
  'ministry-manager': 'bakanlık sistem yöneticisi',
  'ministry-representative': 'genel kurul bakanlık temsilcisi',
});
export const ministryWord = wordsOf({
  ticaret: 'Ticaret Bakanlığı',
  tarim: 'Tarım ve Orman Bakanlığı',
  cevre: 'Çevre, Şehircilik ve İklim Değişikliği Bakanlığı',
});
export const resultWord = wordsOf({
  match: 'bilgiler eşleşti',
  deceased: 'ölüm kaydı bulundu',
  inactive: 'nüfus kaydı kapalı',
  mismatch: 'bilgiler eşleşmedi',
  'not-found': 'kayıt bulunamadı',
  refused: 'KPS sorguyu reddetti',
  unknown: 'cevap alınamadı',
});
/** Where nothing has come of it yet. */
export const NO_RESULT = 'henüz sonuç kaydı yok';
