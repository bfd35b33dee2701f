import type { EntryKind } from '../../../audit/entry.js';
import { ACCESS } from '../../access.js';
import type { ConsoleCall } from '../../frame/call.js';
import type { HandlersOf } from '../../frame/router.js';
import { type NumberPage, numberHandlers } from '../person/number-page.js';
import type { SearchPorts } from '../search/ports.js';

/** What counts as looking somebody or something up. */
const LOOK_UPS: readonly EntryKind[] = [
  'query.intent',
  'query.refused',
  'query.replayed',
  'query.read',
  'authority.read',
  'log.searched',
  'log.revealed',
  'log.evidence',
  'kvkk.answered',
];

const isAll = (call: ConsoleCall | null): boolean => call?.fields.get('show') === 'all';

const SPEC: NumberPage = {
  what: 'user',
  criterion: 'actor',
  path: ACCESS.user.path,
  title: { tr: 'Bu kullanıcı neyi sorguladı?', en: 'What did this user look up?' },
  help: {
    tr: 'Bir kullanıcının yaptığı sorgular ve kayıt aramaları; istenirse bütün işlemleri. Sorguladığı kişiler kapalı gelir; birini açmak için kaydın öyküsüne gidilir.',
    en: 'The queries and searches of one user; all that the user did, where that is wanted. Whom they asked about stays closed; one is opened in the story of the entry.',
  },
  told: {
    tr: 'Bu bakış ve her sayfası, aranan kullanıcı mühürlü olarak, kayda geçer.',
    en: 'This look and each page of it is written down, with the user who was looked for sealed in it.',
  },
  number: {
    label: { tr: 'Kullanıcının kimlik numarası', en: 'Identity number of the user' },
    hint: {
      tr: 'İşlemleri yapan kullanıcının 11 rakamlı numarası.',
      en: 'The 11 digits of the user who acted.',
    },
  },
  more: (call) => [
    {
      kind: 'radio',
      name: 'show',
      label: { tr: 'Gösterilecek kayıtlar', en: 'Entries to show' },
      value: isAll(call) ? 'all' : 'look-ups',
      options: [
        { value: 'look-ups', text: { tr: 'Sorgular ve aramalar', en: 'Queries and searches' } },
        { value: 'all', text: { tr: 'Bütün işlemleri', en: 'Everything that the user did' } },
      ],
    },
  ],
  kinds: (call) => (isAll(call) ? [] : LOOK_UPS),
};

/** What a user looked up. */
export function createUserHandlers(ports: SearchPorts): HandlersOf<'user' | 'user.look' | 'user.page'> {
  const { form, make, page } = numberHandlers(ports, SPEC);
  return { user: form, 'user.look': make, 'user.page': page };
}
