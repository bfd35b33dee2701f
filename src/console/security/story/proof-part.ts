import { formatCount } from '../../../fees/kurus.js';
import { momentText } from '../../../pages/formatting.js';
import type { Cell, Part } from '../../frame/parts.js';
import type { EntryProof, LoggedEntry } from './ports.js';

/** Where an entry stands in the log, and what proves that it has not been changed since. */
export function proofParts(entry: LoggedEntry, proof: EntryProof): readonly Part[] {
  const { checkpoint, hashHolds, stamp } = proof;
  return [
    { part: 'heading', text: { tr: 'Kanıtı', en: 'Its proof' } },
    ...(hashHolds && checkpoint?.included !== false
      ? []
      : [
          {
            part: 'notice',
            tone: 'problem',
            text: {
              tr: 'Bu kayıt, imzalanan kayıt değil: veritabanında değiştirilmiş olabilir. Hemen bildiriniz.',
              en: 'This entry is not the one that was signed: it may have been changed in the database. Report it at once.',
            },
          } as const,
        ]),
    {
      part: 'facts',
      rows: [
        { label: { tr: 'Yaprak numarası', en: 'Leaf index' }, value: String(entry.leaf) },
        {
          label: { tr: 'Yaprak özeti (SHA-256)', en: 'Leaf hash (SHA-256)' },
          value: { code: entry.leafHash.toString('hex') },
        },
        {
          label: { tr: 'Özet satırla tutuyor mu?', en: 'Does the hash fit the line?' },
          value: hashHolds
            ? { mark: 'good', text: { tr: 'tutuyor', en: 'it does' } }
            : { mark: 'problem', text: { tr: 'tutmuyor', en: 'it does not' } },
        },
        {
          label: { tr: 'İmzalı kontrol noktası', en: 'Signed checkpoint' },
          value: checkpointCell(checkpoint),
        },
        {
          label: { tr: 'Zaman damgası', en: 'Time stamp' },
          value:
            stamp === null
              ? { tr: 'henüz yok', en: 'none yet' }
              : { lines: [stamp.authority, momentText(stamp.genTime), sizeText(stamp.size)] },
        },
      ],
    },
  ];
}

function checkpointCell(checkpoint: EntryProof['checkpoint']): Cell {
  if (checkpoint === null)
    return {
      tr: 'henüz kapsanmadı; saniyeler içinde kapsanır',
      en: 'not covered yet; it will be within seconds',
    };
  const { included, signedAt, size } = checkpoint;
  return {
    lines: [
      sizeText(size),
      momentText(signedAt),
      included
        ? {
            mark: 'good',
            text: { tr: 'kayıt içinde, imza geçerli', en: 'the entry is in it, the signature holds' },
          }
        : { mark: 'problem', text: { tr: 'doğrulanamadı', en: 'could not be verified' } },
    ],
  };
}

function sizeText(size: bigint) {
  return { tr: `${formatCount(size)} kaydı kapsar`, en: `covers ${formatCount(size)} entries` };
}
