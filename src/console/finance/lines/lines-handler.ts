import { quarterDays } from '../../../calendar/istanbul-day.js';
import type { LineRow } from '../../../fees/export/port.js';
import { momentWord } from '../../../fees/export/words.js';
import { parseDay } from '../../../fees/reconciliation/amounts.js';
import type { LinesPage } from '../../../fees/statement/read-lines-page.js';
import { codeWords, unitWords } from '../../../fees/words.js';
import { dayText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Answer, ConsoleCall } from '../../frame/call.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import type { Page, Part } from '../../frame/parts.js';
import { accountField, accountOf, behindAnswer, noQuarter, quarterOf, quarterRead } from '../quarter-call.js';
import { classText, countCell, moneyCell, quarterPath, quarterText, resultText } from '../quarter-words.js';
import type { QuarterPorts } from '../quarters-port.js';
import { typedFault } from '../steps/typed-fault.js';

/** As much as a screen takes. */
const SHOWN = 50;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Narrowed {
  readonly quarter: string;
  readonly account: string | null;
  /** As it was typed; '' : none. */
  readonly day: string;
}

/** `quarter.lines`: the queries of a quarter one by one, the newest first; nobody's number is on them. The entry goes before. */
export function createLinesHandler(ports: QuarterPorts): (call: ConsoleCall) => Promise<Answer> {
  return async (call) => {
    const { query } = call;
    const none = noQuarter(call);
    if (none !== null) return none;
    const quarter = quarterOf(call);
    const account = await accountOf(call, ports);
    const typed = query.get('gun')?.trim() ?? '';
    const accounts = await ports.accounts();
    const day = typed === '' ? null : parseDay(typed);
    if (day?.ok === false) {
      const page = pageWith({ quarter, account, day: typed }, accounts, [], typedFault(day));
      return { kind: 'page', status: 422, page };
    }
    const after = query.get('sonra');
    if (after !== null && !UUID.test(after)) throw new ConsoleRefusal('NOT_FOUND');
    const narrowed = { quarter, account, day: day?.value ?? '' };
    const behind = await ports.behind();
    if (behind !== null) return behindAnswer(titleOf(quarter), behind, addressOf(narrowed));
    await ports.record(call, quarterRead(quarter, account, 'lines'));
    const found = await ports.lines({ quarter, account, day: day?.value ?? null, after, limit: SHOWN });
    if (found === null) throw new ConsoleRefusal('NOT_FOUND');
    return { kind: 'page', page: pageWith(narrowed, accounts, lineParts(found, narrowed, after)) };
  };
}

function titleOf(quarter: string): BothLanguages {
  const { en, tr } = quarterText(quarter);
  return { tr: `${tr}: satırlar`, en: `${en}: lines` };
}

function addressOf({ account, day, quarter }: Narrowed, after: string | null = null): string {
  const query = new URLSearchParams();
  if (account !== null) query.set('hesap', account);
  if (day !== '') query.set('gun', day);
  if (after !== null) query.set('sonra', after);
  const text = query.toString();
  return `${quarterPath(quarter)}/satirlar${text === '' ? '' : `?${text}`}`;
}

function pageWith(
  narrowed: Narrowed,
  accounts: readonly string[],
  parts: readonly Part[],
  error?: BothLanguages,
): Page {
  const { account, day, quarter } = narrowed;
  const { from, to } = quarterDays(quarter);
  return {
    title: titleOf(quarter),
    help: {
      tr: 'Çeyreğin tutarını oluşturan sorgular tek tek: ne zaman, hangi hizmet, sonucu, fiyatı. Kimin sorguladığı ve kimin sorgulandığı burada yoktur. Bir günün satırları için günü yazın.',
      en: 'The queries that make up the quarter’s amount, one by one: when, which service, how it ended, its price. Who asked and who was asked about is not here. Type a day to see its lines.',
    },
    back: { href: quarterPath(quarter), text: quarterText(quarter) },
    parts: [
      {
        part: 'form',
        action: `${quarterPath(quarter)}/satirlar`,
        method: 'get',
        inline: true,
        fields: [
          accountField(accounts, account),
          {
            kind: 'date',
            name: 'gun',
            label: { tr: 'Gün', en: 'Day' },
            hint: {
              tr: `${dayText(from).tr} ile ${dayText(to).tr} (hariç) arasında`,
              en: `from ${dayText(from).en} to ${dayText(to).en} (not included)`,
            },
            value: day,
            error,
          },
        ],
        submit: { tr: 'Satırları göster', en: 'Show lines' },
      },
      ...parts,
    ],
  };
}

function lineParts(
  { next, rows, whole }: LinesPage,
  narrowed: Narrowed,
  after: string | null,
): readonly Part[] {
  const sum = (pick: (one: LineRow) => number | bigint) =>
    rows.reduce((before, one) => before + BigInt(pick(one)), 0n);
  return [
    {
      part: 'table',
      caption: {
        tr: 'Sorgu satırları, hesap hesap, yeniden eskiye',
        en: 'Lines by account, the newest first',
      },
      columns: [
        { label: { tr: 'Gönderim', en: 'Sent at' } },
        { label: { tr: 'Hesap', en: 'Account' } },
        { label: { tr: 'Hizmet', en: 'Service' } },
        { label: { tr: 'Sonuç', en: 'Outcome' } },
        { label: { tr: 'Birim', en: 'Units' }, numeric: true },
        { label: { tr: 'Birim fiyat', en: 'Unit price' }, numeric: true },
        { label: { tr: 'Tutar', en: 'Amount' }, numeric: true },
        { label: { tr: 'Kooperatif', en: 'Cooperative' } },
        { label: { tr: 'Nereden', en: 'From where' } },
        { label: { tr: 'Sorgu no', en: 'Query' } },
      ],
      rows: rows.map((one) => [
        momentWord(one.sentAt),
        { lines: [one.account, classText(one.feeClass)] },
        { lines: [one.service, one.serviceVersion] },
        resultText(one.result),
        countCell(one.units),
        moneyCell(one.unitPriceKurus),
        moneyCell(one.amountKurus),
        one.cooperative,
        {
          lines: [
            one.client,
            codeWords('purpose', one.purpose) ?? one.purpose,
            one.il,
            unitWords(one.unit) ?? one.unit,
          ],
        },
        { code: one.queryId },
      ]),
      foot: [
        { tr: 'Bu sayfa', en: 'This page' },
        '',
        '',
        '',
        countCell(sum(({ units }) => units)),
        '',
        moneyCell(sum(({ amountKurus }) => amountKurus)),
        '',
        '',
        '',
      ],
      empty: { tr: 'Seçilenlere uyan satır yok.', en: 'No line as asked for.' },
    },
    {
      part: 'pager',
      shown: {
        tr: `${countCell(rows.length)} satır gösteriliyor. Seçilenlerin tamamı: ${countCell(whole.lines)} satır, ${countCell(whole.units)} birim, ${moneyCell(whole.amountKurus)}.`,
        en: `${countCell(rows.length)} lines shown. All of them: ${countCell(whole.lines)} lines, ${countCell(whole.units)} units, ${moneyCell(whole.amountKurus)}.`,
      },
      first: after === null ? null : addressOf(narrowed),
      next: next === null ? null : addressOf(narrowed, next),
    },
  ];
}
