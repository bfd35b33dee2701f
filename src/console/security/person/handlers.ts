import { ACCESS } from '../../access.js';
import type { HandlersOf } from '../../frame/router.js';
import type { SearchPorts } from '../search/ports.js';
import { type NumberPage, numberHandlers } from './number-page.js';

const SPEC: NumberPage = {
  what: 'person',
  criterion: 'person',
  path: ACCESS.person.path,
  title: { tr: 'Bu kişiyi kim sorguladı?', en: 'Who looked this person up?' },
  help: {
    tr: 'Bir kişi hakkındaki bütün kayıtlar: kimlik sorguları, kayıt aramaları, açılan değerler. Kimlik numarası yalnız bu oturumda mühürlü tutulur; adreslerde görünmez.',
    en: 'Every entry about a person: identity queries, searches of the log, values that were opened. The number is kept sealed for this session alone and stands in no address.',
  },
  told: {
    tr: 'Bu bakış ve her sayfası kayda geçer ve aranan kişinin kayıtları arasında da durur.',
    en: 'This look and each page of it is written down, and stands among the entries about that person too.',
  },
  number: {
    label: { tr: 'Kişinin kimlik numarası', en: 'Identity number of the person' },
    hint: {
      tr: 'Hakkında sorgu yapılan kişinin 11 rakamlı numarası.',
      en: 'The 11 digits of the person asked about.',
    },
  },
  more: () => [],
  kinds: () => [],
};

/** Who looked a person up. */
export function createPersonHandlers(
  ports: SearchPorts,
): HandlersOf<'person' | 'person.look' | 'person.page'> {
  const { form, make, page } = numberHandlers(ports, SPEC);
  return { person: form, 'person.look': make, 'person.page': page };
}
