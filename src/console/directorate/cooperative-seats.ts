import { whyNotToday } from '../../authority/decide.js';
import type { Authorities } from '../../authority/history/read-authorities.js';
import { cooperativeOn, type RecordedSeat } from '../../authority/record.js';
import { ACTIONS } from '../../authority/rights/actions.js';
import { REASON_TEXTS } from '../../authority/rights/reasons.js';
import { RIGHTS } from '../../authority/rights/rights.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Cell, Part, Text } from '../frame/parts.js';
import type { ShownCooperative } from './ports.js';
import { gazetteText, representationText, ruleText } from './rule-words.js';
import { dayOrNone, periodText, roleText } from './words.js';

type Mask = (tag: string) => string;

/** Seats that are over stay in the record for ever: a page shows the newest of them. */
const MAX_SILENT = 50;

const WHO = [
  { label: { tr: 'Sıfat', en: 'Capacity' } },
  { label: { tr: 'Kişi', en: 'Person' } },
  { label: { tr: 'Görev süresi', en: 'Term' } },
  { label: { tr: 'Tescil', en: 'Registered' } },
] as const;

/** What is said of whoever may act: on the page of a cooperative and in the file of all of them. */
export const ACTING_COLUMNS = [
  ...WHO,
  { label: { tr: 'Neden', en: 'Why' } },
  { label: { tr: 'Gazete', en: 'Gazette' } },
  { label: { tr: 'Temsil şekli', en: 'Signature rule' } },
] as const;

export const NOBODY_ACTS_TODAY = {
  tr: 'Bugün hiç kimse bu kooperatif adına işlem yapamaz.',
  en: 'Nobody may act for this cooperative today.',
} as const;

/** Seats that let their persons act today, by the same rules as every decision: the cells of `ACTING_COLUMNS`. */
export function actingRows(
  { authorities, freshness }: Authorities,
  mask: Mask,
): readonly (readonly Cell[])[] {
  const granted = freshness === 'nothing' ? REASON_TEXTS.stale : REASON_TEXTS.granted;
  return authorities.map(({ from, gazette, registeredOn, representation, role, tag, to }) => [
    roleText(role),
    mask(tag),
    periodText(from, to),
    dayOrNone(registeredOn),
    { lines: [{ tr: granted.tr, en: granted.en }, ruleOf(role)] },
    gazette === null ? '–' : gazetteText(gazette),
    representation === null ? '–' : representationText(representation),
  ]);
}

/** The same as a table. */
export function actingTable({ authorities }: ShownCooperative, mask: Mask): Part {
  return {
    part: 'table',
    caption: { tr: 'Adına işlem yapabilenler', en: 'Those who may act' },
    columns: ACTING_COLUMNS,
    rows: actingRows(authorities, mask),
    empty: NOBODY_ACTS_TODAY,
  };
}

/** The rule that the capacity rests on, as the table of rights has it. */
function ruleOf(role: string): Text {
  return ruleText(RIGHTS.find((right) => right.role === role)?.rule ?? '–');
}

/** What each capacity that occurs gives a right to. */
export function rightsParts({ authorities: { authorities } }: ShownCooperative): readonly Part[] {
  const byRole = new Map(authorities.map(({ may, role }) => [role, may]));
  if (byRole.size === 0) return [];
  return [
    {
      part: 'more',
      summary: { tr: 'Bu sıfatlar neye yetki verir?', en: 'What do these capacities give a right to?' },
      parts: [...byRole].map(
        ([role, may]): Part => ({
          part: 'table',
          caption: roleText(role),
          columns: [{ label: { tr: 'İşlem', en: 'Action' } }, { label: { tr: 'Dayanak', en: 'Rule' } }],
          rows: may.map((name) => {
            const action = ACTIONS.get(name);
            const rule = RIGHTS.find((right) => right.role === role && right.action === name)?.rule;
            return [action === undefined ? name : { tr: action.tr, en: action.en }, ruleText(rule ?? '–')];
          }),
          empty: {
            tr: 'MERSİS okuması bu kadar eskiyken hiçbir işleme.',
            en: 'To nothing, while the reading is that old.',
          },
        }),
      ),
    },
  ];
}

/** Seats of the record that let nobody act today, each with why; those that came last first. */
export function silentTable({ authorities, held }: ShownCooperative, mask: Mask, now: Date): Part {
  const today = istanbulDay(now);
  const acting = new Set(authorities.authorities.map(({ seatId }) => seatId));
  const cooperative = cooperativeOn(held.record, held, today);
  const silent = held.record.seats
    .filter(({ seatId }) => !acting.has(seatId))
    .sort((a, b) => (a.startsOn < b.startsOn ? 1 : a.startsOn > b.startsOn ? -1 : 0));
  const why = (seat: RecordedSeat) => {
    const { en, tr } = REASON_TEXTS[whyNotToday(seat, cooperative, today) ?? 'stale'];
    return { tr, en };
  };
  const rows = silent
    .slice(0, MAX_SILENT)
    .map((seat) => [
      roleText(seat.role),
      mask(seat.tag),
      periodText(seat.startsOn, seat.endsOn ?? seat.goneOn),
      dayOrNone(seat.registeredOn),
      why(seat),
    ]);
  return {
    part: 'more',
    summary: {
      tr: `Bugün yetki vermeyen görevler (${silent.length})`,
      en: `Seats that give no right today (${silent.length})`,
    },
    parts: [
      {
        part: 'table',
        caption: {
          tr:
            silent.length > MAX_SILENT
              ? `Yetki vermeyen görevler: en yeni ${MAX_SILENT}`
              : 'Yetki vermeyen görevler',
          en:
            silent.length > MAX_SILENT
              ? `Seats that give no right: the newest ${MAX_SILENT}`
              : 'Seats that give no right',
        },
        columns: [...WHO, { label: { tr: 'Neden', en: 'Why' } }],
        rows,
        empty: { tr: 'Yok.', en: 'None.' },
      },
    ],
  };
}
