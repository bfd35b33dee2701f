import { DIFFERENCE_CLASSES } from '../../../fees/reconciliation/classify.js';
import { type FiguresFile, readFiguresFile } from '../../../fees/reconciliation/take-in.js';
import { doneValue } from '../../../proposals/verdict.js';
import type { Answer, ConsoleCall } from '../../frame/call.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import type { HandlersOf } from '../../frame/router.js';
import type { ReconciliationPorts } from '../settling-port.js';
import { type FieldErrors, idOf, requireFound, requireId } from '../settling-words.js';
import { type FormOffers, figuresForm, readOrder } from './figures-form.js';
import { type FiguresOrder, packFigures, unpackFigures, wishOf } from './figures-order.js';
import { importPage } from './import-page.js';
import { faultText, type ImportList, listPage } from './list-page.js';
import { previewPage } from './preview-page.js';
import { RECONCILIATION_PATH } from './words.js';

type Pages =
  | 'reconciliation'
  | 'reconciliation.upload'
  | 'reconciliation.preview'
  | 'reconciliation.import'
  | 'reconciliation.show';

/** Imports and differences of a page. */
const IMPORTS = 25;
const DIFFERENCES = 50;

/** The Interior Ministry's figures: upload, preview, taking in, and what came of it. */
export function reconciliationHandlers(ports: ReconciliationPorts): HandlersOf<Pages> {
  return {
    reconciliation: async (call) => {
      const before = idOf(call.query.get('once'));
      return { kind: 'page', page: await list(ports, call, before, null, {}) };
    },
    'reconciliation.upload': (call) => upload(ports, call),
    'reconciliation.preview': async (call) => {
      const { file, order } = await lookedAt(ports, call);
      const [held, same] = [await ports.preview(file), await ports.sameImport(file)];
      const look = call.params.look ?? '';
      return { kind: 'page', page: previewPage({ look, order, figures: file.figures, held, same }) };
    },
    'reconciliation.import': (call) => takeIn(ports, call),
    'reconciliation.show': (call) => show(ports, call),
  };
}

async function list(
  ports: ReconciliationPorts,
  { at, fields }: ConsoleCall,
  before: string | null,
  refused: ImportList['refused'],
  errors: FieldErrors,
) {
  const imports = await ports.imports(IMPORTS + 1, before);
  const shown = imports.slice(0, IMPORTS);
  const isTyped = Object.keys(errors).length > 0;
  return listPage({
    imports: shown,
    next: imports.length > IMPORTS ? (shown.at(-1)?.id ?? null) : null,
    isFirst: before === null,
    form: figuresForm(await offersOf(ports), isTyped ? fields : null, errors, at),
    refused,
  });
}

async function offersOf({ accounts, services }: ReconciliationPorts): Promise<FormOffers> {
  return { accounts: await accounts(), services };
}

const LISTED = {
  tr: 'Kabul edilmedi: hataları yukarıda yazıyor.',
  en: 'Refused: its faults are listed above.',
};

/** Reads the file whole and takes nothing in: what is good is kept for this session alone. */
async function upload(ports: ReconciliationPorts, call: ConsoleCall): Promise<Answer> {
  const read = readOrder(call.fields, await offersOf(ports), call.at);
  if (!read.ok) return wrong(ports, call, null, read.errors);
  const { bytes, order } = read;
  const figures = await readFiguresFile(order.name, bytes, wishOf(order, ports.services));
  if (!figures.ok) {
    const { faults, more } = figures;
    const [first] = faults;
    // Each fault is told once: one alone beside the field, several in their list.
    return first !== undefined && faults.length + more === 1
      ? wrong(ports, call, null, { dosya: faultText(first) })
      : wrong(ports, call, figures, { dosya: LISTED });
  }
  const look = await ports.looks.keep(call.person.session, 'figures', packFigures(order, bytes));
  return { kind: 'see-other', to: `${RECONCILIATION_PATH}/onizleme/${look}` };
}

async function wrong(
  ports: ReconciliationPorts,
  call: ConsoleCall,
  refused: ImportList['refused'],
  errors: FieldErrors,
): Promise<Answer> {
  return { kind: 'page', status: 422, page: await list(ports, call, null, refused, errors) };
}

/** The file that an address names, read anew from exactly the bytes that were uploaded. Errors: `NOT_FOUND`. */
async function lookedAt(
  { looks, services }: ReconciliationPorts,
  { params, person }: ConsoleCall,
): Promise<{ readonly order: FiguresOrder; readonly file: FiguresFile }> {
  const content = requireFound(await looks.find(person.session, 'figures', params.look ?? ''));
  const { bytes, order } = requireFound(unpackFigures(content));
  const read = await readFiguresFile(order.name, bytes, wishOf(order, services));
  // It was good when it was kept: a bridge of another version reads otherwise.
  if (!read.ok) throw new ConsoleRefusal('NOT_FOUND');
  return { order, file: { account: order.account, days: order.days, bytes, figures: read.figures } };
}

async function takeIn(ports: ReconciliationPorts, call: ConsoleCall): Promise<Answer> {
  const { file } = await lookedAt(ports, call);
  const verdict = await ports.takeIn(file, call.person.officer);
  // Taken in now or before: nothing is left to be previewed.
  if (verdict.kind === 'done' || (await ports.sameImport(file)) !== null)
    await ports.looks.drop(call.person.session, call.params.look ?? '');
  return { kind: 'see-other', to: `${RECONCILIATION_PATH}/${doneValue(verdict).importId}`, told: 'done' };
}

async function show(ports: ReconciliationPorts, { params, query }: ConsoleCall): Promise<Answer> {
  const found = requireFound(await ports.findImport(requireId(params.import)));
  const of = DIFFERENCE_CLASSES.find((one) => one === query.get('sinif')) ?? null;
  const after = placeOf(query.get('sonra'));
  const [sums, differences] = [
    await ports.sums(found.id),
    await ports.differences(found.id, { of, after, limit: DIFFERENCES + 1 }),
  ];
  const shown = differences.slice(0, DIFFERENCES);
  const next = differences.length > DIFFERENCES ? (shown.at(-1)?.place ?? null) : null;
  return {
    kind: 'page',
    page: importPage({ found, ...sums, differences: shown, of, isFirst: after === null, next }),
  };
}

function placeOf(text: string | null): number | null {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : null;
}
