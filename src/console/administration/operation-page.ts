import type { MaintenanceWindow } from '../../maintenance/window.js';
import { momentText } from '../../pages/formatting.js';
import type { Cell, Page, Part } from '../frame/parts.js';
import { fileLinks } from '../frame/table-file.js';
import { endingRows, secretRows } from './days-left.js';
import { faultReason } from './fault-words.js';
import type { AgingSecret, EndingThing, InstanceSeen, OperationPorts } from './operation-port.js';
import { type ShownState, STATE_WORDS, systemWords } from './system-words.js';

/** An instance writes every few seconds; one that has not for this long does not serve. */
const SILENT_MS = 60_000;

/** What the page of the operation shows. */
export interface OperationView {
  readonly states: readonly InstanceSeen[];
  readonly endings: readonly EndingThing[];
  readonly stamps: readonly { readonly authority: string; readonly at: Date }[];
  readonly current: readonly MaintenanceWindow[];
  readonly at: Date;
}

/** The page of whoever runs the bridge: systems, certificates, secrets. */
export function operationPage(
  view: OperationView,
  { secretDays, secrets, warnDays }: Pick<OperationPorts, 'secretDays' | 'secrets' | 'warnDays'>,
): Page {
  return {
    title: { tr: 'İşletme: durum', en: 'Operation: state' },
    help: {
      tr: 'Ulusal sistemlerin her süreçten görülen durumu (son 15 dakika), süresi yaklaşan sertifika ve anahtarlar, eskiyen gizli bilgiler. Parola reddedildiğinde sistem kendiliğinden yeniden denemez: hesabın kilitlenmemesi için NVİ ile görüşüp süreci yeniden başlatın.',
      en: 'The national systems as each instance has seen them in the last 15 minutes, certificates and keys that end soon, secrets that grow old. After a refused password nothing is tried again by itself, so that the account is not locked: talk to NVİ, then restart.',
    },
    parts: [
      ...maintenanceNotice(view.current),
      systemsTable(view),
      stampsTable(view),
      endingsTable(view.endings, view.at, warnDays),
      secretsTable(secrets, view.at, { secretDays, warnDays }),
      fileLinks(
        { tr: 'Sertifikalar, anahtarlar ve gizli bilgiler', en: 'Certificates, keys and secrets' },
        (format) => `/konsol/yonetim/sureler/dosya/${format}`,
      ),
      {
        part: 'text',
        quiet: true,
        text: {
          tr: 'Gizli bilgilerin değeri hiçbir yerde gösterilmez. Yaş, bilgiyi tutan dosyanın son yazıldığı andan sayılır.',
          en: 'No value of a secret is shown anywhere. Its age counts from when the file that holds it was last written.',
        },
      },
    ],
  };
}

function maintenanceNotice(current: readonly MaintenanceWindow[]): readonly Part[] {
  return current.map((one) => ({
    part: 'notice',
    tone: 'warning',
    text: {
      tr: `${systemWords(one.system).family.tr} bakımda; ${momentText(one.endsAt).tr} saatine kadar sorulmuyor.`,
      en: `${systemWords(one.system).family.en} is in maintenance and is not asked until ${momentText(one.endsAt).en}.`,
    },
    link: { href: '/konsol/yonetim/bakim', text: { tr: 'Bakım zamanları', en: 'Maintenance windows' } },
  }));
}

function systemsTable({ at, current, states }: OperationView): Part {
  return {
    part: 'table',
    caption: { tr: 'Ulusal sistemler', en: 'National systems' },
    columns: [
      { label: { tr: 'Sistem', en: 'System' } },
      { label: { tr: 'Hesap', en: 'Account' } },
      { label: { tr: 'Süreç', en: 'Instance' } },
      { label: { tr: 'Durum', en: 'State' } },
      { label: { tr: 'Son cevap', en: 'Last answer' } },
      { label: { tr: 'Son arıza', en: 'Last fault' } },
      { label: { tr: 'Çağrı / arıza', en: 'Calls / faults' }, numeric: true },
      { label: { tr: 'En yavaş (ms)', en: 'Slowest (ms)' }, numeric: true },
    ],
    rows: states.map((one) => {
      const { family, of } = systemWords(one.system);
      const { tone, ...text } = STATE_WORDS[shownState(one, current, at)];
      return [
        family,
        of ?? '',
        one.instance,
        { mark: tone, text },
        momentOr(one.lastOkAt),
        faultCell(one),
        `${one.calls} / ${one.faults}`,
        one.slowestMs === null ? '–' : String(one.slowestMs),
      ];
    }),
    empty: { tr: 'Henüz hiçbir süreç durum yazmadı.', en: 'No instance has written anything yet.' },
  };
}

