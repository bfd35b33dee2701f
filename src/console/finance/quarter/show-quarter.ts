import type { Closing } from '../../../fees/quarter/read-closing.js';
import type { QuarterView } from '../../../fees/quarter/read-quarter.js';
import { ofAccount } from '../../../fees/statement/of-account.js';
import type { Answer, ConsoleCall, ToldOnPage } from '../../frame/call.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import type { Page, Part, Text } from '../../frame/parts.js';
import { exportForm } from '../file/export-form.js';
import { accountField, accountOf, behindAnswer, quarterRead } from '../quarter-call.js';
import { HOME, quarterPath, quarterText } from '../quarter-words.js';
import type { QuarterPorts } from '../quarters-port.js';
import { closingParts } from '../steps/closing-parts.js';
import { noticeForm } from '../steps/notice-form.js';
import { correctionOf, paymentForm } from '../steps/payment-form.js';
import { COOPERATIVES_SHOWN, cooperativeParts, placeOf } from './cooperative-parts.js';
import { cutLinks, cutTable, KIRILIM, type Kirilim } from './cut-tables.js';
import { noticeParts } from './notice-parts.js';
import {
  accountTable,
  beforeBook,
  deeperLinks,
  factsPart,
  headTiles,
  whoseNotice,
} from './statement-parts.js';

/** Forms of the page as they come back with what is wrong. */
export interface CameBack {
  readonly freeze?: { readonly reason: string; readonly error: Text };
  readonly notice?: Parameters<typeof noticeForm>[1];
  readonly payment?: Parameters<typeof paymentForm>[1];
  readonly file?: Parameters<typeof exportForm>[1];
  /** A rule that stands against it, where the form itself was filled in soundly. */
  readonly refused?: ToldOnPage;
}

interface Shown {
  readonly call: ConsoleCall;
  readonly quarter: string;
  readonly account: string | null;
  readonly cut: Kirilim;
  readonly view: QuarterView;
  readonly closing: Closing;
  readonly cameBack: CameBack;
}

/**
 * The page of a quarter: what stands of it, what comes next, the statement by one cut, notices and payments. The entry goes before.
 * `cameBack`: a form that was wrong, with status 422, or that a rule stands against, with 409.
 */
export async function showQuarter(
  ports: QuarterPorts,
  call: ConsoleCall,
  quarter: string,
  cameBack: CameBack | null = null,
): Promise<Answer> {
  const { at, query } = call;
  const cut = KIRILIM.find((one) => one === (query.get('kirilim') ?? 'service'));
  if (cut === undefined) throw new ConsoleRefusal('NOT_FOUND');
  const account = await accountOf(call, ports);
  const closing = await ports.closing(quarter, at);
  // What is frozen needs nothing added up.
  const behind = closing.proposal === null ? await ports.behind() : null;
  if (behind !== null) return behindAnswer(quarterText(quarter), behind, quarterPath(quarter));
  await ports.record(call, quarterRead(quarter, account, 'totals'));
  if (cut === 'cooperative') await ports.record(call, quarterRead(quarter, account, 'cooperatives'));
  // Cooperatives are read by themselves: of the others the one with the fewest rows.
  const view = await ports.quarter(quarter, at, [cut === 'cooperative' ? 'month' : cut]);
  const shown: Shown = { call, quarter, account, cut, view, closing, cameBack: cameBack ?? {} };
  const page = await pageOf(ports, shown);
  if (cameBack === null) return { kind: 'page', page };
  const { refused } = cameBack;
  return refused === undefined
    ? { kind: 'page', page, status: 422 }
    : { kind: 'page', page, status: 409, refused };
}

