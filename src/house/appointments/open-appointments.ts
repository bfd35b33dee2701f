import { randomUUID } from 'node:crypto';
import { appointmentRoutes } from '../../api/appointments/appointment-routes.js';
import type { BroughtRoutes } from '../../api/service-route.js';
import { applyForAppointee } from '../../appointments/apply/apply-for-appointee.js';
import type { Application, Call, Verdict } from '../../appointments/call.js';
import { decideAppointment, decideAppointmentAs } from '../../appointments/decide/decide-appointment.js';
import type { Decided } from '../../appointments/decide/settle-verdict.js';
import type { AppointmentTools, CheckedPerson, DisagreementMatter } from '../../appointments/ports.js';
import type { LogGate } from '../../audit/log-gate.js';
import type { BridgeConfig } from '../../config/schema.js';
import type { Maintenance } from '../../maintenance/known-windows.js';
import type { CallTools } from '../../mersis/calls/ask-for-person.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import { explainRefusedTokens, readAccessTokens } from '../../sign-in/access-tokens.js';
import type { Attempt } from '../../verification/question.js';
import type { VerificationResult } from '../../verification/verify-identity.js';
import { recordPortsOf } from '../authority/record-ports.js';
import { authorityPolicyOf } from '../authority-policy.js';
import { CONSOLE_CLIENT, deskPerson } from '../console/desk-person.js';
import type { OpenLog } from '../open-log.js';
import { createCheckRegistry } from './check-registry.js';

/** What appointments are joined from. `log` has `RECORDING_APPLIERS` and `CALL_APPLIERS`. */
export interface AppointmentParts {
  readonly config: BridgeConfig;
  readonly log: OpenLog;
  /** Nothing is asked or written while it is closed. */
  readonly gate: LogGate;
  readonly maintenance: Maintenance;
  /** Null where the settings name no MERSİS: nobody applies then. */
  readonly mersis: CallTools | null;
  /** The use case of an identity check, whole. */
  verify(attempt: Attempt): Promise<VerificationResult>;
  /** For metric and log. */
  disagreed(matter: DisagreementMatter): void;
}

const PURPOSE = 'yetkili-atama';

/** A decision from the console: who, about which application, what. */
interface DeskDecision {
  readonly officer: ActingOfficer;
  readonly appointment: string;
  readonly verdict: Verdict;
  readonly requestId: string;
}

/** The two calls about appointments, and the decision of somebody at the console. */
export interface OpenAppointments extends BroughtRoutes {
  /** As `POST …/decision`; by session and role instead of a token. Throws `Refusal`, which has its entry. */
  decideAtDesk(decision: DeskDecision): Promise<Decided>;
}

/** Appointments over the rooms of this house. */
export function openAppointments(parts: AppointmentParts): OpenAppointments {
  const tools = appointmentTools(parts);
  const routes = appointmentRoutes({
    maxBodyBytes: parts.config.listeners.service.maxBodyBytes,
    now: tools.now,
    apply: (call) => applyForAppointee(call, tools),
    decide: (call) => decideAppointment(call, tools),
  });
  return {
    ...routes,
    decideAtDesk: ({ appointment, officer, requestId, verdict }) => {
      const call = deskCall(requestId, tools.now());
      const sent = { ok: true, value: verdict } as const;
      return decideAppointmentAs({ appointment, call, sent }, tools, deskPerson(officer));
    },
  };
}

/** What the entries say of a call, where it came by the console. */
function deskCall(requestId: string, receivedAt: Date): Call {
  return {
    client: { id: CONSOLE_CLIENT, institution: '', account: null, permissions: [], requestsPerMinute: 0 },
    certificateSha256: Buffer.alloc(0),
    tokenHash: null,
    receivedAt,
    headers: { idempotencyKey: null, screen: null, userAddress: null, requestId },
  };
}

function appointmentTools({
  config,
  gate,
  log,
  maintenance,
  mersis,
  verify,
  disagreed,
}: AppointmentParts): AppointmentTools {
  const { appender, masterKeys } = log;
  const now = () => new Date();
  return {
    log: appender,
    ...recordPortsOf(config, log),
    ...{ instance: config.instance, now, disagreed, maintenance },
    requireSound: () => gate.requireSound(),
    policy: config.authority.appointees,
    authority: authorityPolicyOf(config),
    // Without sign-in there is no rule to be announced: two steps, always.
    twoStepFrom: config.edevlet?.twoStep.inForceFrom ?? null,
    readTokens: (tx, presented, at) => readAccessTokens(tx, masterKeys, presented, at),
    explainTokens: explainRefusedTokens,
    checkRegistry: mersis === null ? async () => 'unavailable' : createCheckRegistry(mersis),
    checkPerson: (call, application) => checkPerson(call, application, verify),
  };
}

/** With the same token, client and headers: rights, purpose, agreement and quota are those of any identity check. */
async function checkPerson(
  call: Call,
  { cooperative, decision, subject }: Application,
  verify: AppointmentParts['verify'],
): Promise<CheckedPerson> {
  const { recorded } = await verify({
    ...call,
    queryId: randomUUID(),
    messageId: randomUUID(),
    question: {
      ok: true,
      value: { purpose: PURPOSE, cooperative, reference: decision.no, retryOf: null, subject },
    },
  });
  return { queryId: recorded.queryId, isMatch: recorded.outcome === 'match' };
}
