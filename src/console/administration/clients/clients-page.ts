import { formatCount } from '../../../fees/kurus.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Answer, ConsoleCall } from '../../frame/call.js';
import type { Cell, Page } from '../../frame/parts.js';
import type { HandlersOf } from '../../frame/router.js';
import { withQuery } from '../staff-fields.js';
import type { ShownClient } from '../staff-port.js';

const CLIENTS_PATH = '/konsol/yonetim/istemciler';
/** Clients on one page; settings hold 200 at the most. */
const SHOWN = 25;

/** The page of registered clients, as the settings have them; no secret of theirs. */
export function createClientHandlers(clients: readonly ShownClient[]): HandlersOf<'clients'> {
  return { clients: async (call) => answer(call, clients) };
}

function answer({ query }: ConsoleCall, clients: readonly ShownClient[]): Answer {
  const after = clients.findIndex(({ id }) => id === query.get('sonra'));
  const behind = clients.slice(after + 1);
  return { kind: 'page', page: clientsPage(behind, clients.length) };
}

function clientsPage(behind: readonly ShownClient[], total: number): Page {
  const shown = behind.slice(0, SHOWN);
  const last = shown.at(-1);
  const next =
    behind.length > SHOWN && last !== undefined ? withQuery(CLIENTS_PATH, { sonra: last.id }) : null;
  return {
    title: { tr: 'İstemciler', en: 'Clients' },
    help: {
      tr: 'Köprüyü çağırabilen kayıtlı servisler. Bunlar ayar dosyasında yazar ve burada değiştirilmez. Bir sertifikanın kendisi burada yoktur; özeti vardır, bitiş gününü sertifikanın sahibi bilir.',
      en: 'Registered services that may call the bridge. They stand in the settings file and are not changed here. A certificate itself is not here, only its thumbprint; whoever owns it knows the day on which it ends.',
    },
    parts: [
      {
        part: 'table',
        caption: { tr: 'Kayıtlı istemciler', en: 'Registered clients' },
        columns: [
          { label: { tr: 'İstemci', en: 'Client' } },
          { label: { tr: 'KPS hesabı', en: 'KPS account' } },
          { label: { tr: 'İzinler', en: 'Permissions' } },
          { label: { tr: 'Sertifika özetleri (SHA-256)', en: 'Thumbprints (SHA-256)' } },
          { label: { tr: 'İzinli adresler', en: 'Allowed addresses' } },
          { label: { tr: 'Yönlendirme adresleri', en: 'Redirect URIs' } },
          { label: { tr: 'Dakikada istek', en: 'Requests a minute' }, numeric: true },
        ],
        rows: shown.map(rowOf),
        empty: { tr: 'Kayıtlı istemci yok.', en: 'No registered clients.' },
      },
      {
        part: 'pager',
        shown: {
          tr: `${formatCount(total)} istemciden ${formatCount(shown.length)} tanesi`,
          en: `${formatCount(shown.length)} of ${formatCount(total)} clients`,
        },
        first: behind.length === total ? null : CLIENTS_PATH,
        next,
      },
    ],
  };
}

/** What a permission of the settings lets a client do; its code beneath. */
const PERMISSION_WORDS: ReadonlyMap<string, BothLanguages> = new Map([
  ['identity', { tr: 'kimlik doğrulama', en: 'identity checks' }],
  ['evaluation', { tr: 'yetki değerlendirmesi', en: 'evaluation of rights' }],
  ['events', { tr: 'yetki olayları', en: 'events of authority' }],
  ['fees', { tr: 'ücret defteri', en: 'fee book' }],
  ['audit', { tr: 'denetim kaydı', en: 'audit log' }],
  ['kimlik-no', { tr: 'olaylarda kimlik numarası', en: 'identity numbers in events' }],
]);

function permissionCell(code: string): Cell {
  const words = PERMISSION_WORDS.get(code);
  return words === undefined ? { code } : { lines: [words, { code }] };
}

function rowOf(client: ShownClient): readonly Cell[] {
  const { account, application, certificates, id, institution, permissions } = client;
  return [
    { lines: [{ code: id }, institution, ...(application === null ? [] : [application])] },
    account ?? '–',
    { lines: permissions.map(permissionCell) },
    { lines: certificates.map((code) => ({ code })) },
    { lines: client.sourceAddresses.map((code) => ({ code })) },
    client.redirectUris.length === 0 ? '–' : { lines: client.redirectUris.map((code) => ({ code })) },
    formatCount(client.requestsPerMinute),
  ];
}
