import type { MaskedUserRow, NamesPage } from '../../../fees/statement/read-names-page.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Page, Part } from '../../frame/parts.js';
import { SUM_COLUMNS, sumCells } from '../quarter/cut-tables.js';
import { accountField } from '../quarter-call.js';
import { classText, countCell, moneyCell, quarterPath, quarterText } from '../quarter-words.js';
import type { UsersPlace } from './users-place.js';

/** What the page shows. `numbers` null: masked. */
export interface UsersShown {
  readonly place: UsersPlace;
  readonly accounts: readonly string[];
  readonly found: NamesPage<MaskedUserRow>;
  readonly numbers: readonly string[] | null;
  readonly typed: { readonly reason: string; readonly error: BothLanguages } | null;
}

export function usersTitle(quarter: string): BothLanguages {
  const { en, tr } = quarterText(quarter);
  return { tr: `${tr}: kullanıcılar`, en: `${en}: users` };
}

/** Where a page of users is. */
export function usersPath({ account, after, before, quarter }: UsersPlace): string {
  const query = new URLSearchParams();
  if (account !== null) query.set('hesap', account);
  if (after !== null) {
    query.set('sonra', String(after));
    query.set('sira', String(before));
  }
  const text = query.toString();
  return `${quarterPath(quarter)}/kullanicilar${text === '' ? '' : `?${text}`}`;
}

/** Users of a quarter with what they used. */
export function usersPage(shown: UsersShown): Page {
  const { accounts, numbers, place } = shown;
  const { account, quarter } = place;
  return {
    title: usersTitle(quarter),
    help: {
      tr: 'Çeyrekte sorgu yapan kullanıcılar, hesap hesap. Numaralar kapalıdır; sıra yalnız bu listedeki yerdir. Bir sayfanın numaralarını açmak ikinci adım ve gerekçe ister; her açma kayda geçer.',
      en: 'Who made queries in the quarter, account by account. Numbers are masked; the figure is the place in this list alone. Opening the numbers of a page needs the second step and a reason; each opening is written down.',
    },
    back: { href: quarterPath(quarter), text: quarterText(quarter) },
    parts: [
      {
        part: 'form',
        action: `${quarterPath(quarter)}/kullanicilar`,
        method: 'get',
        inline: true,
        fields: [accountField(accounts, account)],
        submit: { tr: 'Hesabı göster', en: 'Show the account' },
      },
      ...(numbers === null ? [] : [revealedNotice(place)]),
      ...listParts(shown),
      ...(numbers === null && shown.found.rows.length > 0 ? [revealForm(shown)] : []),
    ],
  };
}

function revealedNotice(place: UsersPlace): Part {
  return {
    part: 'notice',
    tone: 'warning',
    text: {
      tr: 'Bu sayfadaki numaralar açık gösteriliyor; bu ve gerekçesi kayda geçti. Başka sayfada numaralar kapalıdır.',
      en: 'Numbers on this page are shown in clear; that and the reason are written down. They are masked on every other page.',
    },
    link: { href: usersPath(place), text: { tr: 'Numaraları kapat', en: 'Mask them again' } },
  };
}

function listParts({ found: { isLast, rows, whole }, numbers, place }: UsersShown): readonly Part[] {
  const last = rows.at(-1);
  const sum = (pick: (one: MaskedUserRow) => number | bigint) =>
    rows.reduce((before, one) => before + BigInt(pick(one)), 0n);
  const user = (i: number): Cell => numbers?.[i] ?? `*** (${place.before + i + 1})`;
  return [
    {
      part: 'table',
      caption: { tr: 'Kullanıcılar', en: 'Users' },
      columns: [
        { label: { tr: 'Kullanıcı', en: 'User' } },
        { label: { tr: 'Hesap', en: 'Account' } },
        { label: { tr: 'Ücret sınıfı', en: 'Fee class' } },
        ...SUM_COLUMNS,
      ],
      rows: rows.map((one, i) => [user(i), one.account, classText(one.feeClass), ...sumCells(one)]),
      foot: [
        { tr: 'Bu sayfa', en: 'This page' },
        '',
        '',
        countCell(sum(({ lines }) => lines)),
        countCell(sum(({ queries }) => queries)),
        countCell(sum(({ units }) => units)),
        moneyCell(sum(({ amountKurus }) => amountKurus)),
      ],
      empty: { tr: 'Bu çeyrekte sorgu yapan yok.', en: 'Nobody made a query in this quarter.' },
    },
    {
      part: 'pager',
      shown: {
        tr: `${countCell(rows.length)} kullanıcı gösteriliyor. Tamamı: ${countCell(whole.lines)} sorgu satırı, ${moneyCell(whole.amountKurus)}.`,
        en: `${countCell(rows.length)} users shown. All of them: ${countCell(whole.lines)} lines, ${moneyCell(whole.amountKurus)}.`,
      },
      next:
        isLast || last === undefined
          ? null
          : usersPath({ ...place, after: last.leaf, before: place.before + rows.length }),
    },
  ];
}

function revealForm({ place, typed }: UsersShown): Part {
  const { account, after, before, quarter } = place;
  return {
    part: 'form',
    action: `${quarterPath(quarter)}/kullanicilar`,
    method: 'post',
    grave: true,
    legend: { tr: 'Bu sayfadaki numaraları aç', en: 'Open the numbers of this page' },
    hidden: {
      hesap: account ?? '',
      ...(after === null ? {} : { sonra: String(after), sira: String(before) }),
    },
    fields: [
      {
        kind: 'textarea',
        name: 'gerekce',
        label: { tr: 'Gerekçe', en: 'Reason' },
        hint: {
          tr: 'Kayda açık olarak geçer; kimlik numarası yazmayın.',
          en: 'It stands in the log in clear; no identity numbers.',
        },
        required: true,
        maxLength: 500,
        value: typed?.reason ?? '',
        error: typed?.error,
      },
    ],
    submit: { tr: 'Numaraları aç', en: 'Open the numbers' },
  };
}
