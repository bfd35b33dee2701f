/** Titles of the checks, Turkish and English; those that exist several times are named by their beginning. */
const TITLES: Readonly<Record<string, readonly [string, string]>> = {
  files: ['Dosyalar', 'Files'],
  description: ['İçindekiler bildirimi', 'Description'],
  keys: ['Anahtarlar', 'Keys'],
  'checkpoint-signature': ['Kayıt defterinin imzası', 'Signature of the log'],
  entries: ['Kayıtlar', 'Entries'],
  root: ['Kayıtların bütünlüğü', 'Entries are whole'],
  timestamp: ['Zaman damgası', 'Time stamp'],
  covered: ['Zaman damgasının kapsamı', 'Reach of the time stamps'],
  entry: ['Kaydın defterdeki yeri', 'Place of the entry in the log'],
  story: ['Sorgunun öyküsü', 'Story of the query'],
  revealed: ['Açıklanan değer', 'Revealed value'],
};

/** What a check is called on the page. */
export function titleOf(name: string): readonly [string, string] {
  return TITLES[name] ?? TITLES[name.replace(/-.*/, '')] ?? [name, name];
}
