import type { ConsoleCall } from '../../frame/call.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import type { HandlersOf } from '../../frame/router.js';
import { startOrTell } from '../../jobs/too-much-waits.js';
import { givenBasis, readBasis } from './basis-form.js';
import { evidencePage, NO_EVIDENCE, type TypedEvidence } from './evidence-page.js';
import type { EvidencePorts, QueryEntry } from './ports.js';
import { oneOf } from './typed.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Evidence of one query: asked for here, made as long work. */
export function createEvidenceHandlers(ports: EvidencePorts): HandlersOf<'evidence' | 'evidence.make'> {
  return {
    evidence: async (call) => {
      const { entries, query } = await requireQuery(ports, call);
      return { kind: 'page', page: evidencePage(query, entries, NO_EVIDENCE) };
    },
    'evidence.make': async (call) => {
      const { entries, query } = await requireQuery(ports, call);
      const { at, fields, person } = call;
      const typed: TypedEvidence = {
        basis: readBasis(fields, at),
        reveal: oneOf(fields.get('reveal'), ['hayir', 'evet']),
      };
      const given = givenBasis(typed.basis);
      if (given === null || typed.reveal.value === null)
        return { kind: 'page', status: 422, page: evidencePage(query, entries, typed) };
      const { basis, reason } = given;
      const order = { query, basis: { ...basis }, reason, reveal: typed.reveal.value === 'evet' };
      return startOrTell(
        () => ports.jobs.start(person.officer, 'evidence', order),
        () => evidencePage(query, entries, typed),
      );
    },
  };
}

async function requireQuery(
  ports: EvidencePorts,
  { params }: ConsoleCall,
): Promise<{ readonly query: string; readonly entries: readonly QueryEntry[] }> {
  const query = params.query ?? '';
  const entries = UUID.test(query) ? await ports.entriesOf(query) : [];
  if (entries.length === 0) throw new ConsoleRefusal('NOT_FOUND');
  return { query, entries };
}
