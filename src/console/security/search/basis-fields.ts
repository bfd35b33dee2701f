import type { Field } from '../../frame/parts.js';
import { groundFields } from '../ground.js';
import type { Faults } from './judge.js';
import type { TypedSearch } from './typed.js';

/** By what authority the log is searched: the first fields of each form that searches it. */
export function basisFields({ texts }: TypedSearch, faults: Faults): readonly Field[] {
  return groundFields(texts, faults, {
    tr: 'Kararın ya da yazının sahibi. Bu aramanın kaydında açık olarak durur.',
    en: 'Stands in clear in the entry of this search.',
  });
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
