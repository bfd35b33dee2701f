import type { Effect, EffectApplier } from '../../audit/lane.js';
import { ACR_TWO_STEP } from '../access-tokens.js';
import { type DeviceRow, devicePlace, sealSecret, secretOf } from './device.js';
import type { DeviceState } from './device-state.js';
import { judgeCode, type Seen } from './judge-code.js';
import { hashRecoveryCode, plainRecoveryCode } from './recovery-codes.js';
import type { SessionRow } from './session-row.js';
import { matchedStep } from './totp.js';
import {
  type CodeTools,
  changed,
  entryOf,
  type JudgedCode,
  refusedCode,
  refusedUnseen,
  type TypedCode,
} from './typed-code.js';

/** Until when a session counts as stepped up. */
export interface SteppedUp extends Effect {
  readonly kind: 'step-up-session';
  readonly sessionId: string;
  readonly until: Date;
}

/** Judges a code to step up with. `row`: the living session; `state`: the person's locked device. */
export function settleProve(
  item: TypedCode,
  row: SessionRow,
  state: DeviceState | undefined,
  tools: CodeTools,
): JudgedCode {
  // Nothing of ours replaces e-Devlet's two steps: on less no code is looked at.
  if (row.acr !== ACR_TWO_STEP) return refusedUnseen('TWO_STEP_REQUIRED', state);
  const secret = secretOf(state?.device, tools.masterKeys);
  if (state === undefined || secret === null) return refusedCode(item, 'not-enrolled', undefined);
  const hash = recoveryHash(item, tools);
  const look = (): Seen => seenOf(item, secret, state, hash);
  const judged = judgeCode(state.device.counted, look, tools.limits, item.now);
  const device: DeviceRow = { ...state.device, counted: judged.counted };
  if (judged.verdict !== 'right') return refusedCode(item, judged.verdict, { ...state, device });
  const recovery =
    judged.means === 'recovery-code' && hash !== null
      ? new Map(state.recovery).set(hash, item.now)
      : state.recovery;
  const used = { ...state, device: resealed(device, secret, tools), recovery };
  return succeeded(item, row, judged.means, used, tools);
}

function succeeded(
  item: TypedCode,
  row: SessionRow,
  means: 'totp' | 'recovery-code',
  state: DeviceState,
  { limits }: CodeTools,
): JudgedCode {
  const decayed = new Date(item.now.getTime() + limits.decaysAfterMinutes * 60_000);
  const until = decayed < row.expiresAt ? decayed : row.expiresAt;
  const session = item.session.sessionId;
  const entry = entryOf('step-up.succeeded', item, { means, session, until: until.toISOString() });
  const steppedUp: SteppedUp = { kind: 'step-up-session', sessionId: session, until };
  const effects = [changed(state), steppedUp];
  return { settled: { entries: [entry], effects, answer: () => ({ kind: 'done', until }) }, state };
}

function seenOf(
  { code, now }: TypedCode,
  secret: string,
  { recovery }: DeviceState,
  hash: string | null,
): Seen {
  const step = matchedStep(secret, code, now);
  if (step !== null) return { kind: 'totp', step };
  const usedAt = hash === null ? undefined : recovery.get(hash);
  return usedAt === undefined ? { kind: 'nothing' } : { kind: 'recovery-code', used: usedAt !== null };
}

/** Hex of the hash that the code has where it is a recovery code of this person; null where it has not the form of one. */
function recoveryHash({ session, code }: TypedCode, { tagger }: CodeTools): string | null {
  const plain = plainRecoveryCode(code);
  return plain === null ? null : hashRecoveryCode(tagger, session.tag, plain).toString('hex');
}

/** Under the active master key from now on. */
function resealed(device: DeviceRow, secret: string, { masterKeys }: CodeTools): DeviceRow {
  const { activeId } = masterKeys;
  if (device.masterKeyId === activeId) return device;
  return { ...device, box: sealSecret(masterKeys, secret, devicePlace(device.tag)), masterKeyId: activeId };
}

// Never beyond the session's end, whatever was computed.
const STEP_UP = `UPDATE bridge.sign_in_session AS s SET step_up_until = least(n.step_up_until, s.expires_at)
  FROM unnest($1::uuid[], $2::timestamptz[]) AS n(session_id, step_up_until) WHERE s.session_id = n.session_id`;

/** Writes until when a batch's sessions count as stepped up; their lane has locked them. */
export const steppedUpApplier: EffectApplier<SteppedUp> = {
  kind: 'step-up-session',
  apply: async (tx, placed) => {
    const last = new Map(placed.map(({ effect }) => [effect.sessionId, effect.until]));
    await tx.query({ text: STEP_UP, values: [[...last.keys()], [...last.values()]] });
  },
};
