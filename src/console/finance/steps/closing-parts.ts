import { nextStep } from '../../../fees/quarter/next-step.js';
import type { Closing } from '../../../fees/quarter/read-closing.js';
import type { StepTimes } from '../../../fees/quarter/read-step-times.js';
import { QUARTER_STATES, type QuarterState } from '../../../fees/quarter/states.js';
import { momentText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { ActingOfficer } from '../../../proposals/officer.js';
import type { Part, Text } from '../../frame/parts.js';
import { quarterPath } from '../quarter-words.js';
import type { Obstacles } from '../quarters-port.js';

/** What the closing’s parts are made from. `obstacles`: where it collects; null elsewhere. */
export interface ClosingShown {
  readonly quarter: string;
  readonly closing: Closing;
  readonly times: StepTimes;
  readonly obstacles: Obstacles;
  readonly officer: ActingOfficer;
  readonly at: Date;
  /** The freezing form as it came back. */
  readonly typed?: { readonly reason: string; readonly error: Text };
}

/** The one thing that comes next. */
type NextAction = 'wait' | 'freeze' | 'refreeze' | 'decide' | 'await' | 'seal' | 'none';

const STEPS: Readonly<Record<QuarterState, BothLanguages>> = {
  open: { tr: 'Çeyrek sürer', en: 'The quarter runs' },
  collecting: { tr: 'Çeyrek biter, geç sonuçlar toplanır', en: 'It ends; late outcomes are collected' },
  frozen: { tr: 'Bir mali görevli cetveli dondurur', en: 'A finance officer freezes the statement' },
  approved: { tr: 'İkinci bir mali görevli onaylar', en: 'A second finance officer approves it' },
  sealed: { tr: 'Çeyrek mühürlenir', en: 'The quarter is sealed' },
};

/** What is to be done next, and by whom who looks. Pure. */
function nextAction({
  at,
  closing,
  obstacles,
  officer,
}: Omit<ClosingShown, 'quarter' | 'times'>): NextAction {
  const { proposal, state } = closing;
  if (state === 'sealed') return 'none';
  if (state === 'open' || (state === 'collecting' && at < obstacles.closableFrom)) return 'wait';
  const planned = nextStep(closing, [officer], at)?.step;
  if (planned === 'seal' || planned === 'freeze') return planned;
  if (planned === 'reopen') return 'refreeze';
  return proposal !== null && planned === 'approve' ? 'decide' : 'await';
}

/** The step that each action is on; null: all of them are done. */
const CURRENT: Readonly<Record<Exclude<NextAction, 'wait'>, QuarterState | null>> = {
  freeze: 'frozen',
  refreeze: 'frozen',
  decide: 'approved',
  await: 'approved',
  seal: 'sealed',
  none: null,
};

/** The way from open to sealed, where it stands, and the one form that goes on. */
export function closingParts(shown: ClosingShown): readonly Part[] {
  const { closing, obstacles, times } = shown;
  const action = nextAction(shown);
  const current = action === 'wait' ? closing.state : CURRENT[action];
  const place = current === null ? QUARTER_STATES.length : QUARTER_STATES.indexOf(current);
  const moments: Partial<Record<QuarterState, Date | null>> = {
    frozen: times.frozenAt,
    approved: times.approvedAt,
    sealed: times.sealedAt,
  };
  return [
    { part: 'heading', id: 'kapanis', text: { tr: 'Çeyreğin kapatılması', en: 'Closing the quarter' } },
    {
      part: 'steps',
      label: { tr: 'Kapanış adımları', en: 'Steps of closing' },
      steps: QUARTER_STATES.map((state, i) => {
        const at = moments[state] ?? null;
        return {
          title: STEPS[state],
          state: i < place ? ('done' as const) : i === place ? ('current' as const) : ('todo' as const),
          ...(at === null ? {} : { at: momentText(at) }),
        };
      }),
    },
    ...actionParts(action, shown),
    ...(closing.state === 'collecting' && obstacles.open > 0 ? [openNotice(obstacles.open)] : []),
  ];
}

function openNotice(open: number): Part {
  return {
    part: 'notice',
    tone: 'warning',
    text: {
      tr: `Bu çeyrekte ya da öncesinde gönderilmiş ${open} sorgu henüz sonuçlanmadı. Süreleri dolunca “sonucu bilinmiyor” olarak kapanırlar; çeyrek ondan sonra dondurulabilir.`,
      en: `${open} queries sent in this quarter or before have not ended. They are closed as unknown when their time is over; the quarter can be frozen after that.`,
    },
  };
}

function actionParts(action: NextAction, shown: ClosingShown): readonly Part[] {
  const { closing, obstacles, quarter } = shown;
  const expires = closing.proposal === null ? null : momentText(closing.proposal.expiresAt);
  switch (action) {
    case 'none':
      return [
        {
          part: 'notice',
          tone: 'good',
          text: {
            tr: 'Çeyrek mühürlendi; cetveli bir daha değişmez.',
            en: 'The quarter is sealed; its statement never changes again.',
          },
        },
      ];
    case 'wait': {
      const from = momentText(obstacles.closableFrom);
      return [
        {
          part: 'notice',
          tone: 'calm',
          text: {
            tr: `Şimdi yapılacak bir şey yok. Çeyrek ${from.tr} tarihinden sonra dondurulabilir.`,
            en: `Nothing is to be done now. The quarter can be frozen from ${from.en} on.`,
          },
        },
      ];
    }
    case 'decide':
    case 'await':
      return [waitingNotice(action, closing, expires)];
    case 'seal':
      return [sealForm(quarter)];
    case 'freeze':
    case 'refreeze':
      return [...(action === 'refreeze' ? [expiredNotice(expires)] : []), freezeForm(shown)];
  }
}

function waitingNotice(
  action: 'decide' | 'await',
  { proposal }: Closing,
  expires: BothLanguages | null,
): Part {
  const until = { tr: expires?.tr ?? '', en: expires?.en ?? '' };
  return {
    part: 'notice',
    tone: 'warning',
    text:
      action === 'decide'
        ? {
            tr: `Bu cetveli başka bir görevli dondurdu; sizin kararınızı bekliyor. Süre ${until.tr} tarihinde dolar.`,
            en: `Another officer froze this statement; it waits for your decision until ${until.en}.`,
          }
        : {
            tr: `Cetveli siz dondurdunuz; başka bir mali görevlinin kararını bekliyor. Süre ${until.tr} tarihinde dolar.`,
            en: `You froze this statement; it waits for another finance officer until ${until.en}.`,
          },
    ...(proposal === null
      ? {}
      : {
          link: {
            href: `/konsol/kararlar/${proposal.id}`,
            text:
              action === 'decide'
                ? { tr: 'Karara git', en: 'Go to the decision' }
                : { tr: 'Öneriyi gör ya da geri çek', en: 'See the proposal, or withdraw it' },
          },
        }),
  };
}

function expiredNotice(expires: BothLanguages | null): Part {
  return {
    part: 'notice',
    tone: 'problem',
    text: {
      tr: `Kimse süresinde karar vermedi (${expires?.tr ?? ''}). Cetvel yeniden hazırlanıp dondurulmalı.`,
      en: `Nobody decided in time (${expires?.en ?? ''}). The statement has to be made and frozen anew.`,
    },
  };
}

function freezeForm({ quarter, typed }: ClosingShown): Part {
  return {
    part: 'form',
    action: `${quarterPath(quarter)}/dondur`,
    method: 'post',
    grave: true,
    legend: { tr: 'Sıradaki adım: cetveli dondurmak', en: 'Next: freeze the statement' },
    fields: [
      {
        kind: 'textarea',
        name: 'gerekce',
        label: { tr: 'Not (isteğe bağlı)', en: 'Note (optional)' },
        hint: {
          tr: 'İkinci görevli görür ve kayda açık olarak geçer; kimlik numarası yazmayın.',
          en: 'The second officer sees it and it stands in the log in clear; no identity numbers.',
        },
        value: typed?.reason ?? '',
        maxLength: 500,
        error: typed?.error,
      },
    ],
    submit: { tr: 'Cetveli dondur ve onaya sun', en: 'Freeze the statement and ask for approval' },
  };
}

function sealForm(quarter: string): Part {
  return {
    part: 'form',
    action: `${quarterPath(quarter)}/muhurle`,
    method: 'post',
    grave: true,
    legend: { tr: 'Sıradaki adım: mühürlemek', en: 'Next: seal the quarter' },
    fields: [],
    submit: { tr: 'Çeyreği mühürle', en: 'Seal the quarter' },
  };
}
