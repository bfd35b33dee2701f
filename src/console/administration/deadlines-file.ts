import type { Fact, Row, Table } from '../../documents/table.js';
import { momentText } from '../../pages/formatting.js';
import { endingRows, secretRows } from './days-left.js';
import { ENDING_KINDS } from './operation-page.js';
import type { EndingThing, OperationPorts } from './operation-port.js';

const COLUMNS: Table['columns'] = [
  ...['Tür', 'Ad', 'Bitiş', 'Son yazılış'].map((title) => ({ key: title, title, kind: 'text' as const })),
  // Never added up: a number for sorting.
  { key: 'kalan_gün', title: 'Kalan gün', kind: 'number' },
  { key: 'parmak_izi', title: 'Parmak izi (SHA-256)', kind: 'text' },
];

/** Certificates, keys and secrets with the days left, as the page of the operation has them; no value of a secret. */
export function deadlinesFile(
  endings: readonly EndingThing[],
  { secretDays, secrets, warnDays }: Pick<OperationPorts, 'secretDays' | 'secrets' | 'warnDays'>,
  at: Date,
): { readonly name: string; readonly table: Table; readonly facts: readonly Fact[] } {
  const rows: readonly Row[] = [
    ...endingRows(endings, at, warnDays).map(
      ({ endsAt, kind, left, name, print }): Row => [
        ENDING_KINDS[kind].tr,
        name,
        momentText(endsAt).tr,
        null,
        left,
        print,
      ],
    ),
    ...secretRows(secrets, at, { secretDays, warnDays }).map(
      ({ left, path, written }): Row => ['Gizli bilgi', path, null, written.tr, left, null],
    ),
  ];
  const facts: readonly Fact[] = [
    ['Uyarı', `${warnDays} gün kala`],
    ['Gizli bilgiler', `${secretDays} günde bir değiştirilir; değerleri hiçbir yerde gösterilmez.`],
  ];
  const table = { key: 'süreler', title: 'Süreler', columns: COLUMNS, rows };
  return { name: 'sureler', table, facts };
}
