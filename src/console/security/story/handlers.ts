import type { Revealed } from '../../../audit/search/attempt.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { ConsoleCall } from '../../frame/call.js';
import { clearTextFault } from '../../frame/clear-text.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import { openingEntry } from '../../frame/entries.js';
import type { Cell, Page } from '../../frame/parts.js';
import type { HandlersOf } from '../../frame/router.js';
import { MAX_REASON, type RevealForm } from './entry-parts.js';
import type { LoggedEntry, StoryPorts } from './ports.js';
import { detachedPage, storyPage } from './story-page.js';

/** Leaves of a log that is written for centuries. */
const LEAF = /^(?:0|[1-9]\d{0,14})$/;

/** One entry, and opening one sealed value of it. */
export function createStoryHandlers(ports: StoryPorts): HandlersOf<'story' | 'story.reveal'> {
  return {
    story: async (call) => {
      const leaf = leafOf(call);
      const entry = await ports.entry(leaf);
      if (entry === null) throw new ConsoleRefusal('NOT_FOUND');
      const page = entry === 'detached' ? detachedPage(leaf) : await pageOf(ports, entry, {});
      return { kind: 'page', page };
    },
    'story.reveal': async (call) => {
      const entry = await ports.entry(leafOf(call));
      if (entry === null || entry === 'detached') throw new ConsoleRefusal('NOT_FOUND');
      const [field, reason] = [call.fields.get('field'), call.fields.get('reason')];
      const errors = errorsOf(entry, field, reason);
      if (errors !== null) {
        // Nothing is opened, but the entry is shown once more: that is written down as it is for the page.
        await ports.record(openingEntry({ ...call, id: 'story', instance: ports.instance }));
        return { kind: 'page', page: await pageOf(ports, entry, { field, reason, errors }), status: 422 };
      }
      const { leaf, value } = await ports.reveal(call, entry, { field, reason });
      const opened = { field, leaf, value: openedCell(value) };
      return { kind: 'page', page: await pageOf(ports, entry, { opened }) };
    },
  };
}

function leafOf({ params }: ConsoleCall): bigint {
  const { leaf = '' } = params;
  if (!LEAF.test(leaf)) throw new ConsoleRefusal('NOT_FOUND');
  return BigInt(leaf);
}

async function pageOf(ports: StoryPorts, entry: LoggedEntry, reveal: RevealForm): Promise<Page> {
  const query = queryOf(entry);
  const story = query === null ? null : await ports.story(query);
  const fee = query === null || story === null ? null : await ports.fee(query);
  return storyPage({ entry, story, fee, proof: await ports.proof(entry), reveal });
}

/** The query that an entry belongs to: of its own, or the one that it repeats or reads. */
function queryOf({ data, kind }: LoggedEntry): string | null {
  if (!kind.startsWith('query.')) return null;
  const id = data.query ?? data.of;
  return typeof id === 'string' ? id : null;
}

function errorsOf(
  { sealed }: LoggedEntry,
  field: string,
  reason: string,
): NonNullable<RevealForm['errors']> | null {
  const unnamed: BothLanguages = {
    tr: 'Açılacak değeri seçiniz: bir kerede bir değer açılır.',
    en: 'Choose the value to open: one at a time.',
  };
  const hasField = Object.hasOwn(sealed, field);
  const unreasoned = reasonError(reason);
  if (hasField && unreasoned === null) return null;
  return { ...(hasField ? {} : { field: unnamed }), ...(unreasoned === null ? {} : { reason: unreasoned }) };
}

function reasonError(reason: string): BothLanguages | null {
  if (reason === '') return { tr: 'Nedenini yazınız.', en: 'Say why.' };
  return clearTextFault(reason, MAX_REASON);
}

function openedCell(value: Revealed): Cell {
  if (value === 'destroyed')
    return {
      mark: 'calm',
      text: {
        tr: 'imha edilmiş: anahtarı yok, artık açılamaz',
        en: 'destroyed: its key is gone, it cannot be opened',
      },
    };
  if (value === 'unreadable')
    return {
      mark: 'problem',
      text: { tr: 'okunamıyor: değer değiştirilmiş', en: 'unreadable: it was changed' },
    };
  return value;
}
