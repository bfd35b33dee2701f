import type { Part } from '../frame/parts.js';
import { CHART, DAILY } from './parts-page-chart.js';
import { FORM_SAMPLES } from './parts-page-forms.js';
import type { Sample } from './parts-page-sample.js';

const HERE = '/konsol/parcalar';

/** Every kind of part, in the order in which a page mostly has them. */
export const SAMPLES: readonly Sample[] = [
  {
    name: 'heading',
    title: { tr: 'Başlık', en: 'Heading' },
    when: {
      tr: 'Sayfayı bölümlere ayırır. Sayfanın kendi adı ayrıdır ve her sayfada bir tanedir.',
      en: 'Divides a page into sections. The page’s own title is apart, one on each page.',
    },
    parts: [],
  },
  {
    name: 'text',
    title: { tr: 'Metin', en: 'Text' },
    when: {
      tr: 'Kısa, düz cümleler. Sessiz biçimi yalnız yan bilgi içindir.',
      en: 'Short plain sentences. The quiet form is for side remarks alone.',
    },
    parts: [
      {
        part: 'text',
        text: { tr: 'Bu çeyrekte 1.204 sorgu yapıldı.', en: '1,204 queries were made this quarter.' },
      },
      {
        part: 'text',
        quiet: true,
        text: { tr: 'Sayılar az önce okundu.', en: 'The numbers were read just now.' },
      },
      { part: 'text', text: 'S.S. Örnek Tarımsal Kalkınma Kooperatifi' },
    ],
  },
  {
    name: 'notice',
    title: { tr: 'Duyuru', en: 'Notice' },
    when: {
      tr: 'Okunmadan geçilmemesi gereken tek cümle. Dört tonu vardır; ton tek başına anlam taşımaz, sözle de söylenir.',
      en: 'One sentence that must not be missed. It has four tones; the tone never speaks alone, the words say it too.',
    },
    parts: [
      { part: 'notice', tone: 'good', text: { tr: 'Kayıt doğrulandı.', en: 'The log was verified.' } },
      {
        part: 'notice',
        tone: 'calm',
        text: { tr: 'Bu sayfa kayda geçmez.', en: 'This page is not written into the log.' },
      },
      {
        part: 'notice',
        tone: 'warning',
        text: { tr: 'Ödeme için 6 gün kaldı.', en: 'Six days are left to pay.' },
        link: { href: HERE, text: { tr: 'Çeyreği aç', en: 'Open the quarter' } },
      },
      {
        part: 'notice',
        tone: 'problem',
        text: { tr: 'Çeyrek henüz dondurulamaz:', en: 'The quarter cannot be frozen yet:' },
        list: [
          { tr: '3 sorgunun sonucu bilinmiyor.', en: 'The outcome of 3 queries is unknown.' },
          { tr: '1 fark karar bekliyor.', en: '1 difference waits for a decision.' },
        ],
      },
    ],
  },
  {
    name: 'tiles',
    title: { tr: 'Göstergeler', en: 'Tiles' },
    when: {
      tr: 'Başlangıç sayfalarında bir bakışta görülecek üç ila sekiz sayı. Tıklanınca sayının ardındaki liste açılır.',
      en: 'Three to eight numbers to be seen at a glance on start pages. A click opens the list behind the number.',
    },
    parts: [
      {
        part: 'tiles',
        tiles: [
          { label: { tr: 'Bugünkü sorgular', en: 'Queries today' }, value: '1.204', href: HERE },
          {
            label: { tr: 'Retler', en: 'Refusals' },
            value: '17',
            tone: 'warning',
            note: { tr: 'dün 4', en: '4 yesterday' },
          },
          { label: { tr: 'Açık uyarı', en: 'Open signals' }, value: '2', tone: 'problem', href: HERE },
          {
            label: { tr: 'Son kontrol noktası', en: 'Last checkpoint' },
            value: '14:05',
            tone: 'good',
            note: { tr: 'doğrulandı', en: 'verified' },
          },
          { label: { tr: 'Açık oturum', en: 'Open sessions' }, value: '31', tone: 'calm' },
        ],
      },
    ],
  },
  {
    name: 'facts',
    title: { tr: 'Bilgi listesi', en: 'Facts' },
    when: {
      tr: 'Bir şeyin özellikleri: adı solda, değeri sağda. Değerler tablo hücreleri gibidir.',
      en: 'What is known of one thing: the name left, the value right. Values are as cells of tables.',
    },
    parts: [
      {
        part: 'facts',
        rows: [
          { label: { tr: 'Kooperatif', en: 'Cooperative' }, value: 'S.S. Örnek Konut Yapı Kooperatifi' },
          {
            label: { tr: 'Durum', en: 'State' },
            value: { mark: 'good', text: { tr: 'faal', en: 'active' } },
          },
          {
            label: { tr: 'İmzalar', en: 'Signatures' },
            value: {
              lines: [
                { tr: 'birinci: tamam', en: 'first: done' },
                { tr: 'ikinci: bekliyor', en: 'second: waiting' },
              ],
            },
          },
          { label: { tr: 'Kayıt', en: 'Entry' }, value: { code: '3f0c5c1e-0000-4000-8000-000000000001' } },
          { label: { tr: 'Sayfası', en: 'Its page' }, value: { href: HERE, text: { tr: 'Aç', en: 'Open' } } },
        ],
      },
    ],
  },
  {
    name: 'table',
    title: { tr: 'Tablo', en: 'Table' },
    when: {
      tr: 'Karşılaştırılacak satırlar. Başlığı (ne olduğu) her zaman yazılır; sayılar sağa yaslanır; satır yoksa yerine bir cümle gelir. Dar ekranda kendi içinde kayar.',
      en: 'Rows to be compared. It always has a caption; numbers stand right; where there is no row, a sentence stands in its place. On a narrow screen it scrolls within itself.',
    },
    parts: [
      {
        part: 'table',
        caption: { tr: 'Sorgular, hizmete göre', en: 'Queries by service' },
        columns: [
          { label: { tr: 'Hizmet', en: 'Service' } },
          { label: { tr: 'Adet', en: 'Count' }, numeric: true },
          { label: { tr: 'Tutar', en: 'Amount' }, numeric: true },
          { label: { tr: 'Durum', en: 'State' } },
          { label: { tr: 'İşlem', en: 'Action' } },
        ],
        rows: [
          [
            { href: HERE, text: 'kisi-dogrulama' },
            '1.204',
            '24,08 TL',
            { mark: 'good', text: { tr: 'kapandı', en: 'closed' } },
            {
              button: {
                action: HERE,
                text: { tr: 'Örnek düğme', en: 'Sample button' },
                about: 'kisi-dogrulama',
                hidden: { ornek: '1' },
              },
            },
          ],
          [
            { lines: ['adres', { code: 'KPS-2' }] },
            '8',
            '0,16 TL',
            { mark: 'problem', text: { tr: 'fark var', en: 'differs' } },
            { mark: 'warning', text: { tr: 'bekliyor', en: 'waiting' } },
          ],
        ],
        foot: [
          { tr: 'Toplam', en: 'Total' },
          '1.212',
          '24,24 TL',
          { mark: 'calm', text: { tr: 'iki hizmet', en: 'two services' } },
          '',
        ],
      },
      {
        part: 'table',
        caption: { tr: 'Açık farklar', en: 'Open differences' },
        columns: [{ label: { tr: 'Fark', en: 'Difference' } }],
        rows: [],
        empty: { tr: 'Açık fark yok.', en: 'There is no open difference.' },
      },
    ].map((table) => ({ empty: { tr: 'Yok.', en: 'None.' }, ...table }) as Part),
  },
  {
    name: 'pager',
    title: { tr: 'Sayfalar', en: 'Pager' },
    when: {
      tr: 'Büyüyebilen her listenin altında. İmleçle ilerler: yeni kayıt gelince satırlar kaymaz.',
      en: 'Beneath every list that can grow. It goes on by a cursor: nothing jumps when new rows come.',
    },
    parts: [
      { part: 'pager', shown: { tr: 'En yeni 25 kayıt', en: 'The newest 25' }, first: HERE, next: HERE },
    ],
  },
  {
    name: 'chart',
    title: { tr: 'Grafik', en: 'Chart' },
    when: {
      tr: 'Günlere göre değişim. Ne dediği bir cümleyle yazılır, sayıları altında tablodur; ölçülmeyen (öngörü, sınır) kesik çizgi ya da taralıdır.',
      en: 'Change over days. A sentence says what it shows, its numbers stand beneath as a table; what is not measured (a forecast, a limit) is dashed or hatched.',
    },
    parts: [
      {
        part: 'chart',
        chart: CHART,
        says: {
          tr: 'En çok sorgu 12 Kasım’da yapıldı; son dört gün öngörüdür.',
          en: 'Most queries were made on 12 November; the last four days are a forecast.',
        },
        table: DAILY,
      },
    ],
  },
  ...FORM_SAMPLES,
  {
    name: 'links',
    title: { tr: 'Bağlantılar', en: 'Links' },
    when: {
      tr: 'Buradan gidilecek yerler. Asıl iş düğme gibi görünür ve sayfada bir tanedir; “şimdiki” olan işaretlidir.',
      en: 'Where to go from here. The main one looks like a button, one on a page; the current one is marked.',
    },
    parts: [
      {
        part: 'links',
        label: { tr: 'Örnek bağlantılar', en: 'Sample links' },
        links: [
          { href: HERE, text: { tr: 'Raporu aç', en: 'Open the report' }, kind: 'main' },
          { href: HERE, text: { tr: 'Geçmiş', en: 'History' }, kind: 'second' },
          { href: HERE, text: { tr: 'Bu ay', en: 'This month' }, kind: 'current' },
          { href: HERE, text: { tr: 'Geçen ay', en: 'Last month' } },
          { href: HERE, text: { tr: 'Yardım (yeni sekme)', en: 'Help (new tab)' }, newTab: true },
        ],
      },
    ],
  },
  {
    name: 'steps',
    title: { tr: 'Adımlar', en: 'Steps' },
    when: {
      tr: 'Sırayla olanlar ya da olacaklar: bir kaydın hikâyesi, bir çeyreğin kapanışı.',
      en: 'What happened or is to happen, in order: the story of an entry, the closing of a quarter.',
    },
    parts: [
      {
        part: 'steps',
        label: { tr: 'Çeyreğin kapanışı', en: 'Closing of the quarter' },
        steps: [
          {
            title: { tr: 'Donduruldu', en: 'Frozen' },
            state: 'done',
            at: '02.10.2026 09:30',
            facts: [{ label: { tr: 'Satır', en: 'Lines' }, value: '1.234' }],
            body: [{ tr: 'Yeni satır eklenmez.', en: 'No further line.' }],
          },
          {
            title: { tr: 'Mutabakat', en: 'Reconciliation' },
            state: 'failed',
            body: [{ mark: 'problem', text: { tr: '1 fark', en: '1 difference' } }],
          },
          { title: { tr: 'Onay bekliyor', en: 'Waiting for approval' }, state: 'current' },
          { title: { tr: 'Mühürlenecek', en: 'To be sealed' }, state: 'todo' },
        ],
      },
    ],
  },
  {
    name: 'progress',
    title: { tr: 'İlerleme', en: 'Progress' },
    when: {
      tr: 'Süren uzun iş. Toplam bilinmiyorsa yalnız yapılan yazar. Betik olmadan da bağlantıyla yenilenir.',
      en: 'Long work under way. Where nobody knows the total, only what is done stands there. Without scripts a link refreshes it.',
    },
    parts: [
      {
        part: 'progress',
        label: { tr: 'Yazılan satırlar', en: 'Lines written' },
        done: 40,
        total: 100,
        refresh: HERE,
      },
      {
        part: 'progress',
        label: { tr: 'Okunan kayıtlar', en: 'Entries read' },
        done: 1204,
        total: null,
        refresh: HERE,
      },
    ],
  },
  {
    name: 'code',
    title: { tr: 'Kod', en: 'Code' },
    when: {
      tr: 'Aynen kopyalanacak metin: bir ispat, bir komut, bir özet.',
      en: 'Text to be copied to the letter: a proof, a command, a hash.',
    },
    parts: [
      {
        part: 'code',
        label: { tr: 'Kontrol noktası', en: 'Checkpoint' },
        text: 'koopbis.example/log\n1204\nq1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c=\n',
      },
    ],
  },
  {
    name: 'more',
    title: { tr: 'Ayrıntı', en: 'More' },
    when: {
      tr: 'Herkesin her zaman bakmadığı parçalar kapalı durur; formda hata varsa kendiliğinden açılır.',
      en: 'Parts that not everybody looks at every time stay closed; they open by themselves where a form is wrong.',
    },
    parts: [
      {
        part: 'more',
        summary: { tr: 'Kaydın ham hâli', en: 'The entry as it stands' },
        parts: [
          { part: 'text', text: { tr: 'Burada başka parçalar durur.', en: 'Other parts stand here.' } },
        ],
      },
    ],
  },
];
