import type { HandlersOf } from '../../console/frame/router.js';
import { createEvidenceJob } from '../../console/security/evidence/evidence-job.js';
import { createEvidenceHandlers } from '../../console/security/evidence/handlers.js';
import { createExportJob } from '../../console/security/export/export-job.js';
import { createExportHandlers } from '../../console/security/export/handlers.js';
import { createAnswerJob } from '../../console/security/kvkk/answer-job.js';
import { createKvkkHandlers } from '../../console/security/kvkk/handlers.js';
import { createRetentionHandlers } from '../../console/security/retention/handlers.js';
import { createSignalHandlers } from '../../console/security/signals/handlers.js';
import { evidenceJobPorts, evidencePorts, exportJobPorts, exportPorts } from './cases/export-ports.js';
import { kvkkJobPorts, kvkkPorts } from './cases/kvkk-ports.js';
import { retentionPorts } from './cases/retention-ports.js';
import { signalPorts } from './cases/signal-ports.js';
import type { BroughtWork, RoomParts } from './parts.js';

type Pages =
  | 'signals'
  | 'signal'
  | 'signal.decide'
  | 'export'
  | 'export.make'
  | 'evidence'
  | 'evidence.make'
  | 'kvkk'
  | 'kvkk.answer'
  | 'retention'
  | 'retention.destroy'
  | 'retention.hold'
  | 'retention.lift';

/** The security officer's cases: signals, proof to take away, answers to citizens, retention. */
export function openCases(parts: RoomParts): { readonly handlers: HandlersOf<Pages> } & BroughtWork {
  return {
    handlers: {
      ...createSignalHandlers(signalPorts(parts)),
      ...createExportHandlers(exportPorts(parts)),
      ...createEvidenceHandlers(evidencePorts(parts)),
      ...createKvkkHandlers(kvkkPorts(parts)),
      ...createRetentionHandlers(retentionPorts(parts)),
    },
    jobKinds: [
      createExportJob(exportJobPorts(parts)),
      createEvidenceJob(evidenceJobPorts(parts)),
      createAnswerJob(kvkkJobPorts(parts)),
    ],
  };
}
