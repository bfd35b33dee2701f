import type { Receipt } from '../../audit/entry.js';
import { plainLane } from '../../audit/plain-lane.js';
import { Refusal } from '../../errors/refusal.js';
import { maintenanceRefusal } from '../../maintenance/known-windows.js';
import type { Application, ApplicationCall } from '../call.js';
import { refusedEntry } from '../entries.js';
import type { AppointmentTools, CheckedPerson, RegistryCheck } from '../ports.js';
import { applyLane, lookLane } from './application-lanes.js';
import type { SoundApplication } from './judge-application.js';

/** An application that waits for the directorate. `registry`: what MERSİS says about number and VKN. */
export interface AppliedFor {
  readonly appointment: string;
  readonly application: Application;
  readonly registry: RegistryCheck & ('match' | 'vkn-differs');
  readonly queryId: string;
  readonly receipt: Receipt;
}

/**
 * A board applies for a KOOPBİS yetkilisi (m.15(1)): right and days first, then MERSİS about the cooperative, then KPS about the person,
 * then the application in the log; what is refused on the way has its entry. Throws `Refusal`, and the errors of `Appender`. `log`
 * needs `APPOINTMENT_APPLIERS`.
 */
export async function applyForAppointee(item: ApplicationCall, tools: AppointmentTools): Promise<AppliedFor> {
  tools.requireSound();
  const sound = await look(item, tools);
  await requireBothAsked(item, sound, tools);
  const registry = await requireRegistered(item, sound, tools);
  const { queryId } = await requireMatching(item, sound, tools);
  const { appointment, receipt } = await recordApplication(item, queryId, tools);
  return { appointment, application: sound.application, registry, queryId, receipt };
}

async function look(item: ApplicationCall, tools: AppointmentTools): Promise<SoundApplication> {
  const looked = await tools.log.submit(lookLane(tools), item);
  if (looked.kind === 'refused') throw looked.refusal;
  return looked.sound;
}

/** Neither is asked in vain where the other one is not asked just now. */
async function requireBothAsked(
  item: ApplicationCall,
  sound: SoundApplication,
  tools: AppointmentTools,
): Promise<void> {
  for (const system of ['mersis', 'kps'] as const) {
    const refusal = maintenanceRefusal(tools.maintenance, system, tools.now());
    if (refusal !== null) await refuse(item, sound, refusal, tools);
  }
}

/** One that MERSİS does not know is nobody’s; a VKN that differs is the directorate’s to correct. */
async function requireRegistered(
  item: ApplicationCall,
  sound: SoundApplication,
  tools: AppointmentTools,
): Promise<AppliedFor['registry']> {
  const { cooperative: mersisNo, vkn } = sound.application;
  const found = await tools.checkRegistry({ mersisNo, vkn }, item.call);
  if (found === 'match' || found === 'vkn-differs') return found;
  return refuse(
    item,
    sound,
    found === 'unavailable'
      ? new Refusal('MERSIS_UNAVAILABLE')
      : new Refusal('STATE_CONFLICT', { reason: 'not-in-registry' }),
    tools,
  );
}

/** Everything must be equal and the record open: who is not who the board says is appointed by nobody. */
async function requireMatching(
  item: ApplicationCall,
  sound: SoundApplication,
  tools: AppointmentTools,
): Promise<CheckedPerson> {
  const checked = await tools.checkPerson(item.call, sound.application);
  if (checked.isMatch) return checked;
  return refuse(item, sound, new Refusal('STATE_CONFLICT', { reason: 'person-not-matching' }), tools);
}

async function recordApplication(item: ApplicationCall, queryId: string, tools: AppointmentTools) {
  const applied = await tools.log.submit(applyLane(tools), { ...item, queryId });
  if (applied.kind === 'refused') throw applied.refusal;
  return applied;
}

async function refuse(
  { call }: ApplicationCall,
  { user, application: { cooperative } }: SoundApplication,
  refusal: Refusal,
  { log, instance }: AppointmentTools,
): Promise<never> {
  const refused = {
    call,
    operation: 'appointment-apply',
    cooperative,
    user,
    tokenFault: null,
    refusal,
  } as const;
  await log.submit(plainLane, refusedEntry(refused, instance));
  throw refusal;
}
