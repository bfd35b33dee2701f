import { formatCount } from '../../../fees/kurus.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Answer, ConsoleCall, Language } from '../../frame/call.js';
import type { Cell, Page, Text } from '../../frame/parts.js';
import type { HandlersOf } from '../../frame/router.js';
import { withQuery } from '../staff-fields.js';
import type { ShownSetting } from '../staff-port.js';
import { TURKISH_REASONS } from './reasons/reasons.js';

const SETTINGS_PATH = '/konsol/yonetim/ayarlar';
/** Settings on one page. */
const SHOWN = 100;
/** Longest text that is searched for. */
const MAX_WANTED = 100;

/** The page of the settings in force. */
export function createSettingsHandlers(settings: readonly ShownSetting[]): HandlersOf<'settings'> {
  return { settings: async (call) => answer(call, settings) };
}

function answer({ language, query }: ConsoleCall, settings: readonly ShownSetting[]): Answer {
  const wanted = [...(query.get('ara') ?? '').normalize('NFC').trim()].slice(0, MAX_WANTED).join('');
  const found = settings.filter((one) => holds(one, wanted, language));
  const after = found.findIndex(({ path }) => path === query.get('sonra'));
  return { kind: 'page', page: settingsPage(found.slice(after + 1), found.length, wanted) };
}

/** A reason is searched as it is shown: a word of the other language finds nothing that can be seen. */
function holds(setting: ShownSetting, wanted: string, language: Language): boolean {
  const text = withoutCase(wanted);
  const { path, value } = setting;
  return [path, value, reasonText(setting)[language]].some((one) => withoutCase(one).includes(text));
}

/** Lower case, with one letter for the four forms of i: paths are English, reasons Turkish, and either may be typed in capitals. */
function withoutCase(text: string): string {
  return text.replace(/[Iİı]/g, 'i').toLowerCase();
}

function reasonText({ reason, row }: ShownSetting): BothLanguages {
  return { tr: TURKISH_REASONS.get(row) ?? reason, en: reason };
}

function settingsPage(behind: readonly ShownSetting[], total: number, wanted: string): Page {
  const shown = behind.slice(0, SHOWN);
  const last = shown.at(-1);
  const next =
    behind.length > SHOWN && last !== undefined
      ? withQuery(SETTINGS_PATH, { ara: wanted, sonra: last.path })
      : null;
  return {
    title: { tr: 'Ayarlar', en: 'Settings' },
    help: {
      tr: 'Bu sürecin kullandığı ayarlar. Gizli değerler ve kişi bilgileri *** olarak görünür. Ayarlar dosyada ya da ortam değişkeninde değiştirilir, burada değil.',
      en: 'The settings that this process runs on. Secrets and data of persons are shown as ***. Settings are changed in the file or by the environment, not here.',
    },
    parts: [
      {
        part: 'form',
        action: SETTINGS_PATH,
        method: 'get',
        inline: true,
        fields: [
          {
            kind: 'text',
            name: 'ara',
            label: { tr: 'Ara', en: 'Search' },
            value: wanted,
            maxLength: MAX_WANTED,
          },
        ],
        submit: { tr: 'Ara', en: 'Search' },
      },
      {
        part: 'table',
        caption: { tr: 'Yürürlükteki ayarlar', en: 'Settings in force' },
        columns: [
          { label: { tr: 'Ayar', en: 'Setting' } },
          { label: { tr: 'Değer', en: 'Value' } },
          { label: { tr: 'Kaynak', en: 'Source' } },
          { label: { tr: 'Gerekçe', en: 'Reason' } },
        ],
        rows: shown.map((setting): readonly Cell[] => [
          { code: setting.path },
          { code: setting.value },
          sourceText(setting.source),
          setting.reason === '' ? '–' : reasonText(setting),
        ]),
        empty: { tr: 'Aranan ayar yok.', en: 'No such setting.' },
      },
      {
        part: 'pager',
        shown: {
          tr: `${formatCount(total)} ayardan ${formatCount(shown.length)} tanesi`,
          en: `${formatCount(shown.length)} of ${formatCount(total)} settings`,
        },
        first: behind.length === total ? null : withQuery(SETTINGS_PATH, { ara: wanted }),
        next,
      },
    ],
  };
}

function sourceText(source: string | null): Text {
  if (source === null) return { tr: 'varsayılan', en: 'default' };
  return source === 'file' ? { tr: 'ayar dosyası', en: 'settings file' } : source;
}
