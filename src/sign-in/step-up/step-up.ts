import type { Appender } from '../../audit/appender.js';
import type { MasterKeys } from '../../audit/master-keys.js';
import type { PersonTagger } from '../../audit/person-tags.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { Database } from '../../storage/database.js';
import type { BrowserSession } from '../living-session.js';
import { beginEnrolment } from './begin-enrolment.js';
import { createCodeLane } from './code-lane.js';
import { readDevices, secretOf } from './device.js';
import { hashRecoveryCode, newRecoveryCodes, plainRecoveryCode } from './recovery-codes.js';
import { newSecret, otpauthUri, qrSvgOf } from './totp.js';
import type { CodeAnswer } from './typed-code.js';

/** `signIn.stepUp` of the settings, as far as codes need it. */
interface StepUpSettings {
  readonly decaysAfterMinutes: number;
  readonly maxFailures: number;
  readonly lockMinutes: number;
  readonly enrolWithinMinutes: number;
}

/** `log` needs `STEP_UP_APPLIERS`. */
export interface StepUpTools {
  readonly log: Appender;
  readonly db: Database;
  readonly masterKeys: MasterKeys;
  readonly tagger: PersonTagger;
  readonly settings: StepUpSettings;
  now(): Date;
}

/** What a person sees of their device. `enrolledAt` null: none is set up; `lockedUntil` null: codes are looked at. */
interface StepUpState {
  readonly enrolledAt: Date | null;
  readonly lockedUntil: Date | null;
  readonly recoveryCodesLeft: number;
}

/** The second step for operations (TOTP, RFC 6238). It never replaces e-Devlet's two steps. */
export interface StepUp {
  /** `tag`: the person's, in the domain `authority`. */
  state(tag: Buffer): Promise<StepUpState>;
  /**
   * Begins to set a device up: the secret (base32) and the same as a QR code, both to be shown once. Errors: `SESSION_REQUIRED`,
   * `FRESH_SIGN_IN_REQUIRED`, `STEP_UP_REQUIRED` where one is set up and the session is not stepped up.
   */
  begin(session: BrowserSession): Promise<{ readonly secret: string; readonly qrSvg: string }>;
  /**
   * Sets the device up by its first code; what there was before is worth nothing any more. The recovery codes are to be shown
   * once. Errors: `STEP_UP_WRONG_CODE`, `SIGN_IN_EXPIRED` (begun too long ago, in another session, or not at all),
   * `SESSION_REQUIRED`, `TWO_STEP_REQUIRED`.
   */
  confirm(session: BrowserSession, code: string): Promise<{ readonly recoveryCodes: readonly string[] }>;
  /**
   * Steps the session up by a code of the device or a recovery code. Errors: `STEP_UP_WRONG_CODE`, `STEP_UP_REPLAYED_CODE`,
   * `STEP_UP_LOCKED`, `STEP_UP_NOT_ENROLLED`, `SESSION_REQUIRED`, `TWO_STEP_REQUIRED`; and those of `Appender`.
   */
  prove(session: BrowserSession, code: string): Promise<{ readonly until: Date }>;
}

/** The second step over `tools`; all of its state stands in the database. */
export function createStepUp(tools: StepUpTools): StepUp {
  const { log, db, masterKeys, tagger, settings } = tools;
  const lane = createCodeLane({ masterKeys, tagger, limits: settings });
  return {
    state: (tag) => readState(tools, tag),
    begin: async (session) => {
      const secret = newSecret();
      const { enrolWithinMinutes } = settings;
      await beginEnrolment(db, masterKeys, { session, secret, enrolWithinMinutes, now: tools.now() });
      return { secret, qrSvg: await qrSvgOf(otpauthUri(secret)) };
    },
    confirm: async (session, typed) => {
      const recoveryCodes = newRecoveryCodes();
      const codeHashes = recoveryCodes.map((code) =>
        hashRecoveryCode(tagger, session.tag, plainRecoveryCode(code) as string),
      );
      const item = {
        kind: 'confirm',
        session,
        code: withoutBlanks(typed),
        codeHashes,
        now: tools.now(),
      } as const;
      requireDone(await log.submit(lane, item));
      return { recoveryCodes };
    },
    prove: async (session, typed) => {
      const item = { kind: 'prove', session, code: withoutBlanks(typed), now: tools.now() } as const;
      return { until: requireDone(await log.submit(lane, item)) as Date };
    },
  };
}

/** Programs show codes in groups; longer than any code is cut, and is none. */
function withoutBlanks(typed: string): string {
  return typed.slice(0, 64).replace(/\s/gu, '');
}

function requireDone(answer: CodeAnswer): Date | null {
  if (answer.kind === 'done') return answer.until;
  const { code, lockedUntil } = answer;
  throw new BridgeError(code, 'the code or the session is refused', {
    fields: { lockedUntil: lockedUntil?.toISOString() ?? null },
  });
}

const CODES_LEFT = `SELECT count(*)::int AS left FROM bridge.step_up_recovery_code
  WHERE person_tag = $1 AND used_at IS NULL`;

async function readState({ db, masterKeys, now }: StepUpTools, tag: Buffer): Promise<StepUpState> {
  const device = (await readDevices(db, [tag])).get(tag.toString('hex'));
  if (device === undefined || secretOf(device, masterKeys) === null)
    return { enrolledAt: null, lockedUntil: null, recoveryCodesLeft: 0 };
  const { rows } = await db.query<{ left: number }>({ text: CODES_LEFT, values: [tag] });
  const { lockedUntil } = device.counted;
  return {
    enrolledAt: device.enrolledAt,
    lockedUntil: lockedUntil !== null && lockedUntil > now() ? lockedUntil : null,
    recoveryCodesLeft: rows[0]?.left ?? 0,
  };
}