/** Maintenance and silence say more than what was seen before. */
function shownState(one: InstanceSeen, current: readonly MaintenanceWindow[], at: Date): ShownState {
  if (at.getTime() - one.seenAt.getTime() > SILENT_MS) return 'silent';
  const family = one.system.startsWith('kps:') || one.system.startsWith('sts:') ? 'kps' : one.system;
  if (one.state !== 'breaker-open' && current.some(({ system }) => system === family)) return 'maintenance';
  return one.state;
}

function faultCell({ fault, lastFaultAt }: InstanceSeen): Cell {
  if (lastFaultAt === null) return '–';
  return { lines: [momentText(lastFaultAt), ...(fault === null ? [] : [faultReason(fault)])] };
}

function momentOr(at: Date | null): Cell {
  return at === null ? '–' : momentText(at);
}

function stampsTable({ stamps }: OperationView): Part {
  return {
    part: 'table',
    caption: { tr: 'Son zaman damgaları', en: 'Last time stamps' },
    columns: [
      { label: { tr: 'Makam', en: 'Authority' } },
      { label: { tr: 'Damganın anı', en: 'Time of the stamp' } },
    ],
    rows: stamps.map(({ at, authority }) => [authority, momentText(at)]),
    empty: { tr: 'Henüz zaman damgası alınmadı.', en: 'There is no time stamp yet.' },
  };
}

/** What ends, in words. */
export const ENDING_KINDS = {
  certificate: { tr: 'Sertifika', en: 'Certificate' },
  'signing-key': { tr: 'Giriş imza anahtarı', en: 'Sign-in key' },
} as const;

function endingsTable(endings: readonly EndingThing[], at: Date, warnDays: number): Part {
  return {
    part: 'table',
    caption: { tr: 'Süresi dolacak sertifika ve anahtarlar', en: 'Certificates and keys that will end' },
    columns: [
      { label: { tr: 'Tür', en: 'Kind' } },
      { label: { tr: 'Ad', en: 'Name' } },
      { label: { tr: 'Bitiş', en: 'Ends' } },
      { label: { tr: 'Kalan gün', en: 'Days left' } },
      { label: { tr: 'Parmak izi (SHA-256)', en: 'Fingerprint (SHA-256)' } },
    ],
    rows: endingRows(endings, at, warnDays).map(({ endsAt, kind, left, name, print, tone }) => [
      ENDING_KINDS[kind],
      name,
      momentText(endsAt),
      { mark: tone, text: String(left) },
      print === null ? '–' : { code: print },
    ]),
    empty: { tr: 'Kayıt yok.', en: 'None.' },
  };
}

function secretsTable(
  secrets: readonly AgingSecret[],
  at: Date,
  limits: Pick<OperationPorts, 'secretDays' | 'warnDays'>,
): Part {
  return {
    part: 'table',
    caption: { tr: 'Gizli bilgiler', en: 'Secrets' },
    columns: [
      { label: { tr: 'Ayar', en: 'Setting' } },
      { label: { tr: 'Son yazılış', en: 'Last written' } },
      { label: { tr: 'Değiştirmeye kalan gün', en: 'Days until it should change' } },
    ],
    rows: secretRows(secrets, at, limits).map(({ left, path, tone, written }) => [
      { code: path },
      written,
      { mark: tone, text: left === null ? '–' : String(left) },
    ]),
    empty: { tr: 'Ayarlarda gizli bilgi yok.', en: 'The settings have no secrets.' },
  };
}
