import { addDays } from '../../../calendar/add-days.js';
import type { BehindKey } from '../../../fees/reconciliation/behind.js';
import { type DifferenceDecision, decisionsFor } from '../../../fees/reconciliation/decide-difference.js';
import type { DifferenceView, ImportView } from '../../../fees/reconciliation/list-imports.js';
import { doneValue } from '../../../proposals/verdict.js';
import type { Answer, ConsoleCall } from '../../frame/call.js';
import type { HandlersOf } from '../../frame/router.js';
import { RECONCILIATION_PATH } from '../reconciliation/words.js';
import type { ReconciliationPorts } from '../settling-port.js';
import { CHOOSE, type FieldErrors, idOf, requireFound, requireId } from '../settling-words.js';
import { clearTextError } from '../steps/typed-text.js';
import { differencePage, differencePath, MAX_NOTE } from './page.js';

/** Entries of a page. */
const SHOWN = 50;

/** A difference: what stands behind it, and its decision. */
export function differenceHandlers(
  ports: ReconciliationPorts,
): HandlersOf<'difference.show' | 'difference.decide'> {
  return {
    'difference.show': async (call) => show(ports, call, await found(ports, call), null),
    'difference.decide': (call) => decide(ports, call),
  };
}

/** A difference of the import that the address names. Errors: `NOT_FOUND`. */
async function found(
  ports: ReconciliationPorts,
  { params }: ConsoleCall,
): Promise<{ readonly difference: DifferenceView; readonly of: ImportView }> {
  const of = requireFound(await ports.findImport(requireId(params.import)));
  const difference = await ports.findDifference(requireId(params.difference));
  return { of, difference: requireFound(difference?.importId === of.id ? difference : null) };
}

/** The look is an entry before anything is shown. */
async function show(
  ports: ReconciliationPorts,
  call: ConsoleCall,
  { difference, of }: { readonly difference: DifferenceView; readonly of: ImportView },
  errors: FieldErrors | null,
): Promise<Answer> {
  const { account, from, to } = of;
  await ports.recordReading(call, { account, from, to: addDays(to, 1), detail: 'entries', format: 'text' });
  const after = keyOf(call.query.get('sonra'));
  const entries = await ports.behind(difference, SHOWN + 1, after);
  const shown = entries.slice(0, SHOWN);
  const last = entries.length > SHOWN ? shown.at(-1) : undefined;
  const page = differencePage({
    ...{ difference, of, entries: shown, isFirst: after === null },
    next: last === undefined ? null : `${differencePath(difference)}?sonra=${textOf(last)}`,
    typed: errors === null ? null : { fields: call.fields, errors },
  });
  return errors === null ? { kind: 'page', page } : { kind: 'page', page, status: 422 };
}

async function decide(ports: ReconciliationPorts, call: ConsoleCall): Promise<Answer> {
  const { fields, person } = call;
  const looked = await found(ports, call);
  const { difference } = looked;
  const note = fields.get('not');
  const decision = decisionsFor(difference.class).find((one) => one === fields.get('karar'));
  const errors = errorsOf(decision, note);
  if (decision === undefined || Object.keys(errors).length > 0) return show(ports, call, looked, errors);
  doneValue(await ports.decide({ difference: difference.id, decision, note, officer: person.officer }));
  return { kind: 'see-other', to: `${RECONCILIATION_PATH}/${difference.importId}`, told: 'done' };
}

function errorsOf(decision: DifferenceDecision | undefined, note: string): FieldErrors {
  const text = clearTextError(note, MAX_NOTE, true);
  return { ...(decision === undefined ? { karar: CHOOSE } : {}), ...(text === null ? {} : { not: text }) };
}

/** Where a page went to, as an address has it: milliseconds and the query. */
function textOf({ query, sentAt }: BehindKey): string {
  return `${sentAt.getTime()}.${query}`;
}

function keyOf(text: string | null): BehindKey | null {
  const [, time, id] = /^(\d{1,14})\.(.+)$/.exec(text ?? '') ?? [];
  const query = idOf(id);
  return time === undefined || query === null ? null : { sentAt: new Date(Number(time)), query };
}
