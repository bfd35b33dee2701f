import { istanbulDay, quarterDays } from '../../calendar/istanbul-day.js';
import { askedQuarter } from '../../fees/reading/asked.js';
import type { ReadWhat } from '../../fees/reading/entries.js';
import type { Answer, ConsoleCall } from '../frame/call.js';
import { ConsoleRefusal } from '../frame/console-problem.js';
import type { Field, Text } from '../frame/parts.js';
import { FEES_BACK } from './quarter-words.js';
import type { Behind, QuarterPorts } from './quarters-port.js';

/** The quarter of the address, once it has begun. Throws `ConsoleRefusal` (`NOT_FOUND`). */
export function quarterOf({ at, params }: Pick<ConsoleCall, 'at' | 'params'>): string {
  const asked = askedQuarter(params.quarter ?? '', 'json');
  if (!asked.ok || quarterDays(asked.value.quarter).from > istanbulDay(at))
    throw new ConsoleRefusal('NOT_FOUND');
  return asked.value.quarter;
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
