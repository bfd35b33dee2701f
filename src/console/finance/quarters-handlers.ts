import type { HandlersOf } from '../frame/router.js';
import { createExportHandler, createFileHandler } from './file/file-handlers.js';
import { createLinesHandler } from './lines/lines-handler.js';
import { createQuarterHandler } from './quarter/quarter-handler.js';
import { createQuartersHandler } from './quarters/quarters-handler.js';
import type { QuarterPorts } from './quarters-port.js';
import { createFeesHandler } from './start/fees-handler.js';
import {
  createFreezeHandler,
  createNoticeHandler,
  createPaymentHandler,
  createSealHandler,
} from './steps/step-handlers.js';
import { createRevealHandler, createUsersHandler } from './users/users-handlers.js';

/** Pages of the quarter and its closing. */
export type QuarterPages =
  | 'fees'
  | 'quarters'
  | 'quarter'
  | 'quarter.lines'
  | 'quarter.users'
  | 'quarter.reveal'
  | 'quarter.file'
  | 'quarter.export'
  | 'quarter.freeze'
  | 'quarter.seal'
  | 'quarter.notice'
  | 'quarter.payment';

/** The handlers over their ports. */
export function createQuarterHandlers(ports: QuarterPorts): HandlersOf<QuarterPages> {
  return {
    fees: createFeesHandler(ports),
    quarters: createQuartersHandler(ports),
    quarter: createQuarterHandler(ports),
    'quarter.lines': createLinesHandler(ports),
    'quarter.users': createUsersHandler(ports),
    'quarter.reveal': createRevealHandler(ports),
    'quarter.file': createFileHandler(ports),
    'quarter.export': createExportHandler(ports),
    'quarter.freeze': createFreezeHandler(ports),
    'quarter.seal': createSealHandler(ports),
    'quarter.notice': createNoticeHandler(ports),
    'quarter.payment': createPaymentHandler(ports),
  };
}
