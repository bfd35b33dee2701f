import type { DataOf } from '../../audit/catalogue/catalogue.js';
import { draftOf } from '../../audit/draft.js';
import type { EntryDraft } from '../../audit/entry.js';
import type { Effect, Settled } from '../../audit/lane.js';
import type { MasterKeys } from '../../audit/master-keys.js';
import type { PersonTagger } from '../../audit/person-tags.js';
import type { SignInCode } from '../../errors/sign-in-code.js';
import type { BrowserSession } from '../living-session.js';
import { numberOf } from '../open-session.js';
import type { ChangedDevice, DeviceState } from './device-state.js';
import type { CodeLimits, Counted } from './judge-code.js';

/** A code as somebody typed it, in the session they typed it in. */
export interface TypedCode {
  readonly session: BrowserSession;
  readonly code: string;
  readonly now: Date;
}

/** `until`: when the step-up decays; null for a device that was set up. */
export type CodeAnswer =
  | { readonly kind: 'done'; readonly until: Date | null }
  | { readonly kind: 'refused'; readonly code: SignInCode; readonly lockedUntil: Date | null };

/** What judging codes needs. */
export interface CodeTools {
  readonly masterKeys: MasterKeys;
  readonly tagger: PersonTagger;
  readonly limits: CodeLimits & { readonly decaysAfterMinutes: number };
}

/** What became of one code: what is written down, and the device as the next code of the batch finds it. */
export interface JudgedCode {
  readonly settled: Settled<CodeAnswer>;
  readonly state: DeviceState | undefined;
}

type Reason = DataOf<'step-up.refused'>['reason'];

const CODE_OF: Readonly<Record<Reason, SignInCode>> = {
  'wrong-code': 'STEP_UP_WRONG_CODE',
  'replayed-code': 'STEP_UP_REPLAYED_CODE',
  locked: 'STEP_UP_LOCKED',
  'not-enrolled': 'STEP_UP_NOT_ENROLLED',
};
const NOTHING_COUNTED: Counted = { lastStep: 0, failures: 0, lockedUntil: null };

/** A refusal before any code was looked at, because of the session or of what was begun, and not of the code. */
export function refusedUnseen(code: SignInCode, state: DeviceState | undefined): JudgedCode {
  const answer = (): CodeAnswer => ({ kind: 'refused', code, lockedUntil: null });
  return { settled: { entries: [], effects: [], answer }, state };
}

/** A code that was refused, with the count as it is from now on. */
export function refusedCode(item: TypedCode, reason: Reason, state: DeviceState | undefined): JudgedCode {
  const counted = state?.device.counted ?? NOTHING_COUNTED;
  const lockedUntil =
    counted.lockedUntil !== null && counted.lockedUntil > item.now ? counted.lockedUntil : null;
  const data: DataOf<'step-up.refused'> = {
    failures: counted.failures,
    lockedUntil: lockedUntil?.toISOString() ?? null,
    reason,
    session: item.session.sessionId,
  };
  const entry = entryOf('step-up.refused', item, data);
  const effects: readonly Effect[] = state === undefined ? [] : [changed(state)];
  const answer = (): CodeAnswer => ({ kind: 'refused', code: CODE_OF[reason], lockedUntil });
  return { settled: { entries: [entry], effects, answer }, state };
}

/** An entry about what the person of the session did with their own device. */
export function entryOf<K extends 'step-up.refused' | 'step-up.succeeded' | 'step-up.enrolled'>(
  kind: K,
  { session, now }: TypedCode,
  data: DataOf<K>,
): EntryDraft {
  return draftOf(kind, now, data, [numberOf(session.person)]);
}

/** The effect that writes `state`. */
export function changed(state: DeviceState): ChangedDevice {
  return { kind: 'step-up-device', ...state };
}
