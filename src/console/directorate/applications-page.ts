import type { WaitingApplication } from '../../appointments/list-applications.js';
import { dayText, momentText } from '../../pages/formatting.js';
import type { Page } from '../frame/parts.js';
import { periodText } from './words.js';

const PATH = '/konsol/mudurluk/basvurular';

/** Applications of the own area that wait, the longest first. */
export function applicationsPage(
  {
    applications,
    next,
  }: { readonly applications: readonly WaitingApplication[]; readonly next: string | null },
  isFirst: boolean,
): Page {
  return {
    title: { tr: 'Yetkili başvuruları', en: 'Applications' },
    help: {
      tr: 'KOOPBİS yetkilisi atanması için karar bekleyen başvurular (Yönetmelik m.15). En uzun bekleyen en üsttedir.',
      en: 'Applications for a KOOPBİS yetkilisi that wait for a decision (Yönetmelik m.15). The one that waits longest stands first.',
    },
    back: { href: '/konsol/mudurluk', text: { tr: 'Müdürlük', en: 'Directorate' } },
    parts: [
      {
        part: 'table',
        caption: { tr: 'Karar bekleyen başvurular', en: 'Waiting applications' },
        columns: [
          { label: { tr: 'Kooperatif', en: 'Cooperative' } },
          { label: { tr: 'İl', en: 'Province' } },
          { label: { tr: 'Kurul kararı', en: 'Board decision' } },
          { label: { tr: 'İstenen süre', en: 'Period asked for' } },
          { label: { tr: 'Başvuru', en: 'Applied' } },
          { label: { tr: 'İşlem', en: 'Action' } },
        ],
        rows: applications.map((one) => [
          { href: `/konsol/mudurluk/kooperatif/${one.mersisNo}`, text: one.unvan },
          one.il,
          { lines: [one.decisionNo, dayText(one.decisionDate)] },
          periodText(one.startsOn, one.endsOn),
          momentText(one.appliedAt),
          { href: `${PATH}/${one.appointment}`, text: { tr: 'İncele', en: 'Look at it' } },
        ]),
        empty: { tr: 'Bekleyen başvuru yok.', en: 'Nothing waits.' },
      },
      {
        part: 'pager',
        shown: { tr: `Bu sayfada ${applications.length} başvuru`, en: `${applications.length} on this page` },
        first: isFirst ? null : PATH,
        next: next === null ? null : `${PATH}?sonra=${next}`,
      },
    ],
  };
}
