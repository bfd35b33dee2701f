import { addDays } from '../../../calendar/add-days.js';
import { periodRead } from '../../../fees/reading/entries.js';
import type { Answer, ConsoleCall } from '../../frame/call.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import { behindAnswer, noQuarter } from '../quarter-call.js';
import { HOME } from '../quarter-words.js';
import type { QuarterPorts } from '../quarters-port.js';
import { askedRange, type ShownRange } from './asked-range.js';
import { feesPage, wrongRangePage } from './fees-page.js';

/** `fees`: use and cost of the quarter that runs, or of a period. The entry goes before. */
export function createFeesHandler(ports: QuarterPorts): (call: ConsoleCall) => Promise<Answer> {
  return async (call) => {
    const { at, query } = call;
    const asked = askedRange(query, at);
    if (asked === null) {
      const none = noQuarter({ at, params: { quarter: query.get('ceyrek') ?? '' } });
      if (none === null) throw new ConsoleRefusal('NOT_FOUND');
      return none;
    }
    if (!asked.ok) return { kind: 'page', status: 422, page: wrongRangePage(query, asked.errors, at) };
    const range = asked.value;
    const behind = await ports.behind();
    if (behind !== null)
      return behindAnswer(
        { tr: 'Mali: kullanım ve maliyet', en: 'Fees: use and cost' },
        behind,
        addressOf(range),
      );
    await ports.record(call, { ...periodRead({ ...range, account: null }), format: 'text' });
    const usage = await ports.usage(range, at);
    const { quarter } = range;
    const closing =
      quarter === null
        ? null
        : { quarter, ...ports.due(quarter), state: (await ports.closing(quarter, at)).state };
    return { kind: 'page', page: feesPage({ usage, range, closing, at }) };
  };
}

function addressOf({ from, quarter, to }: ShownRange): string {
  return quarter === null ? `${HOME}?bas=${from}&son=${addDays(to, -1)}` : `${HOME}?ceyrek=${quarter}`;
}
