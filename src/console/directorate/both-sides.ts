import { boardAt } from '../../appointments/board.js';
import type { ListedDisagreement } from '../../appointments/disagreements/list-disagreements.js';
import { contradictionsOf } from '../../appointments/end-with-board.js';
import type { ShownApplication } from '../../appointments/list-applications.js';
import { type CooperativeRecord, type RecordedSeat, runsOn, statusOn } from '../../authority/record.js';
import { dayText, momentText } from '../../pages/formatting.js';
import type { BothLanguages } from '../../pages/views.js';
import type { Cell, Part } from '../frame/parts.js';
import {
  createMask,
  dayOrNone,
  MATTERS,
  periodText,
  roleText,
  SETTLEMENT_WORDS,
  statusText,
} from './words.js';

/** A contradiction with what stands on either side of it. */
export interface BothSides {
  readonly disagreement: ListedDisagreement;
  readonly record: CooperativeRecord;
  /** Null where the row of the appointment is gone. */
  readonly application: ShownApplication | null;
  readonly today: string;
}

/** The contradiction, the appointment on one side, what MERSİS says on the other. */
export function sidesParts(sides: BothSides): readonly Part[] {
  const { disagreement, record, today } = sides;
  const { appointment, decision, matter, settledAt, toldAt } = disagreement;
  const mask = createMask();
  const stillThere = contradictionsOf(record, appointment, today).includes(matter);
  return [
    { part: 'heading', text: MATTERS[matter], id: 'uyusmazlik' },
    {
      part: 'facts',
      rows: [
        {
          label: { tr: 'Kooperatif', en: 'Cooperative' },
          value: { href: `/konsol/mudurluk/kooperatif/${record.mersisNo}`, text: record.unvan },
        },
        { label: { tr: 'Ortaya çıktığı an', en: 'Since' }, value: momentText(toldAt) },
        {
          label: { tr: 'Bugün', en: 'Today' },
          value: stillThere
            ? { mark: 'warning', text: { tr: 'Çelişki sürüyor', en: 'They still contradict each other' } }
            : {
                mark: 'good',
                text: { tr: 'Çelişki ortadan kalkmış', en: 'They do not contradict each other any longer' },
              },
        },
        ...(decision === null || settledAt === null
          ? []
          : [
              {
                label: { tr: 'Karar', en: 'Decision' },
                value: { lines: [SETTLEMENT_WORDS[decision], momentText(settledAt)] },
              },
            ]),
      ],
    },
    appointmentSide(sides, mask),
    registrySide(sides, mask),
  ];
}

const SEAT_COLUMNS = [
  { label: { tr: 'Sıfat', en: 'Capacity' } },
  { label: { tr: 'Kişi', en: 'Person' } },
  { label: { tr: 'Süre', en: 'Term' } },
  { label: { tr: 'Tescil', en: 'Registered' } },
] as const;

function appointmentSide(
  { application, disagreement, record }: BothSides,
  mask: (tag: string) => string,
): Part {
  const seats = record.seats.filter(({ appointment }) => appointment === disagreement.appointment);
  return {
    part: 'table',
    caption: { tr: 'Bir yanda: atama', en: 'On one side: the appointment' },
    columns: [...SEAT_COLUMNS, { label: { tr: 'Kurul kararı', en: 'Board decision' } }],
    rows: seats.map((seat) => [
      ...seatCells(seat, mask),
      application === null ? '–' : { lines: [application.decisionNo, dayText(application.decisionDate)] },
    ]),
    empty: { tr: 'Atama kayıtlarda yok.', en: 'The appointment is not in the record.' },
  };
}

function registrySide(sides: BothSides, mask: (tag: string) => string): Part {
  return {
    part: 'table',
    caption: { tr: 'Öbür yanda: MERSİS', en: 'On the other side: MERSİS' },
    columns: SEAT_COLUMNS,
    rows: [...statusRow(sides), ...otherSeats(sides).map((seat) => seatCells(seat, mask))],
    empty: NOBODY[sides.disagreement.matter] ?? {
      tr: 'Bugün böyle bir görev yok.',
      en: 'There is no such seat today.',
    },
  };
}

const NOBODY: Readonly<Partial<Record<string, BothLanguages>>> = {
  'board-gone': { tr: 'Yönetim kurulunda bugün kimse yok.', en: 'Nobody sits on the board today.' },
};

/** Of a liquidation it is the status that contradicts. */
function statusRow({ disagreement: { matter }, record, today }: BothSides): readonly (readonly Cell[])[] {
  if (matter !== 'appointed-while-in-liquidation') return [];
  const since = record.statuses.findLast(({ since: from }) => from <= today)?.since ?? null;
  return [[statusText(statusOn(record, today)), '–', dayOrNone(since), '–']];
}

/** Seats that stand against the appointment today. */
function otherSeats({ disagreement, record, today }: BothSides): readonly RecordedSeat[] {
  const { appointment, matter } = disagreement;
  const running = record.seats.filter((seat) => seat.appointment !== appointment && runsOn(seat, today));
  const own = record.seats.find((seat) => seat.appointment === appointment);
  const board = boardAt(record, today);
  switch (matter) {
    case 'appointee-on-board':
      return running.filter(({ role, tag }) => role !== 'appointee' && tag === own?.tag);
    case 'board-gone':
      return running.filter(({ role, tag }) => role !== 'appointee' && board.has(tag));
    case 'appointed-while-in-liquidation':
      return running.filter(({ role }) => role === 'liquidator');
    case 'appointed-under-trustee':
      return running.filter(({ role }) => role === 'trustee');
  }
}

function seatCells(seat: RecordedSeat, mask: (tag: string) => string): readonly Cell[] {
  return [
    roleText(seat.role),
    mask(seat.tag),
    periodText(seat.startsOn, seat.endsOn ?? seat.goneOn),
    dayOrNone(seat.registeredOn),
  ];
}
