import type { Lane } from '../../audit/lane.js';
import type { Transaction } from '../../storage/database.js';
import { type DeviceState, readDeviceStates } from './device-state.js';
import { livingRow, lockSessionRows, type SessionRow } from './session-row.js';
import { type FirstCode, settleConfirm } from './settle-confirm.js';
import { settleProve } from './settle-prove.js';
import {
  type CodeAnswer,
  type CodeTools,
  type JudgedCode,
  refusedUnseen,
  type TypedCode,
} from './typed-code.js';

/** A code to step up with, or the first one of a new device. */
export type JudgedItem =
  | ({ readonly kind: 'prove' } & TypedCode)
  | ({ readonly kind: 'confirm' } & FirstCode);

/** Somebody waits for this page. */
const PATIENCE_MS = 5_000;

/**
 * Both kinds of code in one lane, one after the other: the same code twice in one batch is right once. Locks devices, then
 * sessions, each in key order.
 */
export function createCodeLane(tools: CodeTools): Lane<JudgedItem, CodeAnswer> {
  return {
    name: '4-step-up',
    patienceMs: PATIENCE_MS,
    settle: async (tx, items) => {
      const { states, sessions } = await lockAll(tx, items);
      return items.map((item) => {
        const tag = item.session.tag.toString('hex');
        const row = livingRow(sessions.get(item.session.sessionId), item.session, item.now);
        const { settled, state } = settleOne(item, row, states.get(tag), tools);
        if (state !== undefined) states.set(tag, state);
        return settled;
      });
    },
  };
}

async function lockAll(tx: Transaction, items: readonly JudgedItem[]) {
  const states = await readDeviceStates(
    tx,
    items.map(({ session }) => session.tag),
  );
  const sessions = await lockSessionRows(
    tx,
    items.map(({ session }) => session.sessionId),
  );
  return { states, sessions };
}

function settleOne(
  item: JudgedItem,
  row: SessionRow | null,
  state: DeviceState | undefined,
  tools: CodeTools,
): JudgedCode {
  if (row === null) return refusedUnseen('SESSION_REQUIRED', state);
  return item.kind === 'prove'
    ? settleProve(item, row, state, tools)
    : settleConfirm(item, row, state, tools);
}
