import { basisWord } from '../../../fees/export/words.js';
import { formatTl } from '../../../fees/kurus.js';
import type { TariffRowState } from '../../../fees/tariff/row-states.js';
import { termsOf } from '../../../fees/tariff/switch-terms.js';
import type { TariffSwitch } from '../../../fees/tariff/tariff.js';
import { dayText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Proposal } from '../../../proposals/proposal.js';
import type { Cell, Page, Part, TablePart } from '../../frame/parts.js';
import { EVERY_SERVICE } from '../reconciliation/words.js';
import { CHOOSE, NONE } from '../settling-words.js';
import { reasonField, type TypedWrongly, waitingTable } from '../two-persons.js';

export const TARIFF_PATH = '/konsol/mali/tarife';

/** Rows of the tariff, which are in force, and what waits. */
export interface ShownTariff {
  readonly rows: readonly TariffRowState[];
  readonly switches: readonly TariffSwitch[];
  readonly waiting: readonly Proposal[];
  readonly at: Date;
  readonly typed: TypedWrongly;
}

/** Decisions that are shown: a handful in ten years. */
const SWITCHES = 50;

/** The tariff: its rows, since when which is in force, and the form to propose another. */
export function tariffPage({ at, rows, switches, typed, waiting }: ShownTariff): Page {
  const idle = rows.filter(({ state }) => state === 'not-active');
  return {
    title: { tr: 'Tarife', en: 'Tariff' },
    help: {
      tr: 'Bir satırın yüklü olması onu etkin yapmaz. Hangi satırın hangi günden başlayarak geçerli olacağına iki kişi karar verir: siz önerirsiniz, başka bir mali görevli onaylar. Geçmiş günlerin fiyatı değişmez.',
      en: 'A row that is loaded is not in force by that. From which day on a row counts is decided by two persons: you propose it, another finance officer approves. Prices of past days never change.',
    },
    parts: [
      rowTable(rows),
      ...idle.map(idleNotice),
      switchTable(switches),
      waitingTable(waiting, at, {
        labels: [
          { tr: 'Satır', en: 'Row' },
          { tr: 'İlk gün', en: 'First day' },
        ],
        cells: switchCells,
      }),
      proposalForm(rows, typed),
    ],
  };
}

function idleNotice({ from }: TariffRowState): Part {
  const year = from.slice(0, 4);
  return {
    part: 'notice',
    tone: 'calm',
    text: {
      tr: `${year} satırı yüklü, etkin değil: hiçbir sorgu ona göre ücretlendirilmiyor.`,
      en: `The row of ${year} is loaded, not active: no query is priced by it.`,
    },
  };
}

function rowTable(rows: readonly TariffRowState[]): TablePart {
  return {
    part: 'table',
    caption: { tr: 'Tarifenin satırları', en: 'Rows of the tariff' },
    columns: [
      { label: { tr: 'Satır', en: 'Row' } },
      { label: { tr: 'Durum', en: 'State' } },
      { label: { tr: 'Fiyat', en: 'Price' }, numeric: true },
      { label: { tr: 'Neye göre', en: 'Basis' } },
      { label: { tr: 'Hizmet', en: 'Service' } },
      { label: { tr: 'Resmî Gazete', en: 'Official Gazette' } },
      { label: { tr: 'Gazeteye göre yürürlük', en: 'In force by the gazette' } },
    ],
    rows: rows.map((row) => [
      row.id,
      row.loaded ? stateCell(row) : { lines: [stateCell(row), NOT_LOADED] },
      formatTl(BigInt(row.amountKurus)),
      basisText(row.basis),
      row.service ?? EVERY_SERVICE,
      row.gazette,
      dayText(row.from),
    ]),
    empty: { tr: 'Satır yok.', en: 'None.' },
  };
}

const NOT_LOADED: BothLanguages = { tr: 'Ayarlarda artık yok', en: 'No longer in the settings' };

function basisText(basis: string): BothLanguages {
  return { tr: basisWord(basis), en: basis };
}

function stateCell({ next, since, state }: TariffRowState): Cell {
  const day = (at: string | null) => dayText(at ?? '');
  switch (state) {
    case 'in-force': {
      const { en, tr } = day(since);
      return { mark: 'good', text: { tr: `Etkin (${tr} gününden beri)`, en: `In force since ${en}` } };
    }
    case 'coming': {
      const { en, tr } = day(next);
      return { mark: 'warning', text: { tr: `${tr} günü etkin olacak`, en: `In force from ${en} on` } };
    }
    case 'past': {
      const { en, tr } = day(since);
      return { mark: 'calm', text: { tr: `${tr} gününden sonra etkindi`, en: `Was in force from ${en} on` } };
    }
    case 'not-active':
      return { mark: 'calm', text: { tr: 'Yüklü, etkin değil', en: 'Loaded, not active' } };
  }
}

function switchTable(switches: readonly TariffSwitch[]): TablePart {
  const newest = [...switches].reverse().slice(0, SWITCHES);
  return {
    part: 'table',
    caption: { tr: 'Hangi günden başlayarak hangi satır', en: 'Which row from which day on' },
    columns: [
      { label: { tr: 'İlk gün', en: 'First day' } },
      { label: { tr: 'Satır', en: 'Row' } },
      { label: { tr: 'Fiyat', en: 'Price' }, numeric: true },
      { label: { tr: 'Neye göre', en: 'Basis' } },
      { label: { tr: 'Hizmet', en: 'Service' } },
    ],
    rows: newest.map(({ amountKurus, basis, from, id, service }) => [
      dayText(from),
      id,
      formatTl(BigInt(amountKurus)),
      basisText(basis),
      service ?? EVERY_SERVICE,
    ]),
    empty: { tr: 'Etkinleştirilmiş satır yok.', en: 'None.' },
  };
}

function switchCells(proposal: Proposal): readonly [Cell, Cell] {
  const terms = termsOf(proposal);
  return terms === null ? [proposal.subject, NONE] : [terms.row.id, dayText(terms.from)];
}

function proposalForm(rows: readonly TariffRowState[], typed: TypedWrongly): Part {
  const { errors = {}, fields } = typed ?? {};
  const value = (name: string) => fields?.get(name) ?? '';
  const loaded = rows.filter((row) => row.loaded);
  return {
    part: 'form',
    action: TARIFF_PATH,
    method: 'post',
    legend: { tr: 'Bir satırın etkinleştirilmesini öner', en: 'Propose to switch a row on' },
    submit: { tr: 'Öner', en: 'Propose' },
    fields: [
      {
        ...{ kind: 'select', name: 'satir', required: true, error: errors.satir, value: value('satir') },
        label: { tr: 'Satır', en: 'Row' },
        options: [{ value: '', text: CHOOSE }, ...loaded.map(({ id }) => ({ value: id, text: id }))],
      },
      {
        ...{ kind: 'date', name: 'gun', required: true, error: errors.gun, value: value('gun') },
        label: { tr: 'İlk gün', en: 'First day' },
        hint: { tr: 'Gelecek bir gün, en erken yarın.', en: 'A coming day, tomorrow at the earliest.' },
      },
      reasonField(typed, { tr: 'Hangi yazı ya da gazete?', en: 'Which letter or gazette?' }),
    ],
  };
}
