import type { ShownSignal } from '../../../audit/signals/read-signal.js';
import { formatCount } from '../../../fees/kurus.js';
import { momentText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Page, Part } from '../../frame/parts.js';
import type { Typed } from '../evidence/typed.js';
import { SIGNALS_PATH } from './list-page.js';
import { DECISIONS, MASKED, measureWords, stateCell, windowText } from './words.js';

/** A decision as it was typed. */
export interface TypedDecision {
  readonly decision: Typed<keyof typeof DECISIONS>;
  readonly note: Typed<string>;
}

export const MAX_NOTE = 500;

/** One signal; with the form of a decision where `typed` is not null. `userPath`: what its user did; null where nobody can tell any more. */
export function signalPage(signal: ShownSignal, userPath: string | null, typed: TypedDecision | null): Page {
  const { id, measure, raisedLeaf, rule } = signal;
  const words = measureWords(measure);
  return {
    title: words.name,
    help: {
      tr: 'Kuralın ne ölçtüğünü ve sayıyı okuyun, kullanıcının o gün ne yaptığına bakın, sonra karar verin. Karar ve not kayda geçer ve geri alınmaz. Kullanıcının numarası uyarının kaydından, gerekçe yazılarak açılır.',
      en: 'Read what the rule measures and the count, look at what the user did, then decide. Decision and note are written into the log and are not taken back. The user’s number is opened from the signal’s entry, for a reason.',
    },
    back: { href: SIGNALS_PATH, text: { tr: 'Uyarılar', en: 'Signals' } },
    parts: [
      { part: 'text', text: words.rule },
      { part: 'facts', rows: factsOf(signal) },
      {
        part: 'links',
        label: { tr: 'İnceleme', en: 'Look into it' },
        links: [
          ...(userPath === null
            ? []
            : [
                {
                  href: userPath,
                  text: {
                    tr: 'Bu kullanıcı o günlerde ne yaptı?',
                    en: 'What did this user do on those days?',
                  },
                  kind: 'main' as const,
                },
              ]),
          {
            href: `/konsol/guvenlik/kayit/${raisedLeaf}`,
            text: { tr: 'Uyarının kaydı', en: 'Entry of the signal' },
            kind: 'second',
          },
        ],
      },
      ...(userPath === null ? [{ part: 'text', text: GONE, quiet: true } as const] : []),
      ...decidedParts(signal),
      ...(typed === null ? [] : [decisionForm(id, typed)]),
      {
        part: 'facts',
        rows: [
          { label: { tr: 'Kuralın ayarlardaki adı', en: 'Name of the rule in the settings' }, value: rule },
          { label: { tr: 'Uyarı numarası', en: 'Id of the signal' }, value: { code: id } },
        ],
      },
    ],
  };
}

const GONE: BothLanguages = {
  tr: 'Uyarının kullanıcısı artık açılamaz: verileri imha edilmiş ya da kaydı arşivdedir.',
  en: 'The signal’s user cannot be opened any more: the data were destroyed, or the entry is archived.',
};

function factsOf(signal: ShownSignal): readonly { readonly label: BothLanguages; readonly value: Cell }[] {
  const { decision, measure, measured, raisedAt, threshold } = signal;
  const { counted } = measureWords(measure);
  return [
    { label: { tr: 'Durum', en: 'State' }, value: stateCell(decision) },
    {
      label: { tr: 'Sayılan', en: 'Counted' },
      value: {
        tr: `${formatCount(measured)} ${counted.tr}`,
        en: `${formatCount(measured)} ${counted.en}`,
      },
    },
    { label: { tr: 'Eşik', en: 'Threshold' }, value: formatCount(threshold) },
    { label: { tr: 'Zaman aralığı', en: 'Window' }, value: windowText(signal) },
    { label: { tr: 'Oluştuğu an', en: 'Raised' }, value: momentText(raisedAt) },
    { label: { tr: 'Kullanıcı', en: 'User' }, value: MASKED },
  ];
}

function decidedParts({ decided, decidedLeaf, decision }: ShownSignal): readonly Part[] {
  if (decision === null) return [];
  return [
    { part: 'heading', text: { tr: 'Karar', en: 'Decision' } },
    {
      part: 'facts',
      rows: [
        { label: { tr: 'Karar', en: 'Decision' }, value: DECISIONS[decision] },
        {
          label: { tr: 'Not', en: 'Note' },
          value: decided?.note ?? { tr: 'Kaydı arşivde', en: 'Its entry is archived' },
        },
        ...(decided === null
          ? []
          : [{ label: { tr: 'Karar anı', en: 'Decided' }, value: momentText(decided.at) }]),
        {
          label: { tr: 'Kararın kaydı', en: 'Entry of the decision' },
          value: {
            href: `/konsol/guvenlik/kayit/${decidedLeaf}`,
            text: { tr: `Kayıt ${decidedLeaf}`, en: `Entry ${decidedLeaf}` },
          },
        },
      ],
    },
  ];
}

function decisionForm(id: string, { decision, note }: TypedDecision): Part {
  return {
    part: 'form',
    action: `${SIGNALS_PATH}/${id}`,
    method: 'post',
    legend: { tr: 'Kararınız', en: 'Your decision' },
    fields: [
      {
        kind: 'radio',
        name: 'decision',
        label: { tr: 'Karar', en: 'Decision' },
        value: decision.text,
        options: Object.entries(DECISIONS).map(([value, text]) => ({ value, text })),
        required: true,
        error: decision.error,
      },
      {
        kind: 'textarea',
        name: 'note',
        label: { tr: 'Not', en: 'Note' },
        hint: {
          tr: 'Kararın gerekçesi, en çok 500 karakter. Kayıtta açık olarak durur: kişi adı ya da kimlik numarası yazmayın.',
          en: 'Why, 500 characters at the most. It stands in the log in clear: no names and no identity numbers.',
        },
        value: note.text,
        maxLength: MAX_NOTE,
        required: true,
        error: note.error,
      },
    ],
    submit: { tr: 'Kararı kaydet', en: 'Record the decision' },
  };
}
