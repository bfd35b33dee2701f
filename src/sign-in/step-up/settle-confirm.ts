import { ACR_TWO_STEP } from '../access-tokens.js';
import { type DeviceRow, devicePlace, pendingSecretOf, sealSecret } from './device.js';
import type { DeviceState } from './device-state.js';
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

/** The first code of a device, with the hashes of the recovery codes that come with it. */
export interface FirstCode extends TypedCode {
  readonly codeHashes: readonly Buffer[];
}

/**
 * Judges the first code of a device: it shows that the secret has arrived. A wrong one is no guess, since whoever types it was
 * shown the secret; it counts for nothing and is written down. The right one is used up: it steps nobody up.
 */
export function settleConfirm(
  item: FirstCode,
  row: SessionRow,
  state: DeviceState | undefined,
  tools: CodeTools,
): JudgedCode {
  if (row.acr !== ACR_TWO_STEP) return refusedUnseen('TWO_STEP_REQUIRED', state);
  const secret = state === undefined ? null : pendingSecret(item, state.device, tools);
  if (state === undefined || secret === null) return refusedUnseen('SIGN_IN_EXPIRED', state);
  const step = matchedStep(secret, item.code, item.now);
  if (step === null) return refusedCode(item, 'wrong-code', state);
  const { tag, enrolledAt } = state.device;
  const device: DeviceRow = {
    tag,
    box: sealSecret(tools.masterKeys, secret, devicePlace(tag)),
    pendingBox: null,
    pendingUntil: null,
    masterKeyId: tools.masterKeys.activeId,
    enrolledAt: item.now,
    counted: { lastStep: step, failures: 0, lockedUntil: null },
  };
  const recovery = new Map(item.codeHashes.map((hash) => [hash.toString('hex'), null]));
  const enrolled: DeviceState = { device, recovery, recoveryReplaced: true };
  const data = { replaced: enrolledAt !== null, session: item.session.sessionId };
  const entry = entryOf('step-up.enrolled', item, data);
  const answer = () => ({ kind: 'done', until: null }) as const;
  return { settled: { entries: [entry], effects: [changed(enrolled)], answer }, state: enrolled };
}

/** The secret that this session was shown; null where it was another, or too long ago. */
function pendingSecret({ session, now }: TypedCode, device: DeviceRow, { masterKeys }: CodeTools) {
  const { pendingUntil } = device;
  if (pendingUntil === null || pendingUntil <= now) return null;
  return pendingSecretOf(device, masterKeys, session.sessionId);
}