async function pageOf(ports: QuarterPorts, shown: Shown): Promise<Page> {
  const { account, call, cameBack, closing, quarter, view } = shown;
  const document = account === null ? view.document : ofAccount(view.document, account);
  const accounts = [...new Set(view.document.accounts.map((one) => one.account))];
  const { freeze } = cameBack;
  return {
    title: quarterText(quarter),
    help: {
      tr: 'Bir çeyreğin cetveli: durumu, kapanışta sıradaki adım, hesaplara ve kırılımlara göre tutarlar, bildirim ve ödeme. Her tablonun altındaki toplam, satırların toplamıdır. Cetvel dondurulunca rakamlar değişmez.',
      en: 'The statement of a quarter: its state, the next step of closing, amounts by account and by cut, notice and payment. The total beneath each table is the sum of its rows. Once frozen, figures no longer change.',
    },
    back: { href: `${HOME}/ceyrekler`, text: { tr: 'Çeyrekler', en: 'Quarters' } },
    parts: [
      ...whoseNotice(quarter, account),
      headTiles({ ...view, document }),
      ...(view.bookBegins === null ? [] : [beforeBook(view.bookBegins)]),
      ...closingParts({
        ...{ quarter, closing, at: call.at, officer: call.person.officer },
        times: await ports.stepTimes(quarter),
        obstacles: await ports.obstacles(quarter),
        ...(freeze === undefined ? {} : { typed: freeze }),
      }),
      { part: 'heading', text: { tr: 'Cetvel', en: 'Statement' } },
      accountTable({ document }),
      deeperLinks(quarter, account),
      {
        part: 'more',
        summary: { tr: 'Cetvelin dayandığı kurallar', en: 'Rules of the statement' },
        parts: [factsPart(view)],
      },
      { part: 'heading', id: 'cetvel', text: { tr: 'Kırılımlar', en: 'Cuts' } },
      ...(await cutParts(ports, shown)),
      ...noticeParts(view),
      ...(view.state === 'open' && cameBack.notice === undefined
        ? []
        : [noticeForm({ quarter, accounts }, cameBack.notice)]),
      ...(view.notices.length === 0 ? [] : paymentForm(view, cameBack.payment ?? chosenPayment(shown))),
      { part: 'heading', id: 'dosya', text: { tr: 'Ayrıntılı dosya', en: 'File with details' } },
      exportForm({ quarter, account, accounts }, cameBack.file),
    ],
  };
}

/** The payment that the address names, to be corrected; one that no longer holds is none. */
function chosenPayment({ call, view }: Shown): ReturnType<typeof correctionOf> | undefined {
  const id = call.query.get('duzelt');
  const chosen = view.payments.find(({ holds, payment }) => holds && payment === id);
  return chosen === undefined ? undefined : correctionOf(chosen, view);
}

async function cutParts(ports: QuarterPorts, shown: Shown): Promise<readonly Part[]> {
  const { account, cut, quarter, view } = shown;
  const { accounts } = view.document;
  const parts: Part[] = [
    cutLinks(quarter, cut, account),
    {
      part: 'form',
      action: quarterPath(quarter),
      method: 'get',
      inline: true,
      hidden: { kirilim: cut },
      fields: [accountField([...new Set(accounts.map((one) => one.account))], account)],
      submit: { tr: 'Hesabı göster', en: 'Show the account' },
    },
  ];
  if (accounts.some(({ corrections }) => corrections.lines > 0))
    parts.push({
      part: 'text',
      quiet: true,
      text: {
        tr: 'Kırılımlar düzeltmelerden öncesini, kaydedileni gösterir; hesap tablosunda kayıtlı + düzeltme = tutar.',
        en: 'Cuts show what was booked, before corrections; in the table of accounts booked + corrected = amount.',
      },
    });
  if (cut === 'cooperative') return [...parts, ...(await cooperatives(ports, shown))];
  const mine = accounts.filter((one) => account === null || one.account === account);
  return [...parts, cutTable(quarter, mine, cut)];
}

async function cooperatives(
  ports: QuarterPorts,
  { account, call, quarter }: Shown,
): Promise<readonly Part[]> {
  const after = call.query.get('sonra');
  const place = after === null ? null : placeOf(after);
  if (after !== null && place === null) throw new ConsoleRefusal('NOT_FOUND');
  const page = await ports.cooperatives({ quarter, account, after: place, limit: COOPERATIVES_SHOWN });
  return cooperativeParts(quarter, account, page);
}
