import type { ListedSignal, SignalPage } from '../../../audit/signals/list-signals.js';
import { signalPlaceText } from '../../../audit/signals/place.js';
import { momentText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Page } from '../../frame/parts.js';
import { countText, MASKED, measureWords, stateCell, windowText } from './words.js';

export const SIGNALS_PATH = '/konsol/guvenlik/uyarilar';

/** Which signals are shown. */
export const SHOWN = {
  hepsi: { tr: 'Tümü (açıklar önce)', en: 'All (open ones first)' },
  acik: { tr: 'Karar bekleyenler', en: 'Waiting for a decision' },
  karar: { tr: 'Karar verilenler', en: 'Decided' },
} as const satisfies Readonly<Record<string, BothLanguages>>;

export type Shown = keyof typeof SHOWN;

/** What the list shows; `isFirst` false: of a further page. */
export interface ShownList {
  readonly shown: Shown;
  readonly isFirst: boolean;
  readonly open: number;
  readonly page: SignalPage;
}

/** The list of signals. Nobody is named in it. */
export function signalsPage({ isFirst, open, page, shown }: ShownList): Page {
  const { next, signals } = page;
  const count = signals.length;
  return {
    title: { tr: 'Uyarılar', en: 'Signals' },
    help: {
      tr: 'Ayarlardaki kurallar, olağan dışı kullanımı uyarı olarak bildirir. Her uyarıyı açın, kullanıcının ne yaptığına bakın ve kararınızı kısa bir notla yazın. Kullanıcılar burada kapalıdır; kendiniz hakkındaki bir uyarıya başka bir görevli karar verir.',
      en: 'Rules of the settings raise what is out of the ordinary. Open each signal, look at what the user did, and write your decision with a short note. Users are masked here; a signal about yourself is decided by another officer.',
    },
    parts: [
      {
        part: 'links',
        label: { tr: 'Gösterilen uyarılar', en: 'Signals shown' },
        links: (Object.keys(SHOWN) as Shown[]).map((name) => ({
          href: listPath(name, null),
          text: SHOWN[name],
          ...(name === shown ? { kind: 'current' as const } : {}),
        })),
      },
      {
        part: 'text',
        text: { tr: `Karar bekleyen uyarı: ${open}`, en: `Signals that wait for a decision: ${open}` },
        quiet: true,
      },
      {
        part: 'table',
        caption: SHOWN[shown],
        columns: [
          { label: { tr: 'Oluştuğu an', en: 'Raised' } },
          { label: { tr: 'Durum', en: 'State' } },
          { label: { tr: 'Ne oldu', en: 'What happened' } },
          { label: { tr: 'Sayım', en: 'Count' } },
          { label: { tr: 'Zaman aralığı', en: 'Window' } },
          { label: { tr: 'Kullanıcı', en: 'User' } },
        ],
        rows: signals.map(rowOf),
        empty:
          shown === 'acik'
            ? { tr: 'Karar bekleyen uyarı yok.', en: 'No signal waits for a decision.' }
            : { tr: 'Uyarı yok.', en: 'No signals.' },
      },
      {
        part: 'pager',
        shown: { tr: `Bu sayfada ${count} uyarı`, en: `${count} signals on this page` },
        first: isFirst ? null : listPath(shown, null),
        next: next === null ? null : listPath(shown, signalPlaceText(next)),
      },
    ],
  };
}

function rowOf(signal: ListedSignal): readonly Cell[] {
  const { decision, id, measure, raisedAt } = signal;
  return [
    { href: `${SIGNALS_PATH}/${id}`, text: momentText(raisedAt) },
    stateCell(decision),
    measureWords(measure).name,
    countText(signal),
    windowText(signal),
    MASKED,
  ];
}

function listPath(shown: Shown, after: string | null): string {
  return `${SIGNALS_PATH}?durum=${shown}${after === null ? '' : `&sonra=${after}`}`;
}
