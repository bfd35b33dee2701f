import type { Answer, ConsoleCall } from '../../frame/call.js';
import { noQuarter, quarterOf } from '../quarter-call.js';
import type { QuarterPorts } from '../quarters-port.js';
import { showQuarter } from './show-quarter.js';

/** `quarter`: one quarter’s statement, closing, notices and payments. */
export function createQuarterHandler(ports: QuarterPorts): (call: ConsoleCall) => Promise<Answer> {
  return async (call) => noQuarter(call) ?? showQuarter(ports, call, quarterOf(call));
}
