import type { Sample } from './parts-page-sample.js';

// Nothing answers POST here: what somebody types into a sample goes nowhere.
const HERE = '/konsol/parcalar';

const PURPOSES = [
  { value: '', text: { tr: 'Seçin', en: 'Choose' } },
  { value: 'bir', text: { tr: 'Birinci amaç', en: 'First purpose' } },
  { value: 'iki', text: { tr: 'İkinci amaç', en: 'Second purpose' } },
] as const;

/** The form in its ways, with every kind of field. */
export const FORM_SAMPLES: readonly Sample[] = [
  {
    name: 'form',
    title: { tr: 'Form', en: 'Form' },
    when: {
      tr: 'Bilgi girilen yer. Her alanın adı üstünde, açıklaması ve hatası yanındadır; yanlış form yazılanlarla geri gelir. Geri alınamayan işlemin düğmesi kırmızıdır. Süzgeçler yan yana durur ve kişisel veri içermez.',
      en: 'Where something is filled in. Each field has its name above and its hint and error beside it; a wrong form comes back with what was typed. The button of what cannot be undone is red. Filters stand in a row and hold nothing personal.',
    },
    parts: [
      {
        part: 'form',
        action: HERE,
        method: 'post',
        legend: { tr: 'Örnek form: bütün alan türleri', en: 'Sample form: every kind of field' },
        submit: { tr: 'Gönder (örnek)', en: 'Send (sample)' },
        fields: [
          {
            kind: 'text',
            name: 'belge',
            label: { tr: 'Belge numarası', en: 'Number of the document' },
            hint: { tr: 'Örnek: 2026/114', en: 'Such as 2026/114' },
            value: '2026/114',
            maxLength: 100,
            required: true,
          },
          {
            kind: 'text',
            name: 'kimlik',
            label: { tr: 'T.C. kimlik numarası', en: 'T.C. identity number' },
            inputMode: 'numeric',
            maxLength: 11,
            personal: true,
          },
          { kind: 'number', name: 'adet', label: { tr: 'Adet', en: 'Count' }, value: '25' },
          { kind: 'date', name: 'gun', label: { tr: 'Gün', en: 'Day' }, value: '2026-11-22' },
          { kind: 'datetime', name: 'an', label: { tr: 'An', en: 'Moment' }, value: '2026-11-22T14:05' },
          {
            kind: 'textarea',
            name: 'gerekce',
            label: { tr: 'Gerekçe', en: 'Reason' },
            hint: {
              tr: 'Kayda açık olarak geçer; kişi adı ya da numarası yazmayın.',
              en: 'It stands in the log in clear: write no name or number of a person.',
            },
            maxLength: 500,
          },
          {
            kind: 'select',
            name: 'amac',
            label: { tr: 'Amaç', en: 'Purpose' },
            value: 'bir',
            options: PURPOSES,
          },
          {
            kind: 'radio',
            name: 'karar',
            label: { tr: 'Karar', en: 'Decision' },
            value: 'kabul',
            options: [
              { value: 'kabul', text: { tr: 'Kabul', en: 'Accept' } },
              { value: 'ret', text: { tr: 'Ret', en: 'Refuse' } },
            ],
          },
          {
            kind: 'checkboxes',
            name: 'turler',
            label: { tr: 'Kayıt türleri', en: 'Kinds of entries' },
            values: ['sorgu'],
            options: [
              { value: 'sorgu', text: { tr: 'Sorgular', en: 'Queries' } },
              { value: 'oturum', text: { tr: 'Oturumlar', en: 'Sessions' } },
            ],
          },
          {
            kind: 'file',
            name: 'dosya',
            label: { tr: 'Dosya', en: 'File' },
            hint: { tr: 'CSV, en çok 10 MB', en: 'CSV, 10 MB at the most' },
            accept: '.csv',
          },
        ],
        upload: true,
      },
      {
        part: 'form',
        action: HERE,
        method: 'get',
        inline: true,
        legend: { tr: 'Örnek süzgeç', en: 'Sample filter' },
        submit: { tr: 'Süz', en: 'Filter' },
        fields: [
          { kind: 'date', name: 'ilk', label: { tr: 'İlk gün', en: 'First day' } },
          { kind: 'date', name: 'son', label: { tr: 'Son gün', en: 'Last day' } },
          { kind: 'select', name: 'hal', label: { tr: 'Hâl', en: 'State' }, options: PURPOSES },
        ],
      },
      {
        part: 'form',
        action: HERE,
        method: 'post',
        grave: true,
        legend: { tr: 'Örnek: geri alınamaz', en: 'Sample: cannot be undone' },
        hidden: { ornek: '1' },
        typed: [['once-yazilan', 'korunur']],
        submit: { tr: 'İmhayı öner (örnek)', en: 'Propose destruction (sample)' },
        fields: [{ kind: 'textarea', name: 'gerekce', label: { tr: 'Gerekçe', en: 'Reason' } }],
      },
    ],
  },
];
