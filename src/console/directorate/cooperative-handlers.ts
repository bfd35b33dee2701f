import type { HeldRecord } from '../../authority/recording/port.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import { mersisHolder, parseMersisNo } from '../../person/mersis-no.js';
import type { ConsoleCall } from '../frame/call.js';
import { ConsoleRefusal } from '../frame/console-problem.js';
import type { HandlersOf } from '../frame/router.js';
import { formatOf, tableAnswer } from '../frame/table-file.js';
import { cooperativePage } from './cooperative-page.js';
import { cooperativesFile } from './cooperatives-file.js';
import { cooperativesPage, filterOf, typedFilter } from './cooperatives-page.js';
import { decidesThere, ownAreas, requireOwn } from './own-area.js';
import type { AreaPorts } from './ports.js';
import { type ReadingWord, readingWord } from './reading-words.js';

/** Cooperatives of the own area: list, one of them, reading it anew. */
export function createCooperativeHandlers(
  ports: AreaPorts,
): HandlersOf<'cooperatives' | 'cooperatives.file' | 'cooperative' | 'cooperative.refresh'> {
  return {
    cooperatives: async (call) => {
      const areas = ownAreas(call);
      const typed = typedFilter(call.query);
      if (Object.keys(typed.errors).length > 0)
        return { kind: 'page', page: cooperativesPage(areas, typed, null), status: 422 };
      const place = { after: typed.after, today: istanbulDay(call.at) };
      const found = await ports.cooperatives(areas, filterOf(typed), place);
      return { kind: 'page', page: cooperativesPage(areas, typed, found) };
    },
    'cooperatives.file': async (call) => {
      const format = formatOf(call);
      const areas = ownAreas(call);
      const typed = typedFilter(call.query);
      if (Object.keys(typed.errors).length > 0)
        return { kind: 'page', page: cooperativesPage(areas, typed, null), status: 422 };
      await ports.opened(call, 'cooperatives.file');
      return tableAnswer(call, cooperativesFile(ports, areas, typed, call.at), format);
    },
    cooperative: async (call) => {
      const held = await ownCooperative(ports, call);
      await ports.opened(call, 'cooperative');
      const shown = await ports.cooperative(held, call.at);
      const mayRefresh = ports.refresh !== null && decidesThere(call, held.record);
      const read = readingWord(call.query.get('okuma'));
      return { kind: 'page', page: cooperativePage(shown, { now: call.at, mayRefresh, read }) };
    },
    'cooperative.refresh': async (call) => {
      const { record } = await ownCooperative(ports, call);
      // The ministry's units in the capital have no such right (the table of rights).
      if (!decidesThere(call, record)) throw new ConsoleRefusal('ROLE_REQUIRED');
      const { mersisNo } = record;
      const read = await readAnew(ports, call, mersisNo);
      return { kind: 'see-other', to: `/konsol/mudurluk/kooperatif/${mersisNo}?okuma=${read}` };
    },
  };
}

/** The cooperative of the address, where it lies in the own area. Throws `ConsoleRefusal` (`OUTSIDE_OWN_AREA`). */
async function ownCooperative(ports: AreaPorts, call: ConsoleCall): Promise<HeldRecord> {
  const parsed = parseMersisNo(call.params.mersisNo);
  const isLegal = parsed.ok && mersisHolder(parsed.value) === 'legal-person';
  const held = isLegal ? await ports.record(parsed.value) : null;
  requireOwn(held?.record ?? null, call);
  return held as HeldRecord;
}

/** What an immediate reading came to. A refusal that is no matter of rights has its entry, and is told on the cooperative's page. */
async function readAnew(
  { refresh }: AreaPorts,
  { person, requestId }: ConsoleCall,
  mersisNo: string,
): Promise<ReadingWord> {
  if (refresh === null) return 'unavailable';
  try {
    const { result } = await refresh(person.officer, mersisNo, requestId);
    return result;
  } catch (error) {
    const word = wordOf(error);
    if (word === null) throw error;
    return word;
  }
}

function wordOf(error: unknown): ReadingWord | null {
  if (isBridgeError(error, 'NOT_FOUND')) return 'not-found';
  if (isBridgeError(error, 'MERSIS_UNAVAILABLE')) return 'unavailable';
  if (isBridgeError(error, 'MAINTENANCE')) return 'maintenance';
  if (!isBridgeError(error, 'RATE_LIMITED')) return null;
  return isJustRead(error) ? 'just-read' : 'too-often';
}

function isJustRead(error: object): boolean {
  const { detail } = error as { detail?: { reason?: string } };
  return detail?.reason === 'just-read';
}
