import { statementFileName } from '../../../fees/export/file-name.js';
import type { Answer, ConsoleCall } from '../../frame/call.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import { showQuarter } from '../quarter/show-quarter.js';
import { accountOf, behindAnswer, quarterOf, quarterRead } from '../quarter-call.js';
import { quarterPath, quarterText } from '../quarter-words.js';
import type { QuarterPorts } from '../quarters-port.js';
import { readExportForm } from './export-form.js';

const FORMATS = ['csv', 'xlsx', 'pdf'] as const;

/** `quarter.file`: the totals as the API gives them, or those of the account that the page shows; the entry goes before. */
export function createFileHandler(ports: QuarterPorts): (call: ConsoleCall) => Promise<Answer> {
  return async (call) => {
    const { at, query } = call;
    const quarter = quarterOf(call);
    const format = FORMATS.find((one) => one === query.get('bicim'));
    if (format === undefined) throw new ConsoleRefusal('NOT_FOUND');
    const account = await accountOf(call, ports);
    const behind = (await ports.closing(quarter, at)).proposal === null ? await ports.behind() : null;
    if (behind !== null) return behindAnswer(quarterText(quarter), behind, quarterPath(quarter));
    await ports.record(call, quarterRead(quarter, account, 'totals', format));
    const { contentType, extension, stream } = await ports.file(quarter, account, format, at);
    const name = statementFileName(quarter, account, null, extension);
    return { kind: 'file', name, mediaType: contentType, body: stream };
  };
}

/** `quarter.export`: a file with details is made in the background; its entries are written there, when it is made. */
export function createExportHandler(ports: QuarterPorts): (call: ConsoleCall) => Promise<Answer> {
  return async (call) => {
    const quarter = quarterOf(call);
    const read = readExportForm(quarter, call.fields, await ports.accounts());
    if (!read.ok) return showQuarter(ports, call, quarter, { file: read.typed });
    const job = await ports.startExport(call, read.order);
    return { kind: 'see-other', to: `/konsol/isler/${job}`, told: 'job-started' };
  };
}
