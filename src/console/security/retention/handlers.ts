import type { HoldPlace } from '../../../audit/retention/holds.js';
import { isBridgeError } from '../../../errors/bridge-error.js';
import type { ConsoleCall } from '../../frame/call.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import type { HandlersOf } from '../../frame/router.js';
import { clearText } from '../evidence/typed.js';
import { RETENTION_PATH } from './forms.js';
import type { RetentionPorts } from './ports.js';
import { type OnForms, retentionPage } from './retention-page.js';
import { readDestruction, readHold, type TypedDestruction } from './typed-forms.js';

type Ids = 'retention' | 'retention.destroy' | 'retention.hold' | 'retention.lift';

/** Holds on one page. */
const PAGE_SIZE = 50;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Fifteen digits are more leaves than a log can have. */
const PLACE = /^(gecerli|kalkan):([0-9]{1,15})$/;
const NONE = { text: '', value: null, error: undefined };

/** Terms, proposals to destroy, legal holds. What needs a second officer is decided in the inbox. */
export function createRetentionHandlers(ports: RetentionPorts): HandlersOf<Ids> {
  const show = async (call: ConsoleCall, forms: OnForms, status = 200) => {
    const after = placeOf(call.query.get('sonra') ?? '');
    const [term, waiting, holds] = await Promise.all([
      ports.term(),
      ports.waiting(call.person),
      ports.holds(after, PAGE_SIZE),
    ]);
    const page = retentionPage({ term, waiting, holds, isFirst: after === null }, forms);
    return { kind: 'page' as const, status, page };
  };
  return {
    retention: async (call) => {
      const id = call.query.get('tutma') ?? '';
      const hold = UUID.test(id) ? await ports.findHold(id) : null;
      return show(call, hold === null ? {} : { lift: { hold, reason: NONE } });
    },
    'retention.destroy': async (call) => {
      const typed = readDestruction(call.fields, call.at);
      const proposal = proposalOf(typed);
      if (proposal === null) return show(call, { destroy: typed }, 422);
      try {
        await ports.propose(call.person.officer, proposal);
      } catch (error) {
        // Its entry is written; whoever typed all this learns why on the same page.
        if (isBridgeError(error, 'LEGAL_HOLD')) return show(call, { destroy: typed, notice: HELD }, 409);
        throw error;
      }
      return { kind: 'see-other', to: RETENTION_PATH, told: 'proposed' };
    },
    'retention.hold': async (call) => {
      const typed = readHold(call.fields, call.at);
      const { authority, date, number, person, reason, yearFrom, yearTo } = typed;
      if (
        authority.value === null ||
        date.value === null ||
        number.value === null ||
        person.value === null ||
        reason.value === null ||
        yearFrom.value === null ||
        yearTo.value === null
      )
        return show(call, { hold: typed }, 422);
      const hold = {
        subject: person.value,
        yearFrom: yearFrom.value,
        yearTo: yearTo.value,
        document: { authority: authority.value, date: date.value, number: number.value },
        reason: reason.value,
      };
      try {
        await ports.placeHold(call.person.officer, hold);
      } catch (error) {
        if (!isBridgeError(error, 'STATE_CONFLICT')) throw error;
        return { ...(await show(call, { hold: typed, notice: STANDS }, 409)), refused: CONFLICT };
      }
      return { kind: 'see-other', to: RETENTION_PATH, told: 'done' };
    },
    'retention.lift': async (call) => {
      const id = call.params.hold ?? '';
      const hold = UUID.test(id) ? await ports.findHold(id) : null;
      if (hold === null) throw new ConsoleRefusal('NOT_FOUND');
      const reason = clearText(call.fields.get('reason'), 500);
      if (reason.value === null) return show(call, { lift: { hold, reason } }, 422);
      const terms = { what: 'lift-hold', hold: hold.id, reason: reason.value } as const;
      try {
        await ports.propose(call.person.officer, { terms, subject: null, reason: reason.value });
      } catch (error) {
        if (!isBridgeError(error, 'STATE_CONFLICT')) throw error;
        return { ...(await show(call, { lift: { hold, reason }, notice: WAITS }, 409)), refused: CONFLICT };
      }
      return { kind: 'see-other', to: RETENTION_PATH, told: 'proposed' };
    },
  };
}

const HELD = {
  part: 'notice',
  tone: 'problem',
  text: {
    tr: 'Bu kişinin bu yıllardaki verileri yasal tutma altındadır; imha önerilemez. Öneri reddedildi ve kayda geçti.',
    en: 'A legal hold keeps data of this person and these years: nothing can be proposed. The refusal was written down.',
  },
} as const;

const CONFLICT = { code: 'STATE_CONFLICT', reason: null } as const;
const STANDS = {
  part: 'notice',
  tone: 'problem',
  text: {
    tr: 'Bu kişi, bu yıllar ve bu belge için yasal tutma zaten var. İkinci bir kayıt yapılmadı.',
    en: 'A hold for this person, these years and this document stands already. No second one was placed.',
  },
} as const;
const WAITS = {
  part: 'notice',
  tone: 'problem',
  text: {
    tr: 'Bu tutmanın kaldırılması zaten önerilmiş; ikinci görevlinin kararını bekliyor. İkinci bir öneri yapılmadı.',
    en: 'Lifting this hold is proposed already and waits for a second officer. No second proposal was made.',
  },
} as const;

function proposalOf({ authority, date, number, person, reason, side, yearFrom, yearTo }: TypedDestruction) {
  if (
    authority.value === null ||
    date.value === null ||
    number.value === null ||
    person.value === null ||
    reason.value === null ||
    yearFrom.value === null ||
    yearTo.value === null ||
    side.value === null
  )
    return null;
  const decision = { authority: authority.value, date: date.value, number: number.value };
  const years = { yearFrom: yearFrom.value, yearTo: yearTo.value };
  const terms = { what: 'destroy', decision, side: side.value, ...years } as const;
  return { terms, subject: person.value, reason: reason.value };
}

function placeOf(text: string): HoldPlace | null {
  const [, state, leaf] = PLACE.exec(text) ?? [];
  return leaf === undefined ? null : { stands: state === 'gecerli', placedLeaf: BigInt(leaf) };
}
