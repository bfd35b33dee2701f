import { addKurus, type Kurus, kurus } from '../../../fees/kurus.js';
import {
  paidKurus,
  paidPayments,
  type QuarterNotice,
  type QuarterPayment,
} from '../../../fees/quarter/read-notices.js';
import type { QuarterView } from '../../../fees/quarter/read-quarter.js';
import { dayText } from '../../../pages/formatting.js';
import type { Cell, Part, TablePart } from '../../frame/parts.js';
import { countCell, HOME, moneyCell, quarterPath } from '../quarter-words.js';
import { paymentText } from '../steps/payment-form.js';

/** What the Interior Ministry asked for, what was paid of it, and what somebody has to look at. */
export function noticeParts(view: QuarterView): readonly Part[] {
  const { payments } = view;
  return [
    { part: 'heading', id: 'bildirim', text: { tr: 'Bildirim ve ödeme', en: 'Notice and payment' } },
    {
      part: 'text',
      quiet: true,
      text: {
        tr: 'Ödenecek olan İçişleri Bakanlığının saydığıdır; bir hesabın son bildirimi geçerlidir. Fark varsa mutabakat sayfasında satır satır incelenir.',
        en: 'What is paid is the Interior Ministry’s count; of an account the last notice holds. A difference is looked into line by line on the reconciliation page.',
      },
    },
    ...warnings(view),
    noticeTable(view),
    ...(payments.length === 0 ? [] : [paymentTable(view)]),
    {
      part: 'links',
      label: { tr: 'Mutabakat', en: 'Reconciliation' },
      links: [{ href: `${HOME}/mutabakat`, text: { tr: 'Mutabakat sayfası', en: 'Reconciliation page' } }],
    },
  ];
}

/** The last notice of each account. */
function holdingOf(notices: readonly QuarterNotice[]): readonly QuarterNotice[] {
  return [...new Map(notices.map((one) => [one.account, one])).values()];
}

/** Of a notice: what was paid under its number, since a corrected one has several rows. */
function paidOf({ account, number }: QuarterNotice, { notices, payments }: QuarterView): Kurus {
  const numberOf = new Map(notices.map(({ notice, number: of }) => [notice, of]));
  const paid = payments.filter((one) => one.account === account && numberOf.get(one.notice) === number);
  return paidKurus(paid);
}

function warnings(view: QuarterView): readonly Part[] {
  const { document, notices, payments } = view;
  const holding = holdingOf(notices);
  const free = holding.filter(
    ({ account, amountKurus, queries }) =>
      amountKurus === 0n &&
      queries > 0 &&
      document.accounts.some((one) => one.account === account && one.feeClass === 'paying'),
  );
  const numbers = new Map(notices.map(({ notice, number }) => [notice, number]));
  const stray = paidPayments(payments).filter((payment) =>
    holding.some(
      ({ account, number }) => account === payment.account && numbers.get(payment.notice) !== number,
    ),
  );
  return [
    ...warning(
      free.map(({ account }) => account),
      {
        tr: 'Bu hesapların bildirimi sorgu sayıyor ama para istemiyor; hesap ücretli. Yazım hatasıysa aynı numarayla yeniden kaydedin.',
        en: 'The notices of these accounts count queries and ask for nothing, and the account pays. If that is a slip, record it again under its number.',
      },
    ),
    ...warning(
      stray.map(({ account, reference }) => `${account}: ${reference}`),
      {
        tr: 'Bu ödemeler artık geçerli olmayan bir bildirime yazılmış.',
        en: 'These payments stand against a notice that no longer holds.',
      },
    ),
  ];
}

function warning(
  list: readonly string[],
  text: { readonly tr: string; readonly en: string },
): readonly Part[] {
  return list.length === 0 ? [] : [{ part: 'notice', tone: 'warning', text, list }];
}

