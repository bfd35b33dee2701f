import { momentText } from '../../../pages/formatting.js';
import type { Page } from '../../frame/parts.js';
import { kindWord } from '../search/kind-words.js';
import { basisFields, NO_BASIS, type TypedBasis } from './basis-form.js';
import type { QueryEntry } from './ports.js';
import type { Typed } from './typed.js';

const EVIDENCE_PATH = '/konsol/guvenlik/delil';

/** Evidence as it was typed. */
export interface TypedEvidence {
  readonly basis: TypedBasis;
  readonly reveal: Typed<'hayir' | 'evet'>;
}

export const NO_EVIDENCE: TypedEvidence = {
  basis: NO_BASIS,
  reveal: { text: 'hayir', value: 'hayir', error: undefined },
};

/** The form for the evidence of one query. */
export function evidencePage(
  query: string,
  entries: readonly QueryEntry[],
  { basis, reveal }: TypedEvidence,
): Page {
  const [first] = entries;
  return {
    title: { tr: 'Bir sorgunun delili', en: 'Evidence of a query' },
    help: {
      tr: 'Sorgunun bütün öyküsü (oturum, yetki, tarife, sorgu, sonuç), kanıtları ve çevrimdışı denetleyicisiyle birlikte tek bir ZIP dosyası olur. Kişisel değerler, siz açılmasını istemedikçe kapalı kalır; açılan her değer kayda geçer.',
      en: 'The whole story of the query (sign-in, right, tariff, query, outcome) with its proofs and the offline verifier becomes one ZIP file. Personal values stay sealed unless you ask for them to be opened; each that is opened is written down.',
    },
    ...(first === undefined
      ? {}
      : {
          back: {
            href: `/konsol/guvenlik/kayit/${first.leaf}`,
            text: { tr: 'Sorgunun kaydı', en: 'Entry of the query' },
          },
        }),
    parts: [
      {
        part: 'facts',
        rows: [{ label: { tr: 'Sorgu numarası', en: 'Id of the query' }, value: { code: query } }],
      },
      {
        part: 'table',
        caption: { tr: 'Sorgunun kayıtları', en: 'Entries of the query' },
        columns: [
          { label: { tr: 'Kayıt', en: 'Entry' }, numeric: true },
          { label: { tr: 'Zaman', en: 'Time' } },
          { label: { tr: 'Tür', en: 'Kind' } },
        ],
        rows: entries.map(({ at, kind, leaf }) => [
          { href: `/konsol/guvenlik/kayit/${leaf}`, text: String(leaf) },
          momentText(at),
          kindWord(kind),
        ]),
        empty: { tr: 'Kayıt yok.', en: 'No entries.' },
      },
      {
        part: 'form',
        action: `${EVIDENCE_PATH}/${query}`,
        method: 'post',
        legend: { tr: 'Delili hazırla', en: 'Make the evidence' },
        fields: [
          ...basisFields(basis),
          {
            kind: 'radio',
            name: 'reveal',
            label: { tr: 'Kimlik numaraları açılsın mı?', en: 'Open the identity numbers?' },
            hint: {
              tr: 'Yalnızca dayanak belgesi kişilerin kimliğini istiyorsa açın.',
              en: 'Only where the document asks who the persons are.',
            },
            value: reveal.text,
            options: [
              { value: 'hayir', text: { tr: 'Hayır, kapalı kalsın', en: 'No, keep them sealed' } },
              { value: 'evet', text: { tr: 'Evet, açılsın', en: 'Yes, open them' } },
            ],
            required: true,
            error: reveal.error,
          },
        ],
        submit: { tr: 'Delili hazırla', en: 'Make the evidence' },
      },
    ],
  };
}
