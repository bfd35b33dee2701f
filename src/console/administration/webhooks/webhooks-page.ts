import type { DeadLetter, WebhookQueue } from '../../../events/webhooks/list-webhooks.js';
import { formatCount } from '../../../fees/kurus.js';
import { momentText } from '../../../pages/formatting.js';
import type { Cell, Page, Part } from '../../frame/parts.js';
import { faultReason } from '../fault-words.js';
import { withQuery } from '../staff-fields.js';

export const WEBHOOKS_PATH = '/konsol/yonetim/bildirimler';

/** All that the page shows. `client`: whose dead letters; null: nobody's. */
export interface WebhooksView {
  readonly receivers: readonly string[];
  readonly queues: readonly WebhookQueue[];
  readonly client: string | null;
  readonly letters: readonly DeadLetter[];
  readonly hasMore: boolean;
  readonly isFirst: boolean;
}

/** Who is told of events, what waits for them, and what was given up. */
export function webhooksPage(view: WebhooksView): Page {
  const { client, queues, receivers } = view;
  return {
    title: { tr: 'Web bildirimleri', en: 'Webhooks' },
    help: {
      tr: 'Yetki olayları kayıtlı alıcılara gönderilir. Uzun süre ulaşılamayan bildirimler bırakılır ve burada durur; alıcı düzelince yeniden denetin.',
      en: 'Events of authority are sent to registered receivers. What could not be delivered for long is given up and stands here; have it tried again once the receiver is well.',
    },
    parts: [queuesTable(queues, receivers), ...(client === null ? [] : lettersParts(client, view))],
  };
}

function queuesTable(queues: readonly WebhookQueue[], receivers: readonly string[]): Part {
  const silent = receivers.filter((id) => !queues.some(({ client }) => client === id));
  const missing = silent.map((client): WebhookQueue => {
    return { client, queuedTo: null, waiting: 0, oldest: null, next: null, problem: null, dead: 0 };
  });
  return {
    part: 'table',
    caption: { tr: 'Alıcılar', en: 'Receivers' },
    columns: [
      { label: { tr: 'Alıcı', en: 'Receiver' } },
      { label: { tr: 'Bekleyen', en: 'Waiting' }, numeric: true },
      { label: { tr: 'En eskisi', en: 'Oldest' } },
      { label: { tr: 'Sonraki deneme', en: 'Next attempt' } },
      { label: { tr: 'Son sorun', en: 'Last problem' } },
      { label: { tr: 'Bırakılan', en: 'Given up' }, numeric: true },
      { label: { tr: 'İşlem', en: 'Action' } },
    ],
    rows: [...queues, ...missing].map((queue) => queueRow(queue, receivers.includes(queue.client))),
    empty: { tr: 'Kayıtlı alıcı yok.', en: 'No registered receivers.' },
  };
}

function queueRow(
  { client, dead, next, oldest, problem, waiting }: WebhookQueue,
  isReceiver: boolean,
): readonly Cell[] {
  return [
    isReceiver
      ? { code: client }
      : {
          lines: [
            { code: client },
            { mark: 'warning', text: { tr: 'artık kayıtlı değil', en: 'no longer registered' } },
          ],
        },
    formatCount(waiting),
    oldest === null ? '–' : momentText(oldest),
    next === null ? '–' : momentText(next),
    problem === null ? '–' : faultReason(problem),
    dead === 0
      ? formatCount(dead)
      : { href: withQuery(WEBHOOKS_PATH, { alici: client }), text: formatCount(dead) },
    dead === 0 || !isReceiver ? '–' : redriveButton(client, null),
  ];
}

function redriveButton(client: string, position: bigint | null): Cell {
  return {
    button: {
      action: WEBHOOKS_PATH,
      text:
        position === null
          ? { tr: 'Hepsini yeniden dene', en: 'Try all again' }
          : { tr: 'Yeniden dene', en: 'Try again' },
      hidden: { alici: client, ...(position === null ? {} : { sira: String(position) }) },
      about: position === null ? client : `${client} ${position}`,
    },
  };
}

function lettersParts(
  client: string,
  { hasMore, isFirst, letters, receivers }: WebhooksView,
): readonly Part[] {
  const isReceiver = receivers.includes(client);
  const last = letters.at(-1);
  const next =
    hasMore && last !== undefined
      ? withQuery(WEBHOOKS_PATH, { alici: client, sonra: String(last.position) })
      : null;
  return [
    { part: 'heading', text: { tr: 'Bırakılan bildirimler', en: 'Given up' }, id: 'birakilan' },
    { part: 'facts', rows: [{ label: { tr: 'Alıcı', en: 'Receiver' }, value: { code: client } }] },
    {
      part: 'table',
      caption: { tr: 'Bırakılan bildirimler', en: 'Dead letters' },
      columns: [
        { label: { tr: 'Olay sırası', en: 'Position' }, numeric: true },
        { label: { tr: 'Sıraya girdi', en: 'Queued' } },
        { label: { tr: 'Bırakıldı', en: 'Given up' } },
        { label: { tr: 'Deneme', en: 'Attempts' }, numeric: true },
        { label: { tr: 'Sorun', en: 'Problem' } },
        { label: { tr: 'İşlem', en: 'Action' } },
      ],
      rows: letters.map(({ attempts, deadAt, position, problem, queuedAt }): readonly Cell[] => [
        String(position),
        momentText(queuedAt),
        momentText(deadAt),
        formatCount(attempts),
        problem === null ? '–' : faultReason(problem),
        isReceiver ? redriveButton(client, position) : '–',
      ]),
      empty: { tr: 'Bırakılan bildirim yok.', en: 'Nothing was given up.' },
    },
    {
      part: 'pager',
      shown: { tr: `${formatCount(letters.length)} bildirim`, en: `${formatCount(letters.length)} letters` },
      first: isFirst ? null : withQuery(WEBHOOKS_PATH, { alici: client }),
      next,
    },
  ];
}
