import { type AcceptanceProblem, judgeAcceptance } from '../../appointments/acceptance-rules.js';
import type { AppliedFor, ShownApplication } from '../../appointments/list-applications.js';
import type { AppointmentPolicy } from '../../appointments/ports.js';
import { whyNotToday } from '../../authority/decide.js';
import { cooperativeOn, isSuspendedOn, statusOn } from '../../authority/record.js';
import type { HeldRecord } from '../../authority/recording/port.js';
import { REASON_TEXTS } from '../../authority/rights/reasons.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { dayText, momentText } from '../../pages/formatting.js';
import type { BothLanguages } from '../../pages/views.js';
import type { Cell, Page, Part, Text } from '../frame/parts.js';
import { decisionForm, type TypedVerdict } from './decision-form.js';
import { CONFLICTS, type ConflictWord } from './decision-words.js';
import { createMask, periodText, roleText, statusCell } from './words.js';

/** An application with what its decision hangs on. */
export interface ApplicationView {
  readonly application: ShownApplication;
  readonly held: HeldRecord;
  readonly policy: AppointmentPolicy;
  readonly now: Date;
  /** Null: the person looks on, and does not decide. */
  readonly form: TypedVerdict | null;
  /** Why the person must not decide on this one, or why a decision was refused. */
  readonly conflict: ConflictWord | null;
}

const STATES: Readonly<Record<ShownApplication['state'], Cell>> = {
  applied: { mark: 'warning', text: { tr: 'Karar bekliyor', en: 'Waits for a decision' } },
  accepted: { mark: 'good', text: { tr: 'Kabul edildi', en: 'Accepted' } },
  refused: { mark: 'problem', text: { tr: 'Reddedildi', en: 'Refused' } },
  ended: { mark: 'calm', text: { tr: 'Atama sona erdi', en: 'The appointment has ended' } },
};

/** Everything that a decision on one application needs, and the form. */
export function applicationPage(view: ApplicationView): Page {
  const { application, conflict, form } = view;
  const isOpen = application.state === 'applied';
  return {
    title: { tr: 'Yetkili başvurusu', en: 'Application' },
    help: {
      tr: 'Karar vermeden önce kurul kararını, başvuranın görevini ve MERSİS bilgilerini karşılaştırın. Kararınız gerekçesiyle kayda geçer; kabul, tescil yerine geçer.',
      en: 'Hold the board’s decision, the applicant’s seat and the data of MERSİS against each other first. Your decision is written down with its reason; an acceptance is the registration.',
    },
    back: { href: '/konsol/mudurluk/basvurular', text: { tr: 'Başvurular', en: 'Applications' } },
    parts: [
      ...(conflict === null
        ? []
        : [{ part: 'notice' as const, tone: 'problem' as const, text: CONFLICTS[conflict] }]),
      factsOf(view),
      { part: 'heading', text: { tr: 'Bugün kabul edilebilir mi?', en: 'Can it be accepted today?' } },
      judgement(view),
      ...(isOpen && form !== null ? [decisionForm(application.appointment, form)] : []),
      ...(isOpen && form === null && conflict === null ? [LOOKS_ON] : []),
    ],
  };
}

const LOOKS_ON: Part = {
  part: 'notice',
  tone: 'calm',
  text: {
    tr: 'Kararı kooperatifin ilindeki müdürlük verir (m.15(1)); bu sayfayı yalnız görüntüleyebilirsiniz.',
    en: 'The directorate of the cooperative’s province decides (m.15(1)); you can only look at this page.',
  },
};

function factsOf({ application: one, held, now }: ApplicationView): Part {
  const mask = createMask();
  const { record } = held;
  const today = istanbulDay(now);
  const row = (label: BothLanguages, value: Cell) => ({ label, value });
  return {
    part: 'facts',
    rows: [
      row(
        { tr: 'Kooperatif', en: 'Cooperative' },
        {
          href: `/konsol/mudurluk/kooperatif/${one.mersisNo}`,
          text: one.unvan,
        },
      ),
      row(
        { tr: 'Kooperatifin durumu', en: 'Its status' },
        statusCell(statusOn(record, today), isSuspendedOn(record, today)),
      ),
      row({ tr: 'Başvurunun durumu', en: 'State of the application' }, STATES[one.state]),
      row({ tr: 'Başvuru zamanı', en: 'Applied' }, momentText(one.appliedAt)),
      row({ tr: 'Atanacak kişi', en: 'Person to be appointed' }, mask(one.personTag)),
      row(
        { tr: 'Kimlik denetimi', en: 'Identity check' },
        {
          lines: [
            {
              tr: 'MERNİS ile birebir eşleşti (amaç: KOOPBİS yetkilisi ataması)',
              en: 'It matched MERNİS exactly (purpose: appointing a KOOPBİS yetkilisi)',
            },
            { code: one.queryId },
          ],
        },
      ),
      row(
        { tr: 'Kurul kararı', en: 'Board decision' },
        { lines: [one.decisionNo, dayText(one.decisionDate)] },
      ),
      row(
        { tr: 'Karar belgesinin SHA-256 özeti', en: 'SHA-256 of the document' },
        { code: one.documentSha256 },
      ),
      ...periodRows(one),
      row(
        { tr: 'Başvuran', en: 'Applicant' },
        { lines: [mask(one.applicantTag), ...applicantLines(one, held, today)] },
      ),
      ...vknRows(one),
      row({ tr: 'MERSİS’teki VKN', en: 'VKN in MERSİS' }, vknCell(one.vkn, record.vkn)),
      ...(one.decidedAt === null
        ? []
        : [row({ tr: 'Karar zamanı', en: 'Decided' }, momentText(one.decidedAt))]),
      ...(one.reason === null ? [] : [row({ tr: 'Gerekçe', en: 'Reason' }, one.reason)]),
    ],
  };
}

