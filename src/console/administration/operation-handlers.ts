import { isBridgeError } from '../../errors/bridge-error.js';
import { type WindowFault, windowFaults } from '../../maintenance/window.js';
import type { BothLanguages } from '../../pages/views.js';
import type { Answer, ConsoleCall } from '../frame/call.js';
import type { HandlersOf } from '../frame/router.js';
import { formatOf, tableAnswer } from '../frame/table-file.js';
import { dayTyped } from '../security/search/instants.js';
import { deadlinesFile } from './deadlines-file.js';
import { FAULT_WORDS, maintenancePage, NOTHING_TYPED, type TypedWindow } from './maintenance-page.js';
import { operationPage } from './operation-page.js';
import type { OperationPorts } from './operation-port.js';

/** Pages of whoever runs the bridge. */
export function createOperationHandlers(
  ports: OperationPorts,
): HandlersOf<'operation' | 'operation.file' | 'maintenance' | 'maintenance.open' | 'maintenance.close'> {
  const page = async (at: Date, typed: TypedWindow, status = 200): Promise<Answer> => ({
    kind: 'page',
    status,
    page: maintenancePage(await ports.windows(at), typed, at),
  });
  return {
    operation: async ({ at }) => {
      const [states, endings, stamps, current] = await Promise.all([
        ports.states(),
        ports.endings(),
        ports.stamps(),
        ports.current(at),
      ]);
      const view = { states, endings, stamps, current, at };
      return { kind: 'page', page: operationPage(view, ports) };
    },
    'operation.file': async (call) => {
      const format = formatOf(call);
      const file = deadlinesFile(await ports.endings(), ports, call.at);
      await ports.opened(call, 'operation.file');
      return tableAnswer(call, file, format);
    },
    maintenance: ({ at }) => page(at, NOTHING_TYPED),
    'maintenance.open': (call) => open(call, ports, page),
    'maintenance.close': async ({ params, person }) => {
      await ports.close(person.officer, params.window ?? '');
      return { kind: 'see-other', to: '/konsol/yonetim/bakim', told: 'done' };
    },
  };
}

async function open(
  { at, fields, person }: ConsoleCall,
  ports: OperationPorts,
  page: (at: Date, typed: TypedWindow, status: number) => Promise<Answer>,
): Promise<Answer> {
  const typed = {
    system: fields.get('sistem'),
    from: fields.get('bas'),
    to: fields.get('son'),
    reason: fields.get('neden'),
  };
  const from = typed.from === '' ? null : instantOf(typed.from);
  const to = instantOf(typed.to);
  const errors: Partial<Record<WindowFault['field'], BothLanguages>> = {};
  if (from === undefined) errors.from = NO_MOMENT;
  if (to === undefined) errors.to = NO_MOMENT;
  const wish = {
    system: typed.system,
    from: from ?? null,
    to: to ?? new Date(at.getTime() + 1),
    reason: typed.reason,
  };
  for (const { fault, field } of windowFaults(wish, at)) errors[field] ??= FAULT_WORDS[fault];
  if (Object.keys(errors).length > 0) return page(at, { ...typed, errors }, 422);
  try {
    await ports.open(person.officer, wish);
  } catch (error) {
    if (!isBridgeError(error, 'STATE_CONFLICT')) throw error;
    return page(at, { ...typed, errors: { from: OVERLAPS } }, 422);
  }
  return { kind: 'see-other', to: '/konsol/yonetim/bakim', told: 'done' };
}

const NO_MOMENT: BothLanguages = {
  tr: 'Gün ve saati seçin ya da 22.11.2026 22:00 biçiminde yazın.',
  en: 'Choose day and time, or write them as 22.11.2026 22:00.',
};
const OVERLAPS: BothLanguages = {
  tr: 'Bu sistem için bu zamanda açık bir bakım zaten var.',
  en: 'A window of this system stands open in this time already.',
};
const MOMENT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::\d{2})?$/;
const TURKISH_MOMENT = /^(\d{1,2}\.\d{1,2}\.\d{4})[ T](\d{2}:\d{2})$/;

/** What a field of day and time holds, in Europe/Istanbul (UTC+3 without summer time since 2016); undefined: it is no moment. */
function instantOf(text: string): Date | undefined {
  const [, turkish, hour] = TURKISH_MOMENT.exec(text) ?? [];
  const written = turkish === undefined ? text : `${dayTyped(turkish)}T${hour}`;
  const [, day, time] = MOMENT.exec(written) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const at = new Date(`${day}T${time}:00+03:00`);
  if (Number.isNaN(at.getTime())) return undefined;
  // 31 February rolls over in some engines: what comes back must be what was typed.
  const back = new Date(at.getTime() + 3 * 3_600_000).toISOString().slice(0, 16);
  return back === `${day}T${time}` ? at : undefined;
}
