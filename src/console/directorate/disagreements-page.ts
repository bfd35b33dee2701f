import { SETTLEMENTS } from '../../appointments/disagreements/disagreement-rows.js';
import type { ListedDisagreement } from '../../appointments/disagreements/list-disagreements.js';
import { momentText } from '../../pages/formatting.js';
import type { BothLanguages } from '../../pages/views.js';
import type { Page, Part } from '../frame/parts.js';
import { type BothSides, sidesParts } from './both-sides.js';
import { MATTERS, SETTLEMENT_WORDS } from './words.js';

const PATH = '/konsol/mudurluk/uyusmazliklar';

/** What was typed about one contradiction. */
export interface TypedSettlement {
  readonly karar: string;
  readonly not: string;
  readonly errors: { readonly karar?: BothLanguages; readonly not?: BothLanguages };
}

export const NOTHING_SETTLED: TypedSettlement = { karar: '', not: '', errors: {} };

/** One that is looked at. `typed` null: the person looks on, or it was settled. */
export interface LookedAt {
  readonly sides: BothSides;
  readonly typed: TypedSettlement | null;
  /** Said where a decision was refused. */
  readonly refused: BothLanguages | null;
}

/** Contradictions of the own area, and the one that is looked at. */
export function disagreementsPage(
  {
    disagreements,
    next,
  }: { readonly disagreements: readonly ListedDisagreement[]; readonly next: bigint | null },
  isFirst: boolean,
  looked: LookedAt | null,
): Page {
  return {
    title: { tr: 'Uyuşmazlıklar', en: 'Disagreements' },
    help: {
      tr: 'MERSİS’ten gelen bir görev ile kabul edilmiş bir KOOPBİS yetkilisi birbiriyle çelişiyor. Hiçbir yetki kendiliğinden kalkmaz: iki tarafa bakıp ne olacağına karar verin. Karar kayda geçer.',
      en: 'A seat that MERSİS tells of and an accepted appointee contradict each other. No right is taken away by itself: look at both sides and decide what is to follow. The decision is written down.',
    },
    back: { href: '/konsol/mudurluk', text: { tr: 'Müdürlük', en: 'Directorate' } },
    parts: [
      ...(looked === null ? [] : lookedParts(looked)),
      {
        part: 'table',
        caption: { tr: 'Çözülmemiş uyuşmazlıklar', en: 'Not settled yet' },
        columns: [
          { label: { tr: 'Kooperatif', en: 'Cooperative' } },
          { label: { tr: 'İl', en: 'Province' } },
          { label: { tr: 'Konu', en: 'Matter' } },
          { label: { tr: 'Ortaya çıktığı an', en: 'Since' } },
          { label: { tr: 'Kayıt no', en: 'Entry' }, numeric: true },
          { label: { tr: 'İşlem', en: 'Action' } },
        ],
        rows: disagreements.map(({ il, leaf, matter, mersisNo, toldAt, unvan }) => [
          { href: `/konsol/mudurluk/kooperatif/${mersisNo}`, text: unvan },
          il,
          MATTERS[matter],
          momentText(toldAt),
          String(leaf),
          { href: `${PATH}?kayit=${leaf}`, text: { tr: 'İncele', en: 'Look at it' } },
        ]),
        empty: { tr: 'Çözülmemiş uyuşmazlık yok.', en: 'Nothing is left to settle.' },
      },
      {
        part: 'pager',
        shown: {
          tr: `Bu sayfada ${disagreements.length} uyuşmazlık`,
          en: `${disagreements.length} on this page`,
        },
        first: isFirst ? null : PATH,
        next: next === null ? null : `${PATH}?sonra=${next}`,
      },
    ],
  };
}

function lookedParts({ refused, sides, typed }: LookedAt): readonly Part[] {
  return [
    ...(refused === null ? [] : [{ part: 'notice' as const, tone: 'problem' as const, text: refused }]),
    ...sidesParts(sides),
    ...(typed === null ? [] : [settleForm(sides.disagreement.leaf, typed)]),
  ];
}

function settleForm(leaf: bigint, { errors, karar, not }: TypedSettlement): Part {
  return {
    part: 'form',
    legend: { tr: 'Ne olacak?', en: 'What is to follow?' },
    action: PATH,
    method: 'post',
    hidden: { kayit: String(leaf) },
    fields: [
      {
        kind: 'radio',
        name: 'karar',
        label: { tr: 'Karar', en: 'Decision' },
        hint: {
          tr: 'Karar kimsenin yetkisini değiştirmez; yetki MERSİS’ten ya da yeni başvurudan değişir.',
          en: 'The decision changes nobody’s right; rights change through MERSİS or a new application.',
        },
        value: karar,
        options: SETTLEMENTS.map((value) => ({ value, text: SETTLEMENT_WORDS[value] })),
        error: errors.karar,
        required: true,
      },
      {
        kind: 'textarea',
        name: 'not',
        label: { tr: 'Gerekçe', en: 'Reason' },
        hint: {
          tr: 'Açık olarak kayda geçer; kişi adı ve kimlik numarası yazmayın.',
          en: 'It stands in the log in clear: no names, no identity numbers.',
        },
        value: not,
        maxLength: 500,
        error: errors.not,
        required: true,
      },
    ],
    submit: { tr: 'Kararı kaydet', en: 'Record the decision' },
  };
}
