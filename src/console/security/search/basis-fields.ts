import type { Field } from '../../frame/parts.js';
import type { Faults } from './judge.js';
import type { TypedSearch } from './typed.js';

/** By what authority the log is searched: the first fields of each form that searches it. */
export function basisFields({ texts }: TypedSearch, faults: Faults): readonly Field[] {
  return [
    {
      kind: 'text',
      name: 'authority',
      label: { tr: 'Dayanak: isteyen makam', en: 'Basis: whose decision or letter' },
      hint: {
        tr: 'Kararın ya da yazının sahibi. Bu aramanın kaydında açık olarak durur.',
        en: 'Stands in clear in the entry of this search.',
      },
      value: texts.authority ?? '',
      maxLength: 200,
      required: true,
      error: faults.authority,
    },
    {
      kind: 'text',
      name: 'documentNo',
      label: { tr: 'Belge numarası', en: 'Number of the document' },
      value: texts.documentNo ?? '',
      maxLength: 100,
      required: true,
      error: faults.documentNo,
    },
    {
      kind: 'date',
      name: 'date',
      label: { tr: 'Belge tarihi', en: 'Day of the document' },
      value: texts.date ?? '',
      required: true,
      error: faults.date,
    },
  ];
}

/** From when and until when. */
export function periodFields({ texts }: TypedSearch, faults: Faults): readonly Field[] {
  return [
    {
      kind: 'datetime',
      name: 'from',
      label: { tr: 'Başlangıç', en: 'From' },
      hint: {
        tr: 'Bu andan itibaren; boşsa en baştan.',
        en: 'From this moment on; empty: from the beginning.',
      },
      value: texts.from ?? '',
      error: faults.from,
    },
    {
      kind: 'datetime',
      name: 'to',
      label: { tr: 'Bitiş', en: 'Until' },
      hint: { tr: 'Bu andan önce; boşsa şimdiye kadar.', en: 'Before this moment; empty: until now.' },
      value: texts.to ?? '',
      error: faults.to,
    },
  ];
}
