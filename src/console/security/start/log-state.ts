import { formatCount } from '../../../fees/kurus.js';
import { momentText } from '../../../pages/formatting.js';
import type { Cell, Part, Text, Tone } from '../../frame/parts.js';
import { storyPath } from '../search/found-table.js';
import type { LogState } from './ports.js';

const STAMPS: Readonly<
  Record<
    LogState['stamp']['kind'],
    { readonly tone: Tone; readonly text: { readonly tr: string; readonly en: string } }
  >
> = {
  'none-configured': { tone: 'warning', text: { tr: 'kurulu değil', en: 'not configured' } },
  current: { tone: 'good', text: { tr: 'güncel', en: 'current' } },
  late: { tone: 'warning', text: { tr: 'gecikti', en: 'late' } },
  outage: { tone: 'problem', text: { tr: 'alınamıyor', en: 'failing' } },
  'over-budget': {
    tone: 'problem',
    text: { tr: 'süre aşıldı, sorgular durdu', en: 'too long without; queries stopped' },
  },
};

/** How the log stands: last entry, checkpoint, time stamp, verification. */
export function logStateParts(log: LogState): readonly Part[] {
  return [
    ...(log.isSound
      ? []
      : [
          {
            part: 'notice',
            tone: 'problem',
            text: {
              tr: 'Kayıt defteri şu anda sağlam sayılmıyor; ulusal sistemlere soru gönderilmiyor. İşletme birimine haber veriniz.',
              en: 'The log does not count as sound just now; nothing is asked of national systems. Tell operation.',
            },
          } as const,
        ]),
    {
      part: 'facts',
      rows: [
        { label: { tr: 'Son kayıt', en: 'Last entry' }, value: lastCell(log) },
        {
          label: { tr: 'Son imzalı kontrol noktası', en: 'Last signed checkpoint' },
          value: checkpointCell(log),
        },
        { label: { tr: 'Son zaman damgası', en: 'Last time stamp' }, value: stampCell(log) },
        { label: { tr: 'Son doğrulama', en: 'Last verification' }, value: checkedCell(log) },
      ],
    },
  ];
}

function lastCell({ last }: LogState): Cell {
  if (last === null) return { tr: 'kayıt yok', en: 'no entries' };
  return { lines: [{ href: storyPath(last.leaf), text: String(last.leaf) }, momentText(last.at)] };
}

function checkpointCell({ checkpoint }: LogState): Cell {
  if (checkpoint === null) return { mark: 'warning', text: { tr: 'henüz yok', en: 'none yet' } };
  return { lines: [covers(checkpoint.size), momentText(checkpoint.signedAt)] };
}

function stampCell({ stamp: { coveredSize, kind, lastAt } }: LogState): Cell {
  const { text, tone } = STAMPS[kind];
  const state: Cell = { mark: tone, text };
  return lastAt === null ? state : { lines: [state, momentText(lastAt), covers(coveredSize)] };
}

function checkedCell({ checked }: LogState): Cell {
  if (checked === null)
    return { mark: 'warning', text: { tr: 'kayıtlı doğrulama yok', en: 'no verification recorded' } };
  const state: Cell = checked.ok
    ? { mark: 'good', text: { tr: 'sağlam', en: 'sound' } }
    : { mark: 'problem', text: { tr: 'tutmuyor', en: 'does not hold' } };
  return {
    lines: [
      state,
      ...(checked.check === null ? [] : [{ code: checked.check }]),
      momentText(checked.at),
      covers(BigInt(checked.size)),
      { href: storyPath(checked.leaf), text: { tr: `Kayıt ${checked.leaf}`, en: `Entry ${checked.leaf}` } },
    ],
  };
}

function covers(size: bigint): Text {
  const count = formatCount(size);
  return { tr: `${count} kaydı kapsar`, en: `covers ${count} entries` };
}
