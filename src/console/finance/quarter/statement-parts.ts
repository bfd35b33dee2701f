import { addDays } from '../../../calendar/add-days.js';
import { basisWord, chargedWord } from '../../../fees/export/words.js';
import { formatTl } from '../../../fees/kurus.js';
import type { QuarterView } from '../../../fees/quarter/read-quarter.js';
import { dayText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Part, TablePart } from '../../frame/parts.js';
import { classText, countCell, moneyCell, quarterPath, stateText, stateTone } from '../quarter-words.js';

const STATE: BothLanguages = { tr: 'Durum', en: 'State' };

/** Above the closing’s steps, for a quarter that was over before the book began. */
export function beforeBook(bookBegins: string): Part {
  const day = dayText(bookBegins);
  return {
    part: 'notice',
    tone: 'calm',
    text: {
      tr: `Defter ${day.tr} günü başlar. Bu çeyrek ondan önce bitmiştir: içinde hiçbir sorgu olamaz. Boş olarak kapatılabilir.`,
      en: `The book begins on ${day.en}. This quarter was over before: it can have no query in it. It can be closed empty.`,
    },
  };
}

/** The quarter in four figures. */
export function headTiles({ bookBegins, document: { total }, due, payBy, state }: QuarterView): Part {
  return {
    part: 'tiles',
    tiles: [
      { label: { tr: 'Tutar', en: 'Amount' }, value: moneyCell(total.amountKurus) },
      { label: { tr: 'Sorgu', en: 'Queries' }, value: countCell(total.queries) },
      { label: { tr: 'Ücret birimi', en: 'Units' }, value: countCell(total.units) },
      { label: { tr: 'Son ödeme günü', en: 'Due' }, value: dayText(due), note: payByText(due, payBy) },
      bookBegins === null
        ? { label: STATE, value: stateText(state), tone: stateTone(state) }
        : {
            label: STATE,
            value: { tr: 'Defter başlamadan önce', en: 'Before the book began' },
            tone: 'calm',
          },
    ],
  };
}

function payByText(due: string, payBy: string): BothLanguages {
  if (due === payBy) return { tr: 'iş günü', en: 'a working day' };
  const { en, tr } = dayText(payBy);
  return { tr: `iş günü değil; izleyen iş günü ${tr}`, en: `no working day; the next one is ${en}` };
}

/** What the statement is made of, and by which rules. */
export function factsPart({ document, due, payBy, statementSha256 }: QuarterView): Part {
  const { logSize, period, rules } = document;
  const [first, last] = [dayText(period.from), dayText(addDays(period.to, -1))];
  return {
    part: 'facts',
    rows: [
      {
        label: { tr: 'Günler', en: 'Days' },
        value: { tr: `${first.tr} – ${last.tr}`, en: `${first.en} to ${last.en}` },
      },
      { label: { tr: 'Son ödeme günü', en: 'Due' }, value: dayText(due) },
      { label: { tr: 'Ödenebilecek son iş günü', en: 'Last working day to pay' }, value: dayText(payBy) },
      {
        label: { tr: 'Cetvelin SHA-256 özeti', en: 'SHA-256 of the statement' },
        value:
          statementSha256 === null
            ? { tr: 'dondurulunca belli olur', en: 'known once it is frozen' }
            : { code: statementSha256 },
      },
      {
        label: { tr: 'Kayıtların boyu', en: 'Size of the log' },
        value: { tr: `${countCell(logSize)} kayıt`, en: `${countCell(logSize)} entries` },
      },
      { label: { tr: 'Tarife', en: 'Tariff' }, value: { lines: rules.tariff.map(tariffCell) } },
      {
        label: { tr: 'Sayım kuralı', en: 'How units are counted' },
        value: { tr: chargedWord(rules.charged), en: rules.charged },
      },
    ],
  };
}

const BASES = {
  'per-query': 'a query',
  'per-input-datum': 'an input datum',
  'per-returned-record': 'a returned record',
} as const;

function tariffCell(row: QuarterView['document']['rules']['tariff'][number]): Cell {
  const { amountKurus, basis, from, gazette, service } = row;
  const price = formatTl(BigInt(amountKurus));
  const day = dayText(from);
  return {
    lines: [
      {
        tr: `${day.tr} gününden: ${price} ${basisWord(basis)}`,
        en: `from ${day.en}: ${price} for ${BASES[basis]}`,
      },
      service === null ? gazette : `${gazette}, ${service}`,
    ],
  };
}

