import type { GivenAnswer } from '../../../audit/kvkk/list-answers.js';
import { answerDueBy } from '../../../audit/retention/term.js';
import { istanbulDay } from '../../../calendar/istanbul-day.js';
import { formatCount } from '../../../fees/kurus.js';
import { dayText, momentText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { KimlikNo } from '../../../person/kimlik-no.js';
import type { Cell, Field, Page, Part } from '../../frame/parts.js';
import type { Typed } from '../evidence/typed.js';
import type { KvkkPorts } from './ports.js';

const KVKK_PATH = '/konsol/guvenlik/kvkk';

/** A request as it was typed. */
export interface TypedRequest {
  readonly person: Typed<KimlikNo>;
  readonly requestNo: Typed<string>;
  readonly receivedOn: Typed<string>;
  readonly from: Typed<string>;
  readonly to: Typed<string>;
}

const NONE = { text: '', value: null, error: undefined };
export const NO_REQUEST: TypedRequest = {
  person: NONE,
  requestNo: NONE,
  receivedOn: NONE,
  from: NONE,
  to: NONE,
};

const NAMES: Readonly<Record<KvkkPorts['staffNames'], BothLanguages>> = {
  none: { tr: 'görevliler gösterilmez', en: 'staff are not shown' },
  unit: { tr: 'görev ve birimleriyle', en: 'by role and unit' },
  full: {
    tr: 'adlarıyla; adı artık saklanmayanlar görev ve kapalı numarayla',
    en: 'by name; those whose name is no longer kept by role and masked number',
  },
};

type Settings = Pick<KvkkPorts, 'answerDays' | 'sender' | 'staffNames'>;

/** The form of an answer, and the last answers with their days. */
export function kvkkPage(
  settings: Settings,
  answers: readonly GivenAnswer[],
  typed: TypedRequest,
  now: Date,
): Page {
  const { answerDays, sender, staffNames } = settings;
  return {
    title: { tr: 'KVKK başvurusuna cevap', en: 'Answer a KVKK request' },
    help: {
      tr: `Bir kişi “beni kim, ne zaman, hangi hakla sorguladı?” diye başvurduğunda cevabı buradan hazırlayın. Başvuru en geç ${answerDays} gün içinde cevaplanır (6698 sayılı Kanun m.13). Cevap PDF olarak “İşlerim” altında bekler ve verilmeden önce kayda geçer.`,
      en: `When a person asks “who looked me up, when, and by what right?”, make the answer here. It is due within ${answerDays} days (law 6698 art. 13). The answer waits as a PDF under “My work” and is written down before it is given out.`,
    },
    parts: [
      requestForm(typed),
      {
        part: 'facts',
        rows: [
          { label: { tr: 'Cevabı veren', en: 'Who answers' }, value: sender },
          { label: { tr: 'Görevlilerin gösterimi', en: 'How staff are shown' }, value: NAMES[staffNames] },
          {
            label: { tr: 'Bugün alınan bir başvurunun son günü', en: 'Due day of a request received today' },
            value: dayText(answerDueBy(istanbulDay(now), answerDays)),
          },
        ],
      },
      answersTable(answers, now),
    ],
  };
}

function requestForm(typed: TypedRequest): Part {
  const { from, person, receivedOn, requestNo, to } = typed;
  return {
    part: 'form',
    action: KVKK_PATH,
    method: 'post',
    legend: { tr: 'Başvuru', en: 'The request' },
    fields: [
      {
        kind: 'text',
        name: 'person',
        label: { tr: 'Başvuranın T.C. kimlik numarası', en: 'Identity number of who asks' },
        hint: {
          tr: 'Başvuranın kimliği doğrulanmış olmalıdır. Numara adrese ve cevaba yazılmaz.',
          en: 'Who asks must have been identified. The number goes into no address and not into the answer.',
        },
        value: person.text,
        maxLength: 11,
        inputMode: 'numeric',
        personal: true,
        required: true,
        error: person.error,
      },
      {
        kind: 'text',
        name: 'requestNo',
        label: { tr: 'Başvuru numarası', en: 'Number of the request' },
        hint: { tr: 'Evrak kayıt numarası.', en: 'As it was registered.' },
        value: requestNo.text,
        maxLength: 100,
        required: true,
        error: requestNo.error,
      },
      {
        ...dayField('receivedOn', receivedOn),
        label: { tr: 'Başvurunun alındığı gün', en: 'Day on which it was received' },
        required: true,
      },
      {
        ...dayField('from', from),
        label: { tr: 'Dönem: ilk gün (isteğe bağlı)', en: 'Period: first day (optional)' },
      },
      {
        ...dayField('to', to),
        label: { tr: 'Dönem: son gün, dâhil (isteğe bağlı)', en: 'Period: last day, included (optional)' },
      },
    ],
    submit: { tr: 'Cevabı hazırla', en: 'Make the answer' },
  };
}

function dayField(
  name: string,
  { error, text }: Typed<string>,
): Omit<Extract<Field, { kind: 'date' | 'text' | 'datetime' | 'number' }>, 'label'> {
  return { kind: 'date', name, value: text, error };
}

function answersTable(answers: readonly GivenAnswer[], now: Date): Part {
  return {
    part: 'table',
    caption: { tr: 'Son verilen cevaplar (en çok 50)', en: 'The last answers (50 at the most)' },
    columns: [
      { label: { tr: 'Başvuru', en: 'Request' } },
      { label: { tr: 'Alındığı gün', en: 'Received' } },
      { label: { tr: 'Cevap', en: 'Answered' } },
      { label: { tr: 'Son gün', en: 'Due' } },
      { label: { tr: 'Süre', en: 'Term' } },
      { label: { tr: 'Gösterilen sorgu', en: 'Look-ups shown' }, numeric: true },
      { label: { tr: 'Kayıt', en: 'Entry' } },
    ],
    rows: answers.map((answer) => [
      answer.requestNo,
      dayText(answer.receivedOn),
      momentText(answer.at),
      dayText(answer.dueBy),
      termCell(answer, istanbulDay(now)),
      formatCount(answer.entries),
      { href: `/konsol/guvenlik/kayit/${answer.leaf}`, text: String(answer.leaf) },
    ]),
    empty: { tr: 'Henüz cevap verilmedi.', en: 'No answer has been given yet.' },
  };
}

const DAY_MS = 86_400_000;

/** Days from one day to another; negative where it is past. */
function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS;
}

/** Whether it was answered in time, and how many days are left until the due day: a corrected answer can still go out in time. */
function termCell({ at, dueBy }: GivenAnswer, today: string): Cell {
  const early = daysBetween(istanbulDay(at), dueBy);
  if (early < 0)
    return {
      mark: 'problem',
      text: { tr: `${-early} gün geç cevaplandı`, en: `Answered ${-early} days late` },
    };
  const left = daysBetween(today, dueBy);
  const [tr, en] =
    left > 0
      ? [`; son güne ${left} gün var`, `; ${left} days until it is due`]
      : left === 0
        ? ['; son gün bugün', '; due today']
        : ['', ''];
  return { mark: 'good', text: { tr: `Süresinde${tr}`, en: `In time${en}` } };
}
