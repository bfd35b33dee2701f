import { BridgeError } from '../../../errors/bridge-error.js';
import type { Answer, ConsoleCall } from '../../frame/call.js';
import type { Text } from '../../frame/parts.js';
import type { HandlersOf } from '../../frame/router.js';
import { clearTextFault } from '../staff-fields.js';
import type { MersisPorts } from '../staff-port.js';
import { MERSIS_PATH, NOTHING_TYPED, type TypedRelease } from './held-parts.js';
import { mersisPage } from './mersis-page.js';

/** Cooperatives on one page. */
const SHOWN = 50;
const MERSIS_NO = /^[0-9]{16}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Pages about the readings of MERSİS. */
export function createMersisHandlers(ports: MersisPorts): HandlersOf<'mersis' | 'mersis.propose'> {
  return {
    mersis: (call) => show(call, ports, NOTHING_TYPED, 200),
    'mersis.propose': async (call) => {
      const { fields, person } = call;
      const typed = { decision: fields.get('karar'), reason: fields.get('neden') };
      const errors = errorsOf(typed);
      if (Object.keys(errors).length > 0) return show(call, ports, { ...typed, errors }, 422);
      const decision = typed.decision === 'released' ? 'released' : 'rejected';
      await ports.propose(person.officer, { ...formOf(call), decision, reason: typed.reason });
      return { kind: 'see-other', to: MERSIS_PATH, told: 'proposed' };
    },
  };
}

async function show(
  { at, query }: ConsoleCall,
  ports: MersisPorts,
  typed: TypedRelease,
  status: number,
): Promise<Answer> {
  const after = query.get('sonra') ?? '';
  const page = { after: MERSIS_NO.test(after) ? after : '', limit: SHOWN };
  const [progress, held] = await Promise.all([ports.progress(at), ports.held(page)]);
  const proposal = held === null ? null : await ports.openProposal(held.run.runId);
  return {
    kind: 'page',
    status,
    page: mersisPage({ progress, held, proposal, at, isFirst: page.after === '' }, typed),
  };
}

function errorsOf({ decision, reason }: Omit<TypedRelease, 'errors'>): Readonly<Record<string, Text>> {
  const fault = clearTextFault(reason, 500);
  return {
    ...(decision === 'released' || decision === 'rejected'
      ? {}
      : { karar: { tr: 'Bir karar seçin.', en: 'Choose a decision.' } }),
    ...(fault === null ? {} : { neden: fault }),
  };
}

/** What the page itself put into its form. Throws `REQUEST_INVALID` where that is not what we write. */
function formOf({ fields }: ConsoleCall): { readonly runId: string; readonly seenAt: Date } {
  const [runId, seen] = [fields.get('tur'), fields.get('goruldu')];
  const seenAt = new Date(INSTANT.test(seen) ? seen : Number.NaN);
  if (!UUID.test(runId) || Number.isNaN(seenAt.getTime()))
    throw new BridgeError('REQUEST_INVALID', 'the form does not name a run and when it was seen');
  return { runId, seenAt };
}
