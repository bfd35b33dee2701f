import { istanbulDay, istanbulQuarter, quarterDays } from '../../calendar/istanbul-day.js';
import { askedQuarter } from '../../fees/reading/asked.js';
import type { ReadWhat } from '../../fees/reading/entries.js';
import { dayText } from '../../pages/formatting.js';
import type { Answer, ConsoleCall } from '../frame/call.js';
import { ConsoleRefusal } from '../frame/console-problem.js';
import type { Field, Page, Text } from '../frame/parts.js';
import { FEES_BACK, HOME, quarterPath } from './quarter-words.js';
import type { Behind, QuarterPorts } from './quarters-port.js';

/** The quarter of the address, once it has begun. Throws `ConsoleRefusal` (`NOT_FOUND`). */
export function quarterOf({ at, params }: Pick<ConsoleCall, 'at' | 'params'>): string {
  const asked = askedQuarter(params.quarter ?? '', 'json');
  if (!asked.ok || quarterDays(asked.value.quarter).from > istanbulDay(at))
    throw new ConsoleRefusal('NOT_FOUND');
  return asked.value.quarter;
}

/** The page of an address whose quarter there is none of, or none yet: which of the two, and the way on. Null where there is one. */
export function noQuarter({ at, params }: Pick<ConsoleCall, 'at' | 'params'>): Answer | null {
  const asked = askedQuarter(params.quarter ?? '', 'json');
  const title = asked.ok
    ? { tr: 'Bu çeyrek henüz başlamadı', en: 'This quarter has not begun' }
    : { tr: 'Böyle bir çeyrek yok', en: 'There is no such quarter' };
  const { from } = quarterDays(asked.ok ? asked.value.quarter : istanbulQuarter(at));
  if (asked.ok && from <= istanbulDay(at)) return null;
  const first = dayText(from);
  const running = istanbulQuarter(at);
  const page: Page = {
    title,
    help: {
      tr: 'Bu adreste gösterilecek bir cetvel yok. Aşağıda nedeni ve çeyreklere giden yol yazar.',
      en: 'There is no statement to show at this address. Below stand the reason and the way to the quarters.',
    },
    back: FEES_BACK,
    parts: [
      {
        part: 'notice',
        tone: 'warning',
        text: asked.ok
          ? {
              tr: `${asked.value.quarter} çeyreği ${first.tr} günü başlar; o güne kadar cetveli yoktur.`,
              en: `${asked.value.quarter} begins on ${first.en}; it has no statement before.`,
            }
          : {
              tr: `Adresteki çeyrek okunamadı. Bir yılda dört çeyrek vardır ve ${running} gibi yazılır: Q1, Q2, Q3, Q4.`,
              en: `The address names no quarter. A year has four, written like ${running}: Q1, Q2, Q3, Q4.`,
            },
      },
      {
        part: 'links',
        label: { tr: 'Çeyrekler', en: 'Quarters' },
        links: [
          {
            href: quarterPath(running),
            text: { tr: 'Süren çeyrek', en: 'The quarter that runs' },
            kind: 'main',
          },
          { href: `${HOME}/ceyrekler`, text: { tr: 'Tüm çeyrekler', en: 'All quarters' }, kind: 'second' },
        ],
      },
    ],
  };
  const reason = asked.ok ? 'quarter-not-begun' : 'no-such-quarter';
  return { kind: 'page', status: 404, page, refused: { code: 'NOT_FOUND', reason } };
}

/**
 * The account that a list is narrowed to; null: none. What is no account never comes to stand in an entry. Throws `ConsoleRefusal`
 * (`NOT_FOUND`).
 */
export async function accountOf(
  { query }: Pick<ConsoleCall, 'query'>,
  ports: Pick<QuarterPorts, 'accounts'>,
): Promise<string | null> {
  const account = query.get('hesap') ?? '';
  if (account === '') return null;
  if (!(await ports.accounts()).includes(account)) throw new ConsoleRefusal('NOT_FOUND');
  return account;
}

/** What of a quarter is shown, for the entry. */
export function quarterRead(
  quarter: string,
  account: string | null,
  detail: ReadWhat['detail'],
  format: ReadWhat['format'] = 'text',
): ReadWhat {
  return { account, detail, format, ...quarterDays(quarter) };
}

/** The field that narrows a list to an account. */
export function accountField(accounts: readonly string[], value: string | null): Field {
  return {
    kind: 'select',
    name: 'hesap',
    label: { tr: 'Hesap', en: 'Account' },
    value: value ?? '',
    options: [
      { value: '', text: { tr: 'Tüm hesaplar', en: 'All accounts' } },
      ...accounts.map((account) => ({ value: account, text: account })),
    ],
  };
}

/** In the place of figures that would take long to add up: nothing of the book is shown. `refresh`: the page's own address. */
export function behindAnswer(title: Text, { done, of }: Behind, refresh: string): Answer {
  return {
    kind: 'page',
    page: {
      title,
      help: {
        tr: 'Kayıtların toplamları arka planda güncelleniyor. Rakamlar hazır olunca bu sayfada görünür.',
        en: 'The sums are being brought up to the log in the background. The figures appear here once that is done.',
      },
      back: FEES_BACK,
      parts: [
        {
          part: 'notice',
          tone: 'warning',
          text: {
            tr: 'Toplamlar henüz kayıtların sonuna ulaşmadı. Eksik rakam göstermemek için bekleniyor.',
            en: 'The sums have not reached the end of the log yet. No figure is shown before it is whole.',
          },
        },
        {
          part: 'progress',
          label: { tr: 'Toplanan kayıt', en: 'Entries added up' },
          done,
          total: of,
          refresh,
        },
      ],
    },
  };
}