/** Each account and class: what was booked, what corrections change, what counts. Rows and foot add up. */
export function accountTable({ document: { accounts, total } }: Pick<QuarterView, 'document'>): TablePart {
  const sum = (pick: (one: (typeof accounts)[number]) => number) =>
    accounts.reduce((before, one) => before + BigInt(pick(one)), 0n);
  return {
    part: 'table',
    caption: { tr: 'Hesaplara göre cetvel', en: 'Statement by account' },
    columns: [
      { label: { tr: 'Hesap', en: 'Account' } },
      { label: { tr: 'Kurum', en: 'Institution' } },
      { label: { tr: 'Ücret sınıfı', en: 'Fee class' } },
      { label: { tr: 'Sorgu', en: 'Queries' }, numeric: true },
      { label: { tr: 'Kayıtlı birim', en: 'Booked units' }, numeric: true },
      { label: { tr: 'Kayıtlı tutar', en: 'Booked amount' }, numeric: true },
      { label: { tr: 'Düzeltme birimi', en: 'Corrected units' }, numeric: true },
      { label: { tr: 'Düzeltme tutarı', en: 'Corrected amount' }, numeric: true },
      { label: { tr: 'Ücret birimi', en: 'Units' }, numeric: true },
      { label: { tr: 'Tutar', en: 'Amount' }, numeric: true },
    ],
    rows: accounts.map((one) => [
      one.account,
      one.institution ?? { tr: 'ayarlarda yok', en: 'not in the settings' },
      classText(one.feeClass),
      countCell(one.queries),
      countCell(one.booked.units),
      moneyCell(one.booked.amountKurus),
      countCell(one.corrections.units),
      moneyCell(one.corrections.amountKurus),
      countCell(one.units),
      moneyCell(one.amountKurus),
    ]),
    foot: [
      { tr: 'Toplam', en: 'Total' },
      '',
      '',
      countCell(total.queries),
      countCell(sum(({ booked }) => booked.units)),
      moneyCell(sum(({ booked }) => booked.amountKurus)),
      countCell(sum(({ corrections }) => corrections.units)),
      moneyCell(sum(({ corrections }) => corrections.amountKurus)),
      countCell(total.units),
      moneyCell(total.amountKurus),
    ],
    empty: { tr: 'Bu çeyrekte hesap yok.', en: 'No account in this quarter.' },
  };
}

/** Down to lines and users, and files of the totals; of the account that is shown, or (null) of all. */
export function deeperLinks(quarter: string, account: string | null): Part {
  const path = quarterPath(quarter);
  const hesap = account === null ? null : `hesap=${encodeURIComponent(account)}`;
  const down = (to: string) => `${path}/${to}${hesap === null ? '' : `?${hesap}`}`;
  const file = (format: string) => `${path}/dosya?bicim=${format}${hesap === null ? '' : `&${hesap}`}`;
  const totals = (form: string) =>
    account === null
      ? { tr: `Toplamlar: ${form}`, en: `Totals: ${form}` }
      : { tr: `Bu hesabın toplamları: ${form}`, en: `Totals of this account: ${form}` };
  return {
    part: 'links',
    label: { tr: 'Ayrıntı ve dosyalar', en: 'Details and files' },
    links: [
      { href: down('satirlar'), text: { tr: 'Satırlar', en: 'Lines' }, kind: 'second' },
      { href: down('kullanicilar'), text: { tr: 'Kullanıcılar', en: 'Users' }, kind: 'second' },
      ...(['xlsx', 'csv', 'pdf'] as const).map((form) => ({
        href: file(form),
        text: totals(form.toUpperCase()),
      })),
    ],
  };
}

/** Whose figures these are, where they are one account's alone. */
export function whoseNotice(quarter: string, account: string | null): readonly Part[] {
  if (account === null) return [];
  return [
    {
      part: 'notice',
      tone: 'calm',
      text: {
        tr: 'Yalnız bu hesabın rakamları gösteriliyor; aşağıdaki dosyalar da yalnız onundur:',
        en: 'The figures are of this account alone, and so are the files below:',
      },
      list: [account],
      link: { href: quarterPath(quarter), text: { tr: 'Tüm hesapları göster', en: 'Show all accounts' } },
    },
  ];
}