function noticeTable(view: QuarterView): TablePart {
  const { document, notices } = view;
  const holding = new Set(holdingOf(notices).map(({ notice }) => notice));
  const oursOf = (account: string) =>
    addKurus(
      ...document.accounts
        .filter((one) => one.account === account)
        .map(({ amountKurus }) => kurus(amountKurus)),
    );
  return {
    part: 'table',
    caption: { tr: 'İçişleri Bakanlığının bildirimleri', en: 'Notices of the Interior Ministry' },
    columns: [
      { label: { tr: 'Hesap', en: 'Account' } },
      { label: { tr: 'Numara', en: 'Number' } },
      { label: { tr: 'Tarih', en: 'Date' } },
      { label: { tr: 'Sorgu', en: 'Queries' }, numeric: true },
      { label: { tr: 'İstenen', en: 'Asked for' }, numeric: true },
      { label: { tr: 'Bizim tutarımız', en: 'Our amount' }, numeric: true },
      { label: { tr: 'Fark', en: 'Difference' }, numeric: true },
      { label: { tr: 'Ödenen', en: 'Paid' }, numeric: true },
      { label: { tr: 'Durum', en: 'State' } },
    ],
    rows: notices.map((one) => {
      const { account, amountKurus, dated, notice, number, queries } = one;
      const paid = paidOf(one, view);
      const isHolding = holding.has(notice);
      return [
        account,
        number,
        dayText(dated),
        countCell(queries),
        moneyCell(amountKurus),
        moneyCell(oursOf(account)),
        moneyCell(amountKurus - oursOf(account)),
        moneyCell(paid),
        isHolding
          ? paidCell(amountKurus, paid)
          : { mark: 'calm', text: { tr: 'sonraki geçerli', en: 'a later one holds' } },
      ];
    }),
    empty: { tr: 'Bildirim kaydedilmedi.', en: 'No notice is recorded.' },
  };
}

function paidCell(asked: bigint, paid: bigint): Cell {
  if (paid === asked) return { mark: 'good', text: { tr: 'ödendi', en: 'paid' } };
  if (paid === 0n) return { mark: 'warning', text: { tr: 'ödenmedi', en: 'not paid' } };
  return paid < asked
    ? { mark: 'warning', text: { tr: 'eksik ödendi', en: 'paid in part' } }
    : { mark: 'problem', text: { tr: 'fazla ödendi', en: 'paid too much' } };
}

function paymentTable({ notices, payments, quarter }: QuarterView): TablePart {
  const numbers = new Map(notices.map(({ notice, number }) => [notice, number]));
  return {
    part: 'table',
    caption: { tr: 'Ödemeler', en: 'Payments' },
    columns: [
      { label: { tr: 'Gün', en: 'Day' } },
      { label: { tr: 'Hesap', en: 'Account' } },
      { label: { tr: 'Bildirim', en: 'Notice' } },
      { label: { tr: 'Dekont', en: 'Reference' } },
      { label: { tr: 'Tutar', en: 'Amount' }, numeric: true },
      { label: { tr: 'Durum', en: 'State' } },
      { label: { tr: 'Düzelt', en: 'Correct' } },
    ],
    rows: payments.map((one) => [
      dayText(one.paidOn),
      one.account,
      numbers.get(one.notice) ?? '',
      one.reference,
      moneyCell(one.amountKurus),
      stateCell(one, payments),
      one.holds ? correctCell(one, quarter) : '',
    ]),
    foot: [
      { tr: 'Toplam (geçerli olanlar)', en: 'Total (those that hold)' },
      '',
      '',
      '',
      moneyCell(paidKurus(payments)),
      '',
      '',
    ],
    empty: { tr: 'Ödeme yok.', en: 'No payment.' },
  };
}

/** What became of a payment, and which one it corrects. */
function stateCell(one: QuarterPayment, payments: readonly QuarterPayment[]): Cell {
  const { amountKurus, holds, replaces } = one;
  const earlier = payments.find(({ payment }) => payment === replaces);
  const state: Cell = !holds
    ? { mark: 'calm', text: { tr: 'düzeltildi, sonraki geçerli', en: 'corrected, a later one holds' } }
    : amountKurus === 0n
      ? { mark: 'warning', text: { tr: 'geri alındı', en: 'taken back' } }
      : { mark: 'good', text: { tr: 'geçerli', en: 'holds' } };
  if (earlier === undefined) return state;
  const { tr, en } = paymentText(earlier);
  return { lines: [state, { tr: `düzelttiği ödeme: ${tr}`, en: `corrects ${en}` }] };
}

function correctCell(payment: QuarterPayment, quarter: string): Cell {
  const { tr, en } = paymentText(payment);
  return {
    href: `${quarterPath(quarter)}?duzelt=${payment.payment}#odeme`,
    text: { tr: `Düzelt: ${tr}`, en: `Correct ${en}` },
  };
}