type FactRow = Extract<Part, { part: 'facts' }>['rows'][number];

const CORRECTED: Cell = {
  mark: 'warning',
  text: { tr: 'Başvurudaki değer kararla düzeltildi', en: 'Corrected by the decision' },
};
/** Nobody acts before the acceptance, whatever day was asked for. */
const LATER: Cell = {
  mark: 'warning',
  text: { tr: 'Düzeltildi: kabul gününden önce başlayamaz', en: 'Corrected: not before the acceptance' },
};
const UNKNOWN: Cell = {
  tr: 'Başvurunun kaydı elde değil; kararla düzeltilmiş olabilir',
  en: 'The entry of the application is not at hand; the decision may have corrected it',
};

/** What was applied for; beside it what was decided, where that is something else. */
function apart(asked: FactRow['label'], decided: FactRow['label'], { after, before, why }: Apart): FactRow[] {
  if (before === null) return [{ label: decided, value: { lines: [after, UNKNOWN] } }];
  if (before.is === 'same') return [{ label: asked, value: before.text }];
  return [
    { label: asked, value: before.text },
    { label: decided, value: { lines: [after, why] } },
  ];
}

/** `before` null: what was applied for is not known any more. */
interface Apart {
  readonly before: { readonly text: Text; readonly is: 'same' | 'other' } | null;
  readonly after: Text;
  /** Said where both differ. */
  readonly why: Cell;
}

/** Nothing is overwritten before an acceptance. */
function appliedOf(one: ShownApplication): AppliedFor | null {
  return one.applied ?? (one.state === 'applied' || one.state === 'refused' ? one : null);
}

function periodRows(one: ShownApplication): readonly FactRow[] {
  const applied = appliedOf(one);
  const isSame = applied?.startsOn === one.startsOn && applied.endsOn === one.endsOn;
  return apart(
    { tr: 'İstenen süre', en: 'Period asked for' },
    { tr: 'Karardaki süre', en: 'Period as decided' },
    {
      before:
        applied === null
          ? null
          : { text: periodText(applied.startsOn, applied.endsOn), is: isSame ? 'same' : 'other' },
      after: periodText(one.startsOn, one.endsOn),
      why: LATER,
    },
  );
}

function vknRows(one: ShownApplication): readonly FactRow[] {
  const applied = appliedOf(one);
  return apart(
    { tr: 'Başvurudaki VKN', en: 'VKN of the application' },
    { tr: 'Karardaki VKN', en: 'VKN as decided' },
    {
      before: applied === null ? null : { text: applied.vkn, is: applied.vkn === one.vkn ? 'same' : 'other' },
      after: one.vkn,
      why: CORRECTED,
    },
  );
}

/** The seat by which was applied, and whether it still lets its holder act. */
function applicantLines(
  { applicantSeat }: ShownApplication,
  { record, ...stamp }: HeldRecord,
  today: string,
): readonly Cell[] {
  const seat = record.seats.find(({ seatId }) => seatId === applicantSeat);
  if (seat === undefined)
    return [{ mark: 'warning', text: { tr: 'Görevi kayıtlarda yok', en: 'The seat is not in the record' } }];
  const miss = whyNotToday(seat, cooperativeOn(record, stamp, today), today);
  const { en, tr } = REASON_TEXTS[miss ?? 'granted'];
  return [
    roleText(seat.role),
    periodText(seat.startsOn, seat.endsOn),
    miss === null
      ? { mark: 'good', text: { tr: 'Görevi sürüyor', en: 'The seat stands' } }
      : { mark: 'warning', text: { tr, en } },
  ];
}

function vknCell(given: string, registered: string | null): Cell {
  if (registered === null) return { mark: 'warning', text: { tr: 'Bilinmiyor', en: 'Not known' } };
  if (registered === given)
    return { lines: [registered, { mark: 'good', text: { tr: 'Aynı', en: 'The same' } }] };
  return { lines: [registered, { mark: 'problem', text: { tr: 'Farklı', en: 'Different' } }] };
}

function judgement({ application, held, now, policy }: ApplicationView): Part {
  const today = istanbulDay(now);
  if (application.state !== 'applied')
    return {
      part: 'text',
      text: { tr: 'Başvuru karara bağlanmıştır.', en: 'The application was decided on.' },
    };
  const wanted = { ...application, tag: application.personTag };
  const problem: AcceptanceProblem | null = judgeAcceptance(held.record, wanted, policy, today);
  return problem === null
    ? {
        part: 'notice',
        tone: 'good',
        text: { tr: 'Kabule engel bir kural görünmüyor.', en: 'No rule stands against an acceptance.' },
      }
    : { part: 'notice', tone: 'warning', text: CONFLICTS[problem] };
}
