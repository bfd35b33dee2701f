import type { HoldSummary } from '../../../audit/retention/holds.js';
import type { ProposalTerms, ProposalWhat } from '../../../audit/retention/proposals.js';
import type { ShownChange } from '../../../console/decisions/port.js';
import type { Part, Text } from '../../../console/frame/parts.js';
import { dayText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';

/** Names of the matters. */
export const RETENTION_NAMES: Readonly<Record<ProposalWhat, BothLanguages>> = {
  destroy: { tr: 'Bir kişinin verilerinin imhası', en: 'Destruction of a person’s data' },
  'lift-hold': { tr: 'Yasal tutmanın kaldırılması', en: 'Lifting a legal hold' },
  'shorter-term': { tr: 'Saklama süresinin kısaltılması', en: 'A shorter term of retention' },
};

/** Why a destruction cannot be approved while a hold stands. */
export const HELD_TEXT: BothLanguages = {
  tr: 'Bu kişinin bu yıllardaki verileri yasal tutma altında: tutma kaldırılmadan imha onaylanamaz.',
  en: 'A legal hold keeps data of this person and these years: destruction cannot be approved until it is lifted.',
};

type Terms<What extends ProposalWhat> = Extract<ProposalTerms, { what: What }>;

const SIDES: Readonly<Record<Terms<'destroy'>['side'], BothLanguages>> = {
  actor: { tr: 'sorgulayan olarak', en: 'as who asked' },
  subject: { tr: 'sorgulanan olarak', en: 'as who was asked about' },
  both: { tr: 'sorgulayan ve sorgulanan olarak', en: 'as who asked and as who was asked about' },
};
const AUTHORITIES: Readonly<Record<Terms<'destroy'>['decision']['authority'], BothLanguages>> = {
  court: { tr: 'Mahkeme kararı', en: 'Decision of a court' },
  board: { tr: 'Kişisel Verileri Koruma Kurulu kararı', en: 'Decision of the Data Protection Board' },
};

/** What it is about; whom, nobody is shown. */
export function subjectOf(what: ProposalWhat, terms: ProposalTerms | null): Text {
  switch (terms?.what) {
    case 'destroy': {
      const years = `${terms.yearFrom}–${terms.yearTo}`;
      const { en, tr } = SIDES[terms.side];
      return { tr: `${years} yılları, ${tr}`, en: `${years}, ${en}` };
    }
    case 'lift-hold':
      return terms.hold;
    case 'shorter-term':
      return {
        tr: `${terms.from} yıl yerine ${terms.to} yıl`,
        en: `${terms.to} instead of ${terms.from} years`,
      };
    default:
      return RETENTION_NAMES[what];
  }
}

/** What will change. */
export function changesOf(terms: ProposalTerms): readonly ShownChange[] {
  switch (terms.what) {
    case 'destroy':
      return [
        {
          field: { tr: 'Kişinin bu yıllardaki verileri', en: 'The person’s data of these years' },
          before: { tr: 'saklanıyor', en: 'kept' },
          after: {
            tr: 'anahtarları yok edilir; bir daha hiç kimse okuyamaz',
            en: 'their keys are destroyed; nobody can ever read them again',
          },
        },
      ];
    case 'lift-hold':
      return [
        {
          field: { tr: 'Yasal tutma', en: 'Legal hold' },
          before: { tr: 'veriler tutuluyor, imha edilemez', en: 'the data are held and cannot be destroyed' },
          after: { tr: 'tutma biter, olağan süre işler', en: 'the hold ends, the ordinary term applies' },
        },
      ];
    case 'shorter-term':
      return [
        {
          field: { tr: 'Saklama süresi', en: 'Term of retention' },
          before: { tr: `${terms.from} yıl`, en: `${terms.from} years` },
          after: { tr: `${terms.to} yıl`, en: `${terms.to} years` },
        },
      ];
  }
}

/** What a hold rests on, and what it covers. */
export function holdParts({ document, yearFrom, yearTo }: HoldSummary): readonly Part[] {
  return [
    {
      part: 'facts',
      rows: [
        {
          label: { tr: 'Tutmayı isteyen makam', en: 'Authority that asked for the hold' },
          value: document.authority,
        },
        { label: { tr: 'Yazının sayısı', en: 'Number of its letter' }, value: document.number },
        { label: { tr: 'Yazının günü', en: 'Day of its letter' }, value: dayText(document.date) },
        { label: { tr: 'Yıllar', en: 'Years' }, value: `${yearFrom}–${yearTo}` },
      ],
    },
  ];
}

/** What a destruction rests on, and what it covers. */
export function destructionParts({ decision, side, yearFrom, yearTo }: Terms<'destroy'>): readonly Part[] {
  return [
    {
      part: 'facts',
      rows: [
        { label: { tr: 'Dayanak', en: 'Rests on' }, value: AUTHORITIES[decision.authority] },
        { label: { tr: 'Karar numarası', en: 'Number of the decision' }, value: decision.number },
        { label: { tr: 'Karar günü', en: 'Day of the decision' }, value: dayText(decision.date) },
        { label: { tr: 'Yıllar', en: 'Years' }, value: `${yearFrom}–${yearTo}` },
        { label: { tr: 'Kişinin hangi verileri', en: 'Which data of the person' }, value: SIDES[side] },
      ],
    },
    {
      part: 'notice',
      tone: 'warning',
      text: {
        tr: 'İmha geri alınamaz. Kimin verilerinin imha edileceği bu sayfada gösterilmez: numarayı karardan okuyup onay formuna siz yazarsınız; öneridekiyle aynı değilse işlem yapılmaz.',
        en: 'Destruction cannot be undone. Whose data it is about is not shown here: read the number from the decision and type it when you approve; where it is not the proposed one, nothing is done.',
      },
    },
  ];
}
