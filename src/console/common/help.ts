import { ACCESS, type AccessId } from '../access.js';
import type { AccessRow } from '../access-row.js';
import { ACCESS_WORDS } from '../access-words.js';
import type { Answer, ConsoleCall, ConsolePerson } from '../frame/call.js';
import { opensFor } from '../frame/nav.js';
import type { Cell, Part, TablePart } from '../frame/parts.js';
import { ROOM_NAMES } from '../frame/texts.js';
import { GLOSSARY } from './glossary.js';
import { audienceText } from './role-words.js';

type Room = AccessRow['room'];
type NamedRow = AccessRow & { readonly id: AccessId };

/** `GET /konsol/yardim`: what the console is, how work is done here, every page with who may, and the words. */
export async function showHelp({ person }: ConsoleCall): Promise<Answer> {
  const rooms = Object.keys(ROOM_NAMES) as Room[];
  return {
    kind: 'page',
    page: {
      title: { tr: 'Yardım', en: 'Help' },
      help: {
        tr: 'Konsolun ne olduğunu, sayfalarını ve sözlerini anlatır. Her sayfanın başında da o sayfanın ne işe yaradığı yazar.',
        en: 'What the console is, its pages and its words. Each page says at its head what it is for, too.',
      },
      parts: [
        ...HOW,
        { part: 'heading', text: { tr: 'Size açık sayfalar', en: 'Pages open to you' } },
        ...rooms.flatMap((room) => openPages(room, person)),
        { part: 'heading', text: { tr: 'Bütün sayfalar ve işlemler', en: 'All pages and actions' } },
        ...rooms.map(
          (room): Part => ({ part: 'more', summary: ROOM_NAMES[room], parts: [everything(room)] }),
        ),
        { part: 'heading', text: { tr: 'Sözler', en: 'Words' }, id: 'sozler' },
        { part: 'facts', rows: GLOSSARY.map(({ says, word }) => ({ label: word, value: says })) },
      ],
    },
  };
}

const HOW: readonly Part[] = [
  {
    part: 'text',
    text: {
      tr: 'Konsol, KOOPBİS ile ulusal sistemler arasındaki köprünün görevlilere açılan yüzüdür: kimlik sorgularının kaydı, ücretleri, yetkiler ve işletme buradan izlenir, kararlar buradan verilir, belgeler buradan alınır.',
      en: 'The console is the side of the bridge between KOOPBİS and the national systems that officers work with: here they look at the log of identity checks, fees, rights and operation, decide, and take away documents.',
    },
  },
  { part: 'heading', text: { tr: 'Nasıl çalışılır?', en: 'How work is done here' } },
  {
    part: 'facts',
    rows: [
      {
        label: { tr: 'Görevler', en: 'Roles' },
        value: {
          tr: 'Hangi sayfaların açık olduğunu görevleriniz belirler. Görev bitince sayfa da kapanır. Açılan sayfalar ve yapılan işlemler adınızla kayda geçer.',
          en: 'Your roles decide which pages are open. When a role ends, its pages close. Pages opened and things done are written into the log under your name.',
        },
      },
      {
        label: { tr: 'İkinci adım', en: 'Second step' },
        value: {
          tr: 'Bazı işlemler, telefonunuzdaki uygulamanın ürettiği kodun az önce girilmiş olmasını ister. Sayfa bunu söyler ve yazdıklarınızı korur.',
          en: 'Some actions need a code from your phone that was given just before. The page says so and keeps what you typed.',
        },
      },
      {
        label: { tr: 'İkinci kişi', en: 'Second person' },
        value: {
          tr: 'Geri alınamayan kararları bir kişi önerir, başka bir kişi onaylar. Bekleyenler “Bekleyen kararlar” sayfasındadır; kimse kendi önerisini onaylayamaz.',
          en: 'What cannot be undone is proposed by one person and approved by another. What waits is on “Waiting decisions”; nobody approves their own proposal.',
        },
      },
      {
        label: { tr: 'Uzun işler', en: 'Long work' },
        value: {
          tr: 'Dışa aktarma gibi işler sıraya alınır; sayfadan ayrılabilirsiniz. Dosya “İşlerim” sayfasında sizi bekler.',
          en: 'Work such as an export is queued; you may leave the page. The file waits on “My work”.',
        },
      },
      {
        label: { tr: 'Kişisel veriler', en: 'Personal data' },
        value: {
          tr: 'Kimlik numaraları gösterilmez. Açılması gereken bir değer, gerekçe yazılarak ve ikinci adımla açılır; bu da kayda geçer.',
          en: 'Identity numbers are not shown. A value that must be seen is opened for a written reason and with the second step, and that too is an entry.',
        },
      },
    ],
  },
  { part: 'heading', text: { tr: 'Hata numarası', en: 'Error number' }, id: 'hata-numarasi' },
  {
    part: 'text',
    text: {
      tr: 'Bir işlem reddedildiğinde ya da bir hata olduğunda sayfada bir hata numarası yazar. Bu numara işletme kaydındaki satırı, ret ise denetim kaydındaki kaydı da bulur. Destek isterken yalnız bu numarayı söyleyin; kimlik numarası yazmayın.',
      en: 'When something is refused or goes wrong, the page shows an error number. It finds the line in the operator’s log and, for a refusal, the entry in the audit log. When you ask for help give this number alone, never an identity number.',
    },
  },
];

function rowsOf(room: Room): readonly NamedRow[] {
  return (Object.keys(ACCESS) as AccessId[])
    .map((id): NamedRow => ({ id, ...ACCESS[id] }))
    .filter((row) => row.room === room);
}

/** Pages of the navigation that the person may open; a room without any is left out. */
function openPages(room: Room, person: ConsolePerson): readonly Part[] {
  const rows = rowsOf(room).flatMap(({ audience, id, nav, path }): (readonly Cell[])[] =>
    nav === undefined || !opensFor(audience, person)
      ? []
      : [[{ href: path, text: nav }, ACCESS_WORDS[id], audienceText(audience)]],
  );
  const { en, tr } = ROOM_NAMES[room];
  return rows.length === 0
    ? []
    : [
        {
          ...tableOf({ tr: `${tr}: size açık`, en: `${en}: open to you` }),
          columns: [
            { label: { tr: 'Sayfa', en: 'Page' } },
            { label: { tr: 'Ne işe yarar?', en: 'What for?' } },
            { label: { tr: 'Kime açık?', en: 'Open to' } },
          ],
          rows,
        },
      ];
}

/** Every page and action of a room, with who may. */
function everything(room: Room): TablePart {
  const { en, tr } = ROOM_NAMES[room];
  return {
    ...tableOf({ tr: `${tr}: bütün sayfalar ve işlemler`, en: `${en}: all pages and actions` }),
    columns: [
      { label: { tr: 'Ne işe yarar?', en: 'What for?' } },
      { label: { tr: 'Tür', en: 'Kind' } },
      { label: { tr: 'Kime açık?', en: 'Open to' } },
    ],
    rows: rowsOf(room).map(({ audience, id, method }) => [
      ACCESS_WORDS[id],
      method === 'GET' ? { tr: 'sayfa', en: 'page' } : { tr: 'işlem', en: 'action' },
      audienceText(audience),
    ]),
  };
}

function tableOf(caption: TablePart['caption']): Pick<TablePart, 'part' | 'caption' | 'empty'> {
  return { part: 'table', caption, empty: { tr: 'Yok.', en: 'None.' } };
}
